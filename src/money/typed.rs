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
        let plain: String = bare.unwrap_or(text).trim().chars().map(ascii).collect();
        Self::parse(&ungrouped(&plain), currency)
    }
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
        for text in [
            "5 25",
            "1 00",
            "1000 000",
            " ",
            "1 000 00",
            "5²",
            "⑤",
            "1$2",
            "5.",
            "5\u{feff}0",
            "1,000",
            "1.000",
            "1.000,50",
            "-5",
            "5e1",
            "five",
            "",
            "€5",
            "$",
        ] {
            assert!(Cents::parse_typed(text, Currency::Usd).is_err(), "{text}");
        }
        assert!(Cents::parse_typed("500,5", Currency::Jpy).is_err());
    }
}
