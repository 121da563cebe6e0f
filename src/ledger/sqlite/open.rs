//! Opening the file: pragmas, migrations, and the checks without which the
//! program refuses to start.

use std::future::ready;
use std::path::Path;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection, SqlitePool};
use tokio::time::sleep;

use super::SqliteLedger;
use super::writer::Writer;
use crate::deadlines;
use crate::ledger::LedgerError;
use crate::ledger::migrations::MIGRATIONS;

const READERS: u32 = 4;
/// Pages of 4 KiB in the log before it is copied into the file. With the usual
/// 1000 that copying was a tenth of a checkout's processor.
const CHECKPOINT: &str = "4096";
/// Memory for pages of each reader, in KiB: it reads single rows, and the
/// kernel has the file.
const READER_CACHE: &str = "-512";
/// The same as a statement.
pub(super) const BUSY_TIMEOUT: &str = "PRAGMA busy_timeout = 5000";

impl SqliteLedger {
    /// Opens the ledger at `path`, making the file if it is not there, and
    /// brings its schema up to date. Refuses a folder that is missing, a
    /// schema newer than this program, and a file without the guarantees.
    pub async fn open(path: &Path) -> Result<Self, LedgerError> {
        check_folder(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Overwrites what a supporter erases, also in free space.
            .pragma("secure_delete", "ON")
            .pragma("wal_autocheckpoint", CHECKPOINT)
            .busy_timeout(deadlines::STATEMENT);
        let writer = writer(&options).await?;
        let mut connection = writer.acquire().await?;
        migrate(&mut connection).await?;
        check_guarantees(&mut connection).await?;
        drop(connection);
        let options = options.read_only(true).pragma("cache_size", READER_CACHE);
        let readers = pool(READERS).connect_with(options).await?;
        Ok(Self {
            writer: Writer::start(writer.clone()),
            writing: writer,
            readers,
        })
    }

    /// The writer, for tests that look behind the ledger.
    pub fn pool(&self) -> &SqlitePool {
        &self.writing
    }
}

/// Retries, because several programs may start on one new file and `SQLite`
/// does not wait for the others when it switches to a write-ahead log.
pub(super) async fn writer(options: &SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let mut tries = 0;
    loop {
        let connecting = pool(1)
            .before_acquire(|connection, _| Box::pin(ready(Ok(is_whole(connection)))))
            .connect_with(options.clone());
        match connecting.await {
            Err(error) if is_busy(&error) && tries < 100 => tries += 1,
            connected => return connected,
        }
        sleep(Duration::from_millis(30)).await;
    }
}

/// `SQLITE_BUSY`: another program holds the lock.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.as_deref() == Some("5")
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(deadlines::ACQUIRE)
        // A file does not hang up; asking costs as much as a read.
        .test_before_acquire(false)
        // A connection that dies with its last idle minute takes WAL state with it.
        .idle_timeout(None)
        .max_lifetime(None)
}

/// On a full disk `SQLite` rolls a transaction back by itself. The driver's own
/// rollback then fails, and it believes for ever to be inside a transaction.
fn is_whole(connection: &SqliteConnection) -> bool {
    !connection.is_in_transaction()
}

fn check_folder(path: &Path) -> Result<(), LedgerError> {
    match path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        Some(folder) if !folder.is_dir() => Err(LedgerError::Unusable(format!(
            "the folder {} does not exist; make it, or name another file in DATABASE_URL",
            folder.display()
        ))),
        _ => Ok(()),
    }
}

/// Brings the schema up to date in one transaction, so two programs that
/// start on one file cannot both do it.
async fn migrate(connection: &mut SqliteConnection) -> Result<(), LedgerError> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let version: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut *transaction)
        .await?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    let Some(pending) = MIGRATIONS.get(done..) else {
        return Err(LedgerError::newer_schema(version, MIGRATIONS.len()));
    };
    for (step, _) in pending {
        sqlx::raw_sql(*step).execute(&mut *transaction).await?;
    }
    Ok(transaction.commit().await?)
}

/// The guarantees the promise rests on, asserted instead of assumed.
async fn check_guarantees(connection: &mut SqliteConnection) -> Result<(), LedgerError> {
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut *connection)
        .await?;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous")
        .fetch_one(&mut *connection)
        .await?;
    let foreign_keys: i64 = sqlx::query_scalar("PRAGMA foreign_keys")
        .fetch_one(&mut *connection)
        .await?;
    let loose_tables: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM pragma_table_list
         WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND strict = 0",
    )
    .fetch_one(&mut *connection)
    .await?;
    let held = journal == "wal" && synchronous == 2 && foreign_keys == 1 && loose_tables == 0;
    if held {
        return Ok(());
    }
    Err(LedgerError::Unusable(format!(
        "it must run with journal_mode wal, synchronous 2, foreign_keys 1 and only STRICT tables, \
         found {journal}, {synchronous}, {foreign_keys} and {loose_tables} other tables; \
         keep it on a local disk and give it a file of its own"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Upkeep;

    async fn opened_and_closed(path: &Path) {
        SqliteLedger::open(path).await.unwrap().close().await;
    }

    /// Does something to the file that this program would not.
    async fn tamper(path: &Path, sql: &'static str) {
        let options = SqliteConnectOptions::new().filename(path);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    async fn refusal(path: &Path) -> String {
        SqliteLedger::open(path).await.unwrap_err().to_string()
    }

    #[tokio::test]
    async fn every_step_of_the_schema_leaves_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bagel.db");
        for _ in 0..2 {
            let ledger = SqliteLedger::open(&path).await.unwrap();
            let version = sqlx::query_scalar("PRAGMA user_version");
            let version: i64 = version.fetch_one(ledger.pool()).await.unwrap();
            assert_eq!(usize::try_from(version).unwrap(), MIGRATIONS.len());
            ledger.close().await;
        }
    }

    #[tokio::test]
    async fn a_newer_schema_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bagel.db");
        opened_and_closed(&path).await;
        tamper(&path, "PRAGMA user_version = 99").await;
        assert!(refusal(&path).await.contains("newer release"));
    }

    #[tokio::test]
    async fn a_table_that_takes_anything_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bagel.db");
        opened_and_closed(&path).await;
        tamper(&path, "CREATE TABLE loose (anything)").await;
        assert!(refusal(&path).await.contains("1 other tables"));
    }

    #[tokio::test]
    async fn less_than_wal_full_and_foreign_keys_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bagel.db");
        opened_and_closed(&path).await;
        for loosen in [
            "PRAGMA journal_mode = DELETE",
            "PRAGMA synchronous = NORMAL",
            "PRAGMA foreign_keys = OFF",
        ] {
            let options = SqliteConnectOptions::new()
                .filename(&path)
                .journal_mode(SqliteJournalMode::Wal);
            let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
            check_guarantees(&mut connection).await.unwrap();
            sqlx::raw_sql(loosen)
                .execute(&mut connection)
                .await
                .unwrap();
            assert!(check_guarantees(&mut connection).await.is_err(), "{loosen}");
            connection.close().await.unwrap();
        }
    }
}
