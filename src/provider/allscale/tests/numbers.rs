//! Allscale's numbers and words for money and states.

use super::super::intent::{PaymentFields, Price, read_status, status_of};
use super::*;
use crate::report::Charged;

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
