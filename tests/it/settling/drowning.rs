//! Ten thousand abandoned checkouts and one real payment that nobody told of:
//! it is found in time, and the provider is not asked more than the budget.

#![expect(clippy::print_stdout, reason = "figures for whoever runs it")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use bagel::donation::DonationId;
use bagel::status::Status;
use bagel::sweep;
use stand_in::Action;
use tokio::task::JoinSet;

use crate::support::test_app::{Setup, TestApp};

/// Two looks a second.
const LOOK: Duration = Duration::from_millis(500);

/// Sweeps at the budget's pace until `id` is found, within so many
/// looks, and says after how long.
async fn found_within(looks: u32, app: &TestApp, id: DonationId) -> bool {
    let (begun, started) = (app.stand_in.journal.calls().status, Instant::now());
    for look in 1..=looks {
        app.pass(LOOK);
        sweep::step(&app.state).await.unwrap();
        if app.status(id).await == Status::Confirmed {
            let calls = app.stand_in.journal.calls().status - begun;
            let (simulated, took) = (LOOK * look, started.elapsed());
            println!("found after {simulated:?} and {calls} calls, simulated in {took:?}");
            return true;
        }
    }
    false
}

#[tokio::test]
async fn a_real_payment_among_ten_thousand_abandoned_checkouts_is_found_in_time() {
    let app = TestApp::open().await;
    app.leave_checkouts(5_000).await;
    let seen = app.donate().await;
    let viewed = stand_in::Status::VIEWED;
    app.stand_in.set_status(&seen.intent, viewed).unwrap();
    app.poll(seen.id).await;
    app.press(&seen, Action::PayLost).await;
    let unseen = app.donate_and_pay_unheard().await;
    app.leave_checkouts(5_000).await;
    app.pass(app.state.config.reconcile_every);
    // One the ledger saw on its way comes before all that nobody opened, and
    // any other before a newer one is looked at twice.
    assert!(found_within(2, &app, seen.id).await);
    assert!(found_within(5_002, &app, unseen.id).await);
    assert_eq!(app.counted().await, (2, 1000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn polls_and_sweep_together_ask_twice_a_second_at_most() {
    let setup = Setup {
        budget: 2,
        ..Setup::default()
    };
    let app = Arc::new(TestApp::build(setup).await);
    let mut donations = Vec::new();
    for _ in 0..20 {
        donations.push(app.donate().await.id);
    }
    app.pass(app.state.config.reconcile_every);
    let sweep = tokio::spawn(sweep::run(Arc::clone(&app.state)));
    let mut polls = JoinSet::new();
    for id in donations {
        let app = Arc::clone(&app);
        polls.spawn(async move { app.poll(id).await });
    }
    let started = Instant::now();
    while app.stand_in.journal.calls().status < 8 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    sweep.abort();
    let (took, peak) = (
        started.elapsed(),
        app.stand_in.journal.calls().peak_lookups_per_second,
    );
    println!("8 calls in {took:?}, at most {peak} within a second");
    assert!(took > Duration::from_secs(3), "{took:?}");
    // The third may fall on the edge of the second.
    assert!(peak <= 3, "{peak}");
    polls.join_all().await;
}
