//! Donations in the ledger: begun, changed by their supporter, listed.
//!
//! Owns the operations on one donation's own row and what they answer. Never
//! decides a status: that is [`super::settling`].

use async_trait::async_trait;

use super::LedgerError;
use crate::clock::Millis;
use crate::donation::{Donation, DonationId, NewDonation, Origin, Reference};
use crate::ids::ForeignId;
use crate::money::Money;
use crate::report::Opened;
use crate::status::Status;
use crate::supporter::Visibility;

/// A claim on an idempotency key: the key and what it was used for.
#[derive(Clone, Debug)]
pub struct Claim {
    /// A random UUID, canonical.
    pub key: String,
    /// SHA-256 of the request as parsed, in hex.
    pub request_sha256: String,
}

/// What became of [`Donations::begin`].
#[derive(Debug)]
pub enum Begun {
    /// Stored; this caller makes the checkout.
    Created,
    /// The same request was here before: this is its donation.
    Repeated(Box<Donation>),
    /// The key was used for another request.
    KeyReused,
}

/// How a call that should have made a checkout ended without one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotOpened {
    /// The provider made none: FAILED, and the idempotency key is free again.
    Refused,
    /// The outcome is not known: UNKNOWN, and never repeated.
    Unknown,
}

/// An authentic webhook that belongs to no donation we know.
#[derive(Clone, Debug)]
pub struct Unmatched {
    pub provider: String,
    pub webhook_id: String,
    pub intent: String,
    pub status: Status,
    /// What was charged, as far as it could be read.
    pub charged: String,
    pub received_at: Millis,
}

/// How a donation begins.
#[async_trait]
pub trait Donations: Send + Sync {
    /// Stores a donation as CREATED, before a provider is called, and
    /// claims its idempotency key if it has one.
    async fn begin(&self, new: NewDonation, claim: Option<Claim>) -> Result<Begun, LedgerError>;

    /// Notes the checkout that was made, when the sweep first looks, and for whom.
    async fn note_opened(
        &self,
        id: DonationId,
        opened: Opened,
        first_look: (Millis, Origin),
        now: Millis,
    ) -> Result<(), LedgerError>;

    /// Notes that no checkout came of it. A donation that a webhook settled
    /// meanwhile stays as it is.
    async fn note_not_opened(
        &self,
        id: DonationId,
        how: NotOpened,
        intent: Option<ForeignId>,
        now: Millis,
    ) -> Result<(), LedgerError>;
}

/// What may change about a donation beside its payment.
#[async_trait]
pub trait Edits: Send + Sync {
    /// Sets what of a donation may be shown publicly, and nothing else of it;
    /// `false` when there is none of that id.
    async fn set_visibility(
        &self,
        id: DonationId,
        visibility: Visibility,
        now: Millis,
    ) -> Result<bool, LedgerError>;

    /// Erases a donation's name and message, in any status, and nothing else
    /// of it; `false` when there is none of that id. Later notifications and
    /// pages have neither.
    async fn erase_words(&self, id: DonationId, now: Millis) -> Result<bool, LedgerError>;
}

/// What can be read.
#[async_trait]
pub trait Lists: Send + Sync {
    /// One donation.
    async fn donation(&self, id: DonationId) -> Result<Option<Donation>, LedgerError>;

    /// The donations that a reference means: one, or by a rare chance more.
    async fn referred_to(&self, reference: Reference) -> Result<Vec<DonationId>, LedgerError>;

    /// Every donation, newest first; only those in `status`, when given.
    async fn donations(&self, status: Option<Status>) -> Result<Vec<Donation>, LedgerError>;

    /// Confirmed money per currency: always a sum over the confirmations.
    async fn totals(&self) -> Result<Vec<(Money, i64)>, LedgerError>;

    /// Authentic webhooks no donation is known for.
    async fn unmatched(&self) -> Result<Vec<Unmatched>, LedgerError>;
}
