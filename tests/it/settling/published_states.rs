//! Each state that a provider publishes, as the ledger has it after a look; and a
//! card's payment after its time-out, which is a payment like any other.

use std::time::Duration;

use bagel::status::Status;
use serde_json::{Value, json};
use stand_in::{Action, Call, Fault, FaultKind};

use crate::support::provider_kind::ProviderKind;
use crate::support::test_app::TestApp;

/// How a donation stands once the provider has told `state` of a payment of five.
async fn told(app: &TestApp, call: Call, told: FaultKind) -> (Status, i64) {
    let given = app.donate_and_pay_unheard().await;
    app.stand_in.faults.inject(Fault::always(call, told));
    app.pass(app.state.config.reconcile_every);
    app.sweep().await;
    app.stand_in.faults.clear();
    (app.status(given.id).await, app.counted().await.0)
}

#[tokio::test]
async fn each_of_alchemy_pays() {
    for (state, status) in [
        ("NEW", Status::Created),
        ("PAY_SUCCESS", Status::Confirmed),
        ("PAY_FAIL", Status::Failed),
        ("TIMEOUT", Status::Timeout),
        ("TIME_OUT", Status::Timeout),
        ("TIMEOUT_SUCCESS", Status::Confirmed),
        ("NOBODY_HAS_LISTED_IT", Status::Pending),
    ] {
        let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
        let kind = FaultKind::Field("status".into(), json!(state));
        let counted = i64::from(status == Status::Confirmed);
        assert_eq!(
            told(&app, Call::Query, kind).await,
            (status, counted),
            "{state}"
        );
    }
}

#[tokio::test]
async fn each_of_allscales() {
    for (state, status) in [
        (-5, Status::Timeout),
        (-4, Status::Canceled),
        (-3, Status::Underpaid),
        (-2, Status::Rejected),
        (-1, Status::Failed),
        (1, Status::Created),
        (2, Status::Viewed),
        (3, Status::TempWalletReceived),
        (4, Status::ManualOperation),
        (5, Status::SendBack),
        (10, Status::OnChain),
        (20, Status::Confirmed),
        (77, Status::Pending),
        (-77, Status::Failed),
    ] {
        let counted = i64::from(status == Status::Confirmed);
        for payload in [json!(state), json!({"status": state})] {
            let app = TestApp::open().await;
            let kind = FaultKind::Payload(payload);
            // Of what fell short the whole intent is asked too.
            let whole = FaultKind::Field("status".into(), json!(state));
            app.stand_in
                .faults
                .inject(Fault::always(Call::Intent, whole));
            assert_eq!(
                told(&app, Call::Status, kind).await,
                (status, counted),
                "{state}"
            );
        }
    }
}

#[tokio::test]
async fn a_card_paid_after_its_time_out_is_counted_by_whichever_way_it_is_told() {
    for action in [Action::Pay, Action::PayLost] {
        let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
        let given = app.donate().await;
        app.press(&given, Action::Expire).await;
        assert_eq!(app.status(given.id).await, Status::Timeout);
        app.press(&given, action).await;
        let webhook = app.signed(&given);
        let body: Value = serde_json::from_slice(&webhook.body).unwrap();
        assert_eq!(body["status"], "TIMEOUT_SUCCESS");
        if action == Action::PayLost {
            app.pass(Duration::from_hours(1));
            assert_eq!(app.sweep().await, 1);
        }
        assert_eq!(app.status(given.id).await, Status::Confirmed);
        assert_eq!(app.deliver(&webhook).await, 200);
        assert_eq!(app.counted().await, (1, 500));
    }
}

#[tokio::test]
async fn another_amount_after_the_time_out_is_for_review() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    let given = app.donate().await;
    app.press(&given, Action::Expire).await;
    app.press(&given, Action::PayOther).await;
    let donation = app.donation(given.id).await;
    assert_eq!(donation.status, Status::Review);
    assert!(donation.review_reason.unwrap().contains("6.00 USD"));
    assert_eq!(app.counted().await, (0, 0));
}
