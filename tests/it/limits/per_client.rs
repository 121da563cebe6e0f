//! Limits per client: a client that asks too often gets the time to wait, no
//! header gets around the limit, and no other client is hindered.

use std::time::{Duration, Instant};

use bagel::config::Config;
use reqwest::Response;

use crate::support::measured::measured;
use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;

async fn app(checkout: u32, status: u32, trusted: &str) -> TestApp {
    let trusted = trusted.split_whitespace();
    let trusted: Vec<_> = trusted.map(|net| net.parse().unwrap()).collect();
    TestApp::build(Setup::with(move |config: &mut Config| {
        config.checkout_per_minute = checkout.try_into().unwrap();
        config.status_per_minute = status.try_into().unwrap();
        config.trusted_proxies = trusted;
    }))
    .await
}

/// Asks for a checkout, `X-Forwarded-For` included.
async fn knock(app: &TestApp, forwarded: &str) -> Response {
    send(app, forwarded, r#"{"amount": 5}"#).await
}

async fn send(app: &TestApp, forwarded: &str, body: &'static str) -> Response {
    let request = app.http.post(format!("{}/api/checkout", app.url));
    let request = request.header("content-type", "application/json");
    let request = request.header("x-forwarded-for", forwarded);
    request.body(body).send().await.unwrap()
}

/// How many of these were let in.
async fn let_in(app: &TestApp, forwarded: impl IntoIterator<Item = String>) -> u64 {
    let mut passed = 0;
    for forwarded in forwarded {
        match knock(app, &forwarded).await.status().as_u16() {
            200 => passed += 1,
            status => assert_eq!(status, 429),
        }
    }
    passed
}

#[tokio::test]
async fn five_checkouts_at_once_then_a_wait_that_is_told() {
    let app = app(5, 60, "").await;
    for _ in 0..5 {
        app.donate().await;
    }
    let request = || app.http.post(format!("{}/api/checkout", app.url));
    let form = "application/x-www-form-urlencoded";
    let request = |accept| {
        request()
            .header("content-type", form)
            .header("accept", accept)
    };
    for (accept, kind) in [
        ("*/*", "application/json"),
        ("text/html", "text/html; charset=utf-8"),
    ] {
        let response = request(accept).body("amount=5").send().await.unwrap();
        assert_eq!(response.status(), 429);
        let headers = response.headers().clone();
        let wait: u64 = headers["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((1..=13).contains(&wait), "{wait}");
        assert_eq!(headers["content-type"], kind);
        assert!(headers.contains_key("content-security-policy"));
        let text = response.text().await.unwrap();
        assert!(text.contains(&format!("wait {wait} seconds")), "{text}");
        assert_eq!(text.contains("too_many_requests"), accept == "*/*");
    }
    assert_eq!(app.stand_in.journal.calls().create, 5);
}

#[tokio::test]
async fn who_waits_as_long_as_told_is_let_in() {
    let app = app(60, 60, "").await;
    assert_eq!(let_in(&app, (0..60).map(|_| "1.1.1.1".into())).await, 60);
    let refused = loop {
        let response = knock(&app, "1.1.1.1").await;
        if response.status() == 429 {
            break response;
        }
    };
    let wait = refused.headers()["retry-after"].to_str().unwrap().parse();
    tokio::time::sleep(Duration::from_secs(wait.unwrap())).await;
    assert_eq!(knock(&app, "1.1.1.1").await.status(), 200);
}

#[tokio::test]
async fn an_invented_forwarding_header_helps_nobody() {
    let app = app(5, 60, "").await;
    let begun = Instant::now();
    let tries = (0..200).map(|n| format!("203.0.113.{n}, 198.51.100.{n}"));
    let passed = let_in(&app, tries).await;
    // A slow machine gives the next place after 12 s.
    let more = begun.elapsed().as_secs() / 12;
    assert!((5..=5 + more).contains(&passed), "{passed}");
    measured(
        "L2",
        format!(
            "200 invented forwarding headers: {passed} let in at a limit of 5; a /64 is one client"
        ),
    );
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_a_limit_of_its_own() {
    let app = app(5, 60, "127.0.0.0/8 10.0.0.0/8").await;
    let lies = (0..20).map(|n| format!("6.6.6.{n}, 198.51.100.7, 10.0.0.{n}"));
    assert_eq!(let_in(&app, lies).await, 5);
    assert_eq!(let_in(&app, ["198.51.100.8".into()]).await, 1);
    let neighbours = (1..20).map(|n| format!("2001:db8:1:2::{n}"));
    assert_eq!(let_in(&app, neighbours).await, 5);
    let elsewhere = (2..20).map(|n| format!("2001:db8:{n:x}:2::1"));
    assert_eq!(let_in(&app, elsewhere).await, 18);
    let mapped = (0..20).map(|_| "[::ffff:198.51.100.7]:443".into());
    assert_eq!(let_in(&app, mapped).await, 0);
}

#[tokio::test]
async fn a_line_with_many_networks_of_ipv6_has_a_limit_as_well() {
    for (network, most) in [("2001:db8:1:10", 15), ("2001:db8:2:", 50)] {
        let app = app(5, 60, "127.0.0.1/32").await;
        // Neighbouring /64s within a /56, then within a /48.
        let clients = (0..80).map(|n| match most {
            15 => format!("{network}{n:02x}::1"),
            _ => format!("{network}{n:x}00::1"),
        });
        let begun = Instant::now();
        let passed = let_in(&app, clients).await;
        // A slow machine gives further places meanwhile.
        let more = begun.elapsed().as_secs() * most / 60;
        assert!((most..=most + more).contains(&passed), "{network} {passed}");
        assert_eq!(let_in(&app, ["2001:db8:3::1".into()]).await, 1);
        // 6to4 and NAT64 are the IPv4 address they are made of.
        let names = ["198.51.100.7", "2002:c633:6407::1", "64:ff9b::c633:6407"];
        let names = names.map(String::from).into_iter();
        assert_eq!(let_in(&app, names.cycle().take(12)).await, 5);
    }
}

/// A form as a page of another site sends it.
async fn from_another_site(app: &TestApp) -> u16 {
    let request = app.http.post(format!("{}/api/checkout", app.url));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let request = request.header("sec-fetch-site", "cross-site");
    let answer = request.body("amount=5").send().await.unwrap();
    answer.status().as_u16()
}

#[tokio::test]
async fn what_cannot_be_taken_uses_nothing_up_and_is_bounded_all_the_same() {
    let app = app(5, 3, "").await;
    for _ in 0..10 {
        assert_eq!(send(&app, "", "{}").await.status(), 400);
        assert_eq!(app.get("/api/status").await.status(), 400);
        assert_eq!(from_another_site(&app).await, 403);
    }
    assert_eq!(let_in(&app, (0..6).map(|_| String::new())).await, 5);
    let begun = Instant::now();
    let mut refused = 16;
    while send(&app, "", "{}").await.status() == 400 {
        refused += 1;
    }
    let more = begun.elapsed().as_secs() + 2;
    assert!(
        (60..=60 + more).contains(&refused),
        "{refused} tries a minute"
    );
}

#[tokio::test]
async fn status_has_a_limit_of_its_own() {
    let app = app(1, 60, "").await;
    let id = app.donate().await.id;
    let path = format!("/api/status?intent_id={id}");
    let begun = Instant::now();
    let mut answers = Vec::new();
    for _ in 0..90 {
        answers.push(app.get(&path).await);
    }
    let more = usize::try_from(begun.elapsed().as_secs()).unwrap();
    answers.retain(|it| it.status() == 429);
    let passed = 90 - answers.len();
    assert!((60..=61 + more).contains(&passed), "{passed}");
    let last = answers.pop().unwrap();
    assert_eq!(last.headers()["retry-after"], "1");
    assert_eq!(json_of(last).await["code"], "too_many_requests");
}

#[tokio::test]
async fn nothing_else_is_limited() {
    let app = app(1, 1, "").await;
    let given = app.donate().await;
    let thanks = format!("/thanks/{}", given.id);
    let webhook = app.stand_in.signed_webhook(&given.intent).unwrap();
    for _ in 0..100 {
        for path in ["/", "/healthz", "/readyz", "/badge.svg", &thanks] {
            assert_eq!(app.get(path).await.status(), 200, "{path}");
        }
        assert_eq!(app.get("/api/checkout").await.status(), 405);
        assert_eq!(app.get("/nothing").await.status(), 404);
        assert_eq!(app.deliver(&webhook).await, 200);
    }
}

#[tokio::test]
async fn a_forger_is_told_to_wait_and_a_genuine_webhook_never() {
    let app = app(1, 1, "").await;
    let given = app.donate().await;
    let genuine = app.stand_in.signed_webhook(&given.intent).unwrap();
    let forged = genuine.clone().with_body("{}");
    let mut answers = Vec::new();
    for _ in 0..62 {
        answers.push(app.deliver(&forged).await);
    }
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 60);
    assert!(answers.ends_with(&[429, 429]), "{answers:?}");
    assert_eq!(app.deliver(&genuine).await, 200);
}
