//! Amounts as decimals, and as a payer reads them.
//!
//! Integers only, in hundredths of the unit in every currency, yen too.

/// `value` with this many digits behind the point: `decimal(5, 2)` is `0.05`.
/// Not for negative values.
pub(super) fn decimal(value: i64, places: u32) -> String {
    let unit = 10_i64.pow(places);
    let width = usize::try_from(places).unwrap_or(0);
    match places {
        0 => value.to_string(),
        _ => format!("{}.{:0width$}", value / unit, value % unit),
    }
}

/// How many decimals a fiat currency has, by its ISO code.
pub(super) fn decimals(fiat: &str) -> u32 {
    match fiat {
        "JPY" => 0,
        _ => 2,
    }
}

/// An amount as a payer reads it: `5.00 USD`, `500 JPY`, `10.00 USDT`.
pub(super) fn money(cents: i64, fiat: Option<&str>) -> String {
    let code = fiat.unwrap_or("USDT");
    match decimals(code) {
        0 if cents % 100 == 0 => format!("{} {code}", cents / 100),
        _ => format!("{} {code}", decimal(cents, 2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_zeros() {
        assert_eq!(decimal(50_000, 4), "5.0000");
        assert_eq!(decimal(6_412, 6), "0.006412");
        assert_eq!(decimal(5, 2), "0.05");
        assert_eq!(decimal(7, 0), "7");
    }

    #[test]
    fn payers_read_whole_yen() {
        assert_eq!(money(50_000, Some("JPY")), "500 JPY");
        assert_eq!(money(525, Some("EUR")), "5.25 EUR");
        assert_eq!(money(1000, None), "10.00 USDT");
    }
}
