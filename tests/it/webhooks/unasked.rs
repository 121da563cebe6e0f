//! A webhook whose provider cannot be asked now: it is answered 200, and the
//! ledger remembers to ask, before anything else.

use std::time::{Duration, Instant};

use bagel::status::Status;
use bagel::sweep::Step;
use stand_in::{Action, Call, Fault, FaultKind};

use crate::support::provider_kind::ProviderKind;
use crate::support::test_app::TestApp;

/// Pays by card, and says how the webhook was answered.
async fn told(app: &TestApp, intent: &str) -> u16 {
    app.stand_in.act(intent, Action::PayLost).await.unwrap();
    let webhook = app.stand_in.signed_webhook(intent).unwrap();
    app.deliver(&webhook).await
}

#[tokio::test]
async fn while_it_wants_no_calls_a_webhook_is_remembered_and_its_look_is_first() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    app.leave_checkouts(20).await;
    let given = app.donate().await;
    app.pass(app.state.config.reconcile_every * 2);
    let provider = app.state.providers.find("alchemy_pay").unwrap();
    provider.looks.pause(None);
    let begun = Instant::now();
    assert_eq!(told(&app, &given.intent).await, 200);
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(app.status(given.id).await, Status::Created);
    assert!(matches!(app.sweep_of("alchemy_pay").await, Step::Looked));
    assert_eq!(app.status(given.id).await, Status::Confirmed);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn a_provider_that_limits_the_very_question_is_asked_again_first() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    app.leave_checkouts(20).await;
    let given = app.donate().await;
    app.pass(app.state.config.reconcile_every * 2);
    let limited = Fault::once(Call::Query, FaultKind::Http(429));
    app.stand_in.faults.inject(limited);
    assert_eq!(told(&app, &given.intent).await, 200);
    assert_eq!(app.status(given.id).await, Status::Created);
    assert!(matches!(app.sweep_of("alchemy_pay").await, Step::Looked));
    assert_eq!(app.status(given.id).await, Status::Confirmed);
}

#[tokio::test]
async fn one_provider_that_wants_no_calls_holds_up_no_other() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    let given = app.donate().await;
    app.state
        .providers
        .find("allscale")
        .unwrap()
        .looks
        .pause(None);
    let begun = Instant::now();
    assert_eq!(told(&app, &given.intent).await, 200);
    assert_eq!(app.status(given.id).await, Status::Confirmed);
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
}
