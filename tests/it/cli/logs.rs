//! One line a request, and nothing of anybody in it.

use serde_json::{Value, json};
use stand_in::Action;

use crate::support::served::{Served, donation_of};

/// Nobody's name, words or address; the last is a client's behind a proxy.
const PRIVATE: [&str; 4] = ["Lovelace", "Thank you", "Hopper", "198.51.100.7"];

#[tokio::test]
async fn each_request_is_one_line_with_id_route_status_and_duration() {
    let served = Served::open(&[("BAGEL_LOG_FORMAT", "json")]).await;
    let id = donation_of(served.checkout().await).await;
    let mut answered = Vec::new();
    for (path, route, status) in [
        (format!("/thanks/{id}"), "/thanks/{id}", 200),
        (format!("/api/status?intent_id={id}"), "/api/status", 200),
        (format!("/nothing/{id}"), "-", 404),
        (format!("/webhooks/{id}"), "/webhooks/{provider}", 405),
        (format!("/assets/{id}"), "/assets/{name}", 404),
    ] {
        let response = served.get(&path).send().await.unwrap();
        let request_id = response.headers()["x-request-id"].to_str().unwrap();
        answered.push((request_id.to_owned(), route, status));
    }
    let (said, _) = served.stop().await;
    let lines: Vec<Value> = said
        .err
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|line: &Value| line["message"] == "answered")
        .collect();
    assert!(!json!(lines).to_string().contains(&id));
    for (request_id, route, status) in answered {
        let mut about = lines
            .iter()
            .filter(|line| line["request.id"] == *request_id);
        let line = about.next().unwrap();
        assert!(about.next().is_none(), "two lines for one request");
        assert_eq!(
            (&line["route"], &line["status"]),
            (&json!(route), &json!(status))
        );
        assert_eq!(line["method"], "GET");
        assert!(line["duration_ms"].is_u64(), "{line}");
    }
}

#[tokio::test]
async fn nobody_is_in_the_logs() {
    let served = Served::open(&[("BAGEL_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let id = donation_of(served.checkout().await).await;
    let intent = served.stand_in.intents.all().pop().unwrap().id;
    let forged = served.stand_in.signed_webhook(&intent).unwrap();
    served
        .stand_in
        .send(&forged.with_body(r#"{"Hopper":1}"#))
        .await;
    served
        .stand_in
        .act(&intent, Action::PayTwice)
        .await
        .unwrap();
    for path in [
        format!("/thanks/{id}"),
        format!("/api/status?intent_id={id}&name=Hopper"),
    ] {
        let request = served.get(&path).header("x-forwarded-for", "198.51.100.7");
        request.send().await.unwrap();
    }
    for body in [
        r#"{"amount":"Hopper"}"#,
        r#"{"amount":5,"name":"Hopper\u0000"}"#,
        "Hopper",
    ] {
        let request = served.post("/api/checkout").body(body);
        let request = request.header("content-type", "application/json");
        let request = request.header("x-forwarded-for", "198.51.100.7");
        assert_eq!(request.send().await.unwrap().status(), 400);
    }
    let (said, _) = served.stop().await;
    assert_eq!(said.code, Some(0));
    assert!(said.err.contains("answered"), "{}", said.err);
    assert!(said.out.is_empty(), "{}", said.out);
    for private in PRIVATE {
        assert!(!said.err.contains(private), "{private}: {}", said.err);
    }
}

#[tokio::test]
async fn a_proxy_nobody_trusts_is_warned_about_once() {
    for (trusted, warnings) in [("10.0.0.0/8", 1), ("127.0.0.1", 0)] {
        let served = Served::open(&[("BAGEL_TRUSTED_PROXIES", trusted)]).await;
        for _ in 0..3 {
            let request = served.get("/").header("x-forwarded-for", "198.51.100.7");
            request.send().await.unwrap();
        }
        let (said, _) = served.stop().await;
        let warned = said
            .err
            .lines()
            .filter(|line| line.contains("BAGEL_TRUSTED_PROXIES"));
        assert_eq!(warned.count(), warnings, "{}", said.err);
    }
}
