//! Every bad request is answered with what to fix, in the client's own
//! language, and nobody outside hears of it.

use serde_json::{Value, json};

use crate::support::test_app::TestApp;
use crate::support::visits::json_of;

/// Content type, body, status, code.
type Case<'a> = (&'a str, &'a str, u16, &'a str);

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

async fn refused(app: &TestApp, cases: &[Case<'_>]) {
    for &(kind, body, status, code) in cases {
        let label = format!("{kind} {:.80}", body.escape_debug());
        let request = app.http.post(format!("{}/api/checkout", app.url));
        let request = request.header("content-type", kind).body(body.to_owned());
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{label}");
        assert_eq!(response.headers()["content-type"], JSON, "{label}");
        let answer = json_of(response).await;
        assert_eq!(answer["code"], code, "{label}");
        let sentence = answer["error"].as_str().unwrap();
        assert!(
            sentence.ends_with(['.', ')', '}', '…']),
            "{label}: {sentence}"
        );
        assert_eq!(answer.as_object().unwrap().len(), 2, "{label}");
    }
    assert_eq!(app.stand_in.journal.calls().create, 0);
    assert!(app.ledger.donations(None).await.unwrap().is_empty());
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let app = TestApp::open().await;
    refused(
        &app,
        &[
            (JSON, "", 400, "unreadable"),
            (JSON, "{", 400, "unreadable"),
            (JSON, "5", 400, "unreadable"),
            (JSON, "[5]", 400, "unreadable"),
            (JSON, "[5,null,null,null,null]", 400, "unreadable"),
            (JSON, "null", 400, "unreadable"),
            (JSON, r#"{"amount":5}{}"#, 400, "unreadable"),
            (JSON, r#"{"amount":5,"amount":6}"#, 400, "unreadable"),
            (JSON, r#"{"amount":5,"name":7}"#, 400, "unreadable"),
            (JSON, r#"{"amount":5,"message":["x"]}"#, 400, "unreadable"),
            (JSON, "{\"amount\":5,\"name\":\"a\nb\"}", 400, "unreadable"),
            (FORM, "amount=5&amount=6", 400, "unreadable"),
            (
                "text/plain",
                r#"{"amount":5}"#,
                415,
                "unsupported_media_type",
            ),
            (
                "application/jsonx",
                r#"{"amount":5}"#,
                415,
                "unsupported_media_type",
            ),
            (
                "multipart/form-data; boundary=x",
                "--x--",
                415,
                "unsupported_media_type",
            ),
            ("", r#"{"amount":5}"#, 415, "unsupported_media_type"),
            (JSON, &"1".repeat(64 * 1024 + 1), 413, "too_large"),
            (JSON, &"1".repeat(1024 * 1024), 413, "too_large"),
        ],
    )
    .await;
}

#[tokio::test]
async fn texts_that_are_too_long_or_cannot_be_shown() {
    let app = TestApp::open().await;
    let field = |name: &str, text: &str| json!({"amount": 5, name: text}).to_string();
    let (long, wide) = ("a".repeat(281), "🥯".repeat(51));
    for (name, text, code) in [
        ("name", wide.as_str(), "name_too_long"),
        ("name", &long, "name_too_long"),
        ("supporter_name", &wide, "name_too_long"),
        ("message", &long, "message_too_long"),
        ("name", "a\0b", "name_unreadable"),
        ("name", "a\u{1b}[31m", "name_unreadable"),
        ("message", "a\0", "message_unreadable"),
        ("message", "a\tb", "message_unreadable"),
        ("message", "a\u{85}b", "message_unreadable"),
        ("provider", "paypal", "provider_unknown"),
    ] {
        refused(&app, &[(JSON, &field(name, text), 400, code)]).await;
    }
    refused(
        &app,
        &[(FORM, "amount=5&name=a%00b", 400, "name_unreadable")],
    )
    .await;
}

#[tokio::test]
async fn other_methods_and_addresses() {
    let app = TestApp::open().await;
    for (method, path, status, allow) in [
        ("GET", "/api/checkout", 405, Some("POST")),
        ("PUT", "/api/checkout", 405, Some("POST")),
        ("POST", "/api/status", 405, Some("GET,HEAD")),
        ("DELETE", "/", 405, Some("GET,HEAD")),
        ("GET", "/webhooks/allscale", 405, Some("POST")),
        ("BAGEL", "/", 405, Some("GET,HEAD")),
        ("GET", "/api/checkout/", 404, None),
        ("GET", "/API/status", 404, None),
        ("GET", "//", 404, None),
        ("GET", "/thanks/", 404, None),
        ("GET", "/../../etc/passwd", 404, None),
        ("GET", "/assets/..%2f..%2fCargo.toml", 404, None),
        ("GET", "/avatar", 404, None),
        ("POST", "/webhooks/paypal", 404, None),
        ("OPTIONS", "/api/checkout", 405, Some("POST")),
    ] {
        let method = method.parse().unwrap();
        let request = app.http.request(method, format!("{}{path}", app.url));
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        let allowed = response.headers().get("allow").cloned();
        assert_eq!(
            allowed.as_ref().map(|it| it.to_str().unwrap()),
            allow,
            "{path}"
        );
        assert!(json_of(response).await["error"].is_string(), "{path}");
    }
}

#[tokio::test]
async fn a_browser_gets_a_page_and_a_program_json() {
    let app = TestApp::open().await;
    for (accept, page) in [
        ("text/html,application/xhtml+xml,*/*;q=0.8", true),
        ("*/*", false),
        ("application/json", false),
    ] {
        let request = app.http.get(format!("{}/nothing", app.url));
        let response = request.header("accept", accept).send().await.unwrap();
        assert_eq!(response.status(), 404);
        let kind = response.headers()["content-type"].to_str().unwrap();
        assert_eq!(kind.starts_with("text/html"), page, "{accept}: {kind}");
        let text = response.text().await.unwrap();
        let json: Option<Value> = serde_json::from_str(&text).ok();
        assert_eq!(json.is_none(), page, "{text}");
        assert!(text.contains("There is nothing at this address."), "{text}");
    }
}
