//! Upkeep: the audit, damage, and whether the ledger can be written.
//!
//! Owns the figures of a ledger, and each difference between its own rows. A
//! difference names a donation and what to do, never a visitor's text. The
//! statements that find them are in `statements/audit.rs`.

use std::fmt;

use async_trait::async_trait;

use super::LedgerError;
use crate::clock::Millis;
use crate::language::{Language, numbers};
use crate::money::Money;

/// What [`Upkeep::audit`] found.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// Donations in any status.
    pub donations: i64,
    /// What is shown as confirmed: money of each currency, and how often.
    pub totals: Vec<(Money, i64)>,
    /// Empty, when the ledger agrees with itself.
    pub differences: Vec<Difference>,
}

/// One place where the ledger does not agree with itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// What it is about: `donation` and its id, or `total` and a currency.
    pub subject: String,
    /// What is wrong with it, and what to do.
    pub wrong: String,
}

impl Difference {
    /// A difference about one donation. An id that is none may hold anything,
    /// so it is shown escaped.
    pub(super) fn of_donation(id: &str, wrong: impl Into<String>) -> Self {
        Self {
            subject: format!("donation {}", id.escape_debug()),
            wrong: wrong.into(),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.wrong)
    }
}

/// The figures: `1,234 donations, 862 confirmed, 4,310.00 USD`.
impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let confirmed: i64 = self.totals.iter().map(|(_, count)| count).sum();
        let plural = if self.donations == 1 { "" } else { "s" };
        let number = |count| numbers::count(Language::English, count);
        let (donations, confirmed) = (number(self.donations), number(confirmed));
        write!(f, "{donations} donation{plural}, {confirmed} confirmed")?;
        self.totals.iter().try_for_each(|(total, _)| {
            let Money { cents, currency } = *total;
            let amount = numbers::digits(Language::English, currency, cents);
            write!(f, ", {amount} {}", currency.code())
        })
    }
}

/// What commands, the readiness check and the end of the program need.
#[async_trait]
pub trait Upkeep: Send + Sync {
    /// Whether the ledger agrees with itself: what is shown as confirmed with
    /// what the donations say, every reference, every row.
    async fn audit(&self) -> Result<Audit, LedgerError>;

    /// What the engine finds wrong with its own file, a line each. Reads all
    /// of it, so this is for commands, not for a running server.
    async fn damage(&self) -> Result<Vec<String>, LedgerError>;

    /// Writes something for real, to see that it can be done.
    async fn check_writable(&self, now: Millis) -> Result<(), LedgerError>;

    /// Waits for transactions under way and closes every connection.
    async fn close(&self);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::{Cents, Currency};

    #[test]
    fn the_figures_are_one_sentence() {
        let total = |cents, currency| Money {
            cents: Cents(cents),
            currency,
        };
        let mut audit = Audit::default();
        assert_eq!(audit.to_string(), "0 donations, 0 confirmed");
        audit.donations = 1;
        assert_eq!(audit.to_string(), "1 donation, 0 confirmed");
        audit.donations = 1_234;
        audit.totals = vec![(total(431_000, Currency::Usd), 860)];
        let told = "1,234 donations, 860 confirmed, 4,310.00 USD";
        assert_eq!(audit.to_string(), told);
        audit.totals.push((total(70_000, Currency::Jpy), 2));
        let told = "1,234 donations, 862 confirmed, 4,310.00 USD, 700 JPY";
        assert_eq!(audit.to_string(), told);
    }

    #[test]
    fn an_id_that_is_none_cannot_write_lines_of_its_own() {
        let difference = Difference::of_donation("a\nb\u{1b}[2J", "is odd");
        assert_eq!(difference.to_string(), "donation a\\nb\\u{1b}[2J: is odd");
    }
}
