//! Allscale's words for money, states and payments, and ours for them.
//!
//! Owns the numbers of "Creating an intent", "Status" and "Whole intent" in
//! Allscale's guide. What is read here comes from outside: fields nobody has
//! listed are passed over, and a value of an unexpected kind is unreadable,
//! never a guess and never a reason to drop the rest.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::donation::Payment;
use crate::ids::ForeignId;
use crate::money::{Cents, Currency, Money};
use crate::report::Charged;
use crate::status::Status;

/// The number of the one stable coin that is supported, and its symbol.
const USDT: (i64, &str) = (1, "USDT");

/// The provider's numbers of the fiat currencies.
const CURRENCIES: [(i64, Currency); 9] = [
    (1, Currency::Usd),
    (9, Currency::Aud),
    (27, Currency::Cad),
    (31, Currency::Cny),
    (44, Currency::Eur),
    (48, Currency::Gbp),
    (57, Currency::Hkd),
    (72, Currency::Jpy),
    (126, Currency::Sgd),
];

/// What is asked for, on the wire: exactly one of `currency` and
/// `stable_coin`, and hundredths in either.
#[derive(Serialize)]
pub(super) struct Price {
    amount_cents: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stable_coin: Option<i64>,
}

impl From<Money> for Price {
    fn from(money: Money) -> Self {
        let fiat = CURRENCIES
            .iter()
            .find(|(_, currency)| *currency == money.currency);
        Self {
            amount_cents: money.cents.0,
            currency: fiat.map(|(number, _)| *number),
            stable_coin: fiat.is_none().then_some(USDT.0),
        }
    }
}

/// The fields of a payment that webhooks and whole intents share. Absent and
/// null are the same.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct PaymentFields {
    pub(super) amount_cents: Value,
    pub(super) currency: Value,
    pub(super) amount_coins: Value,
    pub(super) coin_symbol: Value,
    pub(super) chain_id: Value,
    pub(super) tx_hash: Value,
    pub(super) order_id: Value,
    pub(super) actual_paid_amount: Value,
    pub(super) service_fee_amount: Value,
    pub(super) net_income_amount: Value,
}

impl PaymentFields {
    /// What the supporter was asked for: cents in fiat; under native pricing,
    /// where there is no currency, coins digit by digit.
    pub(super) fn charged(&self) -> Charged {
        let money = if self.currency.is_null() {
            self.native()
        } else {
            self.fiat()
        };
        money.map_or(Charged::Unreadable, Charged::Amount)
    }

    fn fiat(&self) -> Option<Money> {
        let number = self.currency.as_i64()?;
        let (_, currency) = CURRENCIES.into_iter().find(|known| known.0 == number)?;
        let cents = Cents(self.amount_cents.as_i64()?);
        Some(Money { cents, currency })
    }

    fn native(&self) -> Option<Money> {
        let cents = Cents::parse_coins(self.amount_coins.as_str()?)?;
        let currency = Currency::Usdt;
        (self.coin_symbol == USDT.1).then_some(Money { cents, currency })
    }

    pub(super) fn payment(&self) -> Payment {
        Payment {
            tx_hash: self.tx_hash.as_str().and_then(ForeignId::tx_hash),
            chain_id: self.chain_id.as_i64(),
            coin_symbol: clean(&self.coin_symbol),
            coin_amount: clean(&self.amount_coins),
            paid: clean(&self.actual_paid_amount),
            fee: clean(&self.service_fee_amount),
            net: clean(&self.net_income_amount),
        }
    }
}

fn clean(value: &Value) -> Option<ForeignId> {
    value.as_str().and_then(ForeignId::clean)
}

/// The status for Allscale's number. An unlisted number never breaks anything:
/// negative is failed, any other is pending.
pub(super) fn status_of(code: i64) -> Status {
    match code {
        1 => Status::Created,
        2 => Status::Viewed,
        3 => Status::TempWalletReceived,
        4 => Status::ManualOperation,
        5 => Status::SendBack,
        10 => Status::OnChain,
        20 => Status::Confirmed,
        -2 => Status::Rejected,
        -3 => Status::Underpaid,
        -4 => Status::Canceled,
        -5 => Status::Timeout,
        unlisted if unlisted < 0 => Status::Failed,
        _ => Status::Pending,
    }
}

/// Reads a state written as number, numeric string or name. A value that cannot
/// be read is pending: it must never confirm anything.
pub(super) fn read_status(value: &Value) -> Status {
    match value {
        Value::Number(number) => number.as_i64().map(status_of),
        Value::String(text) => numeric(text).or_else(|| named(text)),
        _ => None,
    }
    .unwrap_or(Status::Pending)
}

fn numeric(text: &str) -> Option<Status> {
    let code: i64 = text.parse().ok()?;
    (code.to_string() == text).then(|| status_of(code))
}

fn named(text: &str) -> Option<Status> {
    match text.to_ascii_uppercase().as_str() {
        "PAYING" => Some(Status::Viewed),
        "PENDING_MANUAL_OPERATION" => Some(Status::ManualOperation),
        // Two of our names are no word of the provider's.
        "REVIEW" | "UNKNOWN" => None,
        name => Status::from_name(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn charged(fields: Value) -> Charged {
        serde_json::from_value::<PaymentFields>(fields)
            .unwrap()
            .charged()
    }

    #[test]
    fn every_currency_has_its_number_both_ways() {
        for currency in Currency::ALL {
            let asked = Money {
                cents: Cents(700),
                currency,
            };
            let price = serde_json::to_value(Price::from(asked)).unwrap();
            assert_eq!(price["amount_cents"], 700);
            assert_eq!(price.as_object().unwrap().len(), 2, "{price}");
            if currency == Currency::Usdt {
                assert_eq!(price["stable_coin"], 1);
            } else {
                assert_eq!(charged(price), Charged::Amount(asked));
            }
        }
    }

    #[test]
    fn native_pricing_is_read_from_the_coins() {
        let told = |coins: &str, symbol: &str| {
            charged(json!({"amount_cents": null, "currency": null,
                "amount_coins": coins, "coin_symbol": symbol}))
        };
        let ten = Money {
            cents: Cents(1000),
            currency: Currency::Usdt,
        };
        assert_eq!(told("10.0000", "USDT"), Charged::Amount(ten));
        assert_eq!(told("10.0001", "USDT"), Charged::Unreadable);
        assert_eq!(told("1e1", "USDT"), Charged::Unreadable);
        assert_eq!(told("10.00", "USDC"), Charged::Unreadable);
    }

    #[test]
    fn what_is_no_amount_in_a_known_currency_is_unreadable() {
        for fields in [
            json!({}),
            json!({"amount_cents": 500}),
            json!({"amount_cents": 500, "currency": 2}),
            json!({"amount_cents": 500, "currency": "USD"}),
            json!({"amount_cents": null, "currency": 1, "amount_coins": "5", "coin_symbol": "USDT"}),
            json!({"amount_cents": 500.0, "currency": 1}),
            json!({"amount_cents": "500", "currency": 1}),
            json!({"amount_coins": 10, "coin_symbol": "USDT"}),
        ] {
            assert_eq!(charged(fields.clone()), Charged::Unreadable, "{fields}");
        }
    }

    #[test]
    fn a_state_is_read_in_each_spelling() {
        for (value, status) in [
            (json!(20), Status::Confirmed),
            (json!("20"), Status::Confirmed),
            (json!("CONFIRMED"), Status::Confirmed),
            (json!(-5), Status::Timeout),
            (json!("-3"), Status::Underpaid),
            (json!("paying"), Status::Viewed),
            (json!("PENDING_MANUAL_OPERATION"), Status::ManualOperation),
            (json!(-77), Status::Failed),
            (json!(77), Status::Pending),
        ] {
            assert_eq!(read_status(&value), status, "{value}");
        }
        for value in [
            json!(20.0),
            json!("+20"),
            json!("020"),
            json!("paid"),
            json!("REVIEW"),
            json!("UNKNOWN"),
            json!(u64::MAX),
            json!(true),
            json!([20]),
            json!({"status": 20}),
        ] {
            assert_eq!(read_status(&value), Status::Pending, "{value}");
        }
    }

    #[test]
    fn knows_every_listed_number() {
        for status in Status::ALL {
            let ours_alone = matches!(status, Status::Pending | Status::Unknown | Status::Review);
            assert_eq!(status_of(status.code().into()) == status, !ours_alone);
        }
    }

    #[test]
    fn unlisted_numbers_fail_or_wait() {
        for code in [-6, -99, i64::MIN] {
            assert_eq!(status_of(code), Status::Failed);
        }
        for code in [0, 6, 11, 19, 21, i64::MAX] {
            assert_eq!(status_of(code), Status::Pending);
        }
    }
}
