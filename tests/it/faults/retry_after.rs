//! A provider that says how long it wants to be left alone is left alone so long,
//! by looks and by checkouts, and a supporter is told.

use std::time::{Duration, Instant};

use bagel::clock::Clock;
use bagel::status::Status;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::{Value, json};
use stand_in::{Call, Fault, FaultKind};
use tokio::time::{sleep, timeout};

use crate::support::provider_kind::{ProviderKind, for_both};
use crate::support::test_app::TestApp;
use crate::support::visits::json_of;

for_both! {
    no_look_is_made_before_its_time
}

const PATIENCE: Duration = Duration::from_secs(20);
/// What either spelling asks for at the least.
const LEAST: Duration = Duration::from_secs(2);

fn answer_429(app: &TestApp, call: Call, wait: &str) {
    let fault = FaultKind::RetryAfter(wait.to_owned());
    app.stand_in.faults.inject(Fault::once(call, fault));
}

fn in_two_seconds() -> String {
    "2".to_owned()
}

/// The same as HTTP writes a date, with two seconds for what dates leave out.
fn at_a_date() -> String {
    let then = Timestamp::from_second(Clock::System.now().seconds() + 4).unwrap();
    let printer = DateTimePrinter::new();
    printer.timestamp_to_rfc9110_string(&then).unwrap()
}

/// How often the provider was asked how a payment stands.
fn asked(app: &TestApp, by: ProviderKind) -> u64 {
    let calls = app.stand_in.journal.calls();
    match by {
        ProviderKind::Allscale => calls.status,
        ProviderKind::AlchemyPay => calls.query,
    }
}

async fn no_look_is_made_before_its_time(by: ProviderKind) {
    let call = match by {
        ProviderKind::Allscale => Call::Status,
        ProviderKind::AlchemyPay => Call::Query,
    };
    for wait in [in_two_seconds, at_a_date] {
        let app = TestApp::paying_by(by).await;
        let (first, other) = (
            app.donate_and_pay_unheard().await,
            app.donate_and_pay_unheard().await,
        );
        let begun = Instant::now();
        let wait = wait();
        answer_429(&app, call, &wait);
        app.poll(first.id).await;
        assert_eq!(asked(&app, by), 1, "{wait}");
        // Another donation has a question of its own, which waits as well.
        let confirmed = async {
            while app.status(other.id).await != Status::Confirmed {
                app.poll(other.id).await;
                sleep(Duration::from_millis(20)).await;
                if asked(&app, by) == 1 {
                    continue;
                }
                let waited = begun.elapsed();
                assert!(waited >= LEAST, "{wait}: asked after {waited:?}");
            }
        };
        timeout(PATIENCE, confirmed).await.unwrap();
    }
}

/// Asks for a checkout; status, `Retry-After`, body.
async fn give(app: &TestApp) -> (u16, Option<u64>, Value) {
    let response = app.post_checkout(&json!({"amount": 5})).await;
    let status = response.status().as_u16();
    let wait = response.headers().get("retry-after");
    let wait = wait.map(|wait| wait.to_str().unwrap().parse().unwrap());
    (status, wait, json_of(response).await)
}

#[tokio::test]
async fn no_checkout_is_asked_for_before_its_time_and_the_supporter_is_told() {
    for wait in [in_two_seconds, at_a_date] {
        let app = TestApp::open().await;
        let begun = Instant::now();
        let wait = wait();
        answer_429(&app, Call::Create, &wait);
        let told = async {
            loop {
                let (status, left, answer) = give(&app).await;
                if status == 200 {
                    return;
                }
                assert_eq!((status, &answer["code"]), (503, &json!("provider_busy")));
                assert!((1..=4).contains(&left.unwrap()), "{left:?}");
                assert_eq!(app.stand_in.journal.calls().create, 1, "{wait}");
                sleep(Duration::from_millis(100)).await;
            }
        };
        timeout(PATIENCE, told).await.unwrap();
        let waited = begun.elapsed();
        assert!(waited >= LEAST, "{wait}: asked after {waited:?}");
        assert_eq!(app.stand_in.journal.calls().create, 2);
    }
}

#[tokio::test]
async fn a_long_pause_is_told_as_one_and_no_longer_than_a_day() {
    let app = TestApp::open().await;
    answer_429(&app, Call::Create, "99999999");
    for _ in 0..2 {
        let (status, left, answer) = give(&app).await;
        assert_eq!((status, left), (503, Some(24 * 60 * 60)));
        let sentence = answer["error"].as_str().unwrap();
        assert!(sentence.contains("later"), "{sentence}");
    }
    assert_eq!(app.stand_in.journal.calls().create, 1);
}

#[tokio::test]
async fn meanwhile_supporters_pay_by_the_other_provider() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    assert_eq!(give(&app).await.0, 200);
    answer_429(&app, Call::Create, "3600");
    assert_eq!(give(&app).await.0, 503);
    let (status, _, answer) = give(&app).await;
    assert_eq!(status, 200, "{answer}");
    let link = answer["checkout_url"].as_str().unwrap();
    assert!(
        link.starts_with(&app.stand_in.alchemy_checkout_url()),
        "{link}"
    );
    let page = app.get("/").await.text().await.unwrap();
    assert!(page.contains("Not now: Allscale"), "{page}");
}
