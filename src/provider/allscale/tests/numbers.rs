//! Allscale's numbers and words for money and states.

use super::super::intent::{PaymentFields, Price};
use super::super::states::{read_status, status_of};
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
    assert_eq!(told("10.0001", "USDT"), Charged::other("10.0001", "USDT"));
    assert_eq!(told("1e1", "USDT"), Charged::other("1e1", "USDT"));
    assert_eq!(told("10.00", "USDC"), Charged::other("10.00", "USDC"));
}

#[test]
fn what_is_no_amount_in_a_known_currency_is_kept_as_it_was_told() {
    for (fields, told) in [
        (json!({}), "? ?"),
        (json!({"amount_cents": 500}), "? ?"),
        (
            json!({"amount_cents": 500, "currency": 2}),
            "500 cents of currency 2",
        ),
        (
            json!({"amount_cents": 500, "currency": "USD"}),
            "500 cents of currency USD",
        ),
        (
            json!({"amount_cents": null, "currency": 1, "amount_coins": "5", "coin_symbol": "USDT"}),
            "? cents of currency 1",
        ),
        (
            json!({"amount_cents": 500.0, "currency": 1}),
            "500.0 cents of currency 1",
        ),
        (
            json!({"amount_cents": "500", "currency": 1}),
            "500 cents of currency 1",
        ),
        (
            json!({"amount_coins": 10, "coin_symbol": "USDT"}),
            "10 USDT",
        ),
    ] {
        let read = charged(fields.clone());
        assert!(matches!(read, Charged::Other(_)), "{fields}");
        assert_eq!(read.told().as_deref(), Some(told), "{fields}");
    }
}

/// The guide's table "Status", with the later name of a state where it has one.
const PUBLISHED: [(i64, &str, Status); 14] = [
    (-5, "TIMEOUT", Status::Timeout),
    (-4, "CANCELED", Status::Canceled),
    (-3, "UNDERPAID", Status::Underpaid),
    (-2, "REJECTED", Status::Rejected),
    (-1, "FAILED", Status::Failed),
    (1, "CREATED", Status::Created),
    (2, "VIEWED", Status::Viewed),
    (2, "PAYING", Status::Viewed),
    (3, "TEMP_WALLET_RECEIVED", Status::TempWalletReceived),
    (4, "MANUAL_OPERATION", Status::ManualOperation),
    (4, "PENDING_MANUAL_OPERATION", Status::ManualOperation),
    (5, "SEND_BACK", Status::SendBack),
    (10, "ON_CHAIN", Status::OnChain),
    (20, "CONFIRMED", Status::Confirmed),
];

#[test]
fn every_published_state_is_read_in_each_spelling() {
    for (code, name, status) in PUBLISHED {
        assert_eq!(status_of(code), status);
        for spelling in [
            json!(code),
            json!(code.to_string()),
            json!(name),
            json!(name.to_lowercase()),
        ] {
            assert_eq!(read_status(&spelling), Some(status), "{spelling}");
        }
    }
}

#[test]
fn no_other_text_or_number_is_a_listed_state() {
    for value in [
        json!(20.0),
        json!("+20"),
        json!("020"),
        json!("paid"),
        json!("PENDING"),
        json!("REVIEW"),
        json!("UNKNOWN"),
        json!(-77),
        json!(77),
        json!("77"),
        json!(u64::MAX),
        json!(true),
        json!([20]),
        json!({"status": 20}),
    ] {
        assert_eq!(read_status(&value), None, "{value}");
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
