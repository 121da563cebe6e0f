//! A webhook may come before the reply to the call that made the checkout, or
//! to a page that lives below a path, or about a price in coins.

use std::sync::Arc;
use std::time::Duration;

use bagel::config::PublicUrl;
use bagel::donation::{Donation, DonationId};
use bagel::money::Currency;
use bagel::status::Status;
use serde_json::{Value, json};
use stand_in::{Action, Call, Fault, FaultKind, Intent};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::house::{House, Plan};
use crate::visits::json_of;

/// A checkout whose reply is on its way, and what the provider has made of it.
async fn begin(house: &Arc<House>, fault: FaultKind) -> (JoinHandle<(u16, Value)>, Intent) {
    house.stand_in.inject(Fault::once(Call::Create, fault));
    let supporter = Arc::clone(house);
    let reply = tokio::spawn(async move {
        let response = supporter.post_checkout(&json!({"amount": 5})).await;
        (response.status().as_u16(), json_of(response).await)
    });
    loop {
        if let Some(intent) = house.stand_in.intents().pop() {
            return (reply, intent);
        }
        sleep(Duration::from_millis(5)).await;
    }
}

async fn the_one(house: &House) -> Donation {
    let mut donations = house.ledger.donations(None).await.unwrap();
    assert_eq!(donations.len(), 1);
    donations.remove(0)
}

#[tokio::test]
async fn a_webhook_that_overtakes_the_reply_is_matched_by_our_own_id() {
    let house = Arc::new(House::open().await);
    let late = FaultKind::Delay(Duration::from_secs(1));
    let (reply, intent) = begin(&house, late).await;
    let paid = house.stand_in.act(&intent.id, Action::Pay).await.unwrap();
    assert_eq!(paid.deliveries, [Some(200)]);
    assert!(!reply.is_finished(), "the webhook came first");
    let early = the_one(&house).await;
    assert_eq!(early.status, Status::Confirmed);
    assert_eq!(early.intent.unwrap().as_str(), intent.id);

    let (status, answer) = reply.await.unwrap();
    assert_eq!(status, 200, "{answer}");
    let donation = the_one(&house).await;
    assert_eq!(donation.status, Status::Confirmed);
    assert!(donation.checkout_url.is_some());
    house.poll(donation.id).await;
    house.pass(house.app.config.reconcile_every);
    house.sweep().await;
    assert_eq!(house.counted().await, (1, 500));
}

#[tokio::test]
async fn one_that_overtakes_and_does_not_name_us_is_kept_and_its_payment_found() {
    let house = Arc::new(House::open().await);
    let late = FaultKind::Delay(Duration::from_secs(1));
    let (reply, intent) = begin(&house, late).await;
    let set = house.stand_in.act(&intent.id, Action::PayLost);
    set.await.unwrap();
    let nameless = house.stand_in.webhook(&intent.id).unwrap();
    let nameless = nameless.set("order_id", Value::Null).sign();
    assert_eq!(house.deliver(&nameless).await, 200);
    assert_eq!(house.ledger.unmatched().await.unwrap().len(), 1);

    assert_eq!(reply.await.unwrap().0, 200);
    assert_eq!(house.deliver(&nameless).await, 200);
    house.pass(house.app.config.reconcile_every);
    house.sweep().await;
    assert_eq!(the_one(&house).await.status, Status::Confirmed);
    assert!(house.ledger.unmatched().await.unwrap().is_empty());
    assert_eq!(house.counted().await, (1, 500));
}

#[tokio::test]
async fn one_that_overtakes_with_another_amount_is_for_review_and_stays_there() {
    let house = Arc::new(House::open().await);
    let late = FaultKind::Delay(Duration::from_secs(1));
    let (reply, intent) = begin(&house, late).await;
    let paid = house.stand_in.act(&intent.id, Action::PayLost);
    paid.await.unwrap();
    let other = house.stand_in.webhook(&intent.id).unwrap();
    let other = other.set("amount_cents", 50_000).sign();
    assert_eq!(house.deliver(&other).await, 200);
    let early = the_one(&house).await;
    assert_eq!(early.status, Status::Review);
    assert_eq!(early.intent.unwrap().as_str(), intent.id, "to be looked up");

    assert_eq!(reply.await.unwrap().0, 200);
    house.poll(early.id).await;
    house.pass(house.app.config.reconcile_every);
    house.sweep().await;
    assert_eq!(the_one(&house).await.status, Status::Review);
    assert_eq!(house.counted().await, (0, 0));
}

#[tokio::test]
async fn a_checkout_of_unknown_outcome_is_settled_by_a_webhook() {
    for webhook_first in [true, false] {
        let house = Arc::new(House::open().await);
        let (reply, intent) = begin(&house, FaultKind::DropAfterCommit).await;
        if webhook_first {
            house.stand_in.act(&intent.id, Action::Pay).await.unwrap();
        }
        let (status, answer) = reply.await.unwrap();
        assert_eq!((status, &answer["code"]), (504, &json!("outcome_unknown")));
        if !webhook_first {
            assert_eq!(the_one(&house).await.status, Status::Unknown);
            house.stand_in.act(&intent.id, Action::Pay).await.unwrap();
        }
        assert_eq!(the_one(&house).await.status, Status::Confirmed);
        assert_eq!(house.counted().await, (1, 500));
        assert_eq!(house.stand_in.calls().create, 1, "it is never repeated");
    }
}

#[tokio::test]
async fn a_path_in_the_public_address_is_part_of_what_is_signed() {
    let house = House::build(Plan::with(|config| {
        config.public_url = Some(PublicUrl::parse("http://localhost/tips").unwrap());
    }))
    .await;
    let answer = house.http.post(format!("{}/tips/api/checkout", house.url));
    let answer = answer
        .header("content-type", "application/json")
        .body(json!({"amount": 5}).to_string());
    let answer = json_of(answer.send().await.unwrap()).await;
    let id = DonationId::parse(answer["intent_id"].as_str().unwrap()).unwrap();
    let intent = house.donation(id).await.intent.unwrap().to_string();
    house.stand_in.act(&intent, Action::PayLost).await.unwrap();
    let draft = || house.stand_in.webhook(&intent).unwrap();

    let stripped = draft().target("/webhooks/allscale", "").sign();
    assert_eq!(house.deliver(&stripped).await, 401);
    let (status, _) = house.post_webhook("/webhooks/allscale", &stripped).await;
    assert_eq!(status, 404);
    let whole = draft().target("/tips/webhooks/allscale", "").sign();
    assert_eq!(house.deliver(&whole).await, 200);
    assert_eq!(house.counted().await, (1, 500));
}

#[tokio::test]
async fn a_price_in_coins_is_confirmed_by_its_coins() {
    let house = House::build(Plan {
        currency: Currency::Usdt,
        ..Plan::default()
    })
    .await;
    let given = house.donate().await;
    house.press(&given, Action::Pay).await;
    let donation = house.donation(given.id).await;
    assert_eq!(donation.status, Status::Confirmed);
    assert_eq!(donation.asked.currency, Currency::Usdt);
    let unheard = house.donate_and_pay_unheard().await;
    house.poll(unheard.id).await;
    assert_eq!(house.counted().await, (2, 1000));
}
