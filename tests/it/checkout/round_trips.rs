//! How often a supporter's request makes the program wait for Postgres: where
//! the database is another machine, that is what a request takes.

use serde_json::json;
use stand_in::Action;
use uuid::Uuid;

use crate::support::relay::Relay;
use crate::support::scratch_ledgers::Scratch;
use crate::support::test_app::{Setup, TestApp};

/// An app that has its connection, with its statements prepared on it.
async fn warm() -> (TestApp, Relay) {
    let (data, relay) = Scratch::postgres_by_relay().await;
    let app = TestApp::build(Setup {
        data,
        ..Setup::default()
    });
    let app = app.await;
    checkout(&app, Some(Uuid::new_v4())).await;
    let given = app.donate().await;
    app.poll(given.id).await;
    relay.round_trips();
    (app, relay)
}

async fn checkout(app: &TestApp, key: Option<Uuid>) {
    let key = key.map(|key| key.to_string());
    let body = json!({"amount": 5, "name": "Ada", "message": "Thank you"});
    let answer = app.post_checkout_with_key(&body, key.as_deref()).await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn a_checkout_waits_twice() {
    let (app, relay) = warm().await;
    for key in [None, Some(Uuid::new_v4())] {
        checkout(&app, key).await;
        assert_eq!(
            relay.round_trips(),
            2,
            "one stores the donation and claims its key, before the provider is asked; \
             one notes the checkout that the provider made"
        );
    }
}

#[tokio::test]
async fn a_poll_waits_once() {
    let (app, relay) = warm().await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    relay.round_trips();
    assert_eq!(app.poll(given.id).await["name"], "CONFIRMED");
    assert_eq!(relay.round_trips(), 1, "one reads the donation");
}
