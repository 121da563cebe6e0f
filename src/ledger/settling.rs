//! Settling: reports, the creator's verdict, and the looks that find payments.
//!
//! Owns what moves a donation's status. Applies [`crate::rules`] and adds no
//! rule of its own.

use std::ops::Range;
use std::time::Duration;

use async_trait::async_trait;

use super::{Audience, LedgerError};
use crate::clock::Millis;
use crate::donation::{Donation, DonationId, Origin};
use crate::ids::ForeignId;
use crate::money::Cents;
use crate::report::{Identity, Report, Source};
use crate::status::Status;

/// What [`Settling::settle`] is asked to do.
#[derive(Clone, Debug)]
pub struct Settlement {
    pub report: Report,
    pub source: Source,
    /// The webhook's identity, when one brought the report.
    pub identity: Option<Identity>,
    /// The targets to notify, when the status changes.
    pub audience: Audience,
    pub now: Millis,
    /// The sweep's first interval.
    pub sweep_every: Duration,
}

/// What became of [`Settling::settle`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settled {
    /// Stored; the donation now has this status.
    Kept(Status),
    /// Known already; nothing changed.
    Duplicate,
    /// The nonce was used for something else: refused, nothing stored.
    NonceReused,
    /// No donation is known for it; the event is stored for review.
    Unmatched,
}

/// The creator's verdict on a donation in REVIEW.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The money arrived: so much of it, or what came where that is known.
    Confirm(Option<Cents>),
    Reject,
}

/// What became of [`Settling::resolve`].
#[derive(Clone, Debug)]
pub enum Resolved {
    /// Carried out; the donation as it is now.
    Done(Box<Donation>),
    /// It is not there, or not in REVIEW.
    NotInReview,
    /// How much came is not known in the donation's own currency: the creator has
    /// to say.
    AmountUnknown(Box<Donation>),
}

/// The age of what [`Sweep::tidy`] takes away, each as a time: what is older
/// goes.
#[derive(Clone, Debug)]
pub struct Cutoffs {
    /// Retention of webhook nonces.
    pub nonces: Millis,
    /// Retention of idempotency keys.
    pub keys: Millis,
    /// A checkout begun before this and never noted becomes UNKNOWN.
    pub stale: Millis,
    /// Donations that lose their origin: those created between two times.
    pub origins: Range<Millis>,
}

/// Why a donation is due.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Due {
    /// An authentic webhook asked for it.
    Hinted,
    /// Its time has come.
    Scheduled,
}

/// Which of the donations that are due comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum First {
    /// The one that is due for the longest time.
    Longest,
    /// Of the origins after this one the next; of it, a donation that the
    /// supporter got on with before one nobody opened, then the one looked at
    /// least often, then the newest.
    After(Origin),
}

/// Which look [`Sweep::claim_due`] takes, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Lookout {
    pub provider: &'static str,
    pub first: First,
    pub now: Millis,
    /// Lease: no other caller gets the donation before.
    pub until: Millis,
}

/// What moves a donation's status.
#[async_trait]
pub trait Settling: Send + Sync {
    /// Applies a provider's report: webhook identity, status, confirmation and
    /// the notifications to send, all or nothing.
    async fn settle(&self, settlement: Settlement) -> Result<Settled, LedgerError>;

    /// Carries out the creator's verdict, and queues a notification for `audience`.
    async fn resolve(
        &self,
        id: DonationId,
        verdict: Verdict,
        audience: Audience,
        now: Millis,
    ) -> Result<Resolved, LedgerError>;
}

/// What the sweep needs.
#[async_trait]
pub trait Sweep: Send + Sync {
    /// Why a donation of `provider` is due, where one is.
    async fn peek_due(
        &self,
        provider: &'static str,
        now: Millis,
    ) -> Result<Option<Due>, LedgerError>;

    /// Takes a donation that is due, with its origin.
    async fn claim_due(&self, lookout: Lookout) -> Result<Option<(Donation, Origin)>, LedgerError>;

    /// Notes that an authentic webhook told of `intent`, and the provider could
    /// not be asked: the donation is due before all others.
    async fn hint(&self, id: DonationId, intent: ForeignId) -> Result<(), LedgerError>;

    /// Notes that a look failed: how many looks now count, and when the next is.
    async fn postpone(
        &self,
        id: DonationId,
        looks: u32,
        next_look: Option<Millis>,
    ) -> Result<(), LedgerError>;

    /// Forgets nonces and idempotency keys, and turns checkouts that a crash
    /// interrupted into UNKNOWN. Erased texts leave the file's log as well.
    async fn tidy(&self, cutoffs: Cutoffs, now: Millis) -> Result<(), LedgerError>;
}
