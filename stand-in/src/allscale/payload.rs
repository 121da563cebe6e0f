//! An intent as Allscale tells it: the reply to its creation, the whole
//! intent, the webhook's body.

use serde_json::{Map, Value, json};

use super::rates::{Fiat, coins_of, due};
use crate::amount::decimal;
use crate::intents::{Intent, Payment};

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
        "amount_coins": due(intent),
        "stable_coin_type": 1,
        "rate": rate(intent),
    })
}

pub(super) fn whole(intent: &Intent) -> Value {
    let fiat = Fiat::of(intent);
    let paid = intent.payment.as_ref();
    let coins = |part: fn(i64) -> i64| {
        let coins = paid.map(|paid| coins_of(intent, paid.cents));
        coins.map(|coins| decimal(part(coins), 4))
    };
    json!({
        "currency": fiat.map(|fiat| fiat.number),
        "currency_symbol": intent.fiat,
        "currency_rate": rate(intent),
        "amount_cents": intent.amount_cents,
        "amount_coins": due(intent),
        "coin_symbol": "USDT",
        "coin_contract": COIN_CONTRACT,
        "chain_id": CHAIN_ID,
        "status": intent.status,
        "tx_hash": paid.map(hash),
        "tx_from": paid.map(sender),
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

/// The identity of an intent's webhook, the same at every try.
pub(super) fn webhook_id(intent: &Intent) -> String {
    format!("whk_{}", intent.id)
}

/// The body of the webhook. Under native pricing the fiat fields are null.
pub(super) fn event(intent: &Intent) -> Map<String, Value> {
    let fiat = Fiat::of(intent);
    let paid = intent.payment.as_ref();
    let transaction = paid.map(|paid| format!("tx_{}", paid.id));
    let fields = [
        ("all_scale_transaction_id", json!(transaction)),
        ("all_scale_checkout_intent_id", json!(intent.id)),
        ("webhook_id", json!(webhook_id(intent))),
        ("amount_cents", json!(fiat.map(|_| intent.amount_cents))),
        ("currency", json!(fiat.map(|fiat| fiat.number))),
        ("currency_symbol", json!(intent.fiat)),
        ("amount_coins", json!(due(intent))),
        ("coin_symbol", json!("USDT")),
        ("coin_contract_address", json!(COIN_CONTRACT)),
        ("chain_id", json!(CHAIN_ID)),
        ("tx_hash", json!(paid.map(hash))),
        ("tx_from", json!(paid.map(sender))),
        ("payment_method_type", json!(PAYMENT_METHOD)),
        ("order_id", json!(intent.order_id)),
        ("user_id", intent.request["user_id"].clone()),
        ("user_name", json!(intent.user_name)),
        ("extra_obj", intent.request["extra"].clone()),
    ];
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// USDT for one unit of fiat.
fn rate(intent: &Intent) -> Option<String> {
    Fiat::of(intent).map(|fiat| decimal(fiat.rate, 6))
}

/// What would be its hash on the chain.
fn hash(payment: &Payment) -> String {
    format!("0x{0}{0}", payment.id)
}

/// What would be the payer's wallet.
fn sender(payment: &Payment) -> String {
    format!("0x{}{}", payment.id, &payment.id[..8])
}
