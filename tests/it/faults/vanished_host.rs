//! The host of Postgres vanishes without a word, as after a power cut or
//! behind a firewall that forgot: no connection to it ends by itself. None is
//! waited for without end, and the pool is whole again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bagel::ledger::{Donations, Lists, PostgresLedger};
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::contract::new_donation;
use crate::support::measured::measured;
use crate::support::relay::Relay;
use crate::support::scratch_ledgers::Scratch;

/// As many as the pool has connections.
const PEOPLE: usize = 16;
/// What a query may take, and what is waited for a sign of life after it.
const WHOLE_AGAIN_WITHIN: Duration = Duration::from_secs(20);

struct Scene {
    scratch: Scratch,
    relay: Relay,
    ledger: Arc<PostgresLedger>,
}

impl Scene {
    async fn open() -> Self {
        let scratch = Scratch::postgres().await;
        let url = scratch.url().parse().unwrap();
        let relay = Relay::to(&url).await;
        let options = relay.through(url).as_str().parse().unwrap();
        let ledger = Arc::new(PostgresLedger::open(options).await.unwrap());
        Self {
            scratch,
            relay,
            ledger,
        }
    }

    /// Another connection, past the relay.
    async fn other(&self) -> PgConnection {
        PgConnection::connect(&self.scratch.url()).await.unwrap()
    }

    /// Takes all connections at once; whether there are as many as ever.
    async fn has_all_connections(&self) -> bool {
        let all: JoinSet<_> = (0..PEOPLE)
            .map(|_| {
                let pool = self.ledger.pool().clone();
                async move { pool.acquire().await }
            })
            .collect();
        let all = all.join_all().await;
        all.iter().all(Result::is_ok)
    }
}

/// Waits until so many wait for a lock.
async fn until_waiting(mut other: PgConnection, people: usize) {
    let waiting = "SELECT COUNT(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let people = i64::try_from(people).unwrap();
    let begun = Instant::now();
    loop {
        let count = sqlx::query_scalar(waiting).fetch_one(&mut other).await;
        let count: i64 = count.unwrap();
        if count == people {
            return;
        }
        let in_time = begun.elapsed() < Duration::from_secs(3);
        assert!(in_time, "{count} of {people} wait");
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn queries_under_way_to_a_host_that_vanished_keep_no_connection() {
    let scene = Scene::open().await;
    let mut other = scene.other().await;
    let lock = "BEGIN; LOCK TABLE donations IN ACCESS EXCLUSIVE MODE";
    sqlx::raw_sql(lock).execute(&mut other).await.unwrap();
    let (mut writers, mut readers) = (JoinSet::new(), JoinSet::new());
    for _ in 0..PEOPLE / 2 {
        let ledger = Arc::clone(&scene.ledger);
        writers.spawn(async move { ledger.begin(new_donation(), None).await });
        let ledger = Arc::clone(&scene.ledger);
        readers.spawn(async move { ledger.donations(None).await });
    }
    until_waiting(scene.other().await, PEOPLE).await;
    scene.relay.lose();
    other.close().await.unwrap();
    let lost = Instant::now();
    // Half of them give up, at once.
    readers.shutdown().await;
    for answer in writers.join_all().await {
        assert!(answer.is_err(), "{answer:?}");
    }
    let told = lost.elapsed();
    assert!(told < Duration::from_secs(5), "{told:?}");
    while !scene.has_all_connections().await {
        assert!(lost.elapsed() < WHOLE_AGAIN_WITHIN, "connections are kept");
    }
    measured(
        "D15",
        format!(
            "{PEOPLE} queries under way: everybody told within {told:.1?}, all {PEOPLE} connections \
             back after {:.1?}",
            lost.elapsed()
        ),
    );
    scene.ledger.begin(new_donation(), None).await.unwrap();
}

#[tokio::test]
async fn connections_that_were_idle_when_the_host_vanished_fail_nobody() {
    let scene = Scene::open().await;
    assert!(scene.has_all_connections().await);
    while scene.ledger.pool().num_idle() < PEOPLE {
        sleep(Duration::from_millis(5)).await;
    }
    scene.relay.lose();
    for _ in 0..3 {
        scene.ledger.begin(new_donation(), None).await.unwrap();
    }
}
