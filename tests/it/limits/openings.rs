//! The cap on checkouts that are opened for all clients together: who fills it
//! waits, and another client's turn comes all the same.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::support::scratch_ledgers::Scratch;
use crate::support::test_app::{Setup, TestApp};

/// One a second, and six at once after a rest.
const PER_MINUTE: u32 = 60;

async fn capped() -> Arc<TestApp> {
    let mut setup = Setup::behind_a_proxy(Scratch::sqlite());
    let before = setup.config;
    setup.config = Box::new(move |config| {
        before(config);
        config.providers.openings = Some(PER_MINUTE.try_into().unwrap());
    });
    Arc::new(TestApp::build(setup).await)
}

/// Asks for a checkout from this address; the status it is answered with.
async fn ask(app: &TestApp, address: &str) -> u16 {
    let request = app.http.post(format!("{}/api/checkout", app.url));
    let request = request.header("content-type", "application/json");
    let request = request.header("x-forwarded-for", address);
    let response = request.body(r#"{"amount": 5}"#).send().await.unwrap();
    response.status().as_u16()
}

#[tokio::test]
async fn beyond_it_a_checkout_is_refused_and_nothing_is_stored() {
    let app = capped().await;
    let mut crowd = JoinSet::new();
    for n in 0..40 {
        let app = Arc::clone(&app);
        crowd.spawn(async move { ask(&app, &format!("198.51.100.{n}")).await });
    }
    let statuses = crowd.join_all().await;
    let opened = statuses.iter().filter(|status| **status == 200).count();
    assert!((6..=12).contains(&opened), "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 503].contains(status)));
    let donations = app.ledger.donations(None).await.unwrap();
    assert_eq!(donations.len(), opened, "a refused one leaves no row");
    let calls = app.stand_in.journal.calls().create;
    assert_eq!(calls, u64::try_from(opened).unwrap());
}

#[tokio::test]
async fn a_client_that_fills_it_keeps_no_other_waiting() {
    let app = capped().await;
    let mut stranger = JoinSet::new();
    for _ in 0..60 {
        let app = Arc::clone(&app);
        stranger.spawn(async move { ask(&app, "198.51.100.1").await });
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let begun = Instant::now();
    assert_eq!(ask(&app, "203.0.113.9").await, 200);
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
    let statuses = stranger.join_all().await;
    assert!(statuses.contains(&503), "the cap is reached");
}
