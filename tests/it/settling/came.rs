//! What came, beside what was asked: coins within what an exchange keeps back, any
//! other amount for review in its own words, and only what came is counted.

use bagel::money::Currency;
use bagel::status::Status;
use serde_json::{Value, json};
use stand_in::{Call, Fault, FaultKind, Status as TheirStatus};

use crate::support::program::Said;
use crate::support::provider_kind::ProviderKind;
use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::Given;

impl TestApp {
    /// The provider tells another value of `field` from now on.
    fn tells(&self, call: Call, field: &str, value: Value) {
        let fault = FaultKind::Field(field.to_owned(), value);
        self.stand_in.faults.inject(Fault::always(call, fault));
    }

    async fn donations(&self, args: &[&str]) -> Said {
        self.program().run(&[&["donations"], args].concat()).await
    }

    /// The donation as `bagel donations show` tells it.
    async fn shown(&self, given: &Given) -> Value {
        let said = self.donations(&["show", &given.id.to_string()]).await;
        assert_eq!(said.code, Some(0), "{said:?}");
        serde_json::from_str(&said.out).unwrap()
    }
}

#[tokio::test]
async fn coins_count_within_what_an_exchange_keeps_back_and_no_further() {
    for (came, status) in [
        (json!("5.0000"), Status::Confirmed),
        (json!("4.9500"), Status::Confirmed),
        (json!("5.0500"), Status::Confirmed),
        (json!("4.9000"), Status::Review),
        (json!("50.0000"), Status::Review),
        (json!("0.0000"), Status::Review),
        (Value::Null, Status::Confirmed),
    ] {
        let app = TestApp::open().await;
        let given = app.donate_and_pay_unheard().await;
        app.tells(Call::Intent, "actual_paid_amount", came.clone());
        app.poll(given.id).await;
        assert_eq!(app.status(given.id).await, status, "{came}");
        let counted = i64::from(status == Status::Confirmed);
        assert_eq!(app.counted().await, (counted, 500 * counted), "{came}");
    }
}

#[tokio::test]
async fn coins_that_differ_are_counted_as_the_creator_says() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    app.tells(Call::Intent, "actual_paid_amount", json!("4.9000"));
    app.poll(given.id).await;
    let reason = app.donation(given.id).await.review_reason.unwrap();
    assert_eq!(reason, "received 4.9000 USDT, asked 5.0000 USDT");

    let id = given.id.to_string();
    let unsaid = app.donations(&["resolve", &id, "--confirm"]).await;
    assert_eq!(unsaid.code, Some(1), "{unsaid:?}");
    for part in ["4.9000 USDT", "not known in USD", "--amount"] {
        assert!(unsaid.err.contains(part), "{}", unsaid.err);
    }
    for wrong in ["0", "-1", "4,90", "4.905"] {
        let args = ["resolve", &id, "--confirm", "--amount", wrong];
        assert_eq!(app.donations(&args).await.code, Some(1), "{wrong}");
    }
    let both = ["resolve", &id, "--reject", "--amount", "4.90"];
    assert_eq!(app.donations(&both).await.code, Some(2));
    assert_eq!(app.counted().await, (0, 0));

    let args = ["resolve", &id, "--confirm", "--amount", "4.90"];
    let told = format!("{id} is now CONFIRMED: counted 4.90 USD (asked 5.00)\n");
    assert_eq!(app.donations(&args).await.out, told);
    assert_eq!(app.counted().await, (1, 490));
    let verified = app.donations(&["verify"]).await.out;
    assert_eq!(verified, "1 donation, 1 confirmed, 4.90 USD: all agrees\n");
}

#[tokio::test]
async fn what_a_card_was_charged_is_what_a_verdict_counts() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    let given = app.donate_and_pay_unheard().await;
    app.tells(Call::Query, "amount", json!("10.00"));
    app.poll(given.id).await;
    let review = app.shown(&given).await;
    assert_eq!(
        (&review["status"], &review["reported"]),
        (&json!("REVIEW"), &json!("10.00 USD"))
    );
    assert_eq!(
        (&review["counted_cents"], &review["confirmed_at"]),
        (&Value::Null, &Value::Null)
    );

    let id = given.id.to_string();
    let said = app.donations(&["resolve", &id, "--confirm"]).await;
    let told = format!("{id} is now CONFIRMED: counted 10.00 USD (asked 5.00)\n");
    assert_eq!(said.out, told);
    assert_eq!(app.counted().await, (1, 1000));
    let counted = app.shown(&given).await;
    assert_eq!(
        (&counted["amount_cents"], &counted["counted_cents"]),
        (&json!(500), &json!(1000))
    );
    assert!(counted["confirmed_at"].as_str().unwrap().ends_with('Z'));
    let verified = app.donations(&["verify"]).await.out;
    assert_eq!(verified, "1 donation, 1 confirmed, 10.00 USD: all agrees\n");
}

#[tokio::test]
async fn a_currency_we_do_not_know_is_told_as_it_came() {
    let app = TestApp::paying_by(ProviderKind::AlchemyPay).await;
    let given = app.donate_and_pay_unheard().await;
    app.tells(Call::Query, "fiat", json!("THB\n\u{202e}"));
    app.poll(given.id).await;
    let review = app.shown(&given).await;
    let told = r"5 THB\n\u{202e}";
    assert_eq!(review["reported"], told);
    assert_eq!(
        review["review_reason"],
        format!("amount {told}, asked 5.00 USD")
    );
}

#[tokio::test]
async fn half_a_yen_is_not_rounded_away() {
    let app = TestApp::build(Setup {
        by: Some(ProviderKind::AlchemyPay),
        currency: Currency::Jpy,
        ..Setup::default()
    })
    .await;
    let given = app.donate_with(&json!({"amount": "700"})).await;
    app.press(&given, stand_in::Action::PayLost).await;
    app.tells(Call::Query, "amount", json!("700.5"));
    app.poll(given.id).await;
    let reason = app.donation(given.id).await.review_reason.unwrap();
    assert_eq!(reason, "amount 700.50 JPY, asked 700 JPY");
}

#[tokio::test]
async fn of_a_payment_that_fell_short_it_is_known_how_much_came() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    let short = TheirStatus(-3);
    app.stand_in.set_status(&given.intent, short).unwrap();
    app.tells(Call::Intent, "actual_paid_amount", json!("4.9000"));
    app.poll(given.id).await;
    let donation = app.donation(given.id).await;
    assert_eq!(donation.status, Status::Underpaid);
    assert_eq!(donation.arrived().as_deref(), Some("4.9000 USDT"));
    assert_eq!(app.counted().await, (0, 0));
}
