//! A payment that is not what was asked waits for the creator: never counted,
//! never dropped, and only the creator's verdict ends it.

use bagel::ledger::{Resolved, Verdict};
use bagel::money::Currency;
use bagel::settle;
use bagel::status::Status;
use serde_json::{Value, json};
use stand_in::{Action, Call, Fault, FaultKind, WebhookDraft};

use crate::support::provider_kind::{ProviderKind, for_both};
use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::Given;

for_both! {
    a_whole_intent_of_another_amount_is_for_review_by_poll_and_by_sweep
    a_whole_intent_that_cannot_be_had_leaves_all_as_it_is_until_the_next_look
}

/// An alteration of a webhook before it is signed.
type Alter = fn(WebhookDraft) -> WebhookDraft;

async fn is_for_review(app: &TestApp, given: &Given, why: &str) {
    let donation = app.donation(given.id).await;
    assert_eq!(donation.status, Status::Review, "{why}");
    let reason = donation.review_reason.unwrap();
    assert!(reason.contains(why), "{reason} should say {why}");
    assert_eq!(app.counted().await, (0, 0), "{why}");
}

async fn deliver_altered(app: &TestApp, alter: impl FnOnce(WebhookDraft) -> WebhookDraft) -> Given {
    let given = app.donate_and_pay_unheard().await;
    let webhook = alter(app.webhook_of(&given)).sign();
    assert_eq!(app.deliver(&webhook).await, 200);
    given
}

#[tokio::test]
async fn a_webhook_about_anything_else_than_asked_is_for_review() {
    let app = TestApp::open().await;
    let cases: [(&str, Alter); 9] = [
        ("amount 4.99 USD", |draft| draft.set("amount_cents", 499)),
        ("amount 5.01 USD", |draft| draft.set("amount_cents", 501)),
        ("amount 5.00 EUR", |draft| draft.set("currency", 44)),
        ("500 cents of currency 7", |draft| draft.set("currency", 7)),
        ("500 cents of", |draft| draft.set("amount_cents", "500")),
        ("500.0 cents of", |draft| draft.set("amount_cents", 500.0)),
        ("? cents of", |draft| draft.set("amount_cents", Value::Null)),
        // Coins in the place of the currency asked for are another currency.
        ("USDT", |draft| {
            draft
                .set("currency", Value::Null)
                .set("amount_coins", "5.00")
        }),
        ("intent 0ther", |draft| {
            draft.set("all_scale_checkout_intent_id", "0ther")
        }),
    ];
    for (why, alter) in cases {
        let given = deliver_altered(&app, alter).await;
        is_for_review(&app, &given, why).await;
    }
}

#[tokio::test]
async fn a_price_in_coins_is_compared_digit_by_digit() {
    for (coins, symbol, status) in [
        (json!("5"), "USDT", Status::Confirmed),
        (json!("5.00"), "USDT", Status::Confirmed),
        (json!("5.000000"), "USDT", Status::Confirmed),
        (json!("4.999999"), "USDT", Status::Review),
        (json!("5.000001"), "USDT", Status::Review),
        (json!("50"), "USDT", Status::Review),
        (json!("5.00"), "USDC", Status::Review),
        (json!("5e0"), "USDT", Status::Review),
        (json!(5), "USDT", Status::Review),
        (Value::Null, "USDT", Status::Review),
    ] {
        let app = TestApp::build(Setup {
            currency: Currency::Usdt,
            ..Setup::default()
        })
        .await;
        let alter = |draft: WebhookDraft| {
            draft
                .set("amount_coins", coins.clone())
                .set("coin_symbol", symbol)
        };
        let given = deliver_altered(&app, alter).await;
        assert_eq!(app.status(given.id).await, status, "{coins} {symbol}");
        let counted = i64::from(status == Status::Confirmed);
        assert_eq!(app.counted().await, (counted, 500 * counted));
    }
}

async fn a_whole_intent_of_another_amount_is_for_review_by_poll_and_by_sweep(by: ProviderKind) {
    for by_poll in [true, false] {
        let app = TestApp::paying_by(by).await;
        let given = app.donate_and_pay_unheard().await;
        let other = Fault::always(by.telling_call(), by.telling_four());
        app.stand_in.faults.inject(other);
        if by_poll {
            let answer = app.poll(given.id).await;
            assert_eq!(answer["status"], json!(4));
            assert_eq!(answer["name"], json!("REVIEW"));
            assert_eq!(answer["terminal"], json!(false));
        } else {
            app.pass(app.state.config.reconcile_every);
            assert_eq!(app.sweep().await, 1);
        }
        is_for_review(&app, &given, "amount 4.00 USD").await;
        let payment = app.donation(given.id).await.payment;
        // The creator can look it up: a card's payment by the donation's id.
        assert_eq!(payment.tx_hash.is_some(), by == ProviderKind::Allscale);
        let asked = app.stand_in.journal.calls();
        app.poll(given.id).await;
        app.pass(app.state.config.reconcile_every * 4);
        assert_eq!(app.sweep().await, 0);
        assert_eq!(
            app.stand_in.journal.calls(),
            asked,
            "nothing is left to ask"
        );
    }
}

async fn a_whole_intent_that_cannot_be_had_leaves_all_as_it_is_until_the_next_look(
    by: ProviderKind,
) {
    let app = TestApp::paying_by(by).await;
    let given = app.donate_and_pay_unheard().await;
    app.stand_in
        .faults
        .inject(Fault::always(by.telling_call(), FaultKind::Http(503)));
    let before = app.donation(given.id).await.updated_at;
    app.pass(app.state.config.reconcile_every);
    assert_eq!(app.poll(given.id).await["name"], "CREATED");
    assert_eq!(app.sweep().await, 1);
    assert_eq!(app.donation(given.id).await.updated_at, before);
    app.stand_in.faults.clear();
    app.pass(app.state.config.reconcile_every * 4);
    assert_eq!(app.sweep().await, 1);
    assert_eq!(app.status(given.id).await, Status::Confirmed);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn a_hint_is_believed_in_nothing_but_that_there_is_something_to_ask() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    let given = app.donate().await;
    app.press(&given, Action::PayOther).await;
    is_for_review(&app, &given, "amount 6.00 USD").await;

    let given = app.donate().await;
    let lie = app.stand_in.webhook(&given.intent).unwrap();
    let lie = lie.set("status", "PAY_SUCCESS").sign();
    assert_eq!(app.deliver(&lie).await, 503);
    assert_eq!(app.status(given.id).await, Status::Created);
    app.press(&given, Action::PayOther).await;
    is_for_review(&app, &given, "amount 6.00 USD").await;
}

#[tokio::test]
async fn a_hint_that_cannot_be_asked_about_is_not_answered_with_200() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    let given = app.donate_and_pay_unheard().await;
    let down = Fault::always(Call::Query, FaultKind::Http(503));
    app.stand_in.faults.inject(down);
    let hint = app.signed(&given);
    assert_eq!(app.deliver(&hint).await, 503);
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 0);
    assert_eq!(app.status(given.id).await, Status::Created);
    app.stand_in.faults.clear();
    assert_eq!(app.deliver(&hint).await, 200);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn only_the_creator_ends_a_review_and_a_confirmed_one_counts_once() {
    for (verdict, status, counted) in [
        (Verdict::Confirm(None), Status::Confirmed, (1, 499)),
        (Verdict::Reject, Status::Rejected, (0, 0)),
    ] {
        let app = TestApp::open().await;
        let given = deliver_altered(&app, |draft| draft.set("amount_cents", 499)).await;
        let honest = app.webhook_of(&given).webhook_id("whk_honest").sign();
        assert_eq!(app.deliver(&honest).await, 200);
        is_for_review(&app, &given, "4.99").await;

        let now = app.state.clock.now();
        let resolve =
            || settle::resolve(&*app.ledger, &app.state.listeners, given.id, verdict, now);
        let resolved = resolve().await.unwrap();
        assert!(matches!(resolved, Resolved::Done(it) if it.status == status));
        let again = resolve().await.unwrap();
        assert!(
            matches!(again, Resolved::NotInReview),
            "there is one verdict"
        );
        let again = app.webhook_of(&given).webhook_id("whk_again");
        let again = again.set("amount_cents", 499).sign();
        assert_eq!(app.deliver(&again).await, 200);
        let other = FaultKind::Field("amount_cents".into(), json!(499));
        app.stand_in
            .faults
            .inject(Fault::always(Call::Intent, other));
        app.poll(given.id).await;
        app.pass(std::time::Duration::from_hours(25));
        app.sweep().await;
        assert_eq!(app.status(given.id).await, status);
        assert_eq!(app.counted().await, counted);
    }
}

#[tokio::test]
async fn a_second_payment_for_a_settled_donation_is_shown_to_the_creator() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    app.poll(given.id).await;
    let second = app.webhook_of(&given).webhook_id("whk_2");
    let second = second.set("all_scale_checkout_intent_id", "another");
    assert_eq!(app.deliver(&second.sign()).await, 200);
    let shown = app.ledger.unmatched().await.unwrap();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].intent, "another");
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn an_intent_that_comes_with_another_donations_id_is_for_review() {
    let app = TestApp::open().await;
    let (one, two) = (app.donate_and_pay_unheard().await, app.donate().await);
    let crossed = app.webhook_of(&one).set("order_id", two.id.to_string());
    assert_eq!(app.deliver(&crossed.sign()).await, 200);
    is_for_review(&app, &one, &two.id.to_string()).await;
    assert_eq!(app.status(two.id).await, Status::Created);
}
