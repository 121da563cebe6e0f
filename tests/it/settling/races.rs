//! Webhooks, polls and sweep at the same time: each payment is counted once,
//! and nobody hears an error.

use std::sync::Arc;

use bagel::status::Status;
use tokio::task::JoinSet;

use crate::support::provider_kind::{ProviderKind, for_both};
use crate::support::test_app::TestApp;
use crate::support::visits::Given;

for_both! {
    whoever_tells_first_each_payment_is_counted_once
}

const PAYMENTS: i64 = 25;
const DELIVERIES: usize = 8;
const LOOKS: usize = 3;

/// Tells of one payment in every way at once.
fn tell(crowd: &mut JoinSet<u16>, app: &Arc<TestApp>, given: &Given) {
    let literal = app.signed(given);
    for number in 0..DELIVERIES {
        // Half are the very same delivery, half are tries of their own; Alchemy
        // Pay signs no time, so all of its tries are the same.
        let own = app.signed(given);
        let webhook = if number % 2 == 0 {
            literal.clone()
        } else {
            own
        };
        let app = Arc::clone(app);
        crowd.spawn(async move { app.deliver(&webhook).await });
    }
    let id = given.id;
    for _ in 0..LOOKS {
        let poller = Arc::clone(app);
        crowd.spawn(async move {
            let path = format!("/api/status?intent_id={id}");
            poller.get(&path).await.status().as_u16()
        });
        let sweeper = Arc::clone(app);
        crowd.spawn(async move {
            sweeper.sweep_once().await;
            200
        });
    }
}

async fn whoever_tells_first_each_payment_is_counted_once(by: ProviderKind) {
    let app = Arc::new(TestApp::paying_by(by).await);
    let mut payments = Vec::new();
    for _ in 0..PAYMENTS {
        payments.push(app.donate_and_pay_unheard().await);
    }
    app.pass(app.state.config.reconcile_every);
    let mut crowd = JoinSet::new();
    for given in &payments {
        tell(&mut crowd, &app, given);
    }
    let answers = crowd.join_all().await;
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    for given in &payments {
        assert_eq!(app.status(given.id).await, Status::Confirmed);
    }
    assert_eq!(app.counted().await, (PAYMENTS, PAYMENTS * 500));
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, PAYMENTS);
    // Whatever the race left out, a look adds, and adds it once.
    app.sweep().await;
    assert_eq!(app.counted().await, (PAYMENTS, PAYMENTS * 500));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_ids_of_one_payment_at_once_are_counted_once() {
    let app = Arc::new(TestApp::open().await);
    let given = app.donate_and_pay_unheard().await;
    let mut crowd = JoinSet::new();
    for number in 0..100 {
        let id = format!("whk_{number}");
        let webhook = app.webhook_of(&given).webhook_id(&id).sign();
        let app = Arc::clone(&app);
        crowd.spawn(async move { app.deliver(&webhook).await });
    }
    let answers = crowd.join_all().await;
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 100);
    assert_eq!(app.counted().await, (1, 500));
}
