//! Postgres stands still for ten seconds, in the middle of whatever it does:
//! no time limit of its own can help then. Nobody is told that something is
//! kept which is not, nobody waits for long, and all goes on afterwards.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::figures::{figure, measured};
use crate::own_postgres::OwnPostgres;
use crate::scratch_ledgers::Scratch;
use crate::town::{Town, What};

const FROZEN: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_stands_still_holds_nobody_up_and_loses_nothing() {
    let server = OwnPostgres::start().await;
    let scratch = Scratch::postgres_on(server.url()).await;
    let town = Arc::new(Town::new(&scratch.url(), 1).await);
    let program = town.start(0);
    town.ready(0).await;
    let people = town.people(3);
    let (times, mut slowest) = (figure(1, 5), Duration::ZERO);
    for _ in 0..times {
        town.go_on(60).await;
        server.freeze();
        let frozen = Instant::now();
        sleep(FROZEN).await;
        let thawed = Instant::now();
        server.thaw();
        nobody_was_told_it_is_kept(&town, frozen, thawed);
        for what in [What::Checkout, What::Webhook] {
            slowest = slowest.max(town.answered(what, 200, thawed).await);
        }
    }
    town.over.store(true, SeqCst);
    people.join_all().await;
    let said = program.stop().await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    let longest = town.longest();
    let statuses = town.statuses();
    assert!(
        statuses.keys().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );
    assert!(longest < Duration::from_secs(5), "{longest:?}");
    let found = town.examine(&scratch, 50).await;
    measured(
        "D6",
        format!(
            "{times} times {FROZEN:?}, longest answer {longest:.2?}, serving again after {slowest:.2?} at most; {found}"
        ),
    );
}

fn nobody_was_told_it_is_kept(town: &Town, frozen: Instant, thawed: Instant) {
    let answers = town.answers().into_iter();
    let meanwhile: Vec<_> = answers
        .filter(|answer| answer.asked > frozen && answer.at() < thawed)
        .collect();
    assert!(!meanwhile.is_empty());
    for answer in meanwhile {
        assert!(answer.status == 503 && answer.retry_after, "{answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_told_to_stop_waits_for_no_database_that_stands_still() {
    let server = OwnPostgres::start().await;
    let scratch = Scratch::postgres_on(server.url()).await;
    let town = Arc::new(Town::new(&scratch.url(), 1).await);
    let program = town.start(0);
    town.ready(0).await;
    let people = town.people(3);
    town.go_on(20).await;
    server.freeze();
    let frozen = Instant::now();
    let said = program.stop().await;
    server.thaw();
    drop(people);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        frozen.elapsed() < Duration::from_secs(11),
        "{:?}",
        frozen.elapsed()
    );
}
