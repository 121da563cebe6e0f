//! An idempotency key: one press is one donation, however often it is sent.

use std::sync::Arc;
use std::time::Duration;

use bagel::reconcile;
use bagel::status::Status;
use serde_json::{Value, json};
use stand_in::{Action, Call, Fault, FaultKind};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::by::By;
use crate::house::House;
use crate::visits::json_of;

const DAY: Duration = Duration::from_hours(24);

async fn press(house: &House, body: &Value, key: &str) -> (u16, Value) {
    let response = house.post_checkout_with_key(body, Some(key)).await;
    (response.status().as_u16(), json_of(response).await)
}

fn five() -> Value {
    json!({"amount": 5, "name": "Ada", "message": "Hi"})
}

fn key() -> String {
    Uuid::new_v4().to_string()
}

async fn donations(house: &House) -> Vec<bagel::donation::Donation> {
    house.ledger.donations(None).await.unwrap()
}

#[tokio::test]
async fn the_same_request_again_gets_the_same_answer() {
    let house = House::open().await;
    let key = key();
    let first = press(&house, &five(), &key).await;
    assert_eq!(first.0, 200);
    assert_eq!(press(&house, &five(), &key).await, first);
    let reordered = json!({"message": "Hi", "name": "Ada", "amount": 5});
    assert_eq!(press(&house, &reordered, &key.to_uppercase()).await, first);
    assert_eq!(house.stand_in.calls().create, 1);
    assert_eq!(donations(&house).await.len(), 1);
}

#[tokio::test]
async fn without_a_key_nothing_is_shared() {
    let house = House::open().await;
    let first = house.donate().await;
    let second = house.donate().await;
    assert_ne!(first.id, second.id);
    assert_ne!(
        press(&house, &five(), &key()).await.1["intent_id"],
        json!(first.id.to_string())
    );
    assert_eq!(house.stand_in.calls().create, 3);
}

#[tokio::test]
async fn twenty_at_once_are_one_donation() {
    let house = Arc::new(House::open().await);
    let slow = FaultKind::Delay(Duration::from_millis(700));
    house.stand_in.inject(Fault::once(Call::Create, slow));
    let key = key();
    let mut presses = JoinSet::new();
    for _ in 0..20 {
        let (house, key) = (Arc::clone(&house), key.clone());
        presses.spawn(async move { press(&house, &five(), &key).await });
    }
    let mut answers = presses.join_all().await;
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(answers[0].0, 200);
    assert_eq!(house.stand_in.intents().len(), 1);
    assert_eq!(donations(&house).await.len(), 1);
}

#[tokio::test]
async fn another_request_with_the_same_key_is_a_conflict() {
    let house = House::open().await;
    let key = key();
    press(&house, &five(), &key).await;
    for other in [
        json!({"amount": 6, "name": "Ada", "message": "Hi"}),
        json!({"amount": 5, "name": "Grace", "message": "Hi"}),
        json!({"amount": 5, "name": "Ada", "message": "H"}),
        json!({"amount": 5, "name": "AdaH", "message": "i"}),
        json!({"amount": 5, "name": "Ada", "message": "Hi", "provider": "allscale"}),
    ] {
        let (status, answer) = press(&house, &other, &key).await;
        assert_eq!(
            (status, &answer["code"]),
            (409, &json!("idempotency_key_reused"))
        );
    }
    assert_eq!(house.stand_in.calls().create, 1);
}

#[tokio::test]
async fn a_key_is_a_random_uuid() {
    let house = House::open().await;
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
        let (status, answer) = press(&house, &five(), key).await;
        assert_eq!(
            (status, &answer["code"]),
            (400, &json!("idempotency_key_invalid")),
            "{key}"
        );
    }
    assert_eq!(house.stand_in.calls().create, 0);
}

#[tokio::test]
async fn a_refusal_frees_the_key() {
    let house = House::open().await;
    let (key, no) = (
        key(),
        FaultKind::Error {
            code: 50002,
            message: "no".into(),
        },
    );
    house.stand_in.inject(Fault::once(Call::Create, no));
    assert_eq!(press(&house, &five(), &key).await.0, 502);
    let again = press(&house, &five(), &key).await;
    assert_eq!(again.0, 200);
    assert_eq!(press(&house, &five(), &key).await, again);
    let kept = donations(&house).await;
    let statuses: Vec<_> = kept.iter().map(|donation| donation.status).collect();
    assert_eq!(statuses.len(), 2);
    assert!(statuses.contains(&Status::Failed) && statuses.contains(&Status::Created));
}

#[tokio::test]
async fn a_checkout_nobody_can_be_sent_to_is_made_once_for_a_key() {
    let house = House::open().await;
    let unsafe_link = FaultKind::Field("checkout_url".into(), json!("javascript:1"));
    house
        .stand_in
        .inject(Fault::once(Call::Create, unsafe_link));
    let key = key();
    assert_eq!(press(&house, &five(), &key).await.0, 502);
    let (status, answer) = press(&house, &five(), &key).await;
    assert_eq!((status, &answer["code"]), (504, &json!("outcome_unknown")));
    assert_eq!(house.stand_in.calls().create, 1);
}

#[tokio::test]
async fn an_unknown_outcome_stays_unknown_and_is_never_tried_again() {
    let house = House::open().await;
    let key = key();
    house
        .stand_in
        .inject(Fault::once(Call::Create, FaultKind::DropAfterCommit));
    for _ in 0..3 {
        let (status, answer) = press(&house, &five(), &key).await;
        assert_eq!((status, &answer["code"]), (504, &json!("outcome_unknown")));
    }
    assert_eq!(house.stand_in.calls().create, 1);
    assert_eq!(donations(&house).await[0].status, Status::Unknown);
}

#[tokio::test]
async fn a_card_checkout_nobody_opened_in_time_is_opened_by_a_fresh_link() {
    let house = House::by(By::AlchemyPay).await;
    let (key, card) = (key(), json!({"amount": 5, "provider": "alchemy_pay"}));
    let first = press(&house, &card, &key).await;
    house.pass(Duration::from_mins(15));
    assert_eq!(press(&house, &card, &key).await, first);
    house.pass(Duration::from_secs(2));
    let again = press(&house, &card, &key).await.1;
    assert_eq!(again["intent_id"], first.1["intent_id"]);
    let page = format!("/thanks/{}", again["intent_id"].as_str().unwrap());
    let page = house.get(&page).await.text().await.unwrap();
    // Each link has a nonce of its own, and until when it serves.
    let link = again["checkout_url"].as_str().unwrap();
    let until = link.split('&').find(|part| part.starts_with("timeout="));
    assert!(
        page.contains(until.unwrap()),
        "its own page leads there too"
    );
    assert!(!takes(&house, &first.1).await && takes(&house, &again).await);
    // The order is made now; once it has run out as well, the key is free.
    let order = again["intent_id"].as_str().unwrap();
    let expired = house.stand_in.act(order, Action::Expire).await;
    expired.unwrap();
    house.pass(Duration::from_mins(15));
    house.sweep().await;
    let new = press(&house, &card, &key).await.1;
    assert_ne!(new["intent_id"], again["intent_id"]);
    assert!(takes(&house, &new).await);
    assert_eq!(donations(&house).await.len(), 2);
}

/// Whether the provider takes the link of this answer.
async fn takes(house: &House, answer: &Value) -> bool {
    let link = answer["checkout_url"].as_str().unwrap();
    house.http.get(link).send().await.unwrap().status() == 200
}

#[tokio::test]
async fn a_key_is_kept_for_a_day() {
    let house = House::open().await;
    let key = key();
    let first = press(&house, &five(), &key).await;
    house.pass(DAY.checked_sub(Duration::from_mins(1)).unwrap());
    reconcile::tidy(&house.app).await.unwrap();
    assert_eq!(press(&house, &five(), &key).await, first);
    house.pass(Duration::from_mins(2));
    reconcile::tidy(&house.app).await.unwrap();
    let second = press(&house, &five(), &key).await;
    assert_eq!(second.0, 200);
    assert_ne!(second, first);
    assert_eq!(donations(&house).await.len(), 2);
}
