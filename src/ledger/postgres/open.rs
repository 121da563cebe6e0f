//! Connecting: the pool, its limits, and migrations that several replicas may
//! start at once.

use std::io::{self, ErrorKind::TimedOut};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection, PgPool};
use tokio::time::timeout;

use super::PostgresLedger;
use crate::deadlines;
use crate::ledger::LedgerError;
use crate::ledger::migrations::MIGRATIONS;

/// Held while migrating: of several replicas one migrates, the others wait.
const MIGRATION_LOCK: i64 = 0x6261_6765_6c00;

const CONNECTIONS: u32 = 16;
/// The longest ping of an idle connection; then another is opened.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);
/// The longest search for the cause of a wait.
const GLANCE: Duration = Duration::from_millis(500);

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
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(deadlines::ACQUIRE)
            // The rollback also shows whether the connection is alive.
            .test_before_acquire(false)
            .before_acquire(|connection, _| Box::pin(roll_back(connection)))
            .connect_lazy_with(options);
        migrate(&pool).await?;
        Ok(Self { pool })
    }

    /// The connections, for tests that look behind the ledger.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }
}

/// Ends a transaction that a cancelled `begin` may have left open. A rollback
/// alone would have the server complain each time that there is none. Inside a
/// failed transaction this fails, and the pool throws the connection away.
async fn roll_back(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let rollback = sqlx::raw_sql("BEGIN; ROLLBACK").execute(connection);
    let done = timeout(SIGN_OF_LIFE, rollback).await;
    done.map_or(Ok(false), |done| done.map(|_| true))
}

/// Why a pool that timed out has no connection: a new connection of its own
/// reports the cause.
pub(super) async fn cause(pool: &PgPool, error: sqlx::Error) -> sqlx::Error {
    if !matches!(error, sqlx::Error::PoolTimedOut) {
        return error;
    }
    let options = pool.connect_options();
    match timeout(GLANCE, PgConnection::connect_with(&options)).await {
        Ok(Ok(_)) => error,
        Ok(Err(cause)) => cause,
        Err(_) => io::Error::new(TimedOut, "the server was reached and does not answer").into(),
    }
}

async fn migrate(pool: &PgPool) -> Result<(), LedgerError> {
    let mut connection = match pool.acquire().await {
        Ok(connection) => connection,
        Err(error) => return Err(cause(pool, error).await.into()),
    };
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
