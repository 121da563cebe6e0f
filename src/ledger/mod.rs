//! What a ledger promises: the truth about each donation, never lost and
//! never doubled.
//!
//! - A write that returned `Ok` is on disk.
//! - Every method that writes is atomic, and durable when it returns. It runs
//!   to its end even when the request that started it is gone.
//! - What makes a count exact is a constraint (one identity per webhook, one
//!   confirmation per donation), never a look first.
//! - [`Settling::settle`] applies [`crate::rules`] and adds no rule of its own.
//!
//! Two engines keep the promise, [`SqliteLedger`] and [`PostgresLedger`]; one
//! contract suite runs on both. SQL lives in this folder only; times are
//! milliseconds, ids are text.
//!
//! # How an operation is added
//!
//! 1. Declare it in the trait of its noun: [`Donations`], [`Edits`] and
//!    [`Lists`] in `donations.rs`, [`Settling`] and [`Sweep`] in `settling.rs`,
//!    [`Upkeep`] in `audit.rs`, [`Outbox`] in `outbox.rs`.
//! 2. Implement it beside its SQL in the file of that noun in `statements/`, with
//!    a function that takes the connection: by `self.write`, a transaction; by
//!    `self.put`, one statement that may be repeated; by `self.read`, one
//!    statement that soon ends; or by `self.snapshot`, one view of the data,
//!    which may take long. Both engines have it then: each includes the folder
//!    as a module of its own (`#[path = "../statements/mod.rs"]`), with its own
//!    `Connection`, `Row` and `Engine`, so that every statement is written once
//!    and runs on native types. Use `$n` placeholders and SQL that both
//!    understand; the clauses that differ are the macros of the engines'
//!    `mod.rs`.
//! 3. Add a case to the contract suite, `tests/it/contract/`.
//!
//! A new column is a step in `migrations/` for each engine, and a line in
//! `statements/rows.rs`, which reads rows.

mod audit;
mod donations;
mod migrations;
mod outbox;
mod postgres;
mod settling;
mod sqlite;

use std::pin::Pin;

use tokio::time::timeout;

use crate::deadlines;

pub use self::audit::{Audit, Difference, Upkeep};
pub use self::donations::{Begun, Claim, Donations, Edits, Lists, NotOpened, Unmatched};
pub use self::outbox::{Audience, NotificationId, Occasion, Outbox, OutboxEntry, Queued, State};
pub use self::postgres::{CopyError, PostgresLedger};
pub use self::settling::{
    Cutoffs, Due, First, Lookout, Resolved, Settled, Settlement, Settling, Sweep, Verdict,
};
pub use self::sqlite::{SqliteLedger, SqliteSource};

/// The ledger: every operation, for callers that do not care which engine.
pub trait Ledger: Donations + Edits + Lists + Settling + Sweep + Upkeep + Outbox {}

/// Why a ledger could not do it. The cause is for the log; it may quote rows.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("the ledger could not be reached or written")]
    Unavailable(#[source] sqlx::Error),
    #[error("the ledger cannot be opened: {0}")]
    Unusable(String),
    #[error("the ledger did not answer in time; what was asked of it may still be done")]
    TooSlow,
    /// A fault of this program. The panic hook has logged where.
    #[error("{0} panicked")]
    Panicked(&'static str),
    #[error("the ledger holds a row that cannot be read: {0}")]
    Inconsistent(&'static str),
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(error)
    }
}

impl LedgerError {
    /// A ledger of a newer release: going on could lose what that release knows.
    fn newer_schema(found: i64, known: usize) -> Self {
        Self::Unusable(format!(
            "its schema is version {found}, this program knows {known}; \
             it was written by a newer release, start that one"
        ))
    }
}

/// What runs inside one transaction.
type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T, LedgerError>> + Send + 't>>;

/// Runs a transaction in a task of its own: a client that disconnects cannot
/// cut it off half-way.
async fn uncancelled<T: Send + 'static>(
    transaction: impl Future<Output = Result<T, LedgerError>> + Send + 'static,
) -> Result<T, LedgerError> {
    let panicked = Err(LedgerError::Panicked("a transaction"));
    match timeout(deadlines::TRANSACTION, tokio::spawn(transaction)).await {
        Ok(ended) => ended.unwrap_or(panicked),
        Err(_) => Err(LedgerError::TooSlow),
    }
}
