//! [`Cents`]: an amount, read from its own digits.
//!
//! What programs send is parsed as it is. What a person types (`5,00`, `$5`,
//! `５`, `٥`) is read kindly, but not guessed at: three digits after a mark are
//! refused where the currency has two decimals.

use super::Currency;

/// Hundredths of a unit, in every currency: yen too (¥7 is 700), as the
/// providers' own clients count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Cents(pub i64);

/// Why a text is not an amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AmountError {
    #[error("the amount is not a plain number such as 5 or 5.25")]
    NotANumber,
    #[error("the amount has more decimals than the currency")]
    TooManyDecimals,
}

impl Cents {
    /// Reads `5`, `5.2` or `5.25`: one to nine digits, then at most as many
    /// decimals as `currency` has. Signs, exponents, separators and everything
    /// else are refused.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, AmountError> {
        let (units, fraction) = match text.split_once('.') {
            Some((_, "")) => return Err(AmountError::NotANumber),
            Some(parts) => parts,
            None => (text, ""),
        };
        let units = digits(units).ok_or(AmountError::NotANumber)?;
        if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(AmountError::NotANumber);
        }
        if fraction.len() > currency.decimals() {
            return Err(AmountError::TooManyDecimals);
        }
        let hundredths = digits(&format!("{fraction:0<2}")).ok_or(AmountError::NotANumber)?;
        Ok(Self(units * 100 + hundredths))
    }

    /// Reads what a person typed; [`Cents::parse`] has the last word.
    pub fn parse_typed(text: &str, currency: Currency) -> Result<Self, AmountError> {
        let text = text.trim();
        let symbol = currency.symbol();
        let bare = text.strip_prefix(symbol).or(text.strip_suffix(symbol));
        let plain: String = bare.unwrap_or(text).trim().chars().map(ascii).collect();
        Self::parse(&ungrouped(&plain), currency)
    }

    /// Reads a provider's decimal string and leaves out what is less than a
    /// hundredth: `4.9050` is 4.90.
    pub fn parse_whole_hundredths(text: &str) -> Option<Self> {
        let (units, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let plain = fraction.bytes().all(|byte| byte.is_ascii_digit());
        let kept: String = fraction.chars().take(2).collect();
        plain
            .then(|| Self::parse_coins(&format!("{units}.{kept}")))
            .flatten()
    }

    /// Reads a provider's decimal string, which may carry more decimals than
    /// ours as long as the rest are zeros: `10`, `10.00`, `10.000000`.
    pub fn parse_coins(text: &str) -> Option<Self> {
        let (units, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let (kept, rest) = fraction.split_at_checked(2).unwrap_or((fraction, ""));
        let zeros = rest.bytes().all(|byte| byte == b'0');
        let hundredths = digits(&format!("{kept:0<2}"))?;
        zeros.then_some(Self(digits(units)? * 100 + hundredths))
    }
}

/// One to nine ASCII digits: no overflow is possible.
fn digits(text: &str) -> Option<i64> {
    let plain = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Without the white space between groups of three digits; any other stays,
/// and is refused: "5 25" is no amount to guess at.
fn ungrouped(text: &str) -> String {
    let (units, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut groups = units.split(char::is_whitespace);
    let first = groups.next().unwrap_or_default();
    if first.len() <= 3 && groups.all(|group| group.len() == 3) {
        units.replace(char::is_whitespace, "") + rest
    } else {
        text.to_owned()
    }
}

/// The full-width, Arabic and Persian digits and decimal marks as ours.
fn ascii(c: char) -> char {
    let digit = |zero: char| char::from_digit(u32::from(c) - u32::from(zero), 10);
    match c {
        '０'..='９' => digit('０').unwrap_or(c),
        '٠'..='٩' => digit('٠').unwrap_or(c),
        '۰'..='۹' => digit('۰').unwrap_or(c),
        ',' | '，' | '．' | '٫' => '.',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_digits_exactly() {
        for (text, cents) in [
            ("5", 500),
            ("5.2", 520),
            ("5.25", 525),
            ("0.29", 29),
            ("0.1", 10),
            ("999999999", 99_999_999_900),
        ] {
            let read = Cents::parse(text, Currency::Usd);
            assert_eq!(read, Ok(Cents(cents)), "{text}");
        }
        assert_eq!(Cents::parse("7", Currency::Jpy), Ok(Cents(700)));
    }

    #[test]
    fn refuses_whatever_is_not_plain_digits() {
        let odd = [
            "", " ", "5.", ".5", "+5", "-5", "-0", "1e2", "1e400", "5_000", "5,00", "1,000", "NaN",
            "inf", "5 ", " 5", "٥", "５", "0x10", "1.2.3", "1.-2", "1.+2",
        ];
        let too_long = ["1000000000", "9223372036854775808"];
        for text in odd.into_iter().chain(too_long) {
            let read = Cents::parse(text, Currency::Usd);
            assert_eq!(read, Err(AmountError::NotANumber), "{text:?}");
        }
    }

    #[test]
    fn refuses_more_decimals_than_the_currency_has() {
        for (text, currency) in [
            ("5.005", Currency::Usd),
            ("5.000", Currency::Eur),
            ("7.0", Currency::Jpy),
            ("1.5", Currency::Jpy),
        ] {
            assert_eq!(
                Cents::parse(text, currency),
                Err(AmountError::TooManyDecimals)
            );
        }
    }

    #[test]
    fn compares_coins_digit_by_digit() {
        for (text, cents) in [
            ("10", 1000),
            ("10.00", 1000),
            ("10.0000", 1000),
            ("0.1", 10),
        ] {
            assert_eq!(Cents::parse_coins(text), Some(Cents(cents)), "{text}");
        }
        for text in ["10.001", "", ".", "1e1", "-10", "10.00x", "10.x0", "1é.00"] {
            assert_eq!(Cents::parse_coins(text), None, "{text}");
        }
    }

    #[test]
    fn less_than_a_hundredth_of_what_came_is_left_out() {
        for (text, cents) in [("4.9050", 490), ("4.9999", 499), ("5", 500), ("0.001", 0)] {
            let read = Cents::parse_whole_hundredths(text);
            assert_eq!(read, Some(Cents(cents)), "{text}");
        }
        for text in ["4.9x", "4.90-1", "", "4.é"] {
            assert_eq!(Cents::parse_whole_hundredths(text), None, "{text}");
        }
    }

    #[test]
    fn reads_what_people_type() {
        for (text, cents) in [
            ("5", 500),
            ("5.00", 500),
            ("5,00", 500),
            (" 5,2 ", 520),
            ("$5", 500),
            ("5 $", 500),
            ("1\u{a0}000", 100_000),
            ("1 000 000", 100_000_000),
            ("12\u{202f}345,60", 1_234_560),
            ("５", 500),
            ("５．２５", 525),
            ("٥٫٢٥", 525),
            ("۵", 500),
        ] {
            let read = Cents::parse_typed(text, Currency::Usd);
            assert_eq!(read, Ok(Cents(cents)), "{text}");
        }
        assert_eq!(Cents::parse_typed("¥500", Currency::Jpy), Ok(Cents(50_000)));
        assert_eq!(Cents::parse_typed("5 USDT", Currency::Usdt), Ok(Cents(500)));
    }

    #[test]
    fn does_not_guess() {
        let odd = [
            "5 25", "1 00", "1000 000", " ", "1 000 00", "5²", "⑤", "1$2", "5.", "1,000", "1.000",
            "1.000,50", "-5", "5e1", "five", "", "€5", "$",
        ];
        for text in odd.into_iter().chain(["5\u{feff}0"]) {
            assert!(Cents::parse_typed(text, Currency::Usd).is_err(), "{text}");
        }
        assert!(Cents::parse_typed("500,5", Currency::Jpy).is_err());
    }

    proptest! {
        #[test]
        fn every_amount_survives_the_round_trip(cents in 0_i64..99_999_999_999) {
            let text = Currency::Usd.decimal(Cents(cents));
            prop_assert_eq!(Cents::parse(&text, Currency::Usd), Ok(Cents(cents)));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = Cents::parse(&text, Currency::Usd);
            let _ = Cents::parse_coins(&text);
        }
    }
}
