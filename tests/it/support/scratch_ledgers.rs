//! Scratch ledgers: an `SQLite` file in a folder of its own, and a
//! Postgres database of its own on the server that `./test` starts.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bagel::ledger::{Ledger, PostgresLedger, SqliteLedger};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};
use tempfile::TempDir;
use url::Url;
use uuid::Uuid;

use crate::support::any_ledger::AnyLedger;
use crate::support::relay::Relay;

/// One store of data, and as many ledgers over it as there would be programs.
pub(crate) struct Scratch {
    engine: Engine,
}

enum Engine {
    Sqlite(TempDir),
    Postgres(Url),
}

impl Scratch {
    pub(crate) fn sqlite() -> Self {
        Self {
            engine: Engine::Sqlite(TempDir::new().unwrap()),
        }
    }

    /// A database of its own on the tests' server.
    pub(crate) async fn postgres() -> Self {
        Self::postgres_on(server()).await
    }

    /// The same, by way of a relay.
    pub(crate) async fn postgres_by_relay() -> (Self, Relay) {
        let relay = Relay::to(&server()).await;
        let scratch = Self::postgres_on(relay.through(server())).await;
        (scratch, relay)
    }

    /// A database of its own on this server.
    #[expect(
        clippy::disallowed_methods,
        reason = "the name of a database cannot be bound; ours is letters and digits"
    )]
    pub(crate) async fn postgres_on(mut server: Url) -> Self {
        let name = format!("bagel_{}", Uuid::new_v4().simple());
        let mut connection = PgConnection::connect(server.as_str()).await.unwrap();
        let create = format!("CREATE DATABASE {name}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(create))
            .execute(&mut connection)
            .await
            .unwrap();
        server.set_path(&name);
        Self {
            engine: Engine::Postgres(server),
        }
    }

    /// The `DATABASE_URL` of programs that share this ledger.
    pub(crate) fn url(&self) -> String {
        match &self.engine {
            Engine::Sqlite(folder) => format!("sqlite://{}/bagel.db", folder.path().display()),
            Engine::Postgres(url) => url.to_string(),
        }
    }

    /// Does to the data what this program never would, with nothing to stop it:
    /// no foreign keys, no checks.
    pub(crate) async fn tamper(&self, sql: &'static str) {
        match &self.engine {
            Engine::Sqlite(_) => {
                let options = SqliteConnectOptions::new()
                    .filename(self.file())
                    .foreign_keys(false)
                    .pragma("ignore_check_constraints", "ON");
                let mut connection = options.connect().await.unwrap();
                sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            Engine::Postgres(url) => {
                let mut connection = PgConnection::connect(url.as_str()).await.unwrap();
                for sql in [UNGUARDED, sql] {
                    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
                }
                connection.close().await.unwrap();
            }
        }
    }

    /// A ledger over a database of [`Scratch::postgres`], as what it is.
    pub(crate) async fn postgres_ledger(&self) -> PostgresLedger {
        let options = self.url().parse().unwrap();
        PostgresLedger::open(options).await.unwrap()
    }

    /// Whether a program of this release would start on a schema of a newer one.
    pub(crate) async fn takes_a_newer_schema(&self) -> bool {
        let newer = "INSERT INTO bagel_schema (version) VALUES (99)";
        let ledger = self.postgres_ledger().await;
        let mut connection = ledger.connection().await.unwrap();
        sqlx::raw_sql(newer)
            .execute(&mut *connection)
            .await
            .unwrap();
        let options = self.url().parse().unwrap();
        PostgresLedger::open(options).await.is_ok()
    }

    /// The ledger in a file that another program owns.
    pub(crate) async fn open_file(file: &Path) -> AnyLedger {
        AnyLedger::Sqlite(SqliteLedger::open(file).await.unwrap())
    }

    /// Another program's ledger over the same data.
    pub(crate) async fn open(&self) -> Arc<dyn Ledger> {
        self.ledger().await.shared()
    }

    /// The same, as what it is.
    pub(crate) async fn ledger(&self) -> AnyLedger {
        match &self.engine {
            Engine::Sqlite(_) => AnyLedger::Sqlite(SqliteLedger::open(&self.file()).await.unwrap()),
            Engine::Postgres(_) => AnyLedger::Postgres(self.postgres_ledger().await),
        }
    }

    /// The file of [`Scratch::sqlite`].
    pub(crate) fn file(&self) -> PathBuf {
        match &self.engine {
            Engine::Sqlite(folder) => folder.path().join("bagel.db"),
            Engine::Postgres(_) => unreachable!("this ledger is no file"),
        }
    }

    /// The donations of all webhooks kept, from a store that is whole.
    pub(crate) async fn told_of(&self) -> HashSet<String> {
        let ledger = self.ledger().await;
        if let AnyLedger::Sqlite(_) = ledger {
            assert_eq!(ledger.texts("PRAGMA integrity_check").await, ["ok"]);
        }
        let ids = ledger.texts("SELECT donation_id FROM webhooks").await;
        ids.into_iter().collect()
    }
}

/// Turns the database's own checks off for one connection.
const UNGUARDED: &str = "
    SET session_replication_role = replica;
    ALTER TABLE donations DROP CONSTRAINT IF EXISTS donations_amount_cents_check;
    ALTER TABLE confirmations DROP CONSTRAINT IF EXISTS confirmations_amount_cents_check;";

#[expect(
    clippy::disallowed_methods,
    reason = "where the tests' server is, is no setting of the program"
)]
fn server() -> Url {
    let url = std::env::var("BAGEL_TEST_POSTGRES").expect(
        "these tests need a Postgres server: run ./test, or set BAGEL_TEST_POSTGRES to the URL \
         of one on loopback whose user may create databases",
    );
    url.parse().unwrap()
}
