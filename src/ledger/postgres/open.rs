//! Connecting: the pool, its limits, and migrations that several replicas may
//! start at once.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection, PgPool};

use super::PostgresLedger;
use crate::ledger::LedgerError;

/// The schema, one step a file; a step that has shipped never changes.
const MIGRATIONS: [&str; 3] = [
    include_str!("../migrations/postgres/0001_ledger.sql"),
    include_str!("../migrations/postgres/0002_outbox.sql"),
    include_str!("../migrations/postgres/0003_checkout_limits.sql"),
];

/// Held while migrating: of several replicas one migrates, the others wait.
const MIGRATION_LOCK: i64 = 0x6261_6765_6c00;

const CONNECTIONS: u32 = 16;
/// Longer than any visitor waits, so a wait ends as 503 and not as a timeout.
const ACQUIRE: Duration = Duration::from_secs(3);

impl PostgresLedger {
    /// Connects and brings the schema up to date. Refuses a schema newer than
    /// this program.
    pub async fn open(options: PgConnectOptions) -> Result<Self, LedgerError> {
        let options = options.application_name("bagel").options([
            ("statement_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "5s"),
            ("synchronous_commit", "on"),
            // A rollback where there is nothing to roll back is no news.
            ("client_min_messages", "error"),
        ]);
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE)
            .before_acquire(|connection, _| Box::pin(roll_back(connection)))
            .connect_with(options)
            .await?;
        migrate(&pool).await?;
        Ok(Self { pool })
    }

    /// The connections, for tests that look behind the ledger.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }
}

/// Ends a transaction that a cancelled `begin` may have left open.
async fn roll_back(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::raw_sql("ROLLBACK").execute(connection).await?;
    Ok(true)
}

async fn migrate(pool: &PgPool) -> Result<(), LedgerError> {
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
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
    for (step, number) in pending.iter().zip(version + 1..) {
        sqlx::raw_sql(*step).execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO bagel_schema (version) VALUES ($1)")
            .bind(number)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(transaction.commit().await?)
}
