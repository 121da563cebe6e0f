//! Postgres stands still for ten seconds, in the middle of whatever it does:
//! no time limit of its own can help then. Nobody is told that something is
//! kept which is not, nobody waits for long, and all goes on afterwards.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::faults::crowd::{Crowd, OnPostgres};
use crate::support::measured::{figure, measured};

const FROZEN: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_stands_still_holds_nobody_up_and_loses_nothing() {
    let scene = OnPostgres::start().await;
    let (times, mut slowest) = (figure(1, 5), Duration::ZERO);
    for _ in 0..times {
        scene.crowd.go_on(60).await;
        scene.server.freeze();
        let frozen = Instant::now();
        sleep(FROZEN).await;
        let thawed = Instant::now();
        scene.server.thaw();
        nobody_was_told_it_is_kept(&scene.crowd, frozen, thawed);
        slowest = slowest.max(scene.serves_again(thawed).await);
    }
    let crowd = Arc::clone(&scene.crowd);
    let (_, found) = scene.end(50).await;
    let longest = crowd.longest();
    let statuses = crowd.statuses();
    assert!(
        statuses.keys().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );
    assert!(longest < Duration::from_secs(5), "{longest:?}");
    measured(
        "D6",
        format!(
            "{times} times {FROZEN:?}, longest answer {longest:.2?}, serving again after {slowest:.2?} at most; {found}"
        ),
    );
}

fn nobody_was_told_it_is_kept(crowd: &Crowd, frozen: Instant, thawed: Instant) {
    let answers = crowd.answers().into_iter();
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
    let scene = OnPostgres::start().await;
    scene.crowd.go_on(20).await;
    let took = scene.stop_while_frozen().await;
    assert!(took < Duration::from_secs(11), "{took:?}");
}
