//! A `SQLite` file read as a whole: the exclusive source of a copy, and what the
//! engine finds wrong with it (pages, indexes, constraints, references). Changes
//! nothing in it.

use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value};
use sqlx::sqlite::{SqliteConnectOptions, SqliteLockingMode, SqliteRow};
use sqlx::{
    Column as _, ConnectOptions, Connection as _, Row as _, SqliteConnection, ValueRef as _,
};

use super::statements;
use crate::ledger::migrations::MIGRATIONS;
use crate::ledger::{Audit, LedgerError};

/// A ledger that no other program uses. Made by [`SqliteSource::open`].
#[derive(Debug)]
pub struct SqliteSource {
    connection: SqliteConnection,
}

/// A row of a table, as an object of its columns.
#[derive(Debug)]
pub(in crate::ledger) struct SourceRow {
    pub(in crate::ledger) number: i64,
    pub(in crate::ledger) columns: Map<String, Value>,
}

impl SqliteSource {
    /// Takes the ledger at `path` for itself. Refuses a file that is missing,
    /// that a program has open, or whose schema is not this program's own.
    pub async fn open(path: &Path) -> Result<Self, LedgerError> {
        if !path.exists() {
            return Err(unusable("there is no such file"));
        }
        // In this mode a lock is granted only when no program has the file
        // open, idle or not, and none can open it afterwards.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .locking_mode(SqliteLockingMode::Exclusive)
            .busy_timeout(Duration::from_secs(1));
        let connection = options.connect().await.map_err(in_use)?;
        let mut source = Self { connection };
        match source.take().await {
            Ok(()) => Ok(source),
            Err(error) => {
                source.close().await;
                Err(error)
            }
        }
    }

    async fn take(&mut self) -> Result<(), LedgerError> {
        sqlx::raw_sql("BEGIN EXCLUSIVE")
            .execute(&mut self.connection)
            .await
            .map_err(in_use)?;
        let version = sqlx::query_scalar("PRAGMA user_version")
            .fetch_one(&mut self.connection)
            .await?;
        check_version(version)
    }

    /// Closes the file and leaves nothing beside it.
    pub async fn close(self) {
        // Nothing was written that could be lost.
        let _ = self.connection.close().await;
    }

    /// As [`crate::ledger::Upkeep::audit`].
    pub async fn audit(&mut self) -> Result<Audit, LedgerError> {
        statements::audit::audit(&mut self.connection).await
    }

    /// As [`crate::ledger::Upkeep::damage`].
    pub async fn damage(&mut self) -> Result<Vec<String>, LedgerError> {
        damage(&mut self.connection).await
    }

    pub(in crate::ledger) async fn count(
        &mut self,
        count: &'static str,
    ) -> Result<i64, LedgerError> {
        let count = sqlx::query_scalar(count);
        Ok(count.fetch_one(&mut self.connection).await?)
    }

    /// The rows of a table after the one numbered `after`; none at its end.
    pub(in crate::ledger) async fn page(
        &mut self,
        page: &'static str,
        after: i64,
    ) -> Result<Vec<SourceRow>, LedgerError> {
        let page = sqlx::query(page).bind(after);
        let page = page.fetch_all(&mut self.connection).await?;
        page.iter().map(read).collect()
    }
}

fn read(row: &SqliteRow) -> Result<SourceRow, LedgerError> {
    let mut columns = Map::new();
    for column in row.columns().iter().skip(1) {
        let value = value(row, column.ordinal())?;
        columns.insert(column.name().to_owned(), value);
    }
    let number = row.try_get(0)?;
    Ok(SourceRow { number, columns })
}

/// Whole numbers and text are all that a ledger holds.
fn value(row: &SqliteRow, column: usize) -> Result<Value, LedgerError> {
    if row.try_get_raw(column)?.is_null() {
        return Ok(Value::Null);
    }
    if let Ok(number) = row.try_get::<i64, _>(column) {
        return Ok(number.into());
    }
    Ok(row.try_get::<String, _>(column)?.into())
}

fn check_version(version: i64) -> Result<(), LedgerError> {
    let known = MIGRATIONS.len();
    match usize::try_from(version) {
        Ok(version) if version == known => Ok(()),
        Ok(0) => Err(unusable("it is no ledger of this program")),
        Ok(version) if version < known => Err(unusable(&format!(
            "its schema is version {version}, this program's is {known}; let this program bring \
             it up to date first, by `bagel donations verify` with DATABASE_URL set to it"
        ))),
        _ => Err(LedgerError::newer_schema(version, known)),
    }
}

fn in_use(error: sqlx::Error) -> LedgerError {
    let busy = |error: &sqlx::Error| {
        let error = error.as_database_error()?;
        Some(error.code()?.parse::<u32>().ok()? & 0xff == 5)
    };
    if busy(&error) == Some(true) {
        return unusable(
            "a program has it open; stop that one, and leave it stopped: what it wrote from now \
             on would not be copied",
        );
    }
    LedgerError::Unavailable(error)
}

fn unusable(why: &str) -> LedgerError {
    LedgerError::Unusable(why.to_owned())
}

/// A line for each thing that is wrong.
pub(super) async fn damage(connection: &mut SqliteConnection) -> Result<Vec<String>, LedgerError> {
    let mut found = match pages(connection).await {
        // Some damage ends the check itself.
        Err(sqlx::Error::Database(error)) => vec![error.message().to_owned()],
        found => found?,
    };
    if found.is_empty() {
        found = references(connection).await?;
    }
    Ok(found)
}

async fn pages(connection: &mut SqliteConnection) -> Result<Vec<String>, sqlx::Error> {
    let mut found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_all(connection)
        .await?;
    found.retain(|line| line != "ok");
    Ok(found)
}

async fn references(connection: &mut SqliteConnection) -> Result<Vec<String>, sqlx::Error> {
    let orphans = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(connection)
        .await?;
    let line = |orphan: &SqliteRow| {
        let (table, parent): (&str, &str) = (orphan.try_get("table")?, orphan.try_get("parent")?);
        let row: Option<i64> = orphan.try_get("rowid")?;
        let row = row.unwrap_or_default();
        Ok(format!(
            "row {row} of {table} points to a row of {parent} that is not there"
        ))
    };
    orphans.iter().map(line).collect()
}
