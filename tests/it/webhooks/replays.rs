//! A webhook that comes again changes nothing, whatever of it is the same;
//! a nonce that comes with something else is refused.

use std::time::Duration;

use bagel::status::Status;
use bagel::sweep;
use stand_in::Action;

use crate::support::provider_kind::{ProviderKind, for_both};
use crate::support::test_app::TestApp;

for_both! {
    the_same_delivery_again_is_a_duplicate_even_after_a_restart
}

const DAY: Duration = Duration::from_hours(24);

async fn the_same_delivery_again_is_a_duplicate_even_after_a_restart(by: ProviderKind) {
    let mut app = TestApp::paying_by(by).await;
    let given = app.donate_and_pay_unheard().await;
    let webhook = app.signed(&given);
    assert_eq!(app.deliver(&webhook).await, 200);
    let first = app.donation(given.id).await.updated_at;
    app.pass(Duration::from_secs(1));
    assert_eq!(app.deliver(&webhook).await, 200);
    app.restart().await;
    assert_eq!(app.deliver(&webhook).await, 200);
    assert_eq!(app.donation(given.id).await.updated_at, first);
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 1);
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhook_nonces").await, 1);
    assert_eq!(app.counted().await, (1, 500));
}

/// Allscale tells of nothing but payments.
#[tokio::test]
async fn an_old_status_that_comes_last_changes_nothing() {
    let mut app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    let given = app.donate().await;
    let old = app.signed(&given);
    app.press(&given, Action::PayStale).await;
    let first = app.donation(given.id).await;
    assert_eq!(first.status, Status::Confirmed);
    app.pass(Duration::from_secs(1));
    app.restart().await;
    assert_eq!(app.deliver(&old).await, 200);
    assert_eq!(app.donation(given.id).await.updated_at, first.updated_at);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn once_it_is_confirmed_no_hint_changes_it_or_asks_again() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    let given = app.donate_and_pay_unheard().await;
    for state in ["NEW", "PAY_SUCCESS", "PAY_SUCCESS", "PAY_FAIL"] {
        let hint = app.webhook_of(&given).set("status", state).sign();
        assert_eq!(app.deliver(&hint).await, 200);
        assert_eq!(app.status(given.id).await, Status::Confirmed, "{state}");
    }
    assert_eq!(app.stand_in.journal.calls().query, 1);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn a_nonce_that_comes_with_anything_else_is_refused() {
    let mut app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    let other = app.donate_and_pay_unheard().await;
    let draft = |app: &TestApp| app.webhook_of(&given).nonce("once");
    assert_eq!(app.deliver(&draft(&app).sign()).await, 200);
    for restarted in [false, true] {
        if restarted {
            app.restart().await;
        }
        let another_id = draft(&app).webhook_id("whk_other").sign();
        let another_body = draft(&app).set("user_name", "Eve").sign();
        let another_donation = app.webhook_of(&other).nonce("once").sign();
        for webhook in [another_id, another_body, another_donation] {
            let (status, body) = app.post_webhook("/webhooks/allscale", &webhook).await;
            assert_eq!(status, 401);
            assert!(body.contains("not_authentic"), "{body}");
        }
    }
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 1);
    assert_eq!(app.counted().await, (1, 500));
    let honest = app.webhook_of(&other).sign();
    assert_eq!(app.deliver(&honest).await, 200, "nothing of it was kept");
    assert_eq!(app.counted().await, (2, 1000));
}

#[tokio::test]
async fn the_same_id_with_a_new_nonce_changes_nothing() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    assert_eq!(app.deliver(&app.webhook_of(&given).sign()).await, 200);
    let first = app.donation(given.id).await;
    app.pass(Duration::from_secs(1));
    let again = app.webhook_of(&given);
    let lying = app.webhook_of(&given).set("amount_cents", 1);
    for draft in [again, lying] {
        assert_eq!(app.deliver(&draft.sign()).await, 200);
    }
    let last = app.donation(given.id).await;
    assert_eq!(first.updated_at, last.updated_at);
    assert_eq!(first.payment, last.payment);
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 1);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn another_id_for_the_same_payment_is_kept_and_counts_nothing_more() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    for id in ["whk_1", "whk_2", "whk_3"] {
        let webhook = app.webhook_of(&given).webhook_id(id).sign();
        assert_eq!(app.deliver(&webhook).await, 200);
    }
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 3);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn nonces_are_forgotten_after_a_day_and_ids_never() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    let webhook = app.webhook_of(&given).nonce("once").sign();
    assert_eq!(app.deliver(&webhook).await, 200);
    app.pass(DAY);
    sweep::tidy(&app.state).await.unwrap();
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhook_nonces").await, 1);
    app.pass(Duration::from_secs(1));
    sweep::tidy(&app.state).await.unwrap();
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhook_nonces").await, 0);
    app.pass(DAY * 365);
    sweep::tidy(&app.state).await.unwrap();
    let before = app.donation(given.id).await.updated_at;
    let late = app.webhook_of(&given).nonce("once").sign();
    assert_eq!(app.deliver(&late).await, 200);
    assert_eq!(app.donation(given.id).await.updated_at, before);
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 1);
    assert_eq!(app.counted().await, (1, 500));
}
