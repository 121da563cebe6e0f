//! An intent in Allscale's words: the reply to its creation, the whole intent,
//! the webhook's body; and its price in USDT.
//!
//! Integers only. Amounts are hundredths of the unit in every currency, yen
//! included; coins are ten-thousandths of a USDT; rates are millionths, and
//! always the same.

use serde_json::{Map, Value, json};

use crate::amount::decimal;
use crate::intents::{Intent, Payment};

/// A stable coin, with its contract on BNB Smart Chain.
struct Coin {
    number: i64,
    symbol: &'static str,
    contract: &'static str,
}

const USDT: Coin = Coin {
    number: 1,
    symbol: "USDT",
    contract: "0x55d398326f99059fF775485246999027B3197955",
};
const USDC: Coin = Coin {
    number: 2,
    symbol: "USDC",
    contract: "0x8AC76a51cc950d9822D68b83fE1Ad97B32Cd580d",
};

/// What an intent is paid in: the first that it accepts, or that it is priced in.
fn coin(intent: &Intent) -> Coin {
    let accepted = &intent.request["accepted_stable_coins"][0];
    let priced = &intent.request["stable_coin"];
    match accepted.as_i64().or(priced.as_i64()) {
        Some(2) => USDC,
        _ => USDT,
    }
}

/// Its symbol.
pub(super) fn symbol(intent: &Intent) -> &'static str {
    coin(intent).symbol
}

const CHAIN_ID: i64 = 56;
/// `WALLET_CONNECT`.
const PAYMENT_METHOD: i64 = 2;
const WALLET: &str = "0x5afe5afe5afe5afe5afe5afe5afe5afe5afe5afe";

pub(super) fn created(intent: &Intent, public_url: &str) -> Value {
    json!({
        "checkout_url": format!("{public_url}/pay/{}", intent.id),
        "allscale_checkout_intent_id": intent.id,
        "amount_coins": due(intent),
        "stable_coin_type": coin(intent).number,
        "accepted_stable_coins": intent.request["accepted_stable_coins"],
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
    let Coin {
        symbol, contract, ..
    } = coin(intent);
    json!({
        "all_scale_checkout_intent_id": intent.id,
        "currency": fiat.map(|fiat| fiat.number),
        "currency_symbol": intent.fiat,
        "currency_rate": rate(intent),
        "amount_cents": fiat.map(|_| intent.amount_cents),
        "amount_coins": match fiat {
            Some(_) => due(intent),
            // As the chain counts them.
            None => format!("{}0000000000000000", due(intent)),
        },
        "coin_symbol": symbol,
        "coin_contract": contract,
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

/// The service fee: 0.6 %, at least 0.10, and never more than was paid.
fn fee(paid: i64) -> i64 {
    (paid * 6 / 1_000).max(1_000).min(paid)
}

/// The identity of an intent's webhook, the same at every attempt.
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
        ("coin_symbol", json!(coin(intent).symbol)),
        ("coin_contract_address", json!(coin(intent).contract)),
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

/// A made-up transaction hash.
fn hash(payment: &Payment) -> String {
    format!("0x{0}{0}", payment.id)
}

/// A made-up wallet of the payer.
fn sender(payment: &Payment) -> String {
    format!("0x{}{}", payment.id, &payment.id[..8])
}

/// The rate of USDT itself: one.
pub(super) const NATIVE: i64 = 1_000_000;

/// A currency of the guide's table.
pub(super) struct Fiat {
    pub(super) number: i64,
    pub(super) code: &'static str,
    /// Millionths of a USDT for one unit.
    pub(super) rate: i64,
}

const FIATS: [Fiat; 9] = [
    fiat(1, "USD", 1_000_000),
    fiat(9, "AUD", 651_400),
    fiat(27, "CAD", 712_600),
    fiat(31, "CNY", 140_500),
    fiat(44, "EUR", 1_158_300),
    fiat(48, "GBP", 1_309_200),
    fiat(57, "HKD", 128_600),
    fiat(72, "JPY", 6_412),
    fiat(126, "SGD", 768_900),
];

const fn fiat(number: i64, code: &'static str, rate: i64) -> Fiat {
    Fiat { number, code, rate }
}

impl Fiat {
    pub(super) fn numbered(number: i64) -> Option<&'static Self> {
        FIATS.iter().find(|fiat| fiat.number == number)
    }

    /// `None` under native pricing.
    pub(super) fn of(intent: &Intent) -> Option<&'static Self> {
        let code = intent.fiat.as_deref();
        FIATS.iter().find(|fiat| Some(fiat.code) == code)
    }
}

/// `cents` at `rate`, rounded half up. Callers bound `cents`.
pub(super) const fn coins(cents: i64, rate: i64) -> i64 {
    (cents * rate + 5_000) / 10_000
}

/// `cents` of an intent's price in ten-thousandths of a USDT.
pub(super) fn coins_of(intent: &Intent, cents: i64) -> i64 {
    coins(cents, Fiat::of(intent).map_or(NATIVE, |fiat| fiat.rate))
}

/// The price in USDT, as a decimal.
pub(super) fn due(intent: &Intent) -> String {
    match intent.fiat {
        Some(_) => decimal(coins_of(intent, intent.amount_cents), 4),
        None => decimal(intent.amount_cents, 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coins_round_half_up_without_floats() {
        assert_eq!(coins(500, 1_000_000), 50_000);
        assert_eq!(coins(50_000, 6_412), 32_060);
        assert_eq!(coins(1, 5_000), 1);
        assert_eq!(coins(1, 4_999), 0);
    }
}
