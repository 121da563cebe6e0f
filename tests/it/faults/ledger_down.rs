//! Where nothing can be written down, nothing is started: a visitor is told
//! so in time, and the program needs no restart afterwards.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::support::test_app::TestApp;
use crate::support::visits::json_of;
use crate::support::wire::patient;

#[tokio::test]
async fn a_locked_ledger_is_said_in_time_and_is_over_when_it_is_free() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    let file = SqliteConnectOptions::new().filename(app.ledger_path());
    let mut stranger = file.connect().await.unwrap();
    let lock = stranger.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let begun = Instant::now();
    let request = patient().post(format!("{}/api/checkout", app.url));
    let request = request.header("content-type", "application/json");
    let response = request.body(r#"{"amount": 5}"#).send().await.unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(9),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "3");
    assert_eq!(json_of(response).await["code"], "ledger_unavailable");
    assert_eq!(app.stand_in.journal.calls().create, 1, "nobody was asked");
    for path in ["/", "/healthz", &format!("/thanks/{}", given.id)] {
        assert_eq!(app.get(path).await.status(), 200, "{path}");
    }
    lock.rollback().await.unwrap();
    app.donate().await;
    assert_eq!(app.get("/readyz").await.status(), 200);
}

#[tokio::test]
async fn a_ledger_that_is_gone_is_a_503_and_only_the_process_is_well() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    app.ledger.close().await;
    for (path, status) in [
        ("/", 200),
        ("/healthz", 200),
        ("/readyz", 503),
        (&format!("/thanks/{}", given.id), 503),
        (&format!("/api/status?intent_id={}", given.id), 503),
    ] {
        let response = app.get(path).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
        if status == 503 {
            assert_eq!(response.headers()["retry-after"], "3", "{path}");
            let answer = json_of(response).await.to_string();
            assert!(
                !answer.contains("pool") && !answer.contains("sql"),
                "{answer}"
            );
        }
    }
    let response = app.post_checkout(&json!({"amount": 5})).await;
    assert_eq!(response.status(), 503);
    assert_eq!(app.stand_in.journal.calls().create, 1);
}
