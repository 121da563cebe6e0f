//! A webhook may come before the reply to the call that made the checkout, or
//! to a page that lives below a path, or about a price in coins.

use std::sync::Arc;
use std::time::Duration;

use bagel::donation::{Donation, DonationId, Origin};
use bagel::money::Currency;
use bagel::outward::PublicUrl;
use bagel::status::Status;
use serde_json::{Value, json};
use stand_in::{Action, Call, Fault, FaultKind, Intent};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::support::provider_kind::ProviderKind;
use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;

/// A checkout whose reply is on its way, and what the provider has made of it.
async fn begin(app: &Arc<TestApp>, fault: FaultKind) -> (JoinHandle<(u16, Value)>, Intent) {
    app.stand_in.faults.inject(Fault::once(Call::Create, fault));
    let supporter = Arc::clone(app);
    let reply = tokio::spawn(async move {
        let response = supporter.post_checkout(&json!({"amount": 5})).await;
        (response.status().as_u16(), json_of(response).await)
    });
    loop {
        if let Some(intent) = app.stand_in.intents.all().pop() {
            return (reply, intent);
        }
        sleep(Duration::from_millis(5)).await;
    }
}

async fn the_one(app: &TestApp) -> Donation {
    let mut donations = app.ledger.donations(None).await.unwrap();
    assert_eq!(donations.len(), 1);
    donations.remove(0)
}

#[tokio::test]
async fn a_webhook_that_overtakes_the_reply_is_matched_by_our_own_id() {
    let app = Arc::new(TestApp::open().await);
    let late = FaultKind::Delay(Duration::from_secs(1));
    let (reply, intent) = begin(&app, late).await;
    let paid = app.stand_in.act(&intent.id, Action::Pay).await.unwrap();
    assert_eq!(paid.deliveries, [Some(200)]);
    assert!(!reply.is_finished(), "the webhook came first");
    let early = the_one(&app).await;
    assert_eq!(early.status, Status::Confirmed);
    assert_eq!(early.intent.unwrap().as_str(), intent.id);

    let (status, answer) = reply.await.unwrap();
    assert_eq!(status, 200, "{answer}");
    let donation = the_one(&app).await;
    assert_eq!(donation.status, Status::Confirmed);
    assert!(donation.checkout_url.is_some());
    app.poll(donation.id).await;
    app.pass(app.state.config.reconcile_every);
    app.sweep().await;
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn one_that_overtakes_and_does_not_name_us_is_kept_and_its_payment_found() {
    let app = Arc::new(TestApp::open().await);
    let late = FaultKind::Delay(Duration::from_secs(1));
    let (reply, intent) = begin(&app, late).await;
    let set = app.stand_in.act(&intent.id, Action::PayLost);
    set.await.unwrap();
    let nameless = app.stand_in.webhook(&intent.id).unwrap();
    let nameless = nameless.set("order_id", Value::Null).sign();
    assert_eq!(app.deliver(&nameless).await, 200);
    assert_eq!(app.ledger.unmatched().await.unwrap().len(), 1);

    assert_eq!(reply.await.unwrap().0, 200);
    assert_eq!(app.deliver(&nameless).await, 200);
    app.pass(app.state.config.reconcile_every);
    app.sweep().await;
    assert_eq!(the_one(&app).await.status, Status::Confirmed);
    assert!(app.ledger.unmatched().await.unwrap().is_empty());
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn one_that_overtakes_with_another_amount_is_for_review_and_stays_there() {
    let app = Arc::new(TestApp::open().await);
    let late = FaultKind::Delay(Duration::from_secs(1));
    let (reply, intent) = begin(&app, late).await;
    let paid = app.stand_in.act(&intent.id, Action::PayLost);
    paid.await.unwrap();
    let other = app.stand_in.webhook(&intent.id).unwrap();
    let other = other.set("amount_cents", 50_000).sign();
    assert_eq!(app.deliver(&other).await, 200);
    let early = the_one(&app).await;
    assert_eq!(early.status, Status::Review);
    assert_eq!(early.intent.unwrap().as_str(), intent.id, "to be looked up");

    assert_eq!(reply.await.unwrap().0, 200);
    app.poll(early.id).await;
    app.pass(app.state.config.reconcile_every);
    app.sweep().await;
    assert_eq!(the_one(&app).await.status, Status::Review);
    assert_eq!(app.counted().await, (0, 0));
}

#[tokio::test]
async fn a_checkout_of_unknown_outcome_is_settled_by_a_webhook() {
    for webhook_first in [true, false] {
        let app = Arc::new(TestApp::open().await);
        let (reply, intent) = begin(&app, FaultKind::DropAfterCommit).await;
        if webhook_first {
            app.stand_in.act(&intent.id, Action::Pay).await.unwrap();
        }
        let (status, answer) = reply.await.unwrap();
        assert_eq!((status, &answer["code"]), (504, &json!("outcome_unknown")));
        if !webhook_first {
            assert_eq!(the_one(&app).await.status, Status::Unknown);
            app.stand_in.act(&intent.id, Action::Pay).await.unwrap();
        }
        assert_eq!(the_one(&app).await.status, Status::Confirmed);
        assert_eq!(app.counted().await, (1, 500));
        assert_eq!(
            app.stand_in.journal.calls().create,
            1,
            "it is never repeated"
        );
    }
}

/// No call makes the checkout of a card: what a hint can overtake is our own
/// note of the link.
#[tokio::test]
async fn a_hint_that_overtakes_the_note_of_its_link_is_asked_about_all_the_same() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    let cards = app.state.providers.find("alchemy_pay").unwrap();
    let new = app.five_by(cards);
    let (id, now) = (new.id, new.created_at);
    let opened = app.open_unnoted(cards, new).await;
    let intent = opened.intent.to_string();
    let lie = app.stand_in.webhook(&intent).unwrap();
    let lie = lie.set("status", "PAY_SUCCESS").sign();
    assert_eq!(app.deliver(&lie).await, 503);
    assert_eq!(app.status(id).await, Status::Created);
    app.stand_in.act(&intent, Action::Pay).await.unwrap();
    assert_eq!(app.status(id).await, Status::Confirmed);
    app.ledger
        .note_opened(id, opened, (now, Origin(1)), now)
        .await
        .unwrap();
    assert_eq!(app.status(id).await, Status::Confirmed);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn a_path_in_the_public_address_is_part_of_what_is_signed() {
    let app = TestApp::build(Setup::with(|config| {
        config.public_url = Some(PublicUrl::parse("http://localhost/tips").unwrap());
    }))
    .await;
    let answer = app.http.post(format!("{}/tips/api/checkout", app.url));
    let answer = answer
        .header("content-type", "application/json")
        .body(json!({"amount": 5}).to_string());
    let answer = json_of(answer.send().await.unwrap()).await;
    let id = DonationId::parse(answer["intent_id"].as_str().unwrap()).unwrap();
    let intent = app.donation(id).await.intent.unwrap().to_string();
    app.stand_in.act(&intent, Action::PayLost).await.unwrap();
    let draft = || app.stand_in.webhook(&intent).unwrap();

    let stripped = draft().target("/webhooks/allscale", "").sign();
    assert_eq!(app.deliver(&stripped).await, 401);
    let (status, _) = app.post_webhook("/webhooks/allscale", &stripped).await;
    assert_eq!(status, 404);
    let whole = draft().target("/tips/webhooks/allscale", "").sign();
    assert_eq!(app.deliver(&whole).await, 200);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn a_price_in_coins_is_confirmed_by_its_coins() {
    let app = TestApp::build(Setup {
        currency: Currency::Usdt,
        ..Setup::default()
    })
    .await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    let donation = app.donation(given.id).await;
    assert_eq!(donation.status, Status::Confirmed);
    assert_eq!(donation.request.asked.currency, Currency::Usdt);
    let unheard = app.donate_and_pay_unheard().await;
    app.poll(unheard.id).await;
    assert_eq!(app.counted().await, (2, 1000));
}
