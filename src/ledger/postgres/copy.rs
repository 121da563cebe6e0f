//! A whole `SQLite` ledger into an empty Postgres one: all of it, or nothing.
//!
//! One transaction, which ends with the audit that the source has passed. Until
//! then no other program sees a row or writes one.
//!
//! A table is named here once, its columns nowhere: rows travel as JSON objects
//! with the columns' names. A test fails when a table is forgotten, or a column
//! is another in the other engine. Left out is what is not worth keeping: the
//! proof that writing works, and the schema's number.

use serde_json::Value;
use sqlx::error::DatabaseError;
use sqlx::{Connection as _, PgConnection};

use super::{PostgresLedger, statements};
use crate::ledger::sqlite::{SourceRow, SqliteSource};
use crate::ledger::{Audit, LedgerError};

/// One table, and the statements that copy it from `SQLite` to Postgres.
#[derive(Debug)]
struct Table {
    name: &'static str,
    /// How many rows there are, in either engine.
    count: &'static str,
    /// The rows after `$1`, a page of them, each with its number first.
    page: &'static str,
    /// Inserts the rows of `$1`, a JSON array of objects.
    insert: &'static str,
    /// Allows reads and blocks writes.
    lock: &'static str,
}

macro_rules! tables {
    ($($name:literal)*) => {
        /// All of them, one that is referred to before those that refer to it.
        const TABLES: &[Table] = &[$(Table {
            name: $name,
            count: concat!("SELECT COUNT(*) FROM ", $name),
            page: concat!(
                "SELECT rowid, * FROM ", $name, " WHERE rowid > $1 ORDER BY rowid LIMIT 500"
            ),
            insert: concat!(
                "INSERT INTO ", $name,
                " SELECT * FROM json_populate_recordset(NULL::", $name, ", $1::json)"
            ),
            lock: concat!("LOCK TABLE ", $name, " IN EXCLUSIVE MODE"),
        }),*];
    };
}

tables! {
    "donations"
    "confirmations"
    "webhooks"
    "webhook_nonces"
    "idempotency_keys"
    "outbox"
}

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(
        "it does not agree with itself. `bagel donations verify` with DATABASE_URL set to it says \
         where"
    )]
    SourceDiffers,
    #[error(
        "the Postgres ledger is not empty, there are rows in its table {0}. Copy into a database \
         of its own"
    )]
    NotEmpty(&'static str),
    #[error("somebody writes into the Postgres ledger. Stop every program that works on it")]
    InUse,
    #[error("a row of {table} is refused by Postgres: {why}")]
    Refused { table: &'static str, why: String },
    #[error("the copy of {0} would not be what its source is; this is a fault of this program")]
    Differs(&'static str),
}

impl From<sqlx::Error> for CopyError {
    fn from(error: sqlx::Error) -> Self {
        Self::Ledger(error.into())
    }
}

impl PostgresLedger {
    /// Copies everything and gives the figures, of source and copy alike.
    pub async fn copy_from(&self, source: &mut SqliteSource) -> Result<Audit, CopyError> {
        let known = source.audit().await?;
        if !known.differences.is_empty() || !source.damage().await?.is_empty() {
            return Err(CopyError::SourceDiffers);
        }
        let mut connection = self.connections.alive().await?;
        let mut transaction = connection.begin().await?;
        prepare(&mut transaction).await?;
        for table in TABLES {
            copy(table, source, &mut transaction).await?;
        }
        let copied = statements::audit::audit(&mut transaction).await?;
        let same = copied.donations == known.donations && copied.totals == known.totals;
        if !(same && copied.differences.is_empty()) {
            return Err(CopyError::Differs("the ledger"));
        }
        transaction.commit().await?;
        Ok(copied)
    }
}

/// Keeps writers out and makes sure that none was here.
async fn prepare(target: &mut PgConnection) -> Result<(), CopyError> {
    const PATIENCE: &str = "SET LOCAL lock_timeout = '3s';
                            SET LOCAL statement_timeout = '10min';
                            SET LOCAL idle_in_transaction_session_timeout = '10min'";
    sqlx::raw_sql(PATIENCE).execute(&mut *target).await?;
    for table in TABLES {
        let locked = sqlx::raw_sql(table.lock).execute(&mut *target).await;
        locked.map_err(in_use)?;
    }
    for table in TABLES {
        if count(table, target).await? > 0 {
            return Err(CopyError::NotEmpty(table.name));
        }
    }
    Ok(())
}

fn in_use(error: sqlx::Error) -> CopyError {
    const LOCK_NOT_AVAILABLE: &str = "55P03";
    let code = error.as_database_error().and_then(DatabaseError::code);
    match code.as_deref() {
        Some(LOCK_NOT_AVAILABLE) => CopyError::InUse,
        _ => error.into(),
    }
}

async fn copy(
    table: &Table,
    source: &mut SqliteSource,
    target: &mut PgConnection,
) -> Result<(), CopyError> {
    let mut last = i64::MIN;
    loop {
        let page = source.page(table.page, last).await?;
        let Some(row) = page.last() else { break };
        last = row.number;
        let inserted = insert(table, &page, target).await;
        inserted.map_err(|error| refused(table, error))?;
    }
    if count(table, target).await? != source.count(table.count).await? {
        return Err(CopyError::Differs(table.name));
    }
    Ok(())
}

async fn insert(
    table: &Table,
    rows: &[SourceRow],
    target: &mut PgConnection,
) -> Result<(), sqlx::Error> {
    let rows: Vec<_> = rows.iter().map(|row| row.columns.clone().into()).collect();
    sqlx::query(table.insert)
        .bind(Value::Array(rows).to_string())
        .execute(target)
        .await?;
    Ok(())
}

fn refused(table: &Table, error: sqlx::Error) -> CopyError {
    match error.as_database_error() {
        Some(refusal) => CopyError::Refused {
            table: table.name,
            why: refusal.message().to_owned(),
        },
        None => error.into(),
    }
}

async fn count(table: &Table, target: &mut PgConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(table.count).fetch_one(target).await
}
