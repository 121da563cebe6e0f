//! The tables that make a ledger, for whoever copies one.
//!
//! A table is named here once, its columns nowhere: rows travel as JSON objects
//! with the columns' names. A test fails when a table is forgotten, or a column
//! is another in the other engine. Left out is what is not worth keeping: the
//! proof that writing works, and the schema's number.

/// One table, and the statements that copy it from `SQLite` to Postgres.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// How many rows there are, in either engine.
    pub(super) count: &'static str,
    /// The rows after `$1`, a page of them, each with its number first.
    pub(super) page: &'static str,
    /// Inserts the rows of `$1`, a JSON array of objects.
    pub(super) insert: &'static str,
    /// Lets others read, and nobody write.
    pub(super) lock: &'static str,
}

macro_rules! tables {
    ($($name:literal)*) => {
        /// All of them, one that is referred to before those that refer to it.
        pub(super) const TABLES: &[Table] = &[$(Table {
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
