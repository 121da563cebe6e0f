//! No answer lacks the security headers: every route, every method, every
//! error, errors of the layers included.

use std::collections::HashSet;

use bagel::config::Config;
use bagel::outward::PublicUrl;
use reqwest::{Method, Response};
use stand_in::{Call, Fault, FaultKind};

use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;

const JSON: (&str, &str) = ("content-type", "application/json");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const PAGE: (&str, &str) = ("accept", "text/html");
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
    form-action 'self' https: http://localhost:* http://127.0.0.1:*";

async fn send(
    app: &TestApp,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Response {
    let method: Method = method.parse().unwrap();
    let mut request = app.http.request(method, format!("{}{path}", app.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).send().await.unwrap()
}

fn assert_secure(response: &Response, label: &str) {
    let header = |name: &str| {
        let mut values = response.headers().get_all(name).iter();
        let value = values.next().map_or("", |it| it.to_str().unwrap());
        assert!(values.next().is_none(), "{label}: {name} twice");
        value
    };
    assert_eq!(header("content-security-policy"), POLICY, "{label}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{label}");
    assert_eq!(header("x-frame-options"), "DENY", "{label}");
    assert!(!header("cache-control").is_empty(), "{label}");
    let referrer = header("referrer-policy");
    let private = label.contains("/thanks/") && response.status() == 200;
    let expected = if private {
        "no-referrer"
    } else {
        "same-origin"
    };
    assert_eq!(referrer, expected, "{label}");
    let id = header("x-request-id");
    assert!(
        id.len() == 32 && id.bytes().all(|it| it.is_ascii_hexdigit()),
        "{label}: {id}"
    );
    for absent in [
        "server",
        "x-powered-by",
        "cross-origin-opener-policy",
        "set-cookie",
    ] {
        assert_eq!(header(absent), "", "{label}");
    }
    if response.status().is_client_error() || response.status().is_server_error() {
        assert_eq!(header("cache-control"), "no-store", "{label}");
    }
}

/// Asks for everything there is, and gives the statuses met.
async fn tour(app: &TestApp, transport: Option<&str>) -> HashSet<u16> {
    let given = app.donate().await;
    let thanks = format!("/thanks/{}", given.id);
    let status = format!("/api/status?intent_id={}", given.id);
    let page = app.get("/").await;
    let etag = page.headers()["etag"].to_str().unwrap().to_owned();
    let text = page.text().await.unwrap();
    let style = text
        .split('"')
        .find(|it| it.starts_with("/assets/"))
        .unwrap();
    let key = ("idempotency-key", "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d");
    let mut met = HashSet::new();
    for (method, path, headers, body) in [
        ("GET", "/", &[][..], ""),
        ("HEAD", "/", &[], ""),
        ("GET", "/", &[("if-none-match", &*etag)], ""),
        ("GET", "/", &[("accept-encoding", "gzip")], ""),
        ("GET", style, &[], ""),
        ("GET", "/badge.svg", &[], ""),
        ("GET", "/bagel.png", &[], ""),
        ("GET", "/healthz", &[], ""),
        ("GET", "/readyz", &[], ""),
        ("GET", &thanks, &[PAGE], ""),
        ("HEAD", &thanks, &[], ""),
        ("GET", &status, &[], ""),
        ("GET", "/api/status", &[], ""),
        ("GET", "/api/status", &[PAGE], ""),
        ("GET", "/thanks/1", &[PAGE], ""),
        ("GET", "/avatar", &[], ""),
        ("GET", "/assets/page.css", &[], ""),
        ("GET", "/nothing", &[], ""),
        ("GET", "/nothing", &[PAGE], ""),
        ("HEAD", "/nothing", &[PAGE], ""),
        ("OPTIONS", "/", &[], ""),
        ("TRACE", "/", &[PAGE], ""),
        ("PUT", "/nothing", &[], ""),
        ("GET", "/api/checkout", &[], ""),
        ("POST", "/api/checkout", &[JSON, key], r#"{"amount": 5}"#),
        ("POST", "/api/checkout", &[JSON, key], r#"{"amount": 6}"#),
        ("POST", "/api/checkout", &[JSON], "{}"),
        ("POST", "/api/checkout", &[JSON], r#"{"amount": 0.01}"#),
        ("POST", "/api/checkout", &[], "x"),
        ("POST", "/api/checkout", &[PAGE], "x"),
        ("POST", "/api/checkout", &[FORM, PAGE], "amount=5"),
        ("POST", "/api/checkout", &[FORM, PAGE], "amount=no"),
        (
            "POST",
            "/api/checkout",
            &[FORM, PAGE, ("sec-fetch-site", "cross-site")],
            "amount=5",
        ),
        ("POST", "/webhooks/allscale", &[], "{}"),
        ("POST", "/webhooks/nobody", &[], "{}"),
    ] {
        let response = send(app, method, path, headers, body.to_owned()).await;
        let label = format!("{method} {path} {headers:?} {body}");
        assert_secure(&response, &label);
        let told = response.headers().get("strict-transport-security");
        assert_eq!(told.map(|it| it.to_str().unwrap()), transport, "{label}");
        met.insert(response.status().as_u16());
    }
    met
}

#[tokio::test]
async fn every_route_method_and_error_carries_them() {
    let app = TestApp::open().await;
    let mut met = tour(&app, None).await;
    let large = send(&app, "POST", "/api/checkout", &[JSON], "x".repeat(70_000)).await;
    assert_secure(&large, "too large");
    met.insert(large.status().as_u16());
    for (code, status) in [(50002, 502), (40001, 503)] {
        let message = String::new();
        let fault = FaultKind::Error { code, message };
        app.stand_in.faults.inject(Fault::once(Call::Create, fault));
        let body = r#"{"amount": 5}"#.to_owned();
        let response = send(&app, "POST", "/api/checkout", &[JSON], body).await;
        assert_eq!(response.status(), status);
        assert_secure(&response, "fault");
    }
    app.stand_in
        .faults
        .inject(Fault::once(Call::Create, FaultKind::Garbage));
    let page = send(
        &app,
        "POST",
        "/api/checkout",
        &[FORM, PAGE],
        "amount=5".into(),
    )
    .await;
    assert_eq!(page.status(), 504);
    assert_secure(&page, "fault on a page");
    for status in [200, 303, 304, 400, 401, 403, 404, 405, 409, 413, 415, 422] {
        assert!(met.contains(&status), "{status} was not met");
    }
}

#[tokio::test]
async fn too_many_requests_carry_them_too() {
    let app = TestApp::build(Setup::with(|config: &mut Config| {
        config.checkout_per_minute = 1.try_into().unwrap();
    }))
    .await;
    for accept in [PAGE, ("accept", "*/*"), PAGE] {
        let response = send(&app, "POST", "/api/checkout", &[JSON, accept], "{}".into()).await;
        assert_secure(&response, "limited");
    }
}

#[tokio::test]
async fn where_the_page_is_https_browsers_are_told_to_stay_there() {
    let app = TestApp::build(Setup::with(|config: &mut Config| {
        config.public_url = Some(PublicUrl::parse("https://bagel.example").unwrap());
    }))
    .await;
    tour(&app, Some("max-age=31536000")).await;
}

#[tokio::test]
async fn a_donations_own_page_is_private() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    let response = app.get(&format!("/thanks/{}", given.id)).await;
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-robots-tag", "noindex"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(response.headers()[name], value, "{name}");
    }
    assert!(response.headers().get("etag").is_none());
}

#[tokio::test]
async fn a_request_id_is_ours_and_named_in_every_5xx() {
    let app = TestApp::open().await;
    let sent = "11111111111111111111111111111111";
    let ours = send(&app, "GET", "/", &[("x-request-id", sent)], String::new()).await;
    assert_ne!(ours.headers()["x-request-id"], sent);
    app.stand_in
        .faults
        .inject(Fault::always(Call::Create, FaultKind::Garbage));
    let response = app.post_checkout(&serde_json::json!({"amount": 5})).await;
    let id = response.headers()["x-request-id"].clone();
    assert_eq!(json_of(response).await["request_id"], id.to_str().unwrap());
}
