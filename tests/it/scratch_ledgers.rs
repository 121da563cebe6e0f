//! Ledgers to scribble in: an `SQLite` file in a folder of its own, and a
//! Postgres database of its own on the server that `./test` starts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use bagel::ledger::{Ledger, PostgresLedger, SqliteLedger};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

/// One store of data, and as many ledgers over it as there would be programs.
pub(crate) struct Scratch {
    engine: Engine,
}

enum Engine {
    Sqlite(TempDir),
    Postgres(Box<PgConnectOptions>),
}

impl Scratch {
    pub(crate) fn sqlite() -> Self {
        Self {
            engine: Engine::Sqlite(TempDir::new().unwrap()),
        }
    }

    /// A database of its own. Fails, never skips, without a server.
    #[expect(
        clippy::disallowed_methods,
        reason = "the name of a database cannot be bound; ours is digits"
    )]
    pub(crate) async fn postgres() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let server = server();
        let nth = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("bagel_{}_{nth}", std::process::id());
        let mut connection = PgConnection::connect_with(&server).await.unwrap();
        let create = format!("CREATE DATABASE {name}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(create))
            .execute(&mut connection)
            .await
            .unwrap();
        Self {
            engine: Engine::Postgres(Box::new(server.database(&name))),
        }
    }

    /// A ledger over a database of [`Scratch::postgres`], as what it is.
    pub(crate) async fn postgres_ledger(&self) -> PostgresLedger {
        match &self.engine {
            Engine::Postgres(options) => PostgresLedger::open(*options.clone()).await.unwrap(),
            Engine::Sqlite(_) => unreachable!("this ledger is a file"),
        }
    }

    /// Whether a program of this release would start on a schema of a newer one.
    pub(crate) async fn takes_a_newer_schema(&self) -> bool {
        let newer = "INSERT INTO bagel_schema (version) VALUES (99)";
        let ledger = self.postgres_ledger().await;
        sqlx::raw_sql(newer).execute(ledger.pool()).await.unwrap();
        match &self.engine {
            Engine::Postgres(options) => PostgresLedger::open(*options.clone()).await.is_ok(),
            Engine::Sqlite(_) => unreachable!("this ledger is a file"),
        }
    }

    /// Another program's ledger over the same data.
    pub(crate) async fn open(&self) -> Arc<dyn Ledger> {
        match &self.engine {
            Engine::Sqlite(folder) => {
                let path = folder.path().join("bagel.db");
                Arc::new(SqliteLedger::open(&path).await.unwrap())
            }
            Engine::Postgres(_) => Arc::new(self.postgres_ledger().await),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "where the tests' server is, is no setting of the program"
)]
fn server() -> PgConnectOptions {
    let url = std::env::var("BAGEL_TEST_POSTGRES").expect(
        "these tests need a Postgres server: run ./test, or set BAGEL_TEST_POSTGRES to the URL \
         of one on loopback whose user may create databases",
    );
    url.parse().unwrap()
}
