//! Amounts as each language writes them: its digits, marks and groups by ICU's
//! data, and the place of the currency by the table of languages.
//!
//! Owns how an amount looks, never what it is: [`crate::money`] counts.

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use icu_locale_core::Locale;

use super::Language;
use crate::money::{Cents, Currency, Money};

/// An amount with its currency: `$1,005.25`, `1.005,25 $`, `¥700`.
pub fn money(language: Language, money: Money) -> String {
    let digits = digits(language, money.currency, money.cents);
    pattern(language, money.currency).replace("{n}", &digits)
}

/// Like [`money`], but a whole amount without its zeros: `$5`.
pub fn money_in_short(language: Language, money: Money) -> String {
    let short = match money.cents {
        Cents(cents) if cents % 100 == 0 => count(language, cents / 100),
        cents => digits(language, money.currency, cents),
    };
    pattern(language, money.currency).replace("{n}", &short)
}

/// Where the currency stands, around `{n}`.
pub fn pattern(language: Language, currency: Currency) -> String {
    let pattern = if currency.symbol_follows() {
        "{n}\u{a0}¤"
    } else {
        language.row().money
    };
    pattern.replace('¤', currency.symbol())
}

/// An amount without its currency: `1,005.25`.
pub fn digits(language: Language, currency: Currency, Cents(cents): Cents) -> String {
    let amount = if currency.decimals() == 0 {
        Decimal::from(cents / 100)
    } else {
        let mut amount = Decimal::from(cents);
        amount.multiply_pow10(-2);
        amount
    };
    format(language, &amount)
}

/// How many of something: `1,234`.
pub fn count(language: Language, count: i64) -> String {
    format(language, &Decimal::from(count))
}

fn format(language: Language, amount: &Decimal) -> String {
    let locale = Locale::try_from_str(language.code()).unwrap_or(Locale::UNKNOWN);
    // The data is built in, so this cannot fail; the plain number would do.
    match DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default()) {
        Ok(formatter) => formatter.format(amount).to_string(),
        Err(_) => amount.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: Language, currency: Currency, cents: i64) -> String {
        let cents = Cents(cents);
        money(language, Money { cents, currency })
    }

    #[test]
    fn each_language_has_its_own_marks_and_place() {
        for (language, text) in [
            (Language::English, "$12,345.60"),
            (Language::German, "12.345,60\u{a0}$"),
            (Language::Spanish, "12.345,60\u{a0}$"),
            (Language::French, "12\u{202f}345,60\u{a0}$"),
            (Language::Portuguese, "$\u{a0}12.345,60"),
            (Language::Japanese, "$12,345.60"),
            (Language::Chinese, "$12,345.60"),
            (Language::Arabic, "\u{200f}12,345.60\u{a0}$"),
        ] {
            assert_eq!(shown(language, Currency::Usd, 1_234_560), text);
        }
    }

    #[test]
    fn yen_have_no_decimals_in_any_language() {
        for &language in Language::ALL {
            let text = shown(language, Currency::Jpy, 70_000);
            assert!(text.contains("700") && !text.contains("00,0"), "{text}");
        }
        assert_eq!(shown(Language::German, Currency::Jpy, 70_000), "700\u{a0}¥");
    }

    #[test]
    fn a_stablecoin_follows_its_number_everywhere() {
        for &language in Language::ALL {
            assert!(shown(language, Currency::Usdt, 29).ends_with("29\u{a0}USDT"));
        }
    }

    #[test]
    fn whole_amounts_are_short_and_others_are_not() {
        let short = |cents| {
            let money = Money {
                cents: Cents(cents),
                currency: Currency::Eur,
            };
            money_in_short(Language::French, money)
        };
        assert_eq!(short(500), "5\u{a0}€");
        assert_eq!(short(550), "5,50\u{a0}€");
    }
}
