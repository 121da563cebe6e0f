//! The ledger in Postgres: several replicas share it.
//!
//! Rows are locked before they are judged, so two replicas never judge the
//! same donation at once. A `begin` that is cancelled in flight would leave its
//! connection inside a transaction and swallow what the next borrower writes
//! (a known fault of sqlx 0.9.0): transactions run in tasks that are never
//! cancelled, and every connection is rolled back before it leaves the pool.
//!
//! A host that vanishes leaves connections that stay silent for ever. The pool
//! would wait for them: for the end of a query, and for the ping of each
//! connection that is returned. Neither wait is unbounded here; a silent
//! connection is closed, and the pool opens another.

mod copy;
mod open;

/// A donation is judged by one transaction at a time.
macro_rules! for_update {
    () => {
        " FOR UPDATE"
    };
}
/// Does not wait for rows that another replica has locked.
macro_rules! skip_locked {
    () => {
        " FOR UPDATE SKIP LOCKED"
    };
}

#[path = "../statements/mod.rs"]
mod statements;

use std::future::{Ready, ready};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Connection as _, PgPool, Postgres};
use tokio::time::timeout;

use self::PostgresLedger as Engine;
pub use self::copy::CopyError;
use super::{LedgerError, Work, uncancelled};
use crate::deadlines;

/// The longest snapshot: commands that read the whole ledger.
const MAX_SNAPSHOT: Duration = Duration::from_mins(5);

type Connection = sqlx::PgConnection;
type Row = sqlx::postgres::PgRow;

/// Postgres checks its own files.
fn damage(_: &mut Connection) -> Ready<Result<Vec<String>, LedgerError>> {
    ready(Ok(Vec::new()))
}

/// A ledger in a Postgres database. Made by [`PostgresLedger::open`].
#[derive(Clone, Debug)]
pub struct PostgresLedger {
    pool: PgPool,
}

impl PostgresLedger {
    /// Runs `work` in one transaction that cannot be cancelled.
    async fn write<T, F>(&self, work: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send + 'static,
        T: Send + 'static,
    {
        let pool = self.pool.clone();
        uncancelled(async move {
            with_connection(&pool, deadlines::CONNECTION, |connection| {
                Box::pin(commit(connection, work))
            })
            .await
        })
        .await
    }

    /// Runs `work`, which changes nothing.
    async fn read<T, F>(&self, work: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T>,
    {
        with_connection(&self.pool, deadlines::CONNECTION, work).await
    }

    /// Runs `work` on one unchanging view of the data. Reading all of it may
    /// take longer than any statement a visitor waits for.
    async fn snapshot<T, F>(&self, work: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send + 'static,
        T: Send + 'static,
    {
        with_connection(&self.pool, MAX_SNAPSHOT, |connection| {
            Box::pin(view(connection, work))
        })
        .await
    }

    async fn explain(&self, error: LedgerError) -> LedgerError {
        match error {
            LedgerError::Unavailable(error) => open::cause(&self.pool, error).await.into(),
            other => other,
        }
    }

    /// Postgres clears its own files, by autovacuum.
    #[expect(clippy::unused_self, reason = "the other engine has a file to clear")]
    fn scrub(&self) -> Ready<Result<(), LedgerError>> {
        ready(Ok(()))
    }

    async fn disconnect(&self) {
        self.pool.close().await;
    }
}

/// Does `work` on a connection of the pool, for at most `limit`.
async fn with_connection<T, F>(pool: &PgPool, limit: Duration, work: F) -> Result<T, LedgerError>
where
    F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T>,
{
    let mut bounded = Bounded(pool.acquire().await?);
    let done = timeout(limit, work(&mut bounded.0)).await;
    done.unwrap_or(Err(LedgerError::TooSlow))
}

struct Bounded(PoolConnection<Postgres>);

impl Drop for Bounded {
    /// Runs on cancellation too. A connection that is not back in the time that
    /// the server gives a statement is closed.
    fn drop(&mut self) {
        tokio::spawn(timeout(deadlines::STATEMENT, self.0.return_to_pool()));
    }
}

/// Does `work` in a transaction.
async fn commit<T, F>(connection: &mut Connection, work: F) -> Result<T, LedgerError>
where
    F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send,
    T: Send,
{
    let mut transaction = connection.begin().await?;
    let done = work(&mut transaction).await?;
    transaction.commit().await?;
    Ok(done)
}

/// Does `work` on one unchanging view of the data.
async fn view<T, F>(connection: &mut Connection, work: F) -> Result<T, LedgerError>
where
    F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send,
    T: Send,
{
    const VIEW: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    let mut transaction = connection.begin_with(VIEW).await?;
    sqlx::raw_sql("SET LOCAL statement_timeout = '60s'")
        .execute(&mut *transaction)
        .await?;
    let done = work(&mut transaction).await?;
    transaction.rollback().await?;
    Ok(done)
}
