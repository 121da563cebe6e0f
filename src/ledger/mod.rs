//! What a ledger promises: the truth about each donation, never lost and
//! never doubled.
//!
//! - A write that returned `Ok` is on disk.
//! - Every method is one transaction. It runs to its end even when the request
//!   that wanted it is gone.
//! - What makes a count exact is a constraint (one identity per webhook, one
//!   confirmation per donation), never a look first.
//! - [`Ledger::settle`] applies [`crate::rules`] and adds no rule of its own.
//!
//! Two engines keep the promise, [`SqliteLedger`] and [`PostgresLedger`]; their
//! statements are written once, in `statements/`, and one contract suite runs
//! on both. SQL lives in this folder only; times are milliseconds, ids are text.

mod audit;
mod outbox;
mod postgres;
mod sqlite;
mod tables;

use std::pin::Pin;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::timeout;

pub use self::audit::{Audit, Difference};
pub use self::outbox::{Audience, NotificationId, Occasion, Outbox, OutboxEntry, Queued, State};
pub use self::postgres::{CopyError, PostgresLedger};
pub use self::sqlite::{SqliteLedger, SqliteSource};
use crate::clock::Millis;
use crate::donation::{Donation, DonationId, NewDonation, Reference};
use crate::ids::ForeignId;
use crate::money::Money;
use crate::report::{Identity, Opened, Report, Source};
use crate::status::Status;
use crate::visibility::Visibility;

/// Why a ledger could not do it. The cause is for the log; it may quote rows.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("the ledger could not be reached or written")]
    Unavailable(#[source] sqlx::Error),
    #[error("the ledger cannot be opened: {0}")]
    Unusable(String),
    #[error("the ledger did not answer in time; what was asked of it may still be done")]
    TooSlow,
    #[error("the ledger holds a row that cannot be read: {0}")]
    Inconsistent(&'static str),
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(error)
    }
}

impl LedgerError {
    /// A ledger of a newer release: going on could lose what that one knows.
    fn newer_schema(found: i64, known: usize) -> Self {
        Self::Unusable(format!(
            "its schema is version {found}, this program knows {known}; \
             it was written by a newer release, start that one"
        ))
    }
}

/// What runs inside one transaction.
type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T, LedgerError>> + Send + 't>>;

/// How long anybody waits for one transaction, the wait for a connection
/// included. A server that stands still keeps no time limit of its own.
const PATIENCE: Duration = Duration::from_secs(4);

/// Runs a transaction in a task of its own: a client that hangs up or is sent
/// away cannot cut it off half-way.
async fn uncancelled<T: Send + 'static>(
    transaction: impl Future<Output = Result<T, LedgerError>> + Send + 'static,
) -> Result<T, LedgerError> {
    let panicked = Err(LedgerError::Inconsistent("a transaction panicked"));
    match timeout(PATIENCE, tokio::spawn(transaction)).await {
        Ok(ended) => ended.unwrap_or(panicked),
        Err(_) => Err(LedgerError::TooSlow),
    }
}

/// A claim on an idempotency key: the key and what it was used for.
#[derive(Clone, Debug)]
pub struct Claim {
    /// A random UUID, canonical.
    pub key: String,
    /// SHA-256 of the request as parsed, in hex.
    pub request_sha256: String,
}

/// What became of [`Ledger::begin`].
#[derive(Debug)]
pub enum Begun {
    /// Stored; this caller makes the checkout.
    Created,
    /// The same request was here before: this is its donation.
    Repeated(Box<Donation>),
    /// The key was used for another request.
    KeyReused,
}

/// What became of [`Ledger::settle`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Settled {
    /// Kept; the donation now has this status.
    Kept(Status),
    /// Known already; nothing changed.
    Duplicate,
    /// The nonce was used for something else: refused, nothing kept.
    NonceReused,
    /// No donation is known for it; the event is kept for review.
    Unmatched,
}

/// How a call that should have made a checkout ended without one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotOpened {
    /// The provider made none: FAILED, and the idempotency key is free again.
    Refused,
    /// Nobody can tell: UNKNOWN, and never repeated.
    Unknown,
}

/// The creator's verdict on a donation in REVIEW.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    Confirm,
    Reject,
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

/// The ledger. See the module for what every engine promises.
#[async_trait]
pub trait Ledger: Outbox {
    /// Stores a donation as CREATED, before anybody outside is asked, and
    /// claims its idempotency key if it has one.
    async fn begin(&self, new: NewDonation, claim: Option<Claim>) -> Result<Begun, LedgerError>;

    /// Notes the checkout that was made, and when the sweep first looks.
    async fn note_opened(
        &self,
        id: DonationId,
        opened: Opened,
        next_look: Millis,
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

    /// Applies a provider's report: webhook identity, status, confirmation and
    /// the notifications to send, all or nothing.
    async fn settle(&self, settlement: Settlement) -> Result<Settled, LedgerError>;

    /// Carries out the creator's verdict, and queues the news for `audience`;
    /// `None` when the donation is not in REVIEW.
    async fn resolve(
        &self,
        id: DonationId,
        verdict: Verdict,
        audience: Audience,
        now: Millis,
    ) -> Result<Option<Donation>, LedgerError>;

    /// Sets what of a donation may be shown to everybody, and nothing else of
    /// it; `false` when there is none of that id.
    async fn set_visibility(
        &self,
        id: DonationId,
        visibility: Visibility,
        now: Millis,
    ) -> Result<bool, LedgerError>;

    /// Forgets a donation's name and message, in any status, and nothing else
    /// of it; `false` when there is none of that id. What is told or shown from
    /// now on has neither.
    async fn erase_words(&self, id: DonationId, now: Millis) -> Result<bool, LedgerError>;

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

    /// When the donation was created that the sweep should look at now: one
    /// the supporter got on with before one nobody opened, then the one looked
    /// at least often, then the newest.
    async fn peek_due(&self, now: Millis) -> Result<Option<Millis>, LedgerError>;

    /// Takes that donation until `until`; nobody else is given it before.
    async fn claim_due(&self, now: Millis, until: Millis) -> Result<Option<Donation>, LedgerError>;

    /// Notes that a look failed: how many looks now count, and when the next is.
    async fn postpone(
        &self,
        id: DonationId,
        looks: u32,
        next_look: Option<Millis>,
    ) -> Result<(), LedgerError>;

    /// Forgets nonces and idempotency keys older than `forget`, and turns
    /// checkouts begun before `stale` that nobody finished into UNKNOWN. What
    /// was erased leaves the file's log as well.
    async fn tidy(&self, forget: Millis, stale: Millis, now: Millis) -> Result<(), LedgerError>;

    /// Whether the ledger agrees with itself: what is shown as confirmed with
    /// what the donations say, every reference, every row.
    async fn audit(&self) -> Result<Audit, LedgerError>;

    /// What the engine finds wrong with its own file, a line each. Reads all
    /// of it, so this is for commands, not for a running server.
    async fn damage(&self) -> Result<Vec<String>, LedgerError>;

    /// Writes something for real, to see that it can be done.
    async fn check_writable(&self, now: Millis) -> Result<(), LedgerError>;

    /// Waits for what is under way and lets go of the data.
    async fn close(&self);
}

/// What [`Ledger::settle`] is asked to do.
#[derive(Clone, Debug)]
pub struct Settlement {
    pub report: Report,
    pub source: Source,
    /// The webhook's identity, when one brought the report.
    pub identity: Option<Identity>,
    /// Who hears of it, when it changes what they should know.
    pub audience: Audience,
    pub now: Millis,
    /// The sweep's first interval.
    pub sweep_every: Duration,
}
