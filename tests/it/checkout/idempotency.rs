//! An idempotency key: one press is one donation, however often it is sent.

use std::sync::Arc;
use std::time::Duration;

use bagel::status::Status;
use bagel::sweep;
use serde_json::{Value, json};
use stand_in::{Action, Call, Fault, FaultKind};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::provider_kind::ProviderKind;
use crate::support::test_app::TestApp;
use crate::support::visits::json_of;

const DAY: Duration = Duration::from_hours(24);

async fn press(app: &TestApp, body: &Value, key: &str) -> (u16, Value) {
    let response = app.post_checkout_with_key(body, Some(key)).await;
    (response.status().as_u16(), json_of(response).await)
}

fn five() -> Value {
    json!({"amount": 5, "name": "Ada", "message": "Hi"})
}

fn key() -> String {
    Uuid::new_v4().to_string()
}

async fn donations(app: &TestApp) -> Vec<bagel::donation::Donation> {
    app.ledger.donations(None).await.unwrap()
}

#[tokio::test]
async fn the_same_request_again_gets_the_same_answer() {
    let app = TestApp::open().await;
    let key = key();
    let first = press(&app, &five(), &key).await;
    assert_eq!(first.0, 200);
    assert_eq!(press(&app, &five(), &key).await, first);
    let reordered = json!({"message": "Hi", "name": "Ada", "amount": 5});
    assert_eq!(press(&app, &reordered, &key.to_uppercase()).await, first);
    assert_eq!(app.stand_in.journal.calls().create, 1);
    assert_eq!(donations(&app).await.len(), 1);
}

#[tokio::test]
async fn without_a_key_nothing_is_shared() {
    let app = TestApp::open().await;
    let first = app.donate().await;
    let second = app.donate().await;
    assert_ne!(first.id, second.id);
    assert_ne!(
        press(&app, &five(), &key()).await.1["intent_id"],
        json!(first.id.to_string())
    );
    assert_eq!(app.stand_in.journal.calls().create, 3);
}

#[tokio::test]
async fn twenty_at_once_are_one_donation() {
    let app = Arc::new(TestApp::open().await);
    let slow = FaultKind::Delay(Duration::from_millis(700));
    app.stand_in.faults.inject(Fault::once(Call::Create, slow));
    let key = key();
    let mut presses = JoinSet::new();
    for _ in 0..20 {
        let (app, key) = (Arc::clone(&app), key.clone());
        presses.spawn(async move { press(&app, &five(), &key).await });
    }
    let mut answers = presses.join_all().await;
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].0, 200);
    assert_eq!(app.stand_in.intents.all().len(), 1);
    assert_eq!(donations(&app).await.len(), 1);
}

#[tokio::test]
async fn another_request_with_the_same_key_is_a_conflict() {
    let app = TestApp::open().await;
    let key = key();
    press(&app, &five(), &key).await;
    for other in [
        json!({"amount": 6, "name": "Ada", "message": "Hi"}),
        json!({"amount": 5, "name": "Grace", "message": "Hi"}),
        json!({"amount": 5, "name": "Ada", "message": "H"}),
        json!({"amount": 5, "name": "AdaH", "message": "i"}),
        json!({"amount": 5, "name": "Ada", "message": "Hi", "provider": "allscale"}),
    ] {
        let (status, answer) = press(&app, &other, &key).await;
        assert_eq!(
            (status, &answer["code"]),
            (409, &json!("idempotency_key_reused"))
        );
    }
    assert_eq!(app.stand_in.journal.calls().create, 1);
}

#[tokio::test]
async fn a_key_is_a_random_uuid() {
    let app = TestApp::open().await;
    for key in [
        "",
        "1",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "2ed6657d-e927-11ee-a951-0242ac120002",
        "018e7b1e-0e5b-7c3a-8f3e-5b1c2d3e4f50",
        "{9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d}",
        "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d",
        "urn:uuid:9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
        "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d, 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6e",
    ] {
        let (status, answer) = press(&app, &five(), key).await;
        assert_eq!(
            (status, &answer["code"]),
            (400, &json!("idempotency_key_invalid")),
            "{key}"
        );
    }
    assert_eq!(app.stand_in.journal.calls().create, 0);
}

#[tokio::test]
async fn a_refusal_frees_the_key() {
    let app = TestApp::open().await;
    let (key, no) = (
        key(),
        FaultKind::Error {
            code: 50002,
            message: "no".into(),
        },
    );
    app.stand_in.faults.inject(Fault::once(Call::Create, no));
    assert_eq!(press(&app, &five(), &key).await.0, 502);
    let again = press(&app, &five(), &key).await;
    assert_eq!(again.0, 200);
    assert_eq!(press(&app, &five(), &key).await, again);
    let kept = donations(&app).await;
    let statuses: Vec<_> = kept.iter().map(|donation| donation.status).collect();
    assert_eq!(statuses.len(), 2);
    assert!(statuses.contains(&Status::Failed) && statuses.contains(&Status::Created));
}

#[tokio::test]
async fn a_checkout_nobody_can_be_sent_to_is_made_once_for_a_key() {
    let app = TestApp::open().await;
    let unsafe_link = FaultKind::Field("checkout_url".into(), json!("javascript:1"));
    app.stand_in
        .faults
        .inject(Fault::once(Call::Create, unsafe_link));
    let key = key();
    assert_eq!(press(&app, &five(), &key).await.0, 502);
    let (status, answer) = press(&app, &five(), &key).await;
    assert_eq!((status, &answer["code"]), (504, &json!("outcome_unknown")));
    assert_eq!(app.stand_in.journal.calls().create, 1);
}

#[tokio::test]
async fn an_unknown_outcome_stays_unknown_and_is_never_tried_again() {
    let app = TestApp::open().await;
    let key = key();
    app.stand_in
        .faults
        .inject(Fault::once(Call::Create, FaultKind::DropAfterCommit));
    for _ in 0..3 {
        let (status, answer) = press(&app, &five(), &key).await;
        assert_eq!((status, &answer["code"]), (504, &json!("outcome_unknown")));
    }
    assert_eq!(app.stand_in.journal.calls().create, 1);
    assert_eq!(donations(&app).await[0].status, Status::Unknown);
}

#[tokio::test]
async fn a_card_checkout_nobody_opened_in_time_is_opened_by_a_fresh_link() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    let (key, card) = (key(), json!({"amount": 5, "provider": "alchemy_pay"}));
    let first = press(&app, &card, &key).await;
    app.pass(Duration::from_mins(15));
    assert_eq!(press(&app, &card, &key).await, first);
    app.pass(Duration::from_secs(2));
    let again = press(&app, &card, &key).await.1;
    assert_eq!(again["intent_id"], first.1["intent_id"]);
    let page = format!("/thanks/{}", again["intent_id"].as_str().unwrap());
    let page = app.get(&page).await.text().await.unwrap();
    // Each link has a nonce of its own, and until when it serves.
    let link = again["checkout_url"].as_str().unwrap();
    let until = link.split('&').find(|part| part.starts_with("timeout="));
    assert!(
        page.contains(until.unwrap()),
        "its own page leads there too"
    );
    assert!(!takes(&app, &first.1).await && takes(&app, &again).await);
    // The order is made now; once it has run out as well, the key is free.
    let order = again["intent_id"].as_str().unwrap();
    let expired = app.stand_in.act(order, Action::Expire).await;
    expired.unwrap();
    app.pass(Duration::from_mins(15));
    app.sweep().await;
    let new = press(&app, &card, &key).await.1;
    assert_ne!(new["intent_id"], again["intent_id"]);
    assert!(takes(&app, &new).await);
    assert_eq!(donations(&app).await.len(), 2);
}

/// Whether the provider takes the link of this answer.
async fn takes(app: &TestApp, answer: &Value) -> bool {
    let link = answer["checkout_url"].as_str().unwrap();
    app.http.get(link).send().await.unwrap().status() == 200
}

#[tokio::test]
async fn a_key_is_kept_for_a_day() {
    let app = TestApp::open().await;
    let key = key();
    let first = press(&app, &five(), &key).await;
    app.pass(DAY.checked_sub(Duration::from_mins(1)).unwrap());
    sweep::tidy(&app.state).await.unwrap();
    assert_eq!(press(&app, &five(), &key).await, first);
    app.pass(Duration::from_mins(2));
    sweep::tidy(&app.state).await.unwrap();
    let second = press(&app, &five(), &key).await;
    assert_eq!(second.0, 200);
    assert_ne!(second, first);
    assert_eq!(donations(&app).await.len(), 2);
}
