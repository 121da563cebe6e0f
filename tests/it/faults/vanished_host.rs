//! The host of Postgres vanishes without a word, as after a power cut or
//! behind a firewall that forgot: no connection to it ends by itself. None is
//! waited for without end, and the pool is whole again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bagel::donation::DonationId;
use bagel::ledger::{Donations, Lists, PostgresLedger};
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::contract::new_donation;
use crate::support::measured::measured;
use crate::support::relay::Relay;
use crate::support::scratch_ledgers::Scratch;

/// As many as the ledger has connections.
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

    /// Another connection, which has everybody wait who writes or reads.
    async fn lock(&self) -> PgConnection {
        let mut other = self.other().await;
        let lock = "BEGIN; LOCK TABLE donations IN ACCESS EXCLUSIVE MODE";
        sqlx::raw_sql(lock).execute(&mut other).await.unwrap();
        other
    }

    /// So many people who begin a donation each, and whether they were told
    /// that it is kept.
    fn write(&self, people: usize) -> JoinSet<(DonationId, bool)> {
        let mut writers = JoinSet::new();
        for _ in 0..people {
            let (ledger, new) = (Arc::clone(&self.ledger), new_donation());
            let id = new.id;
            writers.spawn(async move { (id, ledger.begin(new, None).await.is_ok()) });
        }
        writers
    }

    /// Takes all connections at once; whether there are as many as ever.
    async fn has_all_connections(&self) -> bool {
        let all: JoinSet<_> = (0..PEOPLE)
            .map(|_| {
                let ledger = Arc::clone(&self.ledger);
                async move { ledger.connection().await }
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
        if count >= people {
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
    let other = scene.lock().await;
    let (writers, mut readers) = (scene.write(PEOPLE / 2), JoinSet::new());
    for _ in 0..PEOPLE / 2 {
        let ledger = Arc::clone(&scene.ledger);
        readers.spawn(async move { ledger.donations(None).await });
    }
    until_waiting(scene.other().await, PEOPLE).await;
    scene.relay.lose();
    other.close().await.unwrap();
    let lost = Instant::now();
    // Half of them give up, at once.
    readers.shutdown().await;
    let written = writers.join_all().await;
    let told = lost.elapsed();
    assert!(told < Duration::from_secs(5), "{told:?}");
    for (id, _) in written.into_iter().filter(|(_, is_kept)| *is_kept) {
        assert!(scene.ledger.donation(id).await.unwrap().is_some());
    }
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
    let other = scene.lock().await;
    let writers = scene.write(PEOPLE);
    until_waiting(scene.other().await, PEOPLE).await;
    other.close().await.unwrap();
    let written = writers.join_all().await;
    assert!(written.iter().all(|(_, is_kept)| *is_kept));
    scene.relay.lose();
    for _ in 0..3 {
        scene.ledger.begin(new_donation(), None).await.unwrap();
    }
}
