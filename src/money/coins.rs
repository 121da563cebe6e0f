//! [`Coins`]: what came in a coin, as a provider writes it, compared exactly.

/// A number of coins, in units of 10^-18 of one: no coin is divided further.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Coins(u128);

const DECIMALS: usize = 18;
const ONE: u128 = 10_u128.pow(18);

/// The least that an exchange may keep back: 0.05 of a coin.
const KEPT_BACK: u128 = ONE / 20;
/// The part that it may keep back, where that is more: 1 in 200, or 0.5 %.
const PART_KEPT_BACK: u128 = 200;

impl Coins {
    /// Reads plain digits, and at most 18 decimals of them: `5`, `4.9000`.
    pub fn parse(text: &str) -> Option<Self> {
        let (units, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let plain = |text: &str, most| {
            (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !plain(units, DECIMALS) || !plain(fraction, DECIMALS) {
            return None;
        }
        let fraction: u128 = format!("{fraction:0<DECIMALS$}").parse().ok()?;
        let units: u128 = units.parse().ok()?;
        Some(Self(units * ONE + fraction))
    }

    /// Whether what came is what was asked, but for what an exchange keeps back on
    /// the way, or a payer rounds up: 0.5 % or 0.05 of a coin, whichever is more.
    /// Nothing at all is never what was asked.
    pub fn is_about(self, asked: Self) -> bool {
        let tolerance = KEPT_BACK.max(asked.0 / PART_KEPT_BACK);
        self.0 > 0 && self.0.abs_diff(asked.0) <= tolerance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coins(text: &str) -> Coins {
        Coins::parse(text).unwrap()
    }

    #[test]
    fn what_an_exchange_keeps_back_is_no_difference() {
        for (came, asked, about) in [
            ("5.0000", "5.0000", true),
            ("4.95", "5", true),
            ("4.949999", "5", false),
            ("5.05", "5.0", true),
            ("5.050000000000000001", "5.0", false),
            ("4.9000", "5.0000", false),
            ("50.0000", "5.0000", false),
            ("0.0000", "5.0000", false),
            ("995", "1000", true),
            ("994.99", "1000", false),
            ("1005", "1000", true),
            ("0.06", "0.1", true),
            ("0", "0.05", false),
        ] {
            assert_eq!(
                coins(came).is_about(coins(asked)),
                about,
                "{came} of {asked}"
            );
        }
    }

    #[test]
    fn only_plain_digits_are_coins() {
        assert_eq!(coins("5"), coins("5.000000"));
        for odd in [
            "",
            ".",
            "5.",
            ".5",
            "-5",
            "+5",
            "5e1",
            "5,0",
            " 5",
            "٥",
            "0x5",
            "1000000000000000000000",
            "0.0000000000000000001",
        ] {
            assert_eq!(Coins::parse(odd), None, "{odd:?}");
        }
    }
}
