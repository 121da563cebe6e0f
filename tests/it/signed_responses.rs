//! With response signing on, only the provider's own, fresh answer to this
//! very request counts, errors included.

use bagel::status::Status;
use serde_json::json;
use stand_in::{Action, Call, Fault, FaultKind};

use crate::house::{House, Plan};
use crate::visits::json_of;

async fn signing() -> House {
    let plan = Plan {
        signed_responses: true,
        ..Plan::default()
    };
    House::build(plan).await
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
    let house = signing().await;
    let given = house.donate().await;
    house.press(&given, Action::PayLost).await;
    assert_eq!(house.poll(given.id).await["name"], "CONFIRMED");
    assert_eq!(house.counted().await, (1, 500));
}

#[tokio::test]
async fn a_checkout_nobody_signed_for_is_not_offered() {
    for fault in faults() {
        let house = signing().await;
        let label = format!("{fault:?}");
        house.stand_in.inject(Fault::once(Call::Create, fault));
        let response = house.post_checkout(&json!({"amount": 5})).await;
        assert_eq!(response.status(), 504, "{label}");
        assert_eq!(
            json_of(response).await["code"],
            "outcome_unknown",
            "{label}"
        );
        house.donate().await;
    }
}

#[tokio::test]
async fn a_status_nobody_signed_for_is_not_believed() {
    for call in [Call::Status, Call::Intent] {
        for fault in faults() {
            let house = signing().await;
            let given = house.donate().await;
            house.press(&given, Action::PayLost).await;
            let label = format!("{call:?} {fault:?}");
            house.stand_in.inject(Fault::always(call, fault));
            assert_eq!(house.poll(given.id).await["name"], "CREATED", "{label}");
            assert_eq!(house.status(given.id).await, Status::Created, "{label}");
            house.stand_in.clear_faults();
            house.pass(house.app.config.reconcile_every);
            house.sweep().await;
            assert_eq!(house.status(given.id).await, Status::Confirmed, "{label}");
        }
    }
}

#[tokio::test]
async fn an_error_needs_a_signature_as_well() {
    let house = signing().await;
    house.stand_in.inject(Fault::once(
        Call::Create,
        FaultKind::Error {
            code: 40001,
            message: "slow down".into(),
        },
    ));
    assert_eq!(
        house.post_checkout(&json!({"amount": 5})).await.status(),
        503
    );
    let forged = r#"{"code":50002,"payload":null,"error":null,"request_id":"r"}"#;
    for fault in [FaultKind::Body(forged.into()), FaultKind::Http(400)] {
        house.stand_in.inject(Fault::once(Call::Create, fault));
        let response = house.post_checkout(&json!({"amount": 5})).await;
        assert_eq!(response.status(), 504);
    }
}

#[tokio::test]
async fn where_signing_is_off_a_signature_is_not_asked_for() {
    let house = House::open().await;
    house
        .stand_in
        .inject(Fault::once(Call::Create, FaultKind::WrongResponseSignature));
    house.donate().await;
}
