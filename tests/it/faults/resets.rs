//! Ten thousand clients that reset their connection at any moment, among good
//! ones, on Postgres: what was acknowledged is kept, and no session is left
//! inside a transaction (the fault of a cancelled `begin` in sqlx 0.9.0, seen
//! from outside).

use std::sync::Arc;
use std::time::{Duration, Instant};

use bagel::status::Status;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::faults::disconnects::{checkout, hang_up, poll, webhook};
use crate::support::measured::{figure, measured};
use crate::support::scratch_ledgers::Scratch;
use crate::support::seeded::Seeded;
use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::Given;

const LANES: usize = 4;
/// Resets around each payment that must not be lost.
const RESETS: usize = 10;

/// A checkout and a webhook that are answered, among many that are not.
async fn pay_among_resets(app: &TestApp, seeded: &mut Seeded, number: usize) -> Given {
    let given = app.donate_and_pay_unheard().await;
    for nth in 0..RESETS {
        let from = format!("10.{}.{}.{nth}", number / 256, number % 256);
        let bytes = match seeded.below(5) {
            0 | 1 => checkout(&from),
            2 => poll(&given.id.to_string(), &from),
            3 => webhook(&app.webhook_of(&given).sign()),
            _ => {
                let id = format!("whk_{number}_{nth}");
                webhook(&app.webhook_of(&given).webhook_id(&id).sign())
            }
        };
        hang_up(app, &bytes, seeded).await;
    }
    let signed = app.webhook_of(&given).sign();
    assert_eq!(app.deliver(&signed).await, 200);
    given
}

async fn lane(app: Arc<TestApp>, lane: usize, payments: usize) -> Vec<Given> {
    let (mut seeded, mut paid) = (Seeded(lane.try_into().unwrap()), Vec::new());
    for number in (lane..payments).step_by(LANES) {
        paid.push(pay_among_resets(&app, &mut seeded, number).await);
    }
    paid
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_reset_their_connection_take_nothing_along() {
    let setup = Setup::behind_a_proxy(Scratch::postgres().await);
    let app = Arc::new(TestApp::build(setup).await);
    let (payments, begun) = (figure(1000, 10_000), Instant::now());
    let lanes = (0..LANES).map(|number| lane(Arc::clone(&app), number, payments));
    let paid = lanes.collect::<JoinSet<_>>().join_all().await;
    let took = begun.elapsed();
    nobody_is_left_in_a_transaction(&app).await;
    // Seen by another app: what is not committed is visible to this one alone.
    let other = app.replica().await;
    for given in paid.iter().flatten() {
        assert_eq!(other.status(given.id).await, Status::Confirmed);
    }
    let count = i64::try_from(payments).unwrap();
    assert_eq!(other.counted().await, (count, count * 500));
    let begun = app.figure("SELECT COUNT(*) FROM donations").await - count;
    let resets = payments * RESETS;
    measured(
        "D3",
        format!(
            "{resets} resets in {took:.0?} ({begun} checkouts begun all the same): of {count} \
             acknowledged payments 0 lost; 0 sessions idle in transaction"
        ),
    );
}

/// Once all that was begun has ended; sooner than the server would see to it.
async fn nobody_is_left_in_a_transaction(app: &TestApp) {
    while !app.state.tasks.is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
    let left = "SELECT COUNT(*) FROM pg_stat_activity
                WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
    let ended = Instant::now();
    while app.figure(left).await > 0 {
        assert!(ended.elapsed() < Duration::from_secs(2), "left inside");
        sleep(Duration::from_millis(5)).await;
    }
}
