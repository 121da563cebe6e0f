//! A checkout: stored first, then asked of the provider; what the provider is
//! told, and what is answered.

use std::time::Duration;

use bagel::donation::DonationId;
use bagel::status::Status;
use serde_json::{Value, json};
use stand_in::{Call, Fault, FaultKind};

use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;

#[tokio::test]
async fn the_answer_says_where_to_pay_and_which_donation() {
    let app = TestApp::open().await;
    let response = app.post_checkout(&json!({"amount": 5})).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    let answer = json_of(response).await;
    assert_eq!(answer.as_object().unwrap().len(), 2, "{answer}");
    let url = answer["checkout_url"].as_str().unwrap();
    assert!(url.starts_with(app.stand_in.public_url()), "{url}");
    let id = DonationId::parse(answer["intent_id"].as_str().unwrap()).unwrap();
    assert_eq!(app.status(id).await, Status::Created);
}

#[tokio::test]
async fn the_provider_is_told_what_the_supporter_wrote() {
    let app = TestApp::open().await;
    let body = json!({"amount": "5.25", "name": " Ada ", "message": "Thank you,\r\nreally 🥯"});
    let given = app.donate_with(&body).await;
    let asked = app.stand_in.intents.all().pop().unwrap();
    assert_eq!(
        (asked.amount_cents, &asked.request["currency"]),
        (525, &json!(1))
    );
    assert_eq!(asked.order_id, Some(given.id.to_string()));
    assert!(given.checkout_url.ends_with(&asked.id));
    assert_eq!(asked.user_name.as_deref(), Some("Ada"));
    let message = Some("Thank you,\nreally 🥯");
    assert_eq!(asked.description.as_deref(), message);
    let back = format!("http://localhost:8080/thanks/{}", given.id);
    assert_eq!(asked.redirect_url, Some(back));
    assert_eq!(asked.request["extra"], json!({"source": "buy-me-a-bagel"}));
}

#[tokio::test]
async fn what_is_not_known_is_not_told() {
    let app = TestApp::build(Setup::with(|config| config.public_url = None)).await;
    app.donate_with(&json!({"amount": 1, "name": " ", "message": null}))
        .await;
    let asked = app.stand_in.intents.all().pop().unwrap();
    assert_eq!((asked.user_name, asked.description), (None, None));
    assert_eq!(asked.redirect_url, None);
    assert!(asked.request["user_id"].is_null());
}

#[tokio::test]
async fn a_long_message_is_cut_for_the_provider_alone() {
    let app = TestApp::open().await;
    let whole = "🥯é".repeat(140);
    let given = app
        .donate_with(&json!({"amount": 1, "message": whole}))
        .await;
    let told = app
        .stand_in
        .intents
        .all()
        .pop()
        .unwrap()
        .description
        .unwrap();
    assert_eq!(told, "🥯é".repeat(100));
    let kept = app.donation(given.id).await.request.message.unwrap();
    assert_eq!(kept.as_str(), whole);
}

#[tokio::test]
async fn the_name_has_two_spellings_and_the_first_counts() {
    let app = TestApp::open().await;
    for (body, name) in [
        (json!({"amount": 1, "supporter_name": "Grace"}), "Grace"),
        (
            json!({"amount": 1, "name": "Ada", "supporter_name": "Grace"}),
            "Ada",
        ),
    ] {
        let given = app.donate_with(&body).await;
        let kept = app.donation(given.id).await.request.name.unwrap();
        assert_eq!(kept.as_str(), name);
    }
}

#[tokio::test]
async fn the_donation_is_stored_before_the_provider_is_asked() {
    let app = TestApp::open().await;
    app.stand_in
        .faults
        .inject(Fault::once(Call::Create, FaultKind::Hang));
    let visitor = tokio::spawn({
        let url = format!("{}/api/checkout", app.url);
        let request = app
            .http
            .post(url)
            .header("content-type", "application/json");
        request.body(r#"{"amount": 5, "name": "Ada"}"#).send()
    });
    while app.stand_in.journal.calls().create == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(app.stand_in.intents.all().is_empty());
    let stored = app.ledger.donations(None).await;
    let stored = stored.unwrap().pop().unwrap();
    assert_eq!(stored.status, Status::Created);
    assert_eq!(stored.request.asked.cents.0, 500);
    assert_eq!(stored.request.name.unwrap().as_str(), "Ada");
    visitor.abort();
}

#[tokio::test]
async fn the_provider_may_be_named() {
    let app = TestApp::open().await;
    app.donate_with(&json!({"amount": 1, "provider": "allscale"}))
        .await;
    let response = app
        .post_checkout(&json!({"amount": 1, "provider": "Allscale"}))
        .await;
    assert_eq!(response.status(), 400);
    assert_eq!(json_of(response).await["code"], "provider_unknown");
}

#[tokio::test]
async fn a_field_nobody_knows_does_no_harm() {
    let app = TestApp::open().await;
    let body: Value = json!({"amount": 1, "intent_id": "x", "currency": "EUR", "redirect_url": "http://evil.example"});
    app.donate_with(&body).await;
    let asked = app.stand_in.intents.all().pop().unwrap();
    assert_eq!(asked.request["currency"], 1);
    assert!(
        asked
            .redirect_url
            .unwrap()
            .starts_with("http://localhost:8080/")
    );
}
