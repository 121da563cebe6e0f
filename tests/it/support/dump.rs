//! Everything a ledger holds, by its own catalog: table by table, each row as
//! JSON with all of its columns. Knows no table by name, but what nobody keeps.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::AssertSqlSafe;

use crate::support::any_ledger::AnyLedger;

/// A proof that writing works, and the schema's number.
const NOT_KEPT: [&str; 2] = ["write_checks", "bagel_schema"];

/// The rows of each table, sorted.
pub(crate) type Contents = BTreeMap<String, Vec<String>>;

impl AnyLedger {
    pub(crate) async fn contents(&self) -> Contents {
        let tables = match self {
            Self::Sqlite(_) => {
                "SELECT name FROM pragma_table_list
                WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
            }
            Self::Postgres(_) => {
                "SELECT tablename::text FROM pg_tables
                WHERE schemaname = 'public'"
            }
        };
        let mut contents = Contents::new();
        for table in self.texts(tables).await {
            if !NOT_KEPT.contains(&table.as_str()) {
                let rows = self.rows(&table).await;
                contents.insert(table, rows);
            }
        }
        contents
    }

    /// The rows of one table, as either engine itself writes them in JSON.
    #[expect(
        clippy::disallowed_methods,
        reason = "the names of tables and columns come from the catalog"
    )]
    async fn rows(&self, table: &str) -> Vec<String> {
        let rows: Vec<String> = match self {
            Self::Sqlite(ledger) => {
                let columns = format!(
                    "SELECT 'SELECT json_object(' || group_concat(
                         '''' || name || ''', ' || name) || ') FROM {table}'
                     FROM pragma_table_info('{table}')"
                );
                let select = sqlx::query_scalar(AssertSqlSafe(columns));
                let select: String = select.fetch_one(ledger.pool()).await.unwrap();
                let rows = sqlx::query_scalar(AssertSqlSafe(select));
                rows.fetch_all(ledger.pool()).await.unwrap()
            }
            Self::Postgres(ledger) => {
                let select = format!("SELECT row_to_json({table})::text FROM {table}");
                let rows = sqlx::query_scalar(AssertSqlSafe(select));
                let mut connection = ledger.connection().await.unwrap();
                rows.fetch_all(&mut *connection).await.unwrap()
            }
        };
        let parse = |row: &String| serde_json::from_str::<Value>(row).unwrap();
        let mut rows: Vec<_> = rows.iter().map(|row| parse(row).to_string()).collect();
        rows.sort();
        rows
    }
}
