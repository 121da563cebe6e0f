//! What `SQLite` itself finds wrong with the file: pages, indexes, constraints
//! and references. Reads the whole file.

use sqlx::{Error, Row as _, SqliteConnection};

use crate::ledger::LedgerError;

/// A line for each thing that is wrong.
pub(super) async fn damage(connection: &mut SqliteConnection) -> Result<Vec<String>, LedgerError> {
    let mut found = match pages(connection).await {
        // Some damage ends the check itself.
        Err(Error::Database(error)) => vec![error.message().to_owned()],
        found => found?,
    };
    if found.is_empty() {
        found = references(connection).await?;
    }
    Ok(found)
}

async fn pages(connection: &mut SqliteConnection) -> Result<Vec<String>, Error> {
    let mut found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_all(connection)
        .await?;
    found.retain(|line| line != "ok");
    Ok(found)
}

async fn references(connection: &mut SqliteConnection) -> Result<Vec<String>, Error> {
    let orphans = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(connection)
        .await?;
    let told = |orphan: &sqlx::sqlite::SqliteRow| {
        let (table, parent): (&str, &str) = (orphan.try_get("table")?, orphan.try_get("parent")?);
        let row: Option<i64> = orphan.try_get("rowid")?;
        let row = row.unwrap_or_default();
        Ok(format!(
            "row {row} of {table} points to a row of {parent} that is not there"
        ))
    };
    orphans.iter().map(told).collect()
}
