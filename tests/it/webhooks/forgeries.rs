//! Forged webhooks: tens of thousands of alterations, none believed, each peer
//! tired of after a minute's worth, and none of it in the way of a genuine one.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Instant;

use bagel::status::Status;
use stand_in::SignedWebhook;
use tokio::task::JoinSet;

use crate::support::forging::{Forger, Forgery};
use crate::support::measured::{figure, measured};
use crate::support::provider_kind::{ProviderKind, for_both};
use crate::support::seeded::Seeded;
use crate::support::test_app::{Setup, TestApp};

for_both! {
    no_alteration_of_a_genuine_webhook_is_believed
    no_alteration_is_believed_over_the_wire_either
    a_forger_hears_429_after_sixty_and_a_genuine_webhook_never_does
}

/// An app where each forgery may come from an address of its own, so that
/// none is limited.
async fn app(by: ProviderKind) -> TestApp {
    let proxies = ["127.0.0.1/32", "::/128"].map(|net| net.parse().unwrap());
    TestApp::build(Setup {
        by: Some(by),
        ..Setup::with(move |config| config.trusted_proxies = proxies.into())
    })
    .await
}

fn from_somewhere(number: u32, mut webhook: SignedWebhook) -> SignedWebhook {
    let from = Ipv4Addr::from(0x0a00_0000 + number).to_string();
    webhook.headers.push(("x-forwarded-for", from));
    webhook
}

/// Tries each; gives how many were as good as the genuine one.
async fn forge_all(app: Arc<TestApp>, forger: Forger, numbers: impl Iterator<Item = u32>) -> u32 {
    let mut as_good = 0;
    for number in numbers {
        let forgery = forger.forge(&mut Seeded(number.into()));
        if forger.is_as_good(&forgery.1) {
            as_good += 1;
            continue;
        }
        let webhook = from_somewhere(number, forgery.1.clone());
        is_refused(&forger, &forgery, &app.hand_over(webhook).await);
    }
    as_good
}

/// One answer for all; only who changes the time may hear that it is stale.
fn is_refused(forger: &Forger, (what, webhook): &Forgery, (status, body): &(u16, String)) {
    let time = |webhook: &SignedWebhook| webhook.header("x-webhook-timestamp").to_owned();
    let stale = time(webhook) != time(&forger.genuine) && body.contains("stale");
    let word = if stale { "stale" } else { "not authentic" };
    let expected = format!(r#"{{"code":"not_authentic","error":"This webhook is {word}."}}"#);
    assert_eq!((*status, body), (401, &expected), "{what}");
}

/// Fewer where fewer layers look: the webhook of a card has no signed headers.
fn many(by: ProviderKind) -> u32 {
    match by {
        ProviderKind::Allscale => figure(100_000, 1_000_000),
        ProviderKind::AlchemyPay => figure(10_000, 100_000),
    }
}

async fn no_alteration_of_a_genuine_webhook_is_believed(by: ProviderKind) {
    let app = Arc::new(app(by).await);
    let given = app.donate_and_pay_unheard().await;
    let forger = Forger::of(&app, &given);
    let (forgeries, begun) = (many(by), Instant::now());
    let mut lanes = JoinSet::new();
    for lane in 0..4 {
        let numbers = (lane..forgeries).step_by(4);
        lanes.spawn(forge_all(Arc::clone(&app), forger.clone(), numbers));
    }
    let as_good: u32 = lanes.join_all().await.into_iter().sum();
    assert!(as_good < forgeries / 10, "{as_good} were no alterations");
    let (tried, took) = (forgeries - as_good, begun.elapsed());
    assert_eq!(app.status(given.id).await, Status::Created);
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 0);
    assert_eq!(app.deliver(&forger.genuine).await, 200, "the original is");
    measured(
        &format!("S1 by {}", by.name()),
        format!("{tried} forgeries: 0 accepted, all 401 with one answer, in {took:.0?}"),
    );
}

async fn no_alteration_is_believed_over_the_wire_either(by: ProviderKind) {
    let app = app(by).await;
    let given = app.donate_and_pay_unheard().await;
    let forger = Forger::of(&app, &given);
    for number in 0..figure(2_000, 20_000) {
        let forgery = forger.forge(&mut Seeded(number.into()));
        if !forger.is_as_good(&forgery.1) {
            let webhook = from_somewhere(number, forgery.1.clone());
            let answer = app.post_webhook(&app.target(&webhook), &webhook).await;
            is_refused(&forger, &forgery, &answer);
        }
    }
    assert_eq!(app.deliver(&forger.genuine).await, 200, "the original is");
}

async fn a_forger_hears_429_after_sixty_and_a_genuine_webhook_never_does(by: ProviderKind) {
    let app = TestApp::paying_by(by).await;
    let given = app.donate_and_pay_unheard().await;
    let genuine = app.signed(&given);
    let forged = app
        .webhook_of(&given)
        .credentials("another", "another")
        .sign();
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
    assert_eq!(app.deliver(&app.signed(&given)).await, 200);
    assert_eq!(app.counted().await, (1, 500));
}
