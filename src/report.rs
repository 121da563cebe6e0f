//! A provider's word: what it says of one payment, and where that came from.
//!
//! Plain data between a [`crate::provider`], the [`crate::rules`] and the
//! [`crate::ledger`]. Decides nothing.

use std::fmt;

use crate::donation::{DonationId, Payment};
use crate::ids::ForeignId;
use crate::money::Money;
use crate::status::Status;

/// A checkout that was made.
#[derive(Clone, Debug)]
pub struct Opened {
    pub checkout_url: String,
    pub intent: ForeignId,
}

/// Where a report came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    Webhook,
    Poll,
    Sweep,
}

/// A provider's word about one payment.
#[derive(Clone, Debug)]
pub struct Report {
    pub provider: &'static str,
    pub intent: ForeignId,
    /// Our id, where the provider repeats it.
    pub order: Option<DonationId>,
    pub status: Status,
    pub charged: Charged,
    pub payment: Payment,
    /// Whether this provider tells the details of a payment at all
    /// (transaction, fee, net), perhaps later than that it was paid.
    pub details_may_follow: bool,
}

/// What the provider says it charged the supporter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Charged {
    /// This kind of answer does not say.
    Absent,
    Amount(Money),
    /// It said something that is no amount in a currency we know.
    Other(Told),
}

impl Charged {
    /// An amount and a currency of which one cannot be read, as they were told.
    pub fn other(amount: &str, currency: &str) -> Self {
        Self::Other(Told::new(&format!("{amount} {currency}")))
    }

    /// What was told, if anything was.
    pub fn told(&self) -> Option<String> {
        match self {
            Self::Absent => None,
            Self::Amount(money) => Some(money.to_string()),
            Self::Other(told) => Some(told.to_string()),
        }
    }
}

/// A provider's own words, kept for the creator: bounded, and with every
/// character escaped that could change how a line reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told(String);

impl Told {
    /// The most of them, in characters.
    const MOST: usize = 64;

    pub fn new(text: &str) -> Self {
        let kept: String = text.trim().chars().take(Self::MOST).collect();
        Self(kept.escape_debug().to_string())
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What tells one delivery of a webhook from another.
#[derive(Clone, Debug)]
pub struct Identity {
    pub webhook_id: ForeignId,
    /// The nonce as signed, hashed so that any length fits a column.
    pub nonce_sha256: String,
    pub body_sha256: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_provider_stay_on_their_line_and_within_bounds() {
        for (text, kept) in [
            ("175.00 THB", "175.00 THB"),
            ("1\n2 X\u{202e}Y", "1\\n2 X\\u{202e}Y"),
            (" ", ""),
        ] {
            assert_eq!(Told::new(text).to_string(), kept);
        }
        assert_eq!(Told::new(&"x".repeat(1000)).to_string().len(), 64);
    }
}
