//! The ledger in Postgres: several replicas share it.
//!
//! Rows are locked before they are judged, so two replicas never judge the
//! same donation at once.
//!
//! A round trip to the server is what a request pays for. Each of a checkout's
//! writes, and the read of a poll, is one statement and one round trip: it is
//! its own transaction, durable when it is answered. Work of several statements
//! runs between `BEGIN` and `COMMIT`, in a task that is never cancelled.

mod connections;
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
/// Claims the idempotency key `$13`, if there is one, in the statement that
/// stores its donation.
macro_rules! claiming {
    () => {
        "WITH claimed AS (
             INSERT INTO idempotency_keys (key, request_sha256, donation_id, created_at)
             SELECT $13, $14, $1, $2 WHERE $13 IS NOT NULL
             ON CONFLICT DO NOTHING
             RETURNING key)
         "
    };
}
/// Stores nothing where another donation has the key.
macro_rules! if_claimed {
    () => {
        "$13 IS NULL OR EXISTS (SELECT 1 FROM claimed)"
    };
}

#[path = "../statements/mod.rs"]
mod statements;

use std::future::{Ready, ready};
use std::ops::DerefMut;
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};

use self::PostgresLedger as Engine;
use self::connections::Connections;
pub use self::copy::CopyError;
use super::{LedgerError, Work, uncancelled};
use crate::deadlines;

/// `claiming!` does.
const CLAIMS_AS_IT_STORES: bool = true;
/// The longest snapshot: commands that read the whole ledger.
const MAX_SNAPSHOT: Duration = Duration::from_mins(5);

type Connection = PgConnection;
type Row = sqlx::postgres::PgRow;

/// Postgres checks its own files.
fn damage(_: &mut Connection) -> Ready<Result<Vec<String>, LedgerError>> {
    ready(Ok(Vec::new()))
}

/// A ledger in a Postgres database. Made by [`PostgresLedger::open`].
#[derive(Clone, Debug)]
pub struct PostgresLedger {
    connections: Connections,
}

impl PostgresLedger {
    /// Does `work` as one transaction that cannot be cancelled.
    async fn write<T, F>(&self, work: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send + 'static,
        T: Send + 'static,
    {
        let connections = self.connections.clone();
        uncancelled(async move {
            let lent = connections.alive().await?;
            let limit = deadlines::CONNECTION;
            lent.run(limit, |it| Box::pin(commit(it, work))).await
        })
        .await
    }

    /// Does a statement that is its own transaction and cannot be cancelled. It
    /// may be done twice, however late: the second time it must change nothing.
    /// It must be read to its end: the commit comes after its rows.
    async fn put<T, F>(&self, statement: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Clone + Send + 'static,
        T: Send + 'static,
    {
        let connections = self.connections.clone();
        uncancelled(async move { connections.repeatable(statement).await }).await
    }

    /// Does a statement that changes nothing and soon ends.
    async fn read<T, F>(&self, statement: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Clone,
    {
        self.connections.repeatable(statement).await
    }

    /// Does `work` on one unchanging view of the data. Reading all of it may
    /// take longer than any statement a visitor waits for.
    async fn snapshot<T, F>(&self, work: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send + 'static,
        T: Send + 'static,
    {
        let lent = self.connections.alive().await?;
        lent.run(MAX_SNAPSHOT, |it| Box::pin(view(it, work))).await
    }

    async fn explain(&self, error: LedgerError) -> LedgerError {
        match error {
            LedgerError::Unavailable(error) => self.connections.cause(error).await.into(),
            other => other,
        }
    }

    /// One of the program's connections, for tests that look behind the ledger.
    pub async fn connection(
        &self,
    ) -> Result<impl DerefMut<Target = PgConnection> + use<>, LedgerError> {
        Ok(self.connections.alive().await?)
    }

    /// Postgres clears its own files, by autovacuum.
    #[expect(clippy::unused_self, reason = "the other engine has a file to clear")]
    fn scrub(&self) -> Ready<Result<(), LedgerError>> {
        ready(Ok(()))
    }

    async fn disconnect(&self) {
        self.connections.close().await;
    }
}

/// Does `work` in a transaction.
async fn commit<T, F>(connection: &mut Connection, work: F) -> Result<T, LedgerError>
where
    F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send,
    T: Send,
{
    let mut transaction = connection.begin().await?;
    match work(&mut transaction).await {
        Ok(done) => {
            transaction.commit().await?;
            Ok(done)
        }
        Err(error) => {
            // Closing the connection undoes it as well, with a word in the server's log.
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
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
