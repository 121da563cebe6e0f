//! With response signing on, only the provider's own, fresh answer to this
//! very request counts, errors included.

use bagel::status::Status;
use serde_json::json;
use stand_in::{Action, Call, Fault, FaultKind};

use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;

async fn signing() -> TestApp {
    TestApp::build(Setup {
        signed_responses: true,
        ..Setup::default()
    })
    .await
}

fn faults() -> [FaultKind; 4] {
    [
        FaultKind::UnsignedResponse,
        FaultKind::WrongResponseSignature,
        FaultKind::StaleResponse,
        FaultKind::ForeignNonce,
    ]
}

#[tokio::test]
async fn a_whole_donation_passes_with_good_signatures() {
    let app = signing().await;
    let given = app.donate().await;
    app.press(&given, Action::PayLost).await;
    assert_eq!(app.poll(given.id).await["name"], "CONFIRMED");
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn a_checkout_nobody_signed_for_is_not_offered() {
    for fault in faults() {
        let app = signing().await;
        let label = format!("{fault:?}");
        app.stand_in.faults.inject(Fault::once(Call::Create, fault));
        let response = app.post_checkout(&json!({"amount": 5})).await;
        assert_eq!(response.status(), 504, "{label}");
        assert_eq!(
            json_of(response).await["code"],
            "outcome_unknown",
            "{label}"
        );
        app.donate().await;
    }
}

#[tokio::test]
async fn a_status_nobody_signed_for_is_not_believed() {
    for call in [Call::Status, Call::Intent] {
        for fault in faults() {
            let app = signing().await;
            let given = app.donate().await;
            app.press(&given, Action::PayLost).await;
            let label = format!("{call:?} {fault:?}");
            app.stand_in.faults.inject(Fault::always(call, fault));
            assert_eq!(app.poll(given.id).await["name"], "CREATED", "{label}");
            assert_eq!(app.status(given.id).await, Status::Created, "{label}");
            app.stand_in.faults.clear();
            app.pass(app.state.config.reconcile_every);
            app.sweep().await;
            assert_eq!(app.status(given.id).await, Status::Confirmed, "{label}");
        }
    }
}

#[tokio::test]
async fn an_error_needs_a_signature_as_well() {
    let app = signing().await;
    app.stand_in.faults.inject(Fault::once(
        Call::Create,
        FaultKind::Error {
            code: 40001,
            message: "slow down".into(),
        },
    ));
    assert_eq!(app.post_checkout(&json!({"amount": 5})).await.status(), 503);
    let forged = r#"{"code":50002,"payload":null,"error":null,"request_id":"r"}"#;
    for fault in [FaultKind::Body(forged.into()), FaultKind::Http(400)] {
        app.stand_in.faults.inject(Fault::once(Call::Create, fault));
        let response = app.post_checkout(&json!({"amount": 5})).await;
        assert_eq!(response.status(), 504);
    }
}

#[tokio::test]
async fn where_signing_is_off_a_signature_is_not_asked_for() {
    let app = TestApp::open().await;
    app.stand_in
        .faults
        .inject(Fault::once(Call::Create, FaultKind::WrongResponseSignature));
    app.donate().await;
}
