//! A ledger of an earlier release: it is brought up to date where it stands,
//! and every row is as it was.

use bagel::ledger::Ledger;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use super::*;
use crate::support::scratch_ledgers::Scratch;

/// The schema before supporters had a say, as it shipped.
macro_rules! version_3 {
    ($engine:literal) => {
        [
            include_str!(concat!(
                "../../../src/ledger/migrations/",
                $engine,
                "/0001_ledger.sql"
            )),
            include_str!(concat!(
                "../../../src/ledger/migrations/",
                $engine,
                "/0002_outbox.sql"
            )),
            include_str!(concat!(
                "../../../src/ledger/migrations/",
                $engine,
                "/0003_checkout_limits.sql"
            )),
        ]
    };
}

const ID: &str = "0b9f9a5e-6f0f-4c5c-9f1f-3c1f6b1c7a01";

const ROWS: [&str; 2] = [
    "INSERT INTO donations (id, created_at, updated_at, status, amount_cents, currency, name,
                            message, provider, provider_intent_id, looks)
     VALUES ('0b9f9a5e-6f0f-4c5c-9f1f-3c1f6b1c7a01', 1, 2, 'CONFIRMED', 525, 'EUR', 'Ada',
             'Thank you', 'allscale', 'i1', 3)",
    "INSERT INTO confirmations VALUES ('0b9f9a5e-6f0f-4c5c-9f1f-3c1f6b1c7a01', 525, 'EUR', 2)",
];

const VERSION_3: [&str; 2] = [
    "CREATE TABLE bagel_schema (version BIGINT NOT NULL PRIMARY KEY)",
    "INSERT INTO bagel_schema VALUES (1), (2), (3)",
];

#[tokio::test]
async fn a_file_of_version_3_keeps_its_rows() {
    let scratch = Scratch::sqlite();
    let options = SqliteConnectOptions::new().filename(scratch.file());
    let mut old = options.create_if_missing(true).connect().await.unwrap();
    for sql in ["PRAGMA journal_mode = wal"]
        .into_iter()
        .chain(version_3!("sqlite"))
        .chain(ROWS)
    {
        sqlx::raw_sql(sql).execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();
    is_as_it_was(&*scratch.open().await).await;
}

#[tokio::test]
async fn a_database_of_version_3_keeps_its_rows() {
    let scratch = Scratch::postgres().await;
    let mut old = PgConnection::connect(&scratch.url()).await.unwrap();
    for sql in version_3!("postgres")
        .into_iter()
        .chain(VERSION_3)
        .chain(ROWS)
        .chain(["INSERT INTO checkout_limits VALUES ('198.51.100.7', 1)"])
    {
        sqlx::raw_sql(sql).execute(&mut old).await.unwrap();
    }
    old.close().await.unwrap();
    let ledger = scratch.ledger().await;
    is_as_it_was(&*ledger.shared()).await;
    let limits = "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'checkout_limits'";
    assert_eq!(ledger.figure(limits).await, 0, "addresses are still there");
}

/// Its supporters were never asked, so nothing is shown and no language is known.
async fn is_as_it_was(ledger: &dyn Ledger) {
    let id = DonationId::parse(ID).unwrap();
    let kept = donation(ledger, id).await;
    assert_eq!((kept.created_at, kept.updated_at), (Millis(1), Millis(2)));
    assert_eq!((kept.status, kept.looks), (Status::Confirmed, 3));
    assert_eq!(kept.request.name, SupporterName::parse("Ada").unwrap());
    assert_eq!(kept.request.message, Message::parse("Thank you").unwrap());
    assert_eq!(
        (kept.request.visibility, kept.request.language),
        (Visibility::NOTHING, None)
    );
    assert_eq!(counted(ledger).await, (1, 525));
    assert!(ledger.audit().await.unwrap().differences.is_empty());
    assert!(ledger.erase_words(id, NOW).await.unwrap());
}
