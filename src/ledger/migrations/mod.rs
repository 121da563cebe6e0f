//! The schema, one step a pair of files; a step that has shipped never changes.
//!
//! A step's number means the same in both engines. `SQLite`'s file ends by
//! setting `user_version` to it; Postgres's numbers are rows of `bagel_schema`.

macro_rules! steps {
    ($($name:literal)*) => {
        [$((
            include_str!(concat!("sqlite/", $name, ".sql")),
            include_str!(concat!("postgres/", $name, ".sql")),
        )),*]
    };
}

/// Every step, for `SQLite` and for Postgres.
pub(super) const MIGRATIONS: &[(&str, &str)] = &steps! {
    "0001_ledger"
    "0002_outbox"
    "0003_checkout_limits"
    "0004_visibility"
    "0005_no_checkout_limits"
    "0006_origins"
    "0007_counted"
};
