//! The moves of a donation, in every order: what is told may come twice, late
//! or the wrong way round, and the end is the same.

use bagel::money::Currency;
use bagel::report::{Charged, Source};
use bagel::status::Status;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use stand_in::Action;

use crate::support::bare_ledger::{BareLedger, FIVE, Told, money};
use crate::support::measured::{figure, measured};
use crate::support::scratch_ledgers::Scratch;
use crate::support::test_app::TestApp;

/// Every order of `all`.
fn orders(all: &[Told]) -> Vec<Vec<Told>> {
    let Some((first, rest)) = all.split_first() else {
        return vec![vec![]];
    };
    let with_first_at = |order: Vec<Told>, place| {
        let mut order = order;
        order.insert(place, first.clone());
        order
    };
    let places =
        |order: Vec<Told>| (0..=order.len()).map(move |place| with_first_at(order.clone(), place));
    orders(rest).into_iter().flat_map(places).collect()
}

/// One of each engine.
async fn bare_ledgers() -> [BareLedger; 2] {
    let (file, server) = (Scratch::sqlite(), Scratch::postgres().await);
    [BareLedger::on(file).await, BareLedger::on(server).await]
}

#[tokio::test]
async fn a_payment_as_asked_ends_confirmed_in_all_120_orders() {
    let story = [
        Told(Status::Created, Charged::Absent, Source::Sweep),
        Told(Status::OnChain, Charged::Absent, Source::Poll),
        Told(Status::Timeout, Charged::Absent, Source::Sweep),
        Told(Status::Confirmed, Charged::Amount(FIVE), Source::Webhook),
        Told(Status::Confirmed, Charged::Amount(FIVE), Source::Webhook),
    ];
    let orders = orders(&story);
    assert_eq!(orders.len(), 120);
    for ledger in bare_ledgers().await {
        for order in &orders {
            let end = ledger.end_of(order).await;
            assert_eq!(end, (Status::Confirmed, 1), "{order:?}");
        }
    }
}

#[tokio::test]
async fn a_payment_of_another_amount_ends_in_review_in_all_120_orders() {
    let told = |cents, currency| Charged::Amount(money(cents, currency));
    let less = told(499, Currency::Usd);
    let story = [
        Told(Status::Created, Charged::Absent, Source::Sweep),
        Told(Status::Viewed, Charged::Absent, Source::Poll),
        Told(Status::Underpaid, Charged::Absent, Source::Sweep),
        Told(Status::Confirmed, less, Source::Webhook),
        Told(Status::Confirmed, told(500, Currency::Eur), Source::Poll),
    ];
    for ledger in bare_ledgers().await {
        for order in &orders(&story) {
            let end = ledger.end_of(order).await;
            assert_eq!(end, (Status::Review, 0), "{order:?}");
        }
    }
}

/// The design's "Moves" and "What confirms", said once more in other words.
fn expected(story: &[Told]) -> (Status, i64) {
    let step = |at: Status, Told(next, charged, _): &Told| {
        let paid = *next == Status::Confirmed;
        let as_asked = match charged {
            Charged::Amount(told) => *told == FIVE,
            Charged::Absent => !paid,
            Charged::Other(_) => false,
        };
        match at {
            Status::Confirmed | Status::Review => at,
            _ if as_asked => *next,
            _ => Status::Review,
        }
    };
    let end = story.iter().fold(Status::Created, step);
    (end, i64::from(end == Status::Confirmed))
}

fn anything() -> impl Strategy<Value = Told> {
    let ours_alone = |status: &Status| matches!(status, Status::Review | Status::Unknown);
    let reportable: Vec<_> = Status::ALL
        .into_iter()
        .filter(|it| !ours_alone(it))
        .collect();
    let charged = prop_oneof![
        6 => Just(Charged::Amount(FIVE)),
        4 => Just(Charged::Absent),
        1 => Just(Charged::Amount(money(501, Currency::Usd))),
        1 => Just(Charged::other("5", "THB")),
    ];
    let source = prop::sample::select(vec![Source::Webhook, Source::Poll, Source::Sweep]);
    (prop::sample::select(reportable), charged, source)
        .prop_map(|(status, charged, source)| Told(status, charged, source))
}

#[test]
fn any_story_ends_as_the_design_says_on_both_engines() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let bare_ledgers = runtime.block_on(bare_ledgers());
    let cases = figure(200, 5_000);
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let stories = prop::collection::vec(anything(), 0..8);
    let outcome = runner.run(&stories, |story| {
        for ledger in &bare_ledgers {
            let end = runtime.block_on(ledger.end_of(&story));
            prop_assert_eq!(end, expected(&story));
        }
        Ok(())
    });
    outcome.unwrap();
    measured(
        "D9",
        format!(
            "2 x 120 orders and {cases} random stories, on each engine: one end, as the design says"
        ),
    );
}

#[tokio::test]
async fn an_expired_payment_that_arrives_after_all_is_confirmed() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    app.press(&given, Action::Expire).await;
    let answer = app.poll(given.id).await;
    assert_eq!(answer["name"], "TIMEOUT");
    assert_eq!(answer["terminal"], json!(true));
    app.press(&given, Action::Pay).await;
    assert_eq!(app.status(given.id).await, Status::Confirmed);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn nothing_a_provider_says_leaves_confirmed() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    for code in [-5, -3, -1, 1, 4, 10, 99] {
        let id = format!("whk_{code}");
        let webhook = app.webhook_of(&given).webhook_id(&id).set("status", code);
        assert_eq!(app.deliver(&webhook.sign()).await, 200);
        let other = stand_in::Status(code);
        app.stand_in.set_status(&given.intent, other).unwrap();
        app.pass(app.state.config.reconcile_every);
        app.sweep().await;
        app.poll(given.id).await;
        assert_eq!(app.status(given.id).await, Status::Confirmed, "{code}");
    }
    assert_eq!(app.counted().await, (1, 500));
}
