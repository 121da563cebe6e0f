//! Bodies that come slowly or not at all: each has three seconds, one client
//! has so many of them at a time, and a webhook that cannot be authentic is not
//! read.

use std::time::{Duration, Instant};

use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;
use crate::support::wire::{Wire, exchange, status_of};

/// Begins a checkout request whose body does not come.
async fn begin(app: &TestApp, from: &str) -> Wire {
    let mut wire = Wire::to(app).await;
    let head = format!(
        "POST /api/checkout HTTP/1.1\r\nhost: x\r\nx-forwarded-for: {from}\r\n\
         content-type: application/json\r\ncontent-length: 60000\r\n\r\n{{"
    );
    wire.say(head).await;
    wire
}

async fn behind_a_proxy() -> TestApp {
    let proxy = vec!["127.0.0.1/32".parse().unwrap()];
    TestApp::build(Setup::with(|config| config.trusted_proxies = proxy)).await
}

#[tokio::test]
async fn a_body_has_three_seconds() {
    let app = TestApp::open().await;
    let begun = Instant::now();
    let answer = begin(&app, "").await.hear().await;
    assert_eq!(status_of(&answer), 408, "{answer}");
    assert!(begun.elapsed() >= Duration::from_secs(3));
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn behind_a_proxy_one_client_has_256_bodies_on_the_way_and_the_next_its_own() {
    let app = behind_a_proxy().await;
    let attacker = "198.51.100.7";
    let mut slow = Vec::new();
    for _ in 0..300 {
        slow.push(begin(&app, attacker).await);
    }
    let other = begin(&app, "198.51.100.8").await;
    let mut answers = Vec::new();
    for wire in slow {
        answers.push(status_of(&wire.hear().await));
    }
    let refused = answers.iter().filter(|status| **status == 429).count();
    let in_time = answers.iter().filter(|status| **status == 408).count();
    assert_eq!(refused + in_time, 300, "{answers:?}");
    assert!((1..=44).contains(&refused), "{refused} refused");
    assert_eq!(status_of(&other.hear().await), 408);
    // Given back: a request whose body comes with it needs none anyway.
    let request = app.http.post(format!("{}/api/checkout", app.url));
    let request = request.header("content-type", "application/json");
    let request = request.header("x-forwarded-for", attacker);
    let answer = request.body(r#"{"amount": 5}"#).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{}", json_of(answer).await);
}

#[tokio::test]
async fn a_webhook_without_its_headers_is_refused_before_its_body_is_read() {
    let app = TestApp::open().await;
    let key = app.stand_in.allscale.key();
    let signed = "x-webhook-id: 1\r\nx-webhook-timestamp: 1\r\nx-webhook-nonce: 1\r\n\
                  x-webhook-signature: v1=AA==\r\n";
    let head = |headers: &str| {
        format!("POST /webhooks/allscale HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n{headers}\r\n")
    };
    for headers in [
        String::new(),
        format!("x-api-key: {key}\r\n"),
        signed.to_owned(),
        format!("x-api-key: st_another\r\n{signed}"),
    ] {
        let begun = Instant::now();
        assert_eq!(status_of(&exchange(&app, head(&headers)).await), 401);
        assert!(begun.elapsed() < Duration::from_secs(2), "{headers}");
    }
    let whole = head(&format!("x-api-key: {key}\r\n{signed}"));
    assert_eq!(status_of(&exchange(&app, whole).await), 408, "waited for");
}
