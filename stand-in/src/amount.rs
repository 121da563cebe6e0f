//! Amounts: decimals read and written, and as a payer reads them.
//!
//! Integers only, in hundredths of the unit of every currency, yen included.

/// More would overflow a product of amount and rate.
pub(crate) const MOST_CENTS: i64 = 100_000_000_000;

/// `value` with this many digits behind the point: `decimal(5, 2)` is `0.05`.
/// Not for negative values.
pub(crate) fn decimal(value: i64, places: u32) -> String {
    let unit = 10_i64.pow(places);
    let width = usize::try_from(places).unwrap_or(0);
    match places {
        0 => value.to_string(),
        _ => format!("{}.{:0width$}", value / unit, value % unit),
    }
}

/// How many decimals a fiat currency has, by its ISO code.
pub(crate) fn decimals(fiat: &str) -> u32 {
    match fiat {
        "JPY" => 0,
        _ => 2,
    }
}

/// An amount as a payer reads it: `5.00 USD`, `500 JPY`, `10.00 USDT`.
pub(crate) fn money(cents: i64, fiat: Option<&str>) -> String {
    let code = fiat.unwrap_or("USDT");
    match decimals(code) {
        0 if cents % 100 == 0 => format!("{} {code}", cents / 100),
        _ => format!("{} {code}", decimal(cents, 2)),
    }
}

/// Without trailing zeros: `5`, `5.5`, `5.25`.
pub(crate) fn units(cents: i64) -> String {
    let units = decimal(cents, 2);
    units.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Hundredths, from a decimal in units with no more digits behind the point
/// than its currency has.
pub(crate) fn cents(amount: &str, fiat: &str) -> Option<i64> {
    let (units, fraction) = amount.split_once('.').unwrap_or((amount, "0"));
    let places = decimals(fiat).max(u32::from(!amount.contains('.')));
    let short = u32::try_from(fraction.len()).is_ok_and(|length| (1..=places).contains(&length));
    let digits = format!("{units}{fraction:0<2}");
    if !short || units.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let cents = digits.parse().ok();
    cents.filter(|cents| (1..=MOST_CENTS).contains(cents))
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

    #[test]
    fn amounts_lose_trailing_zeros_alone() {
        for (cents, expected) in [(500, "5"), (550, "5.5"), (525, "5.25"), (10_000, "100")] {
            assert_eq!(units(cents), expected);
        }
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        for (amount, fiat, expected) in [
            ("3000", "USD", 300_000),
            ("5.25", "EUR", 525),
            ("5.2", "EUR", 520),
            ("0.01", "USD", 1),
            ("700", "JPY", 70_000),
        ] {
            assert_eq!(cents(amount, fiat), Some(expected), "{amount} {fiat}");
        }
        for (amount, fiat) in [
            ("0", "USD"),
            ("0.00", "USD"),
            ("5.255", "USD"),
            ("5.", "USD"),
            (".5", "USD"),
            ("-5", "USD"),
            ("+5", "USD"),
            ("5e2", "USD"),
            ("5,25", "USD"),
            ("5.2.5", "USD"),
            (" 5", "USD"),
            ("", "USD"),
            ("99999999999999999999", "USD"),
            ("700.0", "JPY"),
        ] {
            assert!(cents(amount, fiat).is_none(), "{amount} {fiat}");
        }
    }
}
