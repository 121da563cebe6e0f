//! Exact money: [`Cents`], [`Currency`] and [`Money`].
//!
//! Owns the grammar of amounts and the bounds, presets and looks of each
//! currency. Never touches a float: an amount is read from its own digits.

mod cents;
mod currency;
mod typed;

use std::fmt;

pub use self::cents::{AmountError, Cents};
pub use self::currency::Currency;

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
