//! The count of checkouts that replicas share, in Postgres alone: a ledger in
//! a file has one process, whose own limiter knows every client.

use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bagel::ledger::{Counted, LedgerError};
use tokio::task::JoinSet;

use super::*;
use crate::support::measured::measured;
use crate::support::scratch_ledgers::Scratch;

const ADA: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));
const CLIENTS: &str = "SELECT COUNT(*) FROM checkout_limits";
const ROUNDS: u32 = 200;

/// One checkout more of Ada's, five a minute, `seconds` after the first.
async fn count(ledger: &dyn Ledger, seconds: i64) -> Result<Counted, LedgerError> {
    let five = NonZeroU32::new(5).unwrap();
    let now = Millis(NOW.0 + 1000 * seconds);
    ledger.count_checkout(ADA, five, now).await
}

fn too_many(seconds: u64) -> Counted {
    Counted::TooMany(Duration::from_secs(seconds))
}

#[tokio::test]
async fn a_burst_then_one_each_interval() {
    let scratch = Scratch::postgres().await;
    let replicas = [scratch.open().await, scratch.open().await];
    for nth in 0..5 {
        let counted = count(&*replicas[nth % 2], 0).await;
        assert_eq!(counted.unwrap(), Counted::Allowed, "{nth}");
    }
    for (seconds, counted) in [
        (0, too_many(12)),
        (11, too_many(1)),
        (12, Counted::Allowed),
        (12, too_many(12)),
        (36, Counted::Allowed),
        (36, Counted::Allowed),
        (36, too_many(12)),
    ] {
        let found = count(&*replicas[0], seconds).await.unwrap();
        assert_eq!(found, counted, "after {seconds} s");
    }
    // Long after, a burst again and no more than one.
    for _ in 0..5 {
        assert_eq!(count(&*replicas[0], 900).await.unwrap(), Counted::Allowed);
    }
    assert_eq!(count(&*replicas[1], 900).await.unwrap(), too_many(12));
}

#[tokio::test]
async fn of_many_at_once_a_burst_is_allowed() {
    let scratch = Scratch::postgres().await;
    let replicas = [scratch.open().await, scratch.open().await];
    let mut requests = JoinSet::new();
    for nth in 0..40 {
        let ledger = Arc::clone(&replicas[nth % 2]);
        requests.spawn(async move { count(&*ledger, 0).await.unwrap() });
    }
    let counted = requests.join_all().await;
    let allowed = counted.iter().filter(|it| **it == Counted::Allowed);
    assert_eq!(allowed.count(), 5);
}

#[tokio::test]
async fn a_clock_that_is_set_back_shuts_nobody_out() {
    let ledger = Scratch::postgres().await.ledger().await;
    for _ in 0..5 {
        count(&*ledger, 3600).await.unwrap();
    }
    // Replicas whose clocks differ by seconds still share one limit.
    assert!(matches!(
        count(&*ledger, 3595).await,
        Ok(Counted::TooMany(_))
    ));
    assert_eq!(count(&*ledger, 0).await.unwrap(), Counted::Allowed);
}

#[tokio::test]
async fn addresses_are_forgotten_when_they_limit_nobody() {
    let ledger = Scratch::postgres().await.ledger().await;
    count(&*ledger, 0).await.unwrap();
    for (seconds, kept) in [(0, 1), (11, 1), (12, 0)] {
        let now = NOW.after(Duration::from_secs(seconds));
        ledger.forget_clients(now).await.unwrap();
        assert_eq!(ledger.figure(CLIENTS).await, kept, "after {seconds} s");
    }
    count(&*ledger, 3600).await.unwrap();
    ledger.forget_clients(NOW).await.unwrap();
    assert_eq!(ledger.figure(CLIENTS).await, 0, "of a clock set back");
}

/// What counting adds to what a checkout asks of the database anyway.
#[tokio::test]
async fn counting_costs_less_than_keeping_the_donation() {
    let ledger = Scratch::postgres().await.ledger().await;
    let often = NonZeroU32::new(6000).unwrap();
    let (mut counting, mut keeping) = (Vec::new(), Vec::new());
    for nth in 0..ROUNDS {
        let client = Ipv4Addr::from_bits(nth % 100).into();
        let begun = Instant::now();
        let counted = ledger.count_checkout(client, often, NOW).await;
        counting.push(begun.elapsed());
        assert_eq!(counted.unwrap(), Counted::Allowed);
        let begun = Instant::now();
        opened(&*ledger, &format!("i{nth}")).await;
        keeping.push(begun.elapsed());
    }
    let (counting, keeping) = (median(counting), median(keeping));
    let share = 100 * counting.as_micros() / keeping.as_micros();
    measured(
        "LIMIT",
        format!("counting takes {counting:.2?}, keeping a donation {keeping:.2?}: +{share} %"),
    );
    assert!(share < 100, "{share} %");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
