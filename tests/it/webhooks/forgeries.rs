//! Forged webhooks: tens of thousands of alterations, none believed, each peer
//! tired of after a minute's worth, and none of it in the way of a genuine one.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Instant;

use bagel::status::Status;
use stand_in::SignedWebhook;
use tokio::task::JoinSet;

use crate::support::forging::{Forger, Forgery, PATH};
use crate::support::measured::{figure, measured};
use crate::support::seeded::Seeded;
use crate::support::test_app::{Setup, TestApp};

/// An app where each forgery may come from an address of its own, so that
/// none is limited.
async fn app() -> TestApp {
    TestApp::build(Setup::with(|config| {
        config.trusted_proxies = ["127.0.0.1/32", "::/128"]
            .map(|net| net.parse().unwrap())
            .into();
    }))
    .await
}

fn from_somewhere(number: u32, (_, forged): &Forgery) -> SignedWebhook {
    let from = Ipv4Addr::from(0x0a00_0000 + number).to_string();
    let mut webhook = forged.clone();
    webhook.headers.push(("x-forwarded-for", from));
    webhook
}

async fn forge_all(app: Arc<TestApp>, forger: Forger, numbers: impl Iterator<Item = u32>) {
    for number in numbers {
        let forgery = forger.forge(&mut Seeded(number.into()));
        let answer = app.hand_over(from_somewhere(number, &forgery)).await;
        is_refused(&forger, &forgery, &answer);
    }
}

/// One answer for all; only who changes the time may hear that it is stale.
fn is_refused(forger: &Forger, (what, webhook): &Forgery, (status, body): &(u16, String)) {
    let time = |webhook: &SignedWebhook| webhook.header("x-webhook-timestamp").to_owned();
    let stale = time(webhook) != time(&forger.genuine) && body.contains("stale");
    let word = if stale { "stale" } else { "not authentic" };
    let expected = format!(r#"{{"code":"not_authentic","error":"This webhook is {word}."}}"#);
    assert_eq!((*status, body), (401, &expected), "{what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_alteration_of_a_genuine_webhook_is_believed() {
    let app = Arc::new(app().await);
    let given = app.donate_and_pay_unheard().await;
    let forger = Forger::of(&app, &given);
    let (forgeries, begun) = (figure(100_000, 1_000_000), Instant::now());
    let mut lanes = JoinSet::new();
    for lane in 0..4 {
        let numbers = (lane..forgeries).step_by(4);
        lanes.spawn(forge_all(Arc::clone(&app), forger.clone(), numbers));
    }
    lanes.join_all().await;
    let took = begun.elapsed();
    assert_eq!(app.status(given.id).await, Status::Created);
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 0);
    assert_eq!(app.deliver(&forger.genuine).await, 200, "the original is");
    measured(
        "S1",
        format!("{forgeries} forgeries: 0 accepted, all 401 with one answer, in {took:.0?}"),
    );
}

#[tokio::test]
async fn no_alteration_is_believed_over_the_wire_either() {
    let app = app().await;
    let given = app.donate_and_pay_unheard().await;
    let forger = Forger::of(&app, &given);
    for number in 0..figure(2_000, 20_000) {
        let forgery = forger.forge(&mut Seeded(number.into()));
        let answer = app
            .post_webhook(PATH, &from_somewhere(number, &forgery))
            .await;
        is_refused(&forger, &forgery, &answer);
    }
    assert_eq!(app.deliver(&forger.genuine).await, 200, "the original is");
}

#[tokio::test]
async fn a_forger_hears_429_after_sixty_and_a_genuine_webhook_never_does() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    let genuine = app.webhook_of(&given).sign();
    let forged = genuine
        .clone()
        .with_header("x-webhook-signature", "v1=AAAA");
    let mut answers = Vec::new();
    for _ in 0..80 {
        answers.push(app.deliver(&forged).await);
    }
    assert!(
        answers[..60].iter().all(|status| *status == 401),
        "{answers:?}"
    );
    let limited = answers[60..].iter().filter(|status| **status == 429);
    assert!(limited.count() >= 15, "{answers:?}");
    for _ in 0..80 {
        assert_eq!(app.deliver(&genuine).await, 200);
    }
    assert_eq!(app.deliver(&app.webhook_of(&given).sign()).await, 200);
    assert_eq!(app.counted().await, (1, 500));
}
