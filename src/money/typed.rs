//! An amount as people type it: `5,00`, `$5`, `５`, `٥`.
//!
//! Owns what is read kindly, and only where a person types. What programs send
//! is [`Cents::parse`]d as it is. Three digits after a mark are refused where
//! the currency has two decimals, not guessed at.

use super::{AmountError, Cents, Currency};

impl Cents {
    /// Reads what a person typed; see [`Cents::parse`] for what is left then.
    pub fn parse_typed(text: &str, currency: Currency) -> Result<Self, AmountError> {
        let text = text.trim();
        let symbol = currency.symbol();
        let bare = text.strip_prefix(symbol).or(text.strip_suffix(symbol));
        let plain: String = bare
            .unwrap_or(text)
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(ascii)
            .collect();
        Self::parse(&plain, currency)
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
        for text in [
            "1,000", "1.000", "1.000,50", "-5", "5e1", "five", "", "€5", "$",
        ] {
            assert!(Cents::parse_typed(text, Currency::Usd).is_err(), "{text}");
        }
        assert!(Cents::parse_typed("500,5", Currency::Jpy).is_err());
    }
}
