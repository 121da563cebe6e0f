//! A caller who gives up in the middle of a write takes nothing along: what
//! others were told is kept stays kept, and no connection is left inside a
//! transaction (the fault of a cancelled `begin` in sqlx 0.9.0).

use std::sync::Arc;
use std::time::Duration;

use bagel::ledger::{Donations, Lists, PostgresLedger, Upkeep};

use crate::contract::new_donation;
use crate::support::own_postgres::OwnPostgres;
use crate::support::scratch_ledgers::Scratch;

const ROUNDS: u64 = 1500;

/// Begins a donation, or reads in a transaction, and gives up after `patience`.
async fn give_up(ledger: Arc<PostgresLedger>, reads: bool, patience: Duration) {
    if reads {
        let _ = tokio::time::timeout(patience, ledger.unmatched()).await;
    } else {
        let begin = ledger.begin(new_donation(), None);
        let _ = tokio::time::timeout(patience, begin).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_callers_who_give_up() {
    let scratch = Scratch::postgres().await;
    let ledger = Arc::new(scratch.postgres_ledger().await);
    let mut kept = Vec::new();
    for round in 0..ROUNDS {
        let patience = Duration::from_micros(20 + round * 7 % 400);
        let cancelled = tokio::spawn(give_up(Arc::clone(&ledger), round % 2 == 0, patience));
        let new = new_donation();
        kept.push(new.id);
        ledger.begin(new, None).await.unwrap();
        cancelled.await.unwrap();
    }
    ledger.close().await;
    // Seen by another ledger: what is not committed is visible to this one alone.
    let ledger = scratch.open().await;
    let found = ledger.donations(None).await.unwrap();
    let ids: std::collections::HashSet<_> = found.iter().map(|donation| donation.id).collect();
    let lost = kept.iter().filter(|id| !ids.contains(id)).count();
    assert_eq!(lost, 0);
    ledger.close().await;
}

#[tokio::test]
async fn a_connection_left_inside_a_transaction_is_not_lent_out() {
    let ledger = Scratch::postgres().await.postgres_ledger().await;
    for open in ["BEGIN", "BEGIN; SELECT 1 / 0"].repeat(10) {
        let mut left = ledger.connection().await.unwrap();
        let _ = sqlx::raw_sql(open).execute(&mut *left).await;
        drop(left);
        let mut next = ledger.connection().await.unwrap();
        // Inside a failed transaction nothing can be asked.
        sqlx::raw_sql("SELECT 1").execute(&mut *next).await.unwrap();
        // Only inside a transaction can there be a savepoint.
        let savepoint = sqlx::raw_sql("SAVEPOINT inside").execute(&mut *next).await;
        assert!(savepoint.is_err());
    }
    ledger.close().await;
}

#[tokio::test]
async fn the_server_has_nothing_to_complain_of() {
    let server = OwnPostgres::start().await;
    let scratch = Scratch::postgres_on(server.url()).await;
    let ledger = scratch.postgres_ledger().await;
    for _ in 0..20 {
        ledger.begin(new_donation(), None).await.unwrap();
    }
    ledger.close().await;
    let log = server.log();
    assert!(!log.contains("WARNING") && !log.contains("ERROR"), "{log}");
}
