//! Amounts are read from their own digits: what is no plain amount is refused
//! with a sentence, what is one is asked to the cent.

use bagel::money::Currency;
use bagel::provider::allscale::StableCoin;
use serde_json::{Value, json};

use crate::support::provider_kind::ProviderKind;
use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;

/// Sends `amount` as it stands in JSON.
async fn give(app: &TestApp, amount: &str) -> (u16, Value) {
    let request = app.http.post(format!("{}/api/checkout", app.url));
    let request = request.header("content-type", "application/json");
    let request = request.body(format!(r#"{{"amount": {amount}}}"#));
    let response = request.send().await.unwrap();
    (response.status().as_u16(), json_of(response).await)
}

async fn in_currency(currency: Currency) -> TestApp {
    TestApp::build(Setup {
        currency,
        ..Setup::default()
    })
    .await
}

async fn refused(app: &TestApp, amounts: &[&str], status: u16, code: &str) {
    for amount in amounts {
        let (answered, answer) = give(app, amount).await;
        let label = format!("{amount:.60}: {answer}");
        assert_eq!(answered, status, "{label}");
        assert_eq!(answer["code"], code, "{label}");
        assert!(
            answer["error"].as_str().unwrap().starts_with("Enter"),
            "{label}"
        );
    }
    assert_eq!(app.stand_in.journal.calls().create, 0);
}

async fn asked(app: &TestApp, amounts: &[(&str, i64)]) {
    for (amount, cents) in amounts {
        let (status, answer) = give(app, amount).await;
        assert_eq!(status, 200, "{amount}: {answer}");
        let intent = app.stand_in.intents.all().pop().unwrap();
        assert_eq!(intent.amount_cents, *cents, "{amount}");
    }
}

#[tokio::test]
async fn what_is_no_plain_number_is_refused() {
    let app = TestApp::open().await;
    let digits = "9".repeat(60_000);
    let text = format!("\"{digits}\"");
    refused(
        &app,
        &[
            "1e2",
            "1E2",
            "1e400",
            "-0",
            "-1",
            "-5.00",
            "9223372036854775808",
            "1.5e1",
            "0.1e1",
            "true",
            "null",
            "[5]",
            "{}",
            "\"\"",
            "\" \"",
            "\"five\"",
            "\"NaN\"",
            "\"Infinity\"",
            "\"+5\"",
            "\"5_000\"",
            "\"5,00\"",
            "\"1,000\"",
            "\"1 000\"",
            "\" 5\"",
            "\"5.\"",
            "\".5\"",
            "\"0x5\"",
            "\"５\"",
            "\"٥\"",
            "\"5€\"",
            "\"$5\"",
            "\"5\\u0000\"",
            "\"\\u0035\"",
            "\"5.2.5\"",
            "\"--5\"",
            "\"1e2\"",
            "\"-1\"",
            "1000000000",
            &digits,
            &text,
        ],
        400,
        "amount_invalid",
    )
    .await;
    let (status, answer) = give(&app, "NaN").await;
    assert_eq!((status, &answer["code"]), (400, &json!("unreadable")));
    let missing = app.post_checkout(&json!({"name": "Ada"})).await;
    assert_eq!(missing.status(), 400);
    assert_eq!(json_of(missing).await["code"], "amount_invalid");
}

#[tokio::test]
async fn more_decimals_than_the_currency_has_are_refused() {
    let app = TestApp::open().await;
    let tiny = format!("0.{}1", "0".repeat(400));
    let amounts = ["5.005", "5.000", "\"5.250\"", "0.29999", &tiny];
    refused(&app, &amounts, 400, "amount_decimals").await;
    let yen = in_currency(Currency::Jpy).await;
    refused(
        &yen,
        &["500.5", "500.0", "\"500.00\""],
        400,
        "amount_decimals",
    )
    .await;
}

#[tokio::test]
async fn both_bounds_belong_to_the_amounts() {
    let dollars = TestApp::open().await;
    refused(
        &dollars,
        &["0", "0.0", "0.49", "\"0.49\""],
        422,
        "amount_too_small",
    )
    .await;
    refused(
        &dollars,
        &["10000.01", "999999999.99"],
        422,
        "amount_too_large",
    )
    .await;
    asked(&dollars, &[("0.50", 50), ("0.5", 50), ("10000", 1_000_000)]).await;
    let yen = in_currency(Currency::Jpy).await;
    refused(&yen, &["74", "0"], 422, "amount_too_small").await;
    refused(&yen, &["1000001"], 422, "amount_too_large").await;
    asked(
        &yen,
        &[("75", 7_500), ("\"700\"", 70_000), ("1000000", 100_000_000)],
    )
    .await;
    let yuan = in_currency(Currency::Cny).await;
    refused(&yuan, &["3.99"], 422, "amount_too_small").await;
    asked(&yuan, &[("4", 400)]).await;
}

#[tokio::test]
async fn a_plain_number_is_asked_to_the_cent_however_it_is_written() {
    let app = TestApp::open().await;
    asked(
        &app,
        &[
            ("5", 500),
            ("\"5\"", 500),
            ("5.0", 500),
            ("5.2", 520),
            ("5.25", 525),
            ("\"5.25\"", 525),
            ("0.57", 57),
            ("1.15", 115),
            ("4.35", 435),
            ("\"007\"", 700),
            ("8192.57", 819_257),
            ("9999.99", 999_999),
            ("  5", 500),
        ],
    )
    .await;
}

#[tokio::test]
async fn the_coin_itself_can_be_the_price() {
    let app = in_currency(Currency::Usdt).await;
    asked(&app, &[("5.25", 525)]).await;
    let intent = app.stand_in.intents.all().pop().unwrap();
    assert_eq!(
        (intent.fiat, &intent.request["stable_coin"]),
        (None, &json!(1))
    );
}

#[tokio::test]
async fn either_coin_may_be_the_one_that_is_paid_in() {
    use StableCoin::{Usdc, Usdt};
    for (coins, told) in [
        (vec![Usdt], Value::Null),
        (vec![Usdt, Usdc], json!([1, 2])),
        (vec![Usdc, Usdt], json!([2, 1])),
    ] {
        let preferred = coins[0].symbol();
        let app = TestApp::build(Setup::with(move |config| {
            config.providers.allscale.as_mut().unwrap().stable_coins = coins;
        }))
        .await;
        let given = app.donate_and_pay_unheard().await;
        let intent = app.stand_in.intents.all().pop().unwrap();
        assert_eq!(intent.request["accepted_stable_coins"], told);
        assert_eq!(app.poll(given.id).await["name"], "CONFIRMED");
        assert_eq!(app.deliver(&app.signed(&given)).await, 200);
        let payment = app.donation(given.id).await.payment;
        assert_eq!(payment.coin_symbol.unwrap().as_str(), preferred);
        assert_eq!(app.counted().await, (1, 500));
    }
}

#[tokio::test]
async fn the_page_names_the_coins_that_it_takes() {
    for (currency, label) in [
        (Currency::Eur, "Pay with USDC / USDT<"),
        (Currency::Usdt, "Pay with USDT<"),
    ] {
        let app = TestApp::build(Setup {
            currency,
            by: Some(ProviderKind::AlchemyPay),
            ..Setup::with(|config| {
                let store = config.providers.allscale.as_mut().unwrap();
                store.stable_coins = vec![StableCoin::Usdc, StableCoin::Usdt];
            })
        })
        .await;
        let page = app.get("/").await.text().await.unwrap();
        assert!(page.contains(label), "{page}");
    }
}

#[tokio::test]
async fn where_no_amount_is_free_only_those_of_the_page_count() {
    let app = TestApp::build(Setup::with(|config| config.page.custom_amount = false)).await;
    asked(&app, &[("5", 500), ("5.00", 500), ("10", 1000)]).await;
    let (status, answer) = give(&app, "4").await;
    assert_eq!(
        (status, &answer["code"]),
        (400, &json!("amount_not_offered"))
    );
}
