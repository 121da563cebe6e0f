//! What a payment provider is: it opens a checkout, tells how a payment
//! stands, and sends webhooks that can be verified.
//!
//! Each provider is one folder here; its wire types, signatures and names stay
//! inside it and leave as the types of this module. Never writes to the
//! ledger: what a provider says is a [`Report`], and [`crate::settle`] judges
//! it.

pub mod allscale;
mod call;
mod list;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::HeaderMap;

pub use self::list::Providers;
use crate::clock::Millis;
use crate::donation::{DonationId, NewDonation, Payment};
use crate::money::Money;
use crate::status::Status;

/// One payment provider.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Its name in our API, ledger and routes: `allscale`.
    fn name(&self) -> &'static str;

    /// What the page says about paying this way: "USD → USDT".
    fn pays_as(&self) -> String;

    /// Whether it is a stand-in on loopback, so that no real money moves.
    fn is_stand_in(&self) -> bool;

    /// Makes the checkout for a donation that the ledger already holds.
    /// `return_to` is where the supporter comes back to.
    async fn open(
        &self,
        donation: &NewDonation,
        return_to: Option<&str>,
    ) -> Result<Opened, ProviderError>;

    /// Asks how the payment of `intent` stands. A report that says CONFIRMED
    /// is made from the whole intent.
    async fn look(&self, intent: &ForeignId) -> Result<Report, ProviderError>;

    /// Verifies a webhook over its raw bytes, in constant time, before
    /// anything of it is parsed.
    fn verify(&self, webhook: &Webhook<'_>, now: Millis) -> Result<Event, WebhookRefusal>;
}

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
}

/// What the provider says it asked the supporter for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Charged {
    /// This kind of answer does not say.
    NotTold,
    Told(Money),
    /// It said something that is no amount in a currency we know.
    Unreadable,
}

/// A webhook as it arrived.
pub struct Webhook<'a> {
    pub method: &'a str,
    /// Path and query as the provider sees them.
    pub path: &'a str,
    pub query: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

/// An authentic webhook: its identity, and what it reports.
#[derive(Clone, Debug)]
pub struct Event {
    pub identity: Identity,
    pub report: Report,
}

/// What tells one delivery of a webhook from another.
#[derive(Clone, Debug)]
pub struct Identity {
    pub webhook_id: ForeignId,
    /// The nonce as signed, hashed so that any length fits a column.
    pub nonce_sha256: String,
    pub body_sha256: String,
}

/// Why a webhook is refused. The sender learns no more than the variant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WebhookRefusal {
    #[error("not authentic")]
    NotAuthentic,
    #[error("stale: its timestamp is more than five minutes away from our clock")]
    Stale,
    #[error("authentic but malformed")]
    Malformed,
}

/// Why a provider's answer is none.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The provider says the amount is below its minimum.
    #[error("the provider finds the amount too small")]
    AmountTooSmall,
    /// The provider asks us to slow down.
    #[error("the provider's rate limit is reached")]
    RateLimited,
    /// The provider does not know this intent.
    #[error("the provider does not know this intent")]
    NotFound,
    /// The provider does not accept this store's credentials or address; the
    /// text, for the log, says what to do.
    #[error("the provider does not let us in: {0}")]
    Denied(String),
    /// The provider said no; the text is for the log and carries none of its words.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// Nothing was sent: nobody listens, no name, no TLS.
    #[error("the provider cannot be reached")]
    Unreachable,
    /// Sent, but no answer in time.
    #[error("the provider did not answer in time")]
    TooSlow,
    /// Answered with something that cannot be used.
    #[error("the provider's answer cannot be used: {0}")]
    Broken(&'static str),
    /// The checkout was made, but nobody should be sent there.
    #[error("the provider's checkout address is not safe")]
    UnsafeCheckout(ForeignId),
}

impl ProviderError {
    /// Whether a call that makes a checkout may have made one all the same.
    #[must_use]
    pub fn leaves_outcome_open(&self) -> bool {
        matches!(self, Self::TooSlow | Self::Broken(_))
    }

    /// Whether asking about another donation now would surely fail the same
    /// way. One that is slow may be slow about this donation alone.
    #[must_use]
    pub fn is_general(&self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Denied(_) | Self::Unreachable
        )
    }
}

/// How long a webhook's timestamp may be away from our clock, either way.
pub const WEBHOOK_TOLERANCE: Duration = Duration::from_mins(5);

/// A text from a provider, cut to 64 of `[A-Za-z0-9_.-]` (a transaction hash to
/// 66): safe to store, log and put into a path.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ForeignId(String);

impl ForeignId {
    /// What is left of an id; `None` when that is nothing.
    #[must_use]
    pub fn clean(text: &str) -> Option<Self> {
        Self::cut(text, 64)
    }

    /// What is left of a transaction hash: `0x` and 64 hex digits.
    #[must_use]
    pub fn tx_hash(text: &str) -> Option<Self> {
        Self::cut(text, 66)
    }

    fn cut(text: &str, max: usize) -> Option<Self> {
        let kept: String = text
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "_.-".contains(*c))
            .take(max)
            .collect();
        // Nothing but dots would climb in a path.
        (!kept.trim_matches('.').is_empty()).then_some(Self(kept))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ForeignId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_cut_to_what_is_harmless() {
        let text = ForeignId::clean("req_1/../\r\n<b>é\0").unwrap();
        assert_eq!(text.as_str(), "req_1..b");
        assert_eq!(
            ForeignId::clean(&"a".repeat(99)).unwrap().as_str().len(),
            64
        );
        for nothing in ["", "/\n", "..", "../.."] {
            assert_eq!(ForeignId::clean(nothing), None);
        }
    }
}
