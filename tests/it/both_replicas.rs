//! One webhook at both replicas at once, again and again: it is one entry, and
//! every delivery is answered with 200.

use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinSet;

use crate::figures::{figure, measured};
use crate::house::{House, Plan};
use crate::scratch_ledgers::Scratch;
use crate::visits::Given;

const DELIVERIES: usize = 8;

/// Delivers a payment's webhook at all houses at once: half are the very same
/// delivery, half are tries of their own.
fn tell(crowd: &mut JoinSet<u16>, houses: &[Arc<House>], given: &Given) {
    let literal = houses[0].webhook_of(given).sign();
    for number in 0..DELIVERIES {
        let house = Arc::clone(&houses[number % houses.len()]);
        let own = house.webhook_of(given).sign();
        let webhook = if number < DELIVERIES / 2 {
            literal.clone()
        } else {
            own
        };
        crowd.spawn(async move { house.deliver(&webhook).await });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_at_both_replicas_at_once_is_one_entry() {
    let data = Scratch::postgres().await;
    let house = House::build(Plan {
        data,
        ..Plan::default()
    })
    .await;
    let houses = [Arc::new(house.replica().await), Arc::new(house)];
    let (payments, begun) = (figure(250_i64, 1000), Instant::now());
    for _ in 0..payments {
        let given = houses[0].donate_and_pay_unheard().await;
        let mut crowd = JoinSet::new();
        tell(&mut crowd, &houses, &given);
        let answers = crowd.join_all().await;
        assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    }
    let kept = houses[0].figure("SELECT COUNT(*) FROM webhooks").await;
    assert_eq!(kept, payments);
    assert_eq!(houses[0].counted().await, (payments, payments * 500));
    let took = begun.elapsed();
    measured(
        "D4",
        format!(
            "{payments} ids x {DELIVERIES} deliveries in {took:.0?}: {kept} entries, every answer 200"
        ),
    );
}
