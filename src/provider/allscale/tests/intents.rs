//! States and whole intents.

use super::*;
use crate::report::Charged;

#[tokio::test]
async fn a_state_is_a_bare_integer_or_an_object_with_one() {
    for (payload, status) in [
        (json!(1), Status::Created),
        (json!({"status": 10}), Status::OnChain),
        (json!({"status": -6, "tx_hash": null}), Status::Failed),
        (json!(10), Status::OnChain),
        (json!(-5), Status::Timeout),
        (json!(-6), Status::Failed),
        (json!(99), Status::Pending),
    ] {
        let report = answering(200, &success(&payload))
            .await
            .look(&intent())
            .await;
        let report = report.unwrap();
        assert_eq!(report.status, status);
        assert_eq!(report.charged, Charged::Absent);
        assert_eq!(report.intent, intent());
    }
    for payload in [
        json!(null),
        json!("20"),
        json!(20.0),
        json!({"status": "20"}),
        json!({"status": null}),
        json!({"status": 20.0}),
        json!({"code": 20}),
        json!([20]),
    ] {
        let outcome = answering(200, &success(&payload))
            .await
            .look(&intent())
            .await;
        assert!(
            matches!(outcome, Err(ProviderError::Broken(_))),
            "{payload}"
        );
    }
}

/// A store that says CONFIRMED, and `whole` when asked for the whole intent.
async fn confirmed(whole: String) -> Allscale {
    store(move |received| {
        let status = received.path == "/v1/checkout_intents/65b2f3d0d2d9c0a1b2c3d4e5/status";
        let body = if status {
            success(&json!(20))
        } else {
            whole.clone()
        };
        Some(body.into_response())
    })
    .await
}

#[tokio::test]
async fn a_confirmed_payment_is_reported_from_the_whole_intent() {
    let order = DonationId::random();
    let whole = json!({"status": 20, "currency": 1, "currency_symbol": "USD",
        "currency_rate": "1.0000", "amount_cents": 500, "amount_coins": "5.0000",
        "coin_symbol": "USDT", "chain_id": 56, "tx_hash": format!("0x{}", "c".repeat(64)),
        "tx_from": null, "actual_paid_amount": "5.0000", "service_fee_amount": "0.05",
        "net_income_amount": "4.95", "order_id": order.to_string(), "new_field": {}});
    let report = confirmed(success(&whole))
        .await
        .look(&intent())
        .await
        .unwrap();
    let asked = donation(Currency::Usd).request.asked;
    assert_eq!(report.status, Status::Confirmed);
    assert_eq!(report.charged, Charged::Amount(asked));
    assert_eq!(report.order, Some(order));
    assert_eq!(report.payment.chain_id, Some(56));
    assert!(report.payment.is_complete());
    assert_eq!(report.payment.paid.unwrap().as_str(), "5.0000");
    assert_eq!(report.payment.fee.unwrap().as_str(), "0.05");
    assert_eq!(report.payment.net.unwrap().as_str(), "4.95");
}

#[tokio::test]
async fn a_native_intent_is_read_as_it_is_published() {
    let whole = json!({"status": 20, "all_scale_checkout_intent_id": intent().as_str(),
        "currency": null, "currency_symbol": null, "currency_rate": null, "amount_cents": null,
        "amount_coins": "5.000000000000000000", "coin_symbol": "USDT"});
    let confirmed = confirmed(success(&whole)).await;
    let report = confirmed.look(&intent()).await.unwrap();
    let asked = donation(Currency::Usdt).request.asked;
    assert_eq!(report.charged, Charged::Amount(asked));
}

#[tokio::test]
async fn a_price_in_fiat_is_paid_in_any_coin() {
    let whole = success(&json!({"status": 20, "currency": 1, "amount_cents": 500,
        "amount_coins": "5.0000", "coin_symbol": "USDC"}));
    let report = confirmed(whole).await.look(&intent()).await.unwrap();
    let asked = donation(Currency::Usd).request.asked;
    assert_eq!(report.charged, Charged::Amount(asked));
    assert_eq!(report.payment.coin_symbol.unwrap().as_str(), "USDC");
}

#[tokio::test]
async fn the_whole_intent_has_the_last_word() {
    let whole = success(&json!({"status": 10, "currency": 2, "amount_cents": 500}));
    let report = confirmed(whole).await.look(&intent()).await.unwrap();
    assert_eq!(report.status, Status::OnChain);
    assert_eq!(report.charged, Charged::other("500", "cents of currency 2"));
}

#[tokio::test]
async fn without_the_whole_intent_nothing_is_reported() {
    for whole in [
        String::new(),
        success(&json!(null)),
        success(&json!(20)),
        success(&json!({"currency": 1, "amount_cents": 500})),
        success(&json!({"status": "20", "currency": 1, "amount_cents": 500})),
        success(&json!({"status": 20, "allscale_checkout_intent_id": "another"})),
        success(&json!({"status": 20, "all_scale_checkout_intent_id": "another"})),
        success(
            &json!({"status": 20, "all_scale_checkout_intent_id": intent().as_str(),
            "allscale_checkout_intent_id": "another"}),
        ),
        json!({"code": 50001}).to_string(),
    ] {
        let outcome = confirmed(whole.clone()).await.look(&intent()).await;
        assert!(outcome.is_err(), "{whole}");
    }
}
