//! Test calls, errors, signed replies, and what reaches the log.

use axum::http::header;

use super::*;
use crate::provider::allscale::envelope::ApiCode;
use crate::provider::allscale::signature::ResponseParts;
use crate::provider::logged;

#[tokio::test]
async fn the_test_calls_tell_code_and_date() {
    let date = "Sat, 22 Nov 2025 02:00:00 GMT";
    let store = store(move |received| {
        let body = match received.path.as_str() {
            "/v1/test/ping" => success(&json!({"pong": "ok"})),
            "/v1/test/post" => success(&serde_json::from_slice(&received.body).unwrap()),
            _ => {
                json!({"code": 99999, "error": {"message": "no"}, "request_id": "r 2"}).to_string()
            }
        };
        Some(([(header::DATE, date)], body).into_response())
    })
    .await;
    let ping = store.client.ping().await.unwrap();
    assert_eq!(ping.skew.unwrap().ahead, 0);
    assert!(ping.outcome.is_ok() && store.client.echo().await.unwrap().outcome.is_ok());
    let fail = store.client.fail().await.unwrap();
    assert_eq!(fail.outcome.unwrap_err().code, ApiCode::UNSPECIFIED);
}

#[tokio::test]
async fn a_test_call_with_another_payload_is_broken() {
    let client = answering(200, &success(&json!({"pong": "no"})))
        .await
        .client;
    for outcome in [client.ping().await, client.echo().await] {
        assert!(matches!(outcome, Err(ProviderError::Broken(_))));
    }
}

#[tokio::test]
async fn a_call_without_an_envelope_leaves_the_outcome_open() {
    for (status, body) in [
        (500, ""),
        (503, "<h1>Down</h1>"),
        (200, ""),
        (200, "\u{0}garbage"),
    ] {
        let store = answering(status, body).await;
        let failure = store
            .open(&donation(Currency::Usd), None)
            .await
            .unwrap_err();
        assert!(failure.leaves_outcome_open(), "{status} {failure}");
    }
}

#[tokio::test]
async fn an_error_in_an_envelope_is_definite() {
    for (status, code) in [(400, 10001), (200, 20002), (403, 30001), (500, 90000)] {
        let body = json!({"code": code, "payload": null, "error": "x"}).to_string();
        let store = answering(status, &body).await;
        let failure = store
            .open(&donation(Currency::Usd), None)
            .await
            .unwrap_err();
        let denied = matches!(failure, ProviderError::Denied(_));
        assert_eq!(denied, (20001..=30001).contains(&code), "{failure}");
        assert!(!failure.leaves_outcome_open(), "{code} {failure}");
    }
    let body = json!({"code": 10001, "error": {"message": "amount_cents too small"}});
    let store = answering(400, &body.to_string()).await;
    let failure = store
        .open(&donation(Currency::Usd), None)
        .await
        .unwrap_err();
    assert!(
        matches!(failure, ProviderError::AmountTooSmall),
        "{failure}"
    );
}

#[tokio::test]
async fn an_impossible_api_key_is_refused_before_anything_is_sent() {
    let mut settings = settings(scripted::nobody().await);
    settings.api_key = "st_key\n".to_owned();
    let outcome = provider(settings).client.ping().await;
    assert!(matches!(outcome, Err(ProviderError::Refused(_))));
}

/// How a signed reply is spoiled.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    Unsigned,
    WrongKey,
    OtherBody,
    OtherNonce,
    OtherNonceSigned,
    Old(i64),
}

fn signed(received: &Received, fault: Fault) -> Response {
    let body = match received.path.as_str() {
        "/v1/test/fail" => json!({"code": 99999}).to_string(),
        _ => success(&json!({"pong": "ok"})),
    };
    let other = matches!(fault, Fault::OtherNonce | Fault::OtherNonceSigned);
    let nonce = received.headers[signature::NONCE].to_str().unwrap();
    let nonce = if other { "another" } else { nonce }.to_owned();
    let age = if let Fault::Old(age) = fault { age } else { 0 };
    let timestamp = (NOW - age).to_string();
    let parts = ResponseParts {
        status: 200,
        path: &received.path,
        request_nonce: &nonce,
        request_body: &received.body,
        timestamp: &timestamp,
        nonce: "r-1",
        body: body.as_bytes(),
    };
    let secret = if fault == Fault::WrongKey {
        "other"
    } else {
        SECRET
    };
    let signature = SigningKey::new(secret.to_owned().into()).sign(&parts.canonical());
    if fault == Fault::Unsigned {
        return body.into_response();
    }
    let mut response = [
        (signature::RESPONSE_TIMESTAMP, timestamp),
        (signature::RESPONSE_NONCE, "r-1".to_owned()),
        (signature::RESPONSE_SIGNATURE, signature),
    ]
    .into_response();
    if fault != Fault::OtherNonceSigned {
        let echo = nonce.parse().unwrap();
        response
            .headers_mut()
            .insert(signature::REQUEST_NONCE, echo);
    }
    let altered = format!("{body} ");
    let body = if fault == Fault::OtherBody {
        altered
    } else {
        body
    };
    *response.body_mut() = body.into();
    response
}

#[tokio::test]
async fn where_replies_are_signed_others_are_refused() {
    for (fault, reason) in [
        (Fault::None, None),
        (Fault::Old(300), None),
        (Fault::Old(-300), None),
        (Fault::Old(301), Some("stale")),
        (Fault::Old(-301), Some("stale")),
        (Fault::Unsigned, Some("not signed")),
        (Fault::WrongKey, Some("wrong")),
        (Fault::OtherBody, Some("wrong")),
        (Fault::OtherNonce, Some("another request")),
        (Fault::OtherNonceSigned, Some("wrong")),
    ] {
        let base = scripted::serve(move |received| Some(signed(&received, fault))).await;
        let mut settings = settings(base);
        settings.signed_responses = true;
        let store = provider(settings);
        for outcome in [store.client.ping().await, store.client.fail().await] {
            match (&outcome, reason) {
                (Ok(_), None) => {}
                (Err(ProviderError::Broken(text)), Some(reason)) => {
                    assert!(text.contains(reason), "{text}");
                }
                (outcome, _) => panic!("{:?} {reason:?}", outcome.as_ref().err()),
            }
        }
    }
}

#[tokio::test]
async fn the_log_has_the_request_id_but_no_secret_and_no_foreign_word() {
    let (lines, _guard) = logged::listen();
    for body in [
        r#"{"code":90000,"error":"FOREIGN","request_id":"req_7"}"#,
        "FOREIGN garbage",
    ] {
        let _ = answering(500, body).await.client.ping().await;
    }
    let _ = provider(settings(scripted::nobody().await))
        .client
        .ping()
        .await;
    let log = lines.text();
    assert!(log.contains("provider.request_id=\"req_7\""), "{log}");
    assert!(
        log.contains("call failed: the provider cannot be reached"),
        "{log}"
    );
    for secret in ["FOREIGN", "CANARY", "st_key", "v1="] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[test]
fn settings_show_no_credentials() {
    let settings = settings(BaseUrl::parse("https://openapi.allscale.io").unwrap());
    let shown = format!("{settings:?}");
    assert!(
        !shown.contains("CANARY") && !shown.contains("st_key"),
        "{shown}"
    );
}
