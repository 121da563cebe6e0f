//! `kill -9` at any moment, again and again, under a stream of checkouts and
//! webhooks: what was answered with 200 is there, nothing is counted twice,
//! and nothing is counted that was not paid.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use bagel::ledger::{Ledger, SqliteLedger};
use bagel::status::Status;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::dice::Dice;
use crate::figures::{figure, measured};
use crate::town::Town;

const SUPPORTERS: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_at_any_moment_lose_nothing_and_double_nothing() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("bagel.db");
    let town = Town::new().await;
    let mut people = JoinSet::new();
    for _ in 0..SUPPORTERS {
        people.spawn(Arc::clone(&town).give());
    }
    people.spawn(Arc::clone(&town).pay());

    let (mut dice, mut slowest, started) = (Dice(42), Duration::ZERO, Instant::now());
    let kills = figure(200, 2000);
    for _ in 0..kills {
        let mut program = town.start(&file);
        slowest = slowest.max(town.ready().await);
        sleep(Duration::from_millis(dice.roll(150).try_into().unwrap())).await;
        program.kill().await.unwrap();
    }
    let mut program = town.start(&file);
    town.ready().await;
    town.over.store(true, SeqCst);
    people.join_all().await;
    program.kill().await.unwrap();
    let took = started.elapsed();
    let found = examine(&town, &file, kills).await;
    measured(
        "D1",
        format!("{kills} kills in {took:.0?}, ready again after {slowest:.2?} at most; {found}"),
    );
}

/// Compares the ledger with what was answered, and with the provider's books.
async fn examine(town: &Town, file: &Path, kills: usize) -> String {
    let ledger = SqliteLedger::open(file).await.unwrap();
    let donations = ledger.donations(None).await.unwrap();
    let kept: HashSet<String> = sqlx::query_scalar("SELECT webhook_id FROM webhooks")
        .fetch_all(ledger.pool())
        .await
        .map(HashSet::from_iter)
        .unwrap();
    let known: HashSet<String> = donations
        .iter()
        .filter(|donation| donation.checkout_url.is_some())
        .map(|donation| donation.id.to_string())
        .collect();
    let confirmed = donations
        .iter()
        .filter(|donation| donation.status == Status::Confirmed);
    let confirmed: HashSet<String> = confirmed.map(|donation| donation.id.to_string()).collect();
    let settled = town.stand_in.settled();
    let paid: HashSet<String> = settled
        .iter()
        .filter_map(|it| it.order_id.clone())
        .collect();
    let (checkouts, webhooks) = (
        town.checkouts.lock().unwrap().clone(),
        town.webhooks.lock().unwrap().clone(),
    );
    assert!(
        checkouts.len() > kills && webhooks.len() > kills,
        "a stream"
    );
    assert_eq!(checkouts.difference(&known).count(), 0, "checkouts lost");
    assert_eq!(webhooks.difference(&kept).count(), 0, "webhooks lost");
    assert_eq!(paid.difference(&confirmed).count(), 0, "payments lost");
    assert_eq!(confirmed.difference(&paid).count(), 0, "phantoms");
    let totals = ledger.totals().await.unwrap();
    let sum: i64 = settled.iter().map(|it| it.amount_cents).sum();
    assert_eq!(
        (totals[0].0.cents.0, totals[0].1),
        (sum, sum / 500),
        "doubled"
    );
    let check: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(ledger.pool())
        .await
        .unwrap();
    assert_eq!(check, "ok");
    format!(
        "{} rows; answered with 200: {} checkouts, {} webhooks; {} paid, {} confirmed",
        donations.len(),
        checkouts.len(),
        webhooks.len(),
        paid.len(),
        confirmed.len()
    )
}
