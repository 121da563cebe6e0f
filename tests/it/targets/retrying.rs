//! Retries: a target that does not acknowledge is notified again; one that did, never.

use std::slice;
use std::time::Duration;

use bagel::notify::DeliveryError;
use bagel::tell::{self, Step};
use stand_in::Action;
use tokio::time::{advance, pause, resume};

use super::Everyone;
use super::receiver::{Answer, Receiver};
use crate::support::test_app::TestApp;

const DAY: Duration = Duration::from_hours(24);

/// An app with a donation that every target is to hear of.
async fn paid(everyone: &Everyone) -> TestApp {
    let app = everyone.app().await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    app
}

/// Why one target did not acknowledge.
async fn failure(app: &TestApp, name: &str) -> DeliveryError {
    match app.step_target(name).await {
        Step::Failed(failure, Some(_)) => failure,
        step => unreachable!("{name}: {step:?}"),
    }
}

#[tokio::test]
async fn an_error_is_tried_again_until_it_is_acknowledged_and_no_more() {
    let everyone = Everyone::open().await;
    for (_, receiver) in everyone.over_http() {
        receiver.will_answer(&[
            Answer::Status(500),
            Answer::Status(404),
            Answer::Status(204),
        ]);
    }
    let app = paid(&everyone).await;
    for (name, _) in everyone.over_http() {
        assert_eq!(failure(&app, name).await.why, "status 500");
        assert!(matches!(app.step_target(name).await, Step::Idle));
    }
    app.pass(DAY);
    for (name, _) in everyone.over_http() {
        let gone = failure(&app, name).await.why;
        assert_eq!(gone, "status 404: is its address still right?");
    }
    app.pass(DAY);
    for (name, _) in everyone.over_http() {
        assert!(matches!(app.step_target(name).await, Step::Delivered));
    }
    for (name, receiver) in everyone.over_http() {
        app.pass(DAY);
        assert!(matches!(app.step_target(name).await, Step::Idle));
        let heard = receiver.heard();
        assert_eq!(heard.len(), 3, "{name}");
        let same = |at: usize| (&heard[at].body, heard[at].headers.get("webhook-id"));
        assert!(
            same(0) == same(1) && same(1) == same(2),
            "{name}: {heard:?}"
        );
    }
}

#[tokio::test]
async fn a_redirect_is_followed_nowhere_and_takes_no_secret_along() {
    let everyone = Everyone::open().await;
    let elsewhere = Receiver::open().await;
    let app = paid(&everyone).await;
    for status in [301, 302, 303, 307, 308] {
        let there = Answer::Redirect(status, format!("{}/x", elsewhere.url));
        for (name, receiver) in everyone.over_http() {
            receiver.will_answer(slice::from_ref(&there));
            let why = failure(&app, name).await.why;
            assert_eq!(why, format!("redirect ({status}) where an answer belongs"));
        }
        app.pass(Duration::from_hours(4));
    }
    for (name, _) in everyone.over_http() {
        assert!(matches!(app.step_target(name).await, Step::Delivered));
    }
    assert!(elsewhere.heard().is_empty());
}

#[tokio::test]
async fn a_target_is_left_alone_for_as_long_as_it_asks() {
    let everyone = Everyone::open().await;
    let app = paid(&everyone).await;
    for (name, receiver) in everyone.over_http() {
        receiver.will_answer(&[Answer::Wait("59.2")]);
        let failure = failure(&app, name).await;
        assert_eq!(failure.wait, Some(Duration::from_mins(1)), "{name}");
        app.pass(Duration::from_secs(59));
        assert!(matches!(app.step_target(name).await, Step::Idle), "{name}");
        app.pass(Duration::from_secs(1));
        assert!(
            matches!(app.step_target(name).await, Step::Delivered),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_target_that_hangs_is_left_in_time_and_told_again() {
    let everyone = Everyone::open().await;
    everyone.discord.will_answer(&[Answer::Never]);
    let app = paid(&everyone).await;
    let own = app.state.clone();
    let telling = tokio::spawn(async move {
        let mut all = own.listeners.iter();
        let discord = all.find(|target| target.name() == "discord").unwrap();
        tell::step(&own, &**discord).await.unwrap()
    });
    while everyone.discord.heard().is_empty() {
        tokio::task::yield_now().await;
    }
    pause();
    advance(Duration::from_secs(6)).await;
    resume();
    let step = telling.await.unwrap();
    assert!(
        matches!(&step, Step::Failed(why, _) if why.why == "no answer in time"),
        "{step:?}"
    );
    app.pass(DAY);
    assert!(matches!(app.step_target("discord").await, Step::Delivered));
    assert_eq!(everyone.discord.heard().len(), 2);
}

#[tokio::test]
async fn a_target_that_hangs_delays_no_other() {
    let everyone = Everyone::open().await;
    everyone.webhook.will_answer(&vec![Answer::Never; 9]);
    let app = paid(&everyone).await;
    let workers: Vec<_> = app
        .state
        .listeners
        .iter()
        .map(|target| tokio::spawn(tell::run(app.state.clone(), target.clone())))
        .collect();
    // All but the first were told while that one still waits for its answer.
    let others = &everyone.over_http()[1..];
    while !others.iter().all(|(_, at)| at.heard().len() == 1) || everyone.mail.mails().is_empty() {
        assert!(everyone.webhook.heard().len() <= 1, "the others wait");
        tokio::task::yield_now().await;
    }
    for worker in workers {
        worker.abort();
    }
}

#[tokio::test]
async fn nobody_there_is_an_error_like_any_other() {
    let mut everyone = Everyone::open().await;
    everyone.slack.url = format!("http://127.0.0.1:{}", crate::support::program::free_port());
    let app = paid(&everyone).await;
    let why = failure(&app, "slack").await.why;
    assert_eq!(why, "cannot be reached (connection refused)");
}
