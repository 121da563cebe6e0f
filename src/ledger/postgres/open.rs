//! Opening: the settings of a connection, and migrations that several replicas
//! may start at once.

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use super::PostgresLedger;
use super::connections::Connections;
use crate::deadlines;
use crate::ledger::LedgerError;
use crate::ledger::migrations::MIGRATIONS;

/// Held while migrating: of several replicas one migrates, the others wait.
const MIGRATION_LOCK: i64 = 0x6261_6765_6c00;

impl PostgresLedger {
    /// Connects and brings the schema up to date. Refuses a schema newer than
    /// this program.
    pub async fn open(options: PgConnectOptions) -> Result<Self, LedgerError> {
        let statement = format!("{}s", deadlines::STATEMENT.as_secs());
        let options = options.application_name("bagel").options([
            ("statement_timeout", statement.as_str()),
            ("idle_in_transaction_session_timeout", statement.as_str()),
            ("synchronous_commit", "on"),
            // Silences "relation already exists, skipping".
            ("client_min_messages", "warning"),
        ]);
        let connections = Connections::new(options);
        let mut lent = match connections.alive().await {
            Ok(lent) => lent,
            Err(error) => return Err(connections.cause(error).await.into()),
        };
        migrate(&mut lent).await?;
        lent.keep();
        Ok(Self { connections })
    }
}

async fn migrate(connection: &mut PgConnection) -> Result<(), LedgerError> {
    let mut transaction = connection.begin().await?;
    // Steps, and the wait for another replica's, may take longer than a request.
    sqlx::raw_sql("SET LOCAL statement_timeout = 0")
        .execute(&mut *transaction)
        .await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(MIGRATION_LOCK)
        .execute(&mut *transaction)
        .await?;
    sqlx::raw_sql("CREATE TABLE IF NOT EXISTS bagel_schema (version BIGINT NOT NULL PRIMARY KEY)")
        .execute(&mut *transaction)
        .await?;
    let version: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM bagel_schema")
        .fetch_one(&mut *transaction)
        .await?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    let Some(pending) = MIGRATIONS.get(done..) else {
        return Err(LedgerError::newer_schema(version, MIGRATIONS.len()));
    };
    for ((_, step), number) in pending.iter().zip(version + 1..) {
        sqlx::raw_sql(*step).execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO bagel_schema (version) VALUES ($1)")
            .bind(number)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(transaction.commit().await?)
}
