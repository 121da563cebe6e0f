//! The currencies, and what they are worth in USDT today: always the same.
//!
//! Integers only. Amounts are hundredths of the unit in every currency, yen
//! too; coins are ten-thousandths of a USDT; rates are millionths.

/// A currency of the guide's table.
pub(super) struct Fiat {
    pub(super) number: i64,
    pub(super) code: &'static str,
    /// Millionths of a USDT for one unit.
    pub(super) rate: i64,
    decimals: u32,
}

const FIATS: [Fiat; 9] = [
    fiat(1, "USD", 1_000_000, 2),
    fiat(9, "AUD", 651_400, 2),
    fiat(27, "CAD", 712_600, 2),
    fiat(31, "CNY", 140_500, 2),
    fiat(44, "EUR", 1_158_300, 2),
    fiat(48, "GBP", 1_309_200, 2),
    fiat(57, "HKD", 128_600, 2),
    fiat(72, "JPY", 6_412, 0),
    fiat(126, "SGD", 768_900, 2),
];

const fn fiat(number: i64, code: &'static str, rate: i64, decimals: u32) -> Fiat {
    Fiat {
        number,
        code,
        rate,
        decimals,
    }
}

impl Fiat {
    pub(super) fn numbered(number: i64) -> Option<&'static Self> {
        FIATS.iter().find(|fiat| fiat.number == number)
    }
}

/// `cents` at `rate`, rounded half up. Callers bound `cents`.
pub(super) const fn coins(cents: i64, rate: i64) -> i64 {
    (cents * rate + 5_000) / 10_000
}

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

/// An amount as a payer reads it: `5.00 USD`, `500 JPY`, `10.00 USDT`.
pub(in crate::stand_in) fn money(cents: i64, currency: Option<i64>) -> String {
    let fiat = currency.and_then(Fiat::numbered);
    let (code, decimals) = fiat.map_or(("USDT", 2), |fiat| (fiat.code, fiat.decimals));
    match decimals {
        0 if cents % 100 == 0 => format!("{} {code}", cents / 100),
        _ => format!("{} {code}", decimal(cents, 2)),
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

    #[test]
    fn decimals_keep_their_zeros() {
        assert_eq!(decimal(50_000, 4), "5.0000");
        assert_eq!(decimal(6_412, 6), "0.006412");
        assert_eq!(decimal(5, 2), "0.05");
        assert_eq!(decimal(7, 0), "7");
    }

    #[test]
    fn payers_read_whole_yen() {
        assert_eq!(money(50_000, Some(72)), "500 JPY");
        assert_eq!(money(525, Some(44)), "5.25 EUR");
        assert_eq!(money(1000, None), "10.00 USDT");
    }
}
