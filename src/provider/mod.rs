//! What a payment provider is: it opens a checkout, tells how a payment
//! stands, and sends webhooks that can be verified.
//!
//! Each provider is one folder here; its wire types, signatures and names stay
//! inside it and leave as the types of this module. Never writes to the
//! ledger: what a provider says is a [`Report`], and [`crate::settle`] judges
//! it.

pub mod alchemy_pay;
pub mod allscale;
mod call;
mod list;
#[cfg(test)]
mod logged;
mod pause;
mod skew;

use std::time::Duration;

use async_trait::async_trait;
use axum::http::HeaderMap;

pub use self::list::{Entry, Providers, Settings};
use crate::clock::Millis;
use crate::donation::{DonationId, NewDonation};
use crate::ids::ForeignId;
use crate::report::{Identity, Opened, Report};

/// One payment provider.
#[async_trait]
pub trait Provider: Send + Sync {
    /// What is always so of it.
    fn about(&self) -> &'static About;

    /// Its name in our API and ledger: `allscale`.
    fn name(&self) -> &'static str {
        self.about().name
    }

    /// Whether it is a stand-in on loopback, so that no real money moves.
    fn is_stand_in(&self) -> bool;

    /// Makes the checkout for a donation that the ledger already holds.
    /// `return_to` is where the supporter comes back to.
    async fn open(
        &self,
        donation: &NewDonation,
        return_to: Option<&str>,
    ) -> Result<Opened, ProviderError>;

    /// A fresh address of the same checkout, once the one that was made for
    /// `donation` has run out; `None` before that, and where none can be had.
    fn renew(&self, _donation: &NewDonation, _return_to: Option<&str>) -> Option<String> {
        None
    }

    /// Asks how the payment of `intent` stands. A report that says CONFIRMED
    /// is made from the whole intent.
    async fn look(&self, intent: &ForeignId) -> Result<Report, ProviderError>;

    /// Whether a webhook with these headers can be authentic, asked before its
    /// body is read. A provider that signs within the body cannot say.
    fn may_be_authentic(&self, _headers: &HeaderMap) -> bool {
        true
    }

    /// Verifies a webhook, in constant time, before anything of it is
    /// understood: over its raw bytes, or, where the provider signs fields,
    /// over a strict reading that leaves one meaning only.
    fn verify(&self, webhook: &Webhook<'_>, now: Millis) -> Result<Event, WebhookRefusal>;

    /// Whether it waits for [`Provider::release`].
    fn wants_release(&self) -> bool {
        false
    }

    /// Tells the provider that the item paid for was handed over, at
    /// `settled_at`. Repeated until it returns `Ok`; the same at every attempt.
    async fn release(
        &self,
        _donation: DonationId,
        _settled_at: Millis,
    ) -> Result<(), ProviderError> {
        Ok(())
    }

    /// Makes test calls and says how they went, for `bagel doctor`.
    async fn checkup(&self) -> Vec<Finding>;
}

/// What is always so of a provider.
#[derive(Debug)]
pub struct About {
    /// Its name in our API and ledger: `alchemy_pay`.
    pub name: &'static str,
    /// Its name in the path of its webhooks: `alchemy-pay`.
    pub route: &'static str,
    /// As it writes its own name.
    pub title: &'static str,
    pub home: &'static str,
    pub means: Means,
    /// Where the creator pastes the webhook's address; `None` when each checkout
    /// carries it.
    pub dashboard: Option<&'static str>,
}

/// What a supporter needs to pay.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Means {
    Card,
    /// A wallet that holds a stablecoin.
    Stablecoin,
}

/// What a provider's own test calls showed, with what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    Good(String),
    /// Works, but is probably not meant.
    Warning(String),
    Bad(String),
}

impl Finding {
    pub fn is_bad(&self) -> bool {
        matches!(self, Self::Bad(_))
    }
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

/// An authentic webhook: its identity, what it reports, and how far it is trusted.
#[derive(Clone, Debug)]
pub struct Event {
    pub identity: Identity,
    pub report: Report,
    pub trust: Trust,
}

/// How far the report of an authentic webhook is trusted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trust {
    /// It settles.
    Settles,
    /// It is a reason to ask the provider, whose answer settles.
    MustAsk,
    /// It tells no state, and the supporter could have sent it too: a reason to
    /// ask in that client's turn, as a poll is.
    LikeAPoll,
}

/// Why a webhook is refused. The sender learns no more than the variant.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum WebhookRefusal {
    #[error("not authentic")]
    NotAuthentic,
    #[error("stale: its timestamp is over five minutes away from our clock; is the clock right?")]
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
    /// The provider asks us to slow down, for so long where it says so.
    #[error("the provider's rate limit is reached")]
    RateLimited(Option<Duration>),
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
    /// Nothing was sent: connection refused, no such name, no TLS.
    #[error("the provider cannot be reached")]
    Unreachable,
    /// Sent, but no answer in time.
    #[error("the provider did not answer in time")]
    TooSlow,
    /// Failed inside, by its own word (500): it made nothing.
    #[error("the provider failed")]
    Failed,
    /// Answered with something that cannot be used.
    #[error("the provider's answer cannot be used: {0}")]
    Broken(&'static str),
    /// The checkout was made, but its address is not safe to send people to.
    #[error("the provider's checkout address is not safe")]
    UnsafeCheckout(ForeignId),
}

impl ProviderError {
    /// Whether a call that makes a checkout may have made one all the same.
    pub fn leaves_outcome_open(&self) -> bool {
        matches!(self, Self::TooSlow | Self::Broken(_))
    }

    /// Whether it says something about the provider, and not about one request.
    pub fn is_trouble(&self) -> bool {
        self.is_general() || matches!(self, Self::TooSlow | Self::Failed | Self::Broken(_))
    }

    /// Whether asking about another donation now would surely fail the same
    /// way. One that is slow may be slow about this donation alone.
    pub fn is_general(&self) -> bool {
        matches!(
            self,
            Self::RateLimited(_) | Self::Denied(_) | Self::Unreachable
        )
    }
}

/// How long a webhook's timestamp may be away from our clock, either way.
pub const WEBHOOK_TOLERANCE: Duration = Duration::from_mins(5);
