//! How a donation stands: the ledger answers, and the provider is asked as
//! seldom as can be.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bagel::ledger::{Audience, Resolved, Verdict};
use bagel::status::Status;
use serde_json::json;
use stand_in::{Action, Call, Fault, FaultKind, Status as TheirStatus};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;

#[tokio::test]
async fn the_answer_has_a_number_a_name_and_a_sentence() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    let answer = app.poll(given.id).await;
    assert_eq!(
        answer,
        json!({"status": 1, "name": "CREATED", "terminal": false,
               "message": "Pay on the checkout page. This page notices by itself."})
    );
}

#[tokio::test]
async fn what_is_no_id_of_ours_is_never_asked_of_the_provider() {
    let app = TestApp::open().await;
    let id = app.donate().await.id.to_string();
    let stranger = Uuid::new_v4();
    for (query, status) in [
        (String::new(), 400),
        ("?".to_owned(), 400),
        ("?intent_id=".to_owned(), 400),
        ("?intent=1".to_owned(), 400),
        ("?intent_id=1".to_owned(), 404),
        ("?intent_id=../ping".to_owned(), 404),
        (format!("?intent_id={stranger}"), 404),
        (format!("?intent_id={}", id.to_uppercase()), 404),
        (format!("?intent_id={}", id.replace('-', "")), 404),
        (format!("?intent_id={{{id}}}"), 404),
        (format!("?intent_id=urn:uuid:{id}"), 404),
        (format!("?intent_id={id}%20"), 404),
        (format!("?intent_id=+{id}"), 404),
        (format!("?intent_id={id}/status"), 404),
        (format!("?intent_id={}", "a".repeat(4000)), 404),
        ("?intent_id=%00".to_owned(), 404),
        (
            "?intent_id=00000000-0000-0000-0000-000000000000".to_owned(),
            404,
        ),
    ] {
        let response = app.get(&format!("/api/status{query}")).await;
        assert_eq!(response.status().as_u16(), status, "{query:.90}");
        let answer = json_of(response).await;
        let code = if status == 400 {
            "intent_id_missing"
        } else {
            "not_found"
        };
        assert_eq!(answer["code"], code, "{query:.90}");
    }
    assert_eq!(app.stand_in.journal.calls().status, 0);
}

#[tokio::test]
async fn every_status_of_the_protocol_has_its_name() {
    let app = TestApp::open().await;
    for (number, status, name, terminal) in [
        (1, 1, "CREATED", false),
        (2, 2, "VIEWED", false),
        (3, 3, "TEMP_WALLET_RECEIVED", false),
        (4, 4, "MANUAL_OPERATION", false),
        (5, 5, "SEND_BACK", false),
        (10, 10, "ON_CHAIN", false),
        (20, 20, "CONFIRMED", true),
        (-1, -1, "FAILED", true),
        (-2, -2, "REJECTED", true),
        (-3, -3, "UNDERPAID", true),
        (-4, -4, "CANCELED", true),
        (-5, -5, "TIMEOUT", true),
        (-6, -1, "FAILED", true),
        (-9_000_000_000, -1, "FAILED", true),
        (7, 1, "PENDING", false),
        (21, 1, "PENDING", false),
        (9_000_000_000, 1, "PENDING", false),
    ] {
        let given = app.donate().await;
        let theirs = TheirStatus(number);
        app.stand_in.set_status(&given.intent, theirs).unwrap();
        let answer = app.poll(given.id).await;
        assert_eq!(answer["status"], status, "{number}: {answer}");
        assert_eq!(answer["name"], name, "{number}");
        assert_eq!(answer["terminal"], terminal, "{number}");
        assert!(answer["message"].as_str().unwrap().ends_with(['.', '!']));
    }
}

#[tokio::test]
async fn fifty_at_once_are_one_question_also_when_the_first_hangs_up() {
    let app = Arc::new(TestApp::open().await);
    let given = app.donate().await;
    let slow = FaultKind::Delay(Duration::from_millis(400));
    app.stand_in
        .faults
        .inject(Fault::always(Call::Status, slow));
    let first = tokio::spawn({
        let app = Arc::clone(&app);
        async move { app.poll(given.id).await }
    });
    while app.stand_in.journal.calls().status == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut others = JoinSet::new();
    for _ in 0..49 {
        let app = Arc::clone(&app);
        others.spawn(async move { app.poll(given.id).await });
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    first.abort();
    assert!(others.join_all().await.iter().all(|it| it["status"] == 1));
    assert_eq!(app.stand_in.journal.calls().status, 1);
}

#[tokio::test]
async fn the_provider_is_asked_once_in_two_seconds_for_each_donation() {
    let app = TestApp::open().await;
    let (one, two) = (app.donate().await, app.donate().await);
    app.poll(one.id).await;
    let asked = Instant::now();
    app.poll(two.id).await;
    assert_eq!(
        app.stand_in.journal.calls().status,
        2,
        "the first poll asks"
    );
    app.press(&one, Action::PayLost).await;
    while app.poll(one.id).await["status"] == 1 {
        assert_eq!(app.stand_in.journal.calls().status, 2);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(asked.elapsed() >= Duration::from_millis(1900));
    assert_eq!(app.stand_in.journal.calls().status, 3);
}

#[tokio::test]
async fn a_poll_whose_look_has_to_wait_is_answered_at_once_and_a_later_one_sees_it() {
    let setup = Setup {
        budget: 2,
        ..Setup::default()
    };
    let app = TestApp::build(setup).await;
    let mut donations = Vec::new();
    for _ in 0..16 {
        let given = app.donate().await;
        app.press(&given, Action::PayLost).await;
        donations.push(given.id);
    }
    let begun = Instant::now();
    for &id in &donations {
        app.poll(id).await;
    }
    // Sixteen looks take eight seconds at two a second.
    let answered = begun.elapsed();
    assert!(answered < Duration::from_secs(4), "{answered:?}");
    for &id in &donations {
        while app.poll(id).await["name"] != "CONFIRMED" {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    let looks = app.stand_in.journal.calls().status;
    assert!(looks <= 32, "{looks} looks for 16 payments");
}

#[tokio::test]
async fn what_a_webhook_brings_shows_at_the_very_next_poll() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    assert_eq!(app.poll(given.id).await["name"], "CREATED");
    app.press(&given, Action::Pay).await;
    assert_eq!(app.poll(given.id).await["name"], "CONFIRMED");
    assert_eq!(app.stand_in.journal.calls().status, 1);
}

#[tokio::test]
async fn what_a_webhook_settled_while_its_look_waited_is_not_asked_about() {
    let setup = Setup {
        budget: 1,
        ..Setup::default()
    };
    let app = TestApp::build(setup).await;
    let (first, second) = (app.donate().await, app.donate().await);
    app.poll(first.id).await;
    app.poll(second.id).await;
    app.press(&second, Action::Pay).await;
    let provider = app.state.providers.find("allscale").unwrap();
    while !provider.looks.is_free() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(app.stand_in.journal.calls().status, 1);
}

#[tokio::test]
async fn what_another_program_changes_shows_soon() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    let webhook = app.stand_in.webhook(&given.intent).unwrap();
    let webhook = webhook.set("amount_cents", 499);
    assert_eq!(app.deliver(&webhook.sign()).await, 200);
    assert_eq!(app.poll(given.id).await["name"], "REVIEW");
    let (verdict, now) = (Verdict::Confirm(None), app.state.clock.now());
    let by_command = app
        .ledger
        .resolve(given.id, verdict, Audience::default(), now);
    assert!(matches!(by_command.await.unwrap(), Resolved::Done(_)));
    let begun = Instant::now();
    while app.poll(given.id).await["name"] != "CONFIRMED" {
        assert!(begun.elapsed() < Duration::from_secs(5), "never shown");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_settled_donation_is_not_asked_about_again() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    assert_eq!(app.poll(given.id).await["name"], "CONFIRMED");
    assert_eq!(app.stand_in.journal.calls().status, 0);
    let review = app.donate().await;
    let webhook = app.stand_in.webhook(&review.intent).unwrap();
    let webhook = webhook.set("amount_cents", 499);
    assert_eq!(app.deliver(&webhook.sign()).await, 200);
    let answer = app.poll(review.id).await;
    assert_eq!(
        (&answer["status"], &answer["name"]),
        (&json!(4), &json!("REVIEW"))
    );
    assert_eq!(answer["terminal"], false);
    assert_eq!(app.stand_in.journal.calls().status, 0);
}

#[tokio::test]
async fn while_the_provider_is_down_the_ledger_answers() {
    for fault in [
        FaultKind::Http(503),
        FaultKind::Garbage,
        FaultKind::Empty,
        FaultKind::DropAfterCommit,
        FaultKind::Payload(json!("CONFIRMED")),
        FaultKind::Payload(json!(20.0)),
        FaultKind::Payload(json!({"status": 20})),
        FaultKind::Error {
            code: 50001,
            message: "UPSTREAM".into(),
        },
    ] {
        let app = TestApp::open().await;
        let given = app.donate().await;
        let label = format!("{fault:?}");
        app.stand_in
            .faults
            .inject(Fault::always(Call::Status, fault));
        let answer = app.poll(given.id).await;
        assert_eq!(answer["name"], "CREATED", "{label}");
        assert!(!answer.to_string().contains("UPSTREAM"));
        assert_eq!(app.status(given.id).await, Status::Created);
    }
}

#[tokio::test]
async fn a_provider_that_hangs_keeps_no_poll_waiting() {
    let app = TestApp::build(Setup::default()).await;
    let given = app.donate().await;
    app.press(&given, Action::PayLost).await;
    let late = FaultKind::Delay(Duration::from_millis(4500));
    app.stand_in
        .faults
        .inject(Fault::always(Call::Status, late));
    app.stand_in
        .faults
        .inject(Fault::always(Call::Intent, FaultKind::Hang));
    let begun = Instant::now();
    let url = format!("{}/api/status?intent_id={}", app.url, given.id);
    let response = crate::support::wire::patient()
        .get(url)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(json_of(response).await["name"], "CREATED");
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
}
