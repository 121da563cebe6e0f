//! Connections inward: what is too large, ambiguous or garbled is told so, and
//! cut.

use crate::support::measured::measured;
use crate::support::test_app::TestApp;
use crate::support::visits::json_of;
use crate::support::wire::{Wire, exchange, status_of};

const GET: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test]
async fn a_body_is_64_kib_at_most() {
    let app = TestApp::open().await;
    for (size, status) in [(64 * 1024, 400), (64 * 1024 + 1, 413)] {
        let request = app.http.post(format!("{}/api/checkout", app.url));
        let request = request.header("content-type", "application/json");
        let response = request.body("x".repeat(size)).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{size}");
        assert!(json_of(response).await["code"].is_string());
    }
    for path in ["/api/checkout", "/webhooks/allscale"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             transfer-encoding: chunked\r\n\r\n"
        );
        let mut wire = Wire::to(&app).await;
        wire.say(head).await;
        let chunk = format!("1000\r\n{}\r\n", "x".repeat(4096));
        let mut said = 0;
        while said < 1000 && wire.say(&chunk).await && !wire.has_answered().await {
            said += 1;
        }
        assert!(said < 1000, "{path}: an endless body was read");
    }
}

#[tokio::test]
async fn a_head_is_small() {
    let app = TestApp::open().await;
    let with = |headers: String| format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
    for (request, status) in [
        (with("x: 1\r\nconnection: close\r\n".into()), 200),
        (with("x: 1\r\n".repeat(101)), 431),
        (with(format!("x: {}\r\n", "1".repeat(64 * 1024))), 431),
        (
            format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(70_000)),
            431,
        ),
    ] {
        let answer = exchange(&app, &request).await;
        assert_eq!(status_of(&answer), status, "{request:.50}: {answer:.200}");
    }
}

#[tokio::test]
async fn where_a_request_ends_is_never_in_doubt() {
    let app = TestApp::open().await;
    let post = |headers: &str, body: &str| {
        format!("POST /api/checkout HTTP/1.1\r\nhost: x\r\n{headers}\r\n\r\n{body}")
    };
    for headers in [
        "content-length: 5\r\ncontent-length: 6",
        "content-length: +5",
        "content-length: 0x5",
        "content-length: -1",
        "content-length: 99999999999999999999",
        "transfer-encoding: gzip",
        "transfer-encoding: chunked, gzip",
        "transfer-encoding: chunked\r\ntransfer-encoding: identity",
        "transfer-encoding : chunked",
    ] {
        let answer = exchange(&app, post(headers, "hello")).await;
        assert_eq!(status_of(&answer), 400, "{headers}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{headers}");
    }
    // With both, RFC 9112 lets chunks decide if the connection then ends.
    for headers in [
        "content-length: 5\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 5",
    ] {
        let answer = exchange(&app, post(headers, &format!("0\r\n\r\n{GET}"))).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "smuggled: {answer}");
        assert_eq!(status_of(&answer), 415, "{answer}");
    }
}

#[tokio::test]
async fn old_garbled_and_hurried_clients_are_answered() {
    let app = TestApp::open().await;
    let old = exchange(&app, "GET /healthz HTTP/1.0\r\n\r\n").await;
    assert!(
        old.starts_with("HTTP/1.0 200") && old.ends_with("ok"),
        "{old}"
    );
    for garbage in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..],
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nbad\0header: 1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  HTTP/1.1\r\n\r\n",
        b"hello\r\n\r\n",
    ] {
        let answer = exchange(&app, garbage).await;
        assert!([0, 400].contains(&status_of(&answer)), "{answer}");
    }
    for odd in [
        "OPTIONS * HTTP/1.1",
        "GET http://evil.example/ HTTP/1.1",
        "CONNECT x:1 HTTP/1.1",
    ] {
        let answer = exchange(
            &app,
            format!("{odd}\r\nhost: x\r\nconnection: close\r\n\r\n"),
        )
        .await;
        assert!((200..500).contains(&status_of(&answer)), "{odd}: {answer}");
        assert!(!answer.contains("evil.example"), "{answer}");
    }
    let last = "GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let both = exchange(&app, format!("{GET}{last}")).await;
    let (first, second) = (both.find(" 200 OK"), both.find(" 404 Not Found"));
    assert!(first.is_some() && first < second, "{both}");
    assert_eq!(app.get("/readyz").await.status(), 200);
    measured(
        "L4",
        "64 KiB and a byte, endless chunks, 101 headers, a head of 64 KiB, two lengths, HTTP/1.0, \
         pipelines, garbage: 413, 431, 400 or one answer each, and the program goes on",
    );
}
