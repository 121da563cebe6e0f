//! Answers that are none: paid without an amount, about nothing, about somebody
//! else. They are never counted and never the end: the provider is asked
//! again, and not in a busy loop.

use std::time::Duration;

use bagel::status::Status;
use serde_json::{Value, json};
use stand_in::{Action, Call, Fault, FaultKind};
use tokio::time::sleep;

use crate::support::measured::measured;
use crate::support::served::{Served, donation_of};
use crate::support::test_app::TestApp;

fn field(name: &str, value: Value) -> FaultKind {
    FaultKind::Field(name.into(), value)
}

fn unknown() -> FaultKind {
    FaultKind::Error {
        code: 50001,
        message: "not found".into(),
    }
}

#[tokio::test]
async fn what_is_not_answered_is_not_counted_and_asked_again() {
    for (call, fault) in [
        (Call::Status, unknown()),
        (Call::Status, FaultKind::Http(404)),
        (Call::Status, FaultKind::Payload(json!("20"))),
        (Call::Status, FaultKind::Payload(json!(20.0))),
        (Call::Status, FaultKind::Payload(json!({"status": "20"}))),
        (Call::Intent, unknown()),
        (Call::Intent, FaultKind::Http(404)),
        (Call::Intent, FaultKind::Payload(json!(20))),
        (Call::Intent, field("status", Value::Null)),
        (Call::Intent, field("status", json!(10))),
        (
            Call::Intent,
            field("allscale_checkout_intent_id", json!("0ther")),
        ),
        (
            Call::Intent,
            field("all_scale_checkout_intent_id", json!("0ther")),
        ),
    ] {
        let app = TestApp::open().await;
        let given = app.donate_and_pay_unheard().await;
        app.stand_in
            .faults
            .inject(Fault::always(call, fault.clone()));
        let mut looks = 0;
        for _ in 0..10 {
            app.pass(app.state.config.reconcile_every);
            looks += app.sweep().await;
            assert_eq!(app.counted().await, (0, 0), "{fault:?}");
        }
        assert!((2..=10).contains(&looks), "{looks} looks: {fault:?}");
        app.stand_in.faults.clear();
        app.pass(Duration::from_hours(1));
        app.sweep().await;
        assert_eq!(app.status(given.id).await, Status::Confirmed, "{fault:?}");
        assert_eq!(app.counted().await, (1, 500));
    }
}

#[tokio::test]
async fn paid_without_an_amount_waits_for_the_creator() {
    for lost in ["amount_cents", "currency"] {
        let app = TestApp::open().await;
        let given = app.donate_and_pay_unheard().await;
        let fault = field(lost, Value::Null);
        app.stand_in
            .faults
            .inject(Fault::always(Call::Intent, fault));
        for _ in 0..10 {
            app.pass(app.state.config.reconcile_every);
            app.sweep().await;
        }
        assert_eq!(app.status(given.id).await, Status::Review, "{lost}");
        assert_eq!(app.counted().await, (0, 0));
    }
}

#[tokio::test]
async fn asking_in_vain_is_no_busy_loop() {
    let served = Served::open(&[("BAGEL_RECONCILE_SECONDS", "1")]).await;
    for _ in 0..20 {
        donation_of(served.checkout().await).await;
    }
    for intent in served.stand_in.intents.all() {
        let unheard = served.stand_in.act(&intent.id, Action::PayLost);
        unheard.await.unwrap();
    }
    for fault in [FaultKind::Http(404), unknown()] {
        let some = Fault {
            times: Some(10),
            ..Fault::always(Call::Status, fault)
        };
        served.stand_in.faults.inject(some);
    }
    let amount = field("amount_cents", Value::Null);
    served
        .stand_in
        .faults
        .inject(Fault::always(Call::Intent, amount));
    let (watched, before) = (Duration::from_secs(10), served.busy());
    sleep(watched).await;
    let busy = served.busy().saturating_sub(before);
    let peak = served.stand_in.journal.calls().peak_lookups_per_second;
    measured(
        "D11",
        format!(
            "not counted, asked again, found when answered; 20 asked about in vain: {busy:.1?} of processor time in {watched:.0?}, {peak} calls in a second at most"
        ),
    );
    assert!(busy < watched / 20, "{busy:?}");
    // Ten, those on the edge of the second, and second calls, which are paid back.
    assert!(peak <= 15, "{peak}");
    let (said, program) = served.stop().await;
    assert!(!said.err.contains("panic"), "{}", said.err);
    let list = [
        "donations",
        "list",
        "--status",
        "CONFIRMED",
        "--format",
        "csv",
    ];
    assert_eq!(
        program.run(&list).await.out.lines().count(),
        1,
        "its head alone"
    );
}
