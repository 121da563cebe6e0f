//! An order as Alchemy Pay tells it, in a reply and in a webhook.
//!
//! Source: the documentation's "Query order" and "Webhooks".

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::AlchemyPay;
use crate::amount::decimal;
use crate::intents::{Intent, Payment};
use crate::protocol::Protocol as _;
use crate::status::Status;

/// All strings; before it is paid some are null, and the message is empty.
pub(super) fn data(intent: &Intent) -> Map<String, Value> {
    let paid = intent.payment.as_ref();
    let paid = paid.filter(|_| intent.status == Status::CONFIRMED);
    let cents = paid.map_or(intent.amount_cents, |paid| paid.cents);
    let asked = |name: &str| intent.request[name].clone();
    let fields = [
        ("amount", json!(units(cents))),
        ("fiat", asked("fiat")),
        ("orderNo", json!(intent.id)),
        ("payTime", json!(paid.and_then(time))),
        ("payType", json!(paid.map(|_| "CREDIT_CARD"))),
        ("type", asked("type")),
        ("name", asked("name")),
        ("quantity", json!("1")),
        ("uniqueId", asked("uniqueId")),
        ("appId", asked("appId")),
        ("merchantOrderNo", asked("merchantOrderNo")),
        ("message", json!("")),
        ("status", json!(AlchemyPay.state(intent.status))),
    ];
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Without needless zeros, whatever the link had: `5`, `5.5`, `5.25`.
fn units(cents: i64) -> String {
    let units = decimal(cents, 2);
    units.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn time(payment: &Payment) -> Option<String> {
    let time = Timestamp::from_second(payment.at).ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_lose_needless_zeros_alone() {
        for (cents, expected) in [(500, "5"), (550, "5.5"), (525, "5.25"), (10_000, "100")] {
            assert_eq!(units(cents), expected);
        }
    }

    #[test]
    fn times_are_told_to_the_second() {
        let payment = Payment {
            id: String::new(),
            cents: 1,
            at: 1_657_293_523,
        };
        assert_eq!(time(&payment).unwrap(), "2022-07-08 15:18:43");
    }
}
