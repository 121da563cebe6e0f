//! The currencies, and what they are worth in USDT today: always the same.
//!
//! Integers only. Amounts are hundredths of the unit in every currency, yen
//! too; coins are ten-thousandths of a USDT; rates are millionths.

use crate::amount::decimal;
use crate::intents::Intent;

/// A USDT is a USDT.
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

/// What a payer owes in USDT, as a decimal.
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
