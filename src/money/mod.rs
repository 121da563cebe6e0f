//! Exact money: [`Cents`], [`Currency`] and [`Money`].
//!
//! Owns the grammar of amounts, and of each currency its name, bounds, presets
//! and looks. Never touches a float: an amount is read from its own digits.

mod cents;
mod coins;

use std::fmt;

pub use self::cents::{AmountError, Cents};
pub use self::coins::Coins;

/// An amount in a currency; equal only when both agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Money {
    pub cents: Cents,
    pub currency: Currency,
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}",
            self.currency.decimal(self.cents),
            self.currency.code()
        )
    }
}

/// The smallest and largest amount taken, both included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    pub min: Cents,
    pub max: Cents,
}

/// Makes [`Currency`] and what is known of each from one table.
macro_rules! currencies {
    ($($currency:ident $code:literal $symbol:literal)*) => {
        /// The currencies of the page: nine fiat codes, and USDT for native pricing.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        pub enum Currency {
            $($currency,)*
        }

        impl Currency {
            /// All of them, in the order the guide lists them.
            pub const ALL: [Self; 10] = [$(Self::$currency),*];

            /// ISO 4217 code, or `USDT`.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$currency => $code,)*
                }
            }

            /// A symbol that no other currency uses.
            pub fn symbol(self) -> &'static str {
                match self {
                    $(Self::$currency => $symbol,)*
                }
            }
        }
    };
}

currencies! {
    Usd "USD" "$"
    Eur "EUR" "€"
    Gbp "GBP" "£"
    Cad "CAD" "CA$"
    Aud "AUD" "A$"
    Jpy "JPY" "¥"
    Cny "CNY" "CN¥"
    Sgd "SGD" "S$"
    Hkd "HKD" "HK$"
    Usdt "USDT" "USDT"
}

impl Currency {
    /// The currency of an ISO 4217 code (or `USDT`), exactly as written.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|currency| currency.code() == code)
    }

    /// Whether the symbol follows the number.
    pub fn symbol_follows(self) -> bool {
        self == Self::Usdt
    }

    /// How many decimals a supporter may write.
    pub fn decimals(self) -> usize {
        if self == Self::Jpy { 0 } else { 2 }
    }

    /// The smallest and largest amount when the creator sets none.
    pub fn default_bounds(self) -> Bounds {
        let (min, max) = match self {
            Self::Jpy => (7_500, 100_000_000),
            Self::Hkd | Self::Cny => (400, 1_000_000),
            _ => (50, 1_000_000),
        };
        Bounds {
            min: Cents(min),
            max: Cents(max),
        }
    }

    /// The amounts offered when the creator names none.
    pub fn default_presets(self) -> Vec<Cents> {
        let units: &[i64] = match self {
            Self::Jpy => &[200, 500, 1000, 2000],
            Self::Hkd | Self::Cny => &[5, 10, 20, 50],
            _ => &[1, 3, 5, 10],
        };
        units.iter().map(|unit| Cents(unit * 100)).collect()
    }

    /// The decimal string without `.00`: `5` or `5.25`.
    pub fn shortest(self, cents: Cents) -> String {
        self.decimal(cents).replace(".00", "")
    }

    /// The decimal string in units: `5.25`; yen `700`. Never rounded: a provider may
    /// tell of half a yen.
    pub fn decimal(self, cents: Cents) -> String {
        let (units, hundredths) = (cents.0 / 100, (cents.0 % 100).abs());
        if self.decimals() == 0 && hundredths == 0 {
            units.to_string()
        } else {
            format!("{units}.{hundredths:02}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_amount_is_written_without_decimals() {
        for (currency, cents, text) in [
            (Currency::Usd, 500, "5"),
            (Currency::Usd, 525, "5.25"),
            (Currency::Usd, 510, "5.10"),
            (Currency::Usd, 1_000_000, "10000"),
            (Currency::Jpy, 50_000, "500"),
        ] {
            assert_eq!(currency.shortest(Cents(cents)), text);
        }
    }

    #[test]
    fn no_digit_is_dropped() {
        for (currency, cents, text) in [
            (Currency::Jpy, 70_000, "700"),
            (Currency::Jpy, 70_050, "700.50"),
            (Currency::Usd, 70_000, "700.00"),
        ] {
            assert_eq!(currency.decimal(Cents(cents)), text);
        }
    }

    #[test]
    fn defaults_lie_within_their_bounds() {
        for currency in Currency::ALL {
            let bounds = currency.default_bounds();
            for preset in currency.default_presets() {
                assert!(bounds.min <= preset && preset <= bounds.max, "{currency:?}");
            }
            assert_eq!(Currency::from_code(currency.code()), Some(currency));
        }
    }
}
