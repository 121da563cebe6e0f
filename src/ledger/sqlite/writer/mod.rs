//! The writer: group commit.
//!
//! Owns the one connection that writes. What waits for it now is one batch, one
//! transaction and one fsync; nothing waits for a batch to fill. Each job is
//! atomic by itself, in a savepoint or as a single statement, and is answered
//! only after the commit: it is durable then.
//!
//! - A job that fails, panics or takes too long is undone alone. A statement that
//!   takes too long may still be done.
//! - Where `SQLite` has undone the whole batch (a full disk), or the commit
//!   fails, every job of it fails, and none has happened.
//! - A requester that has gone before its job began is passed over; one that
//!   goes later changes nothing.
//! - Once the ledger is closed, what still waits fails.
//!
//! A batch is bounded by its number of jobs. Each writes a few rows of texts
//! whose length is bounded, so that bounds the bytes as well.

#[cfg(test)]
mod tests;

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use sqlx::SqlitePool;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::Connection;
use crate::deadlines;
use crate::ledger::{LedgerError, Work};

/// Jobs in one transaction.
const MOST: usize = 128;
/// Jobs that wait; beyond it requesters wait to be let in.
const WAITING: usize = 4096;

/// Hands jobs to the writer.
#[derive(Clone, Debug)]
pub(super) struct Writer(mpsc::Sender<Box<dyn Job>>);

impl Writer {
    /// Starts the writer; it ends with its last handle.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (sender, jobs) = mpsc::channel(WAITING);
        tokio::spawn(run(jobs, pool));
        Self(sender)
    }

    /// Does `work`, atomic and durable when it returns. A requester that stops
    /// waiting does not undo it.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send + 'static,
        T: Send + 'static,
    {
        self.request(work, Kind::Transaction).await
    }

    /// [`Writer::write`] of one statement, which is atomic without a savepoint.
    pub(super) async fn put<T, F>(&self, statement: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send + 'static,
        T: Send + 'static,
    {
        self.request(statement, Kind::Statement).await
    }

    async fn request<T, F>(&self, work: F, kind: Kind) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send + 'static,
        T: Send + 'static,
    {
        let (requester, answer) = oneshot::channel();
        let job = Box::new(Requested {
            kind,
            work: Some(work),
            result: None,
            requester,
        });
        let answered = async {
            self.0.send(job).await.map_err(|_| closed())?;
            answer.await.unwrap_or_else(|_| Err(closed()))
        };
        let answered = timeout(deadlines::TRANSACTION, answered).await;
        answered.unwrap_or(Err(LedgerError::TooSlow))
    }
}

fn closed() -> LedgerError {
    sqlx::Error::PoolClosed.into()
}

/// What makes a job atomic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// A savepoint around it.
    Transaction,
    /// It is one statement.
    Statement,
}

/// One piece of work and its requester, whatever the work gives.
#[async_trait::async_trait]
trait Job: Send {
    fn kind(&self) -> Kind;

    /// Whether its requester still waits.
    fn is_wanted(&self) -> bool;

    /// Does the work; whether it succeeded.
    async fn run(&mut self, connection: &mut Connection) -> bool;

    /// Tells the requester, after the commit, what came of it; `failure` is
    /// why the whole batch did not happen.
    fn answer(self: Box<Self>, failure: Option<LedgerError>);
}

struct Requested<T, F> {
    kind: Kind,
    work: Option<F>,
    result: Option<Result<T, LedgerError>>,
    requester: oneshot::Sender<Result<T, LedgerError>>,
}

#[async_trait::async_trait]
impl<T, F> Job for Requested<T, F>
where
    F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send,
    T: Send,
{
    fn kind(&self) -> Kind {
        self.kind
    }

    fn is_wanted(&self) -> bool {
        !self.requester.is_closed()
    }

    async fn run(&mut self, connection: &mut Connection) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        let done = timeout(deadlines::JOB, caught(work(connection))).await;
        let result = done.unwrap_or(Err(LedgerError::TooSlow));
        let succeeded = result.is_ok();
        self.result = Some(result);
        succeeded
    }

    fn answer(self: Box<Self>, failure: Option<LedgerError>) {
        let result = match (self.result, failure) {
            // A job's own error says more than that of its batch.
            (Some(Err(error)), _) | (_, Some(error)) => Err(error),
            (Some(Ok(done)), None) => Ok(done),
            (None, None) => Err(closed()),
        };
        // The requester may have gone.
        let _ = self.requester.send(result);
    }
}

/// A panic is an error of this work alone.
async fn caught<T>(work: Work<'_, T>) -> Result<T, LedgerError> {
    let mut work = pin!(work);
    poll_fn(move |context| {
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        polled.unwrap_or(Poll::Ready(Err(LedgerError::Panicked("a transaction"))))
    })
    .await
}

/// Does what waits, batch by batch.
async fn run(mut jobs: mpsc::Receiver<Box<dyn Job>>, pool: SqlitePool) {
    let mut batch = Vec::with_capacity(MOST);
    while jobs.recv_many(&mut batch, MOST).await > 0 {
        batch.retain(|job| job.is_wanted());
        if batch.is_empty() {
            continue;
        }
        let failure = commit(&pool, &mut batch).await.err();
        for job in batch.drain(..) {
            job.answer(failure.as_ref().map(again));
        }
    }
}

/// Opens the transaction of a batch, and a savepoint.
const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT job";
/// Keeps what was done since the savepoint, and opens another. Fails where
/// `SQLite` has undone the transaction itself.
const KEEP: &str = "RELEASE job; SAVEPOINT job";
/// Undoes what was done since the savepoint, which stays open. Fails like `KEEP`.
const UNDO: &str = "ROLLBACK TO job";

/// Does every job of a batch in one transaction. An error means that none of
/// them has happened.
async fn commit(pool: &SqlitePool, batch: &mut [Box<dyn Job>]) -> Result<(), sqlx::Error> {
    let mut transaction = pool.begin_with(BEGIN).await?;
    // Whether something was done since the savepoint. Each statement is a hop to
    // the driver's thread, so there are few.
    let mut done = false;
    for job in batch {
        if done && job.kind() == Kind::Transaction {
            sqlx::query(KEEP).execute(&mut *transaction).await?;
        }
        done = job.run(&mut transaction).await;
        if !done {
            let then = match job.kind() {
                Kind::Transaction => UNDO,
                Kind::Statement => KEEP,
            };
            sqlx::query(then).execute(&mut *transaction).await?;
        }
    }
    transaction.commit().await
}

/// The same error, for each job of a batch.
fn again(error: &sqlx::Error) -> LedgerError {
    match error {
        sqlx::Error::PoolClosed => closed(),
        sqlx::Error::PoolTimedOut => sqlx::Error::PoolTimedOut.into(),
        error => sqlx::Error::Protocol(error.to_string()).into(),
    }
}
