//! An intent as Allscale tells it: the reply to its creation, the whole
//! intent, the webhook's body.

use serde_json::{Map, Value, json};

use super::rates::decimal;
use crate::stand_in::intents::Intent;

/// USDT on BNB Smart Chain.
const COIN_CONTRACT: &str = "0x55d398326f99059fF775485246999027B3197955";
const CHAIN_ID: i64 = 56;
/// `WALLET_CONNECT`.
const PAYMENT_METHOD: i64 = 2;
const WALLET: &str = "0x5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe";

pub(super) fn created(intent: &Intent, public_url: &str) -> Value {
    json!({
        "checkout_url": format!("{public_url}/pay/{}", intent.id),
        "allscale_checkout_intent_id": intent.id,
        "amount_coins": intent.amount_coins,
        "stable_coin_type": 1,
        "rate": intent.rate,
    })
}

pub(super) fn whole(intent: &Intent) -> Value {
    let paid = intent.transaction.as_ref();
    let coins = |part: fn(i64) -> i64| paid.map(|tx| decimal(part(tx.paid), 4));
    json!({
        "currency": intent.currency,
        "currency_symbol": intent.currency_symbol,
        "currency_rate": intent.rate,
        "amount_cents": intent.amount_cents,
        "amount_coins": intent.amount_coins,
        "coin_symbol": "USDT",
        "coin_contract": COIN_CONTRACT,
        "chain_id": CHAIN_ID,
        "status": intent.status,
        "tx_hash": paid.map(|tx| &tx.hash),
        "tx_from": paid.map(|tx| &tx.from),
        "tx_to": paid.map(|_| WALLET),
        "payment_method_type": if paid.is_some() { PAYMENT_METHOD } else { 0 },
        "actual_paid_amount": coins(|paid| paid),
        "service_fee_amount": coins(fee),
        "net_income_amount": coins(|paid| paid - fee(paid)),
    })
}

/// One hundredth.
const fn fee(paid: i64) -> i64 {
    paid / 100
}

/// The body of the webhook. Under native pricing the fiat fields are null.
pub(super) fn event(intent: &Intent) -> Map<String, Value> {
    let tx = intent.transaction.as_ref();
    let fields = [
        ("all_scale_transaction_id", json!(tx.map(|tx| &tx.id))),
        ("all_scale_checkout_intent_id", json!(intent.id)),
        ("webhook_id", json!(intent.webhook_id)),
        (
            "amount_cents",
            json!(intent.currency.map(|_| intent.amount_cents)),
        ),
        ("currency", json!(intent.currency)),
        ("currency_symbol", json!(intent.currency_symbol)),
        ("amount_coins", json!(intent.amount_coins)),
        ("coin_symbol", json!("USDT")),
        ("coin_contract_address", json!(COIN_CONTRACT)),
        ("chain_id", json!(CHAIN_ID)),
        ("tx_hash", json!(tx.map(|tx| &tx.hash))),
        ("tx_from", json!(tx.map(|tx| &tx.from))),
        ("payment_method_type", json!(PAYMENT_METHOD)),
        ("order_id", json!(intent.order_id)),
        ("user_id", json!(intent.user_id)),
        ("user_name", json!(intent.user_name)),
        ("extra_obj", intent.extra.clone()),
    ];
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
