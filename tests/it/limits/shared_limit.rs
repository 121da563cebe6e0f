//! The limit on checkouts over several replicas: as many as one would allow,
//! however the balancer deals the requests out, and a flood that a replica
//! refuses by itself is not felt by the database.

use std::time::{Duration, Instant};

use reqwest::Response;
use serde_json::json;

use crate::support::scratch_ledgers::Scratch;
use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;

const FLOOD: u64 = 10_000;

/// An app on Postgres where each client may open five checkouts a minute.
async fn app() -> TestApp {
    let mut plan = Setup::with(|config| {
        config.checkout_per_minute = 5.try_into().unwrap();
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    });
    plan.data = Scratch::postgres().await;
    TestApp::build(plan).await
}

/// A checkout for a visitor at this address.
async fn checkout(app: &TestApp, client: &str) -> Response {
    let request = app.http.post(format!("{}/api/checkout", app.url));
    let request = request.header("content-type", "application/json");
    let request = request.header("x-forwarded-for", client);
    let body = json!({"amount": 5}).to_string();
    request.body(body).send().await.unwrap()
}

/// How many of `times` checkouts, dealt out in turn, were opened.
async fn opened(apps: &[&TestApp], client: &str, times: usize) -> usize {
    let mut opened = 0;
    for nth in 0..times {
        let response = checkout(apps[nth % apps.len()], client).await;
        match response.status().as_u16() {
            200 => opened += 1,
            _ => assert_wait(response).await,
        }
    }
    opened
}

async fn assert_wait(refused: Response) {
    assert_eq!(refused.status(), 429);
    let wait = refused.headers()["retry-after"].to_str().unwrap();
    let wait: u64 = wait.parse().unwrap();
    assert!((1..=13).contains(&wait), "{wait}");
    assert_eq!(json_of(refused).await["code"], "too_many_requests");
}

#[tokio::test]
async fn two_replicas_allow_what_one_would() {
    let mut first = app().await;
    let second = first.replica().await;
    assert_eq!(opened(&[&first, &second], "198.51.100.7", 10).await, 5);
    assert_eq!(first.stand_in.calls().create, 5);
    assert_eq!(opened(&[&first, &second], "198.51.100.8", 2).await, 2);
    assert_eq!(opened(&[&second], "2001:db8:1:2::1", 3).await, 3);
    assert_eq!(opened(&[&first], "2001:db8:1:2::2", 3).await, 2);
    // Neither another replica nor a new start wins anybody a burst.
    let third = first.replica().await;
    first.restart().await;
    assert_eq!(opened(&[&first, &third], "198.51.100.7", 4).await, 0);
    first.pass(Duration::from_secs(24));
    let fresh = first.replica().await;
    assert_eq!(opened(&[&fresh], "198.51.100.7", 4).await, 2);
}

#[tokio::test]
async fn what_a_replica_refuses_by_itself_costs_the_database_nothing() {
    let app = app().await;
    let client = "198.51.100.7";
    assert_eq!(opened(&[&app], client, 5).await, 5);
    // Whoever asks the database from now on is answered 503.
    app.ledger.close().await;
    assert_eq!(checkout(&app, "198.51.100.8").await.status(), 503);
    let (begun, mut asked) = (Instant::now(), 0);
    for _ in 0..FLOOD {
        match checkout(&app, client).await.status().as_u16() {
            429 => {}
            status => {
                assert_eq!(status, 503);
                asked += 1;
            }
        }
    }
    let regained = 1 + begun.elapsed().as_secs() / 12;
    assert!(asked <= regained, "{asked} of {FLOOD} asked the database");
}

#[tokio::test]
async fn addresses_are_swept_while_a_replica_runs() {
    let app = app().await;
    let kept = || app.figure("SELECT COUNT(*) FROM checkout_limits");
    assert_eq!(opened(&[&app], "198.51.100.7", 1).await, 1);
    assert_eq!(kept().await, 1);
    app.pass(Duration::from_secs(12));
    // Each sweeps when it starts, and once a minute from then on.
    let _replica = app.replica().await;
    let begun = Instant::now();
    while kept().await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(10), "still kept");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
