//! Test calls, and what reaches the log.

use axum::http::header;

use super::*;
use crate::provider::allscale::envelope::ApiCode;
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
async fn an_impossible_api_key_is_refused_before_anything_is_sent() {
    let mut settings = settings(scripted::nobody().await);
    settings.api_key = "st_key\n".to_owned();
    let outcome = provider(settings).client.ping().await;
    assert!(matches!(outcome, Err(ProviderError::Refused(_))));
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
