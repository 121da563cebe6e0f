//! The reference app's own front end on our API: what its page sends, what it
//! reads of each answer, and how it goes on. Written from its behaviour.

use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use stand_in::{Action, Call, Fault, FaultKind, Status as TheirStatus};

use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;

/// What its page shows.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Shown {
    Waiting,
    Detected,
    Thanks,
    Failed(&'static str),
}

/// Its page after "Buy": a tab with the checkout, and the intent to ask about.
struct Opened {
    checkout_url: String,
    intent_id: String,
}

/// As its `fetch` asks: from the same site, and with no word on what it takes.
fn of_its_page(request: RequestBuilder) -> RequestBuilder {
    request
        .header("accept", "*/*")
        .header("sec-fetch-site", "same-origin")
        .header("sec-fetch-mode", "cors")
}

/// It reads JSON from every answer, whatever its status.
async fn read(response: Response) -> (bool, Value) {
    let ok = response.status().is_success();
    (ok, json_of(response).await)
}

/// "Buy": the amount is a number, a message that is empty is left out, and
/// there is no name. An error is a sentence in `error`.
async fn buy(app: &TestApp, amount: &str, message: &str) -> Result<Opened, String> {
    let amount: Value = serde_json::from_str(amount).unwrap();
    let mut body = json!({"amount": amount});
    if !message.is_empty() {
        body["message"] = json!(message);
    }
    let url = format!("{}/api/checkout", app.url);
    let request = of_its_page(app.http.post(url)).header("content-type", "application/json");
    let (ok, answer) = read(request.body(body.to_string()).send().await.unwrap()).await;
    if !ok {
        return Err(answer["error"].as_str().unwrap().to_owned());
    }
    Ok(Opened {
        checkout_url: answer["checkout_url"].as_str().unwrap().to_owned(),
        intent_id: answer["intent_id"].as_str().unwrap().to_owned(),
    })
}

/// One look of the five seconds; an answer that is not OK changes nothing.
async fn look(app: &TestApp, opened: &Opened, before: Shown) -> Shown {
    let url = format!("{}/api/status?intent_id={}", app.url, opened.intent_id);
    let (ok, answer) = read(of_its_page(app.http.get(url)).send().await.unwrap()).await;
    if !ok {
        return before;
    }
    match answer["status"].as_i64().unwrap() {
        20 => Shown::Thanks,
        10 => Shown::Detected,
        -1 => Shown::Failed("Payment failed"),
        -2 => Shown::Failed("Payment was rejected"),
        -3 => Shown::Failed("Amount was less than required"),
        -4 => Shown::Failed("Payment was canceled"),
        ..0 => Shown::Failed("Payment didn't go through"),
        _ => before,
    }
}

/// Looks until something else is shown.
async fn wait(app: &TestApp, opened: &Opened, before: &Shown) -> Shown {
    loop {
        let shown = look(app, opened, before.clone()).await;
        if shown != *before {
            return shown;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn intent(app: &TestApp) -> String {
    app.stand_in.intents.all().pop().unwrap().id
}

#[tokio::test]
async fn a_donation_is_bought_detected_and_thanked_for() {
    let app = TestApp::open().await;
    let opened = buy(&app, "5", "For the talk").await.unwrap();
    let asked = app.stand_in.intents.all().pop().unwrap();
    assert!(opened.checkout_url.ends_with(&asked.id));
    assert_eq!(asked.amount_cents, 500);
    assert_eq!(asked.description.as_deref(), Some("For the talk"));
    assert_eq!(asked.user_name, None);

    let mut shown = look(&app, &opened, Shown::Waiting).await;
    assert_eq!(shown, Shown::Waiting);
    let status = |status| app.stand_in.set_status(&asked.id, TheirStatus(status));
    status(10).unwrap();
    shown = wait(&app, &opened, &shown).await;
    assert_eq!(shown, Shown::Detected);
    status(1).unwrap();
    app.stand_in.act(&asked.id, Action::Pay).await.unwrap();
    shown = wait(&app, &opened, &shown).await;
    assert_eq!(shown, Shown::Thanks);
    assert_eq!(app.counted().await, (1, 500));
}

/// What it shows of a payment that has come to `status`.
async fn seen_at(app: &TestApp, status: i64) -> Shown {
    let opened = buy(app, "1", "").await.unwrap();
    let set = app.stand_in.set_status(&intent(app), TheirStatus(status));
    set.unwrap();
    look(app, &opened, Shown::Waiting).await
}

#[tokio::test]
async fn each_end_is_told_with_its_reason() {
    let app = TestApp::open().await;
    for (status, shown) in [
        (-1, "Payment failed"),
        (-2, "Payment was rejected"),
        (-3, "Amount was less than required"),
        (-4, "Payment was canceled"),
        (-5, "Payment didn't go through"),
    ] {
        assert_eq!(seen_at(&app, status).await, Shown::Failed(shown));
    }
    for status in [1, 2, 3, 4, 5, 7] {
        assert_eq!(seen_at(&app, status).await, Shown::Waiting, "{status}");
    }
}

#[tokio::test]
async fn its_amounts_are_asked_to_the_cent() {
    let app = TestApp::open().await;
    for (amount, cents) in [
        ("0.6", 60),
        ("0.5", 50),
        ("1", 100),
        ("0.57", 57),
        ("1.15", 115),
        ("19.99", 1999),
        ("10000", 1_000_000),
    ] {
        buy(&app, amount, "").await.unwrap();
        let asked = app.stand_in.intents.all().pop().unwrap();
        assert_eq!(asked.amount_cents, cents, "{amount}");
        assert_eq!(asked.description, None);
    }
}

#[tokio::test]
async fn every_refusal_has_a_sentence_and_a_poll_outlasts_all_trouble() {
    let app = TestApp::open().await;
    for (amount, message) in [
        ("0.01", ""),
        ("10000.5", ""),
        ("5.255", ""),
        ("1", &*"é".repeat(281)),
    ] {
        let sentence = buy(&app, amount, message).await.err().unwrap();
        assert!(sentence.ends_with('.'), "{sentence}");
    }
    let down = Fault::once(Call::Create, FaultKind::Http(500));
    app.stand_in.faults.inject(down);
    let sentence = buy(&app, "1", "").await.err().unwrap();
    assert!(sentence.contains("try again"), "{sentence}");

    let opened = buy(&app, "1", "").await.unwrap();
    let down = Fault::always(Call::Status, FaultKind::Http(500));
    app.stand_in.faults.inject(down);
    let shown = look(&app, &opened, Shown::Waiting).await;
    assert_eq!(shown, Shown::Waiting);
    let stranger = Opened {
        intent_id: "../../ping".to_owned(),
        ..opened
    };
    let shown = look(&app, &stranger, Shown::Detected).await;
    assert_eq!(shown, Shown::Detected);
}

#[tokio::test]
async fn haste_is_told_in_json_and_its_own_pace_is_none() {
    let app = TestApp::build(Setup::with(|config| {
        config.checkout_per_minute = 5.try_into().unwrap();
        config.status_per_minute = 60.try_into().unwrap();
    }))
    .await;
    let opened = buy(&app, "1", "").await.unwrap();
    let detected = app.stand_in.set_status(&intent(&app), TheirStatus(10));
    detected.unwrap();
    for _ in 1..5 {
        buy(&app, "1", "").await.unwrap();
    }
    let sentence = buy(&app, "1", "").await.err().unwrap();
    assert!(sentence.contains("wait"), "{sentence}");
    // Twelve looks are a minute of its polling.
    for _ in 0..12 {
        let shown = look(&app, &opened, Shown::Waiting).await;
        assert_eq!(shown, Shown::Detected);
    }
}
