//! The list of currencies, with the least and the most of each way to pay.
//!
//! Source: the documentation's "Fiat query". The bounds are made up, and one way to
//! pay takes more than the other.

use serde_json::{Value, json};

/// Code, country, least and most.
const FIATS: [(&str, &str, &str, &str); 9] = [
    ("USD", "US", "0.50", "10000"),
    ("EUR", "DE", "0.50", "10000"),
    ("GBP", "GB", "0.50", "10000"),
    ("CAD", "CA", "0.50", "10000"),
    ("AUD", "AU", "0.50", "10000"),
    ("JPY", "JP", "75", "1000000"),
    ("CNY", "CN", "4", "10000"),
    ("SGD", "SG", "0.50", "10000"),
    ("HKD", "HK", "4", "10000"),
];

/// A row for each way to pay in each country.
pub(super) fn list() -> Value {
    let ways = |(currency, country, least, most)| {
        let way = |code: &str, name: &str, least: &str| {
            json!({
                "currency": currency,
                "country": country,
                "payWayCode": code,
                "payWayName": name,
                "fixedFee": "0",
                "feeRate": "0.03",
                "payMin": least,
                "payMax": most,
            })
        };
        [
            way("10001", "Credit Card", least),
            way("701", "Google Pay", most),
        ]
    };
    FIATS.into_iter().flat_map(ways).collect()
}
