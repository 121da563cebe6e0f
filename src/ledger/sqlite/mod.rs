//! The ledger in one `SQLite` file: the default engine.
//!
//! One writer connection with `BEGIN IMMEDIATE` (plain `BEGIN` from several
//! connections fails at once under load) and a pool of readers beside it.
//! Write-ahead log and `synchronous = FULL`: what was answered survives a
//! power cut.

mod open;
mod source;
mod writer;

/// `BEGIN IMMEDIATE` has the whole file to itself already.
macro_rules! for_update {
    () => {
        ""
    };
}
macro_rules! skip_locked {
    () => {
        ""
    };
}
/// Two statements of one transaction: a `WITH` here may only read.
macro_rules! claiming {
    () => {
        ""
    };
}
macro_rules! if_claimed {
    () => {
        "true"
    };
}

#[path = "../statements/mod.rs"]
mod statements;

use std::future::ready;

use sqlx::SqlitePool;

use self::SqliteLedger as Engine;
pub(super) use self::source::SourceRow;
pub use self::source::SqliteSource;
use self::source::damage;
use self::writer::Writer;
use super::{LedgerError, Work, uncancelled};

/// `claiming!` does not.
const CLAIMS_AS_IT_STORES: bool = false;

type Connection = sqlx::SqliteConnection;
type Row = sqlx::sqlite::SqliteRow;

/// A ledger in a `SQLite` file. Made by [`SqliteLedger::open`].
#[derive(Clone, Debug)]
pub struct SqliteLedger {
    writer: Writer,
    /// The connection that writes.
    writing: SqlitePool,
    readers: SqlitePool,
}

impl SqliteLedger {
    /// Does `work` as one transaction that cannot be cancelled.
    async fn write<T, F>(&self, work: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send + 'static,
        T: Send + 'static,
    {
        self.writer.write(work).await
    }

    /// Does one statement, which may be repeated: a job that needs no savepoint.
    async fn put<T, F>(&self, statement: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T> + Send + 'static,
        T: Send + 'static,
    {
        self.writer.put(statement).await
    }

    /// Runs `work` on one unchanging view of the data.
    async fn snapshot<T, F>(&self, work: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T>,
    {
        let mut transaction = self.readers.begin().await?;
        let done = work(&mut transaction).await?;
        transaction.rollback().await?;
        Ok(done)
    }

    /// Runs `work`, which changes nothing.
    async fn read<T, F>(&self, work: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut Connection) -> Work<'t, T>,
    {
        let mut reader = self.readers.acquire().await?;
        work(&mut reader).await
    }

    /// `SQLite`'s own error already names the cause.
    #[expect(clippy::unused_self, reason = "the other engine asks its server")]
    fn explain(&self, error: LedgerError) -> impl Future<Output = LedgerError> {
        ready(error)
    }

    /// Empties the write-ahead log into the file, so that nothing erased is
    /// left in it. Does not wait for active readers; the next run will finish
    /// the job.
    async fn scrub(&self) -> Result<(), LedgerError> {
        const EMPTY_LOG: &str = "PRAGMA busy_timeout = 100; PRAGMA wal_checkpoint(TRUNCATE)";
        let pool = self.writing.clone();
        uncancelled(async move {
            let mut writer = pool.acquire().await?;
            let emptied = sqlx::raw_sql(EMPTY_LOG).execute(&mut *writer).await;
            sqlx::raw_sql(open::BUSY_TIMEOUT)
                .execute(&mut *writer)
                .await?;
            emptied.map(drop).map_err(Into::into)
        })
        .await
    }

    async fn disconnect(&self) {
        self.readers.close().await;
        self.writing.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::statements::settle::{confirm, update};
    use super::*;
    use crate::clock::Millis;
    use crate::donation::{DonationId, NewDonation, Request};
    use crate::ledger::{Donations, Lists};
    use crate::money::{Cents, Currency, Money};
    use crate::status::Status;

    /// What the file's own lock would make up for, seen without it: two writers
    /// that read the same row, as two programs on one ledger may.
    #[tokio::test]
    async fn a_donation_that_moved_since_it_was_read_is_not_written_over() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("bagel.db");
        let ledger = SqliteLedger::open(&path).await.unwrap();
        let new = NewDonation {
            id: DonationId::random(),
            created_at: Millis(0),
            request: Request::anonymous(Money {
                cents: Cents(500),
                currency: Currency::Usd,
            }),
            provider: "allscale",
        };
        let (id, now) = (new.id, Millis(1));
        ledger.begin(new, None).await.unwrap();
        let read = ledger.donation(id).await.unwrap().unwrap();
        let mut tx = ledger.pool().acquire().await.unwrap();
        let first = update(&mut tx, &read, Status::Confirmed, None, now).await;
        let late = update(&mut tx, &read, Status::Timeout, None, now).await;
        assert_eq!((first.unwrap(), late.unwrap()), (true, false));
        // However often a payment is counted, it counts once.
        for _ in 0..2 {
            confirm(&mut tx, &read, now).await.unwrap();
        }
        drop(tx);
        let donation = ledger.donation(id).await.unwrap().unwrap();
        assert_eq!(donation.status, Status::Confirmed);
        assert_eq!(ledger.totals().await.unwrap()[0].1, 1);
    }
}
