//! Webhook, poll and sweep end in one settle point: the result is the same
//! whichever comes first and whoever was paid by, and only what was asked is
//! ever counted.

use bagel::status::Status;
use serde_json::json;
use stand_in::Action;

use crate::support::provider_kind::{ProviderKind, for_both};
use crate::support::test_app::TestApp;

for_both! {
    a_webhook_confirms
    a_poll_confirms_when_the_webhook_is_lost
    the_same_webhook_twice_counts_once
}

async fn a_webhook_confirms(by: ProviderKind) {
    let app = TestApp::paying_by(by).await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    assert_eq!(app.status(given.id).await, Status::Confirmed);
    assert_eq!(app.counted().await, (1, 500));
}

async fn a_poll_confirms_when_the_webhook_is_lost(by: ProviderKind) {
    let app = TestApp::paying_by(by).await;
    let given = app.donate().await;
    app.press(&given, Action::PayLost).await;
    assert_eq!(app.status(given.id).await, Status::Created);
    let answer = app.poll(given.id).await;
    assert_eq!(answer["status"], json!(20));
    assert_eq!(answer["name"], json!("CONFIRMED"));
    assert_eq!(answer["terminal"], json!(true));
    assert_eq!(app.counted().await, (1, 500));
}

async fn the_same_webhook_twice_counts_once(by: ProviderKind) {
    let app = TestApp::paying_by(by).await;
    let given = app.donate().await;
    app.press(&given, Action::PayTwice).await;
    app.poll(given.id).await;
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn details_a_webhook_lacks_are_filled_by_the_next_sweep() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    assert!(app.donation(given.id).await.payment.net.is_none());
    app.pass(app.state.config.reconcile_every);
    app.sweep().await;
    let payment = app.donation(given.id).await.payment;
    assert!(payment.net.is_some() && payment.fee.is_some() && payment.paid.is_some());
    assert!(
        payment
            .tx_hash
            .is_some_and(|hash| hash.as_str().len() == 66)
    );
    assert_eq!(app.counted().await, (1, 500));
}
