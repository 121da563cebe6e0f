//! What is rendered for one client, or read from the ledger for it, is bounded;
//! what is the same for everybody is not.

use reqwest::Response;

use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;

/// Asks for a page as a browser at this address behind a trusted proxy.
async fn visit(app: &TestApp, path: &str, from: &str) -> Response {
    let request = app.http.get(format!("{}{path}", app.url));
    let request = request.header("accept", "text/html");
    let request = request.header("accept-language", "de");
    request
        .header("x-forwarded-for", from)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_query_has_16_pairs_and_4_kb_at_most() {
    let app = TestApp::open().await;
    let pairs = |count| format!("/?{}", vec!["amount=1"; count].join("&"));
    assert_eq!(app.get(&pairs(16)).await.status(), 200);
    let long = format!("/api/status?intent_id={}", "1".repeat(5_000));
    for path in [&pairs(17), &pairs(3_000), &long] {
        let answer = app.get(path).await;
        assert_eq!(answer.status(), 414);
        assert_eq!(json_of(answer).await["code"], "address_too_long");
    }
    let page = visit(&app, &pairs(17), "").await;
    assert_eq!(page.status(), 414);
    let page = page.text().await.unwrap();
    assert!(
        page.contains("<html") && page.contains("Dieser Link"),
        "{page}"
    );
}

#[tokio::test]
async fn pages_made_for_one_client_are_600_a_minute_and_the_form_is_not_limited() {
    let app = TestApp::build(Setup::with(|config| {
        config.status_per_minute = 600.try_into().unwrap();
        config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    }));
    let app = app.await;
    let given = app.donate().await;
    let (thanks, filled) = (format!("/thanks/{}", given.id), "/?amount=7");
    let attacker = "198.51.100.7";
    let mut made = 0;
    let refused = loop {
        let path = [&*thanks, filled, "/nothing"][made % 3];
        let answer = visit(&app, path, attacker).await;
        match answer.status().as_u16() {
            429 => break answer,
            404 if !answer.text().await.unwrap().contains("<html") => {}
            200 | 404 => made += 1,
            status => panic!("{status}"),
        }
    };
    assert!((600..700).contains(&made), "{made}");
    let wait = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        refused
            .text()
            .await
            .unwrap()
            .starts_with("Das war etwas schnell."),
        "{wait}"
    );
    for path in ["/", "/?lang=ja", "/badge.svg", "/healthz"] {
        assert_eq!(visit(&app, path, attacker).await.status(), 200, "{path}");
    }
    for path in [&thanks, filled] {
        assert_eq!(visit(&app, path, "198.51.100.8").await.status(), 200);
    }
}
