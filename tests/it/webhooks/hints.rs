//! A webhook that says more than the documented one, or less, is a reason to ask:
//! only the provider's own answer is counted.

use std::collections::BTreeMap;
use std::time::Duration;

use bagel::status::Status;
use reqwest::Url;
use serde_json::{Value, json};
use stand_in::{Action, Call, Fault, FaultKind, SignedWebhook};
use tokio::time::{sleep, timeout};

use crate::support::provider_kind::ProviderKind;
use crate::support::test_app::TestApp;
use crate::support::visits::Given;

/// What the documented webhook of a confirmed payment has not.
fn undocumented() -> [(&'static str, Value); 6] {
    [
        ("event", json!("checkout.expired")),
        ("type", json!("refund.created")),
        ("state", json!("failed")),
        ("status", json!("paid")),
        ("status", json!(99)),
        ("actual_paid_amount", json!("1.00")),
    ]
}

#[tokio::test]
async fn another_kind_of_event_is_no_payment() {
    let app = TestApp::open().await;
    for (field, value) in undocumented() {
        let given = app.donate().await;
        let asked = app.stand_in.journal.calls().status;
        let webhook = app.webhook_of(&given).set(field, value.clone()).sign();
        assert_eq!(app.deliver(&webhook).await, 200, "{field}: {value}");
        assert_eq!(app.status(given.id).await, Status::Created, "{field}");
        assert_eq!(app.stand_in.journal.calls().status, asked + 1, "{field}");
    }
    assert_eq!(app.counted().await, (0, 0));
}

#[tokio::test]
async fn what_the_whole_intent_says_is_counted_whatever_the_event_is_called() {
    let app = TestApp::open().await;
    for (number, (field, value)) in (1..).zip(undocumented()) {
        let given = app.donate_and_pay_unheard().await;
        let webhook = app.webhook_of(&given).set(field, value);
        // A lie, which nobody believes.
        let webhook = webhook.set("amount_cents", 50_000).sign();
        assert_eq!(app.deliver(&webhook).await, 200, "{field}");
        assert_eq!(app.status(given.id).await, Status::Confirmed, "{field}");
        assert_eq!(app.counted().await, (number, number * 500));
        assert_eq!(app.deliver(&webhook).await, 200, "a duplicate");
    }
}

#[tokio::test]
async fn one_that_does_not_name_us_is_asked_about_by_its_intent() {
    let app = TestApp::open().await;
    for (paid, status) in [(false, Status::Created), (true, Status::Confirmed)] {
        let given = app.donate().await;
        if paid {
            app.press(&given, Action::PayLost).await;
        }
        let webhook = app.webhook_of(&given).set("event", "checkout.expired");
        let webhook = webhook.set("order_id", Value::Null).sign();
        assert_eq!(app.deliver(&webhook).await, 200);
        assert_eq!(app.status(given.id).await, status);
    }
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn another_kind_of_event_leaves_a_paid_donation_as_it_is() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    let before = app.donation(given.id).await;
    let webhook = app.webhook_of(&given).webhook_id("whk_refund");
    let webhook = webhook.set("type", "refund.created");
    let webhook = webhook.set("tx_hash", format!("0x{}", "e".repeat(64)));
    assert_eq!(app.deliver(&webhook.sign()).await, 200);
    let after = app.donation(given.id).await;
    assert_eq!(
        (after.status, after.payment),
        (before.status, before.payment)
    );
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn a_kind_that_cannot_be_asked_about_now_is_remembered() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    let limited = Fault::once(Call::Status, FaultKind::Http(429));
    app.stand_in.faults.inject(limited);
    let webhook = app.webhook_of(&given).set("event", "checkout.paid").sign();
    assert_eq!(app.deliver(&webhook).await, 200);
    assert_eq!(app.status(given.id).await, Status::Created);
    assert_eq!(app.sweep().await, 1, "due at once");
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn a_cards_webhook_with_fields_more_is_taken() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    for (number, rate) in [(1, json!("1.0245")), (2, json!(1.0245))] {
        let given = app.donate_and_pay_unheard().await;
        let webhook = app.webhook_of(&given).set("transactionRate", rate);
        let webhook = webhook.set("payCountry", "SG").sign();
        let forged = webhook.clone().with_field("payCountry", "US");
        assert_eq!(app.deliver(&forged).await, 401);
        assert_eq!(app.deliver(&webhook).await, 200);
        assert_eq!(app.status(given.id).await, Status::Confirmed);
        assert_eq!(app.counted().await, (number, number * 500));
    }
}

/// The link that a donation was answered with, sent as its webhook.
fn link_as_webhook(app: &TestApp, given: &Given) -> SignedWebhook {
    let link = Url::parse(&given.checkout_url).unwrap();
    let fields: BTreeMap<_, _> = link.query_pairs().into_owned().collect();
    let genuine = app.webhook_of(given).sign();
    genuine.with_body(json!(fields).to_string())
}

async fn has_asked(app: &TestApp, times: u64) {
    let asked = async {
        while app.stand_in.journal.calls().query < times {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(10), asked).await.unwrap();
}

#[tokio::test]
async fn a_link_sent_as_a_webhook_costs_one_look_and_settles_nothing() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    let given = app.donate().await;
    let link = link_as_webhook(&app, &given);
    for extra in ["", "status"] {
        // A text that is empty need not be signed.
        let replay = match extra {
            "" => link.clone(),
            name => link.clone().with_field(name, ""),
        };
        for _ in 0..20 {
            assert_eq!(app.deliver(&replay).await, 200);
        }
    }
    has_asked(&app, 1).await;
    assert_eq!(app.status(given.id).await, Status::Created);
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 0);
    let calls = app.stand_in.journal.calls().query;
    assert!(calls <= 2, "{calls}");
    for state in ["PAY_SUCCESS", "NEW"] {
        let forged = link.clone().with_field("status", state);
        assert_eq!(app.deliver(&forged).await, 401, "{state}");
    }
    // And it is in nobody's way.
    app.press(&given, Action::Pay).await;
    assert_eq!(app.status(given.id).await, Status::Confirmed);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn a_link_sent_as_a_webhook_finds_what_the_query_confirms() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    let given = app.donate_and_pay_unheard().await;
    assert_eq!(app.deliver(&link_as_webhook(&app, &given)).await, 200);
    let settled = async {
        while app.status(given.id).await != Status::Confirmed {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(10), settled).await.unwrap();
    assert_eq!(app.counted().await, (1, 500));
}
