//! A ledger of either engine, and one look behind it for tests.

use std::ops::Deref;
use std::sync::Arc;

use bagel::ledger::{Ledger, PostgresLedger, SqliteLedger};

/// A ledger that still knows what it is.
#[derive(Clone)]
pub(crate) enum AnyLedger {
    Sqlite(SqliteLedger),
    Postgres(PostgresLedger),
}

impl AnyLedger {
    /// As the program has it.
    pub(crate) fn shared(&self) -> Arc<dyn Ledger> {
        match self.clone() {
            Self::Sqlite(ledger) => Arc::new(ledger),
            Self::Postgres(ledger) => Arc::new(ledger),
        }
    }

    /// Runs one statement behind the ledger's back.
    pub(crate) async fn tamper(&self, sql: &'static str) {
        self.done(sql).await.unwrap();
    }

    /// Why one statement is refused, by the connections the program has.
    pub(crate) async fn refusal(&self, sql: &'static str) -> String {
        self.done(sql).await.unwrap_err().to_string()
    }

    async fn done(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(ledger) => sqlx::query(sql).execute(ledger.pool()).await.map(drop),
            Self::Postgres(ledger) => {
                let mut connection = ledger.connection().await.unwrap();
                let done = sqlx::query(sql).execute(&mut *connection).await;
                done.map(drop)
            }
        }
    }

    /// Runs one statement with one number behind the ledger's back.
    pub(crate) async fn fill(&self, sql: &'static str, count: i64) {
        match self {
            Self::Sqlite(ledger) => {
                let query = sqlx::query(sql).bind(count);
                query.execute(ledger.pool()).await.unwrap();
            }
            Self::Postgres(ledger) => {
                let query = sqlx::query(sql).bind(count);
                let mut connection = ledger.connection().await.unwrap();
                query.execute(&mut *connection).await.unwrap();
            }
        }
    }

    /// One number straight from the data.
    pub(crate) async fn figure(&self, sql: &'static str) -> i64 {
        let figure = match self {
            Self::Sqlite(ledger) => sqlx::query_scalar(sql).fetch_one(ledger.pool()).await,
            Self::Postgres(ledger) => {
                let mut connection = ledger.connection().await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&mut *connection).await
            }
        };
        figure.unwrap()
    }

    /// One column of text straight from the data.
    pub(crate) async fn texts(&self, sql: &'static str) -> Vec<String> {
        let texts = match self {
            Self::Sqlite(ledger) => sqlx::query_scalar(sql).fetch_all(ledger.pool()).await,
            Self::Postgres(ledger) => {
                let mut connection = ledger.connection().await.unwrap();
                sqlx::query_scalar(sql).fetch_all(&mut *connection).await
            }
        };
        texts.unwrap()
    }
}

impl Deref for AnyLedger {
    type Target = dyn Ledger;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Sqlite(ledger) => ledger,
            Self::Postgres(ledger) => ledger,
        }
    }
}
