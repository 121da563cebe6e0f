//! Postgres goes without farewell and comes back, again and again, under a
//! stream of checkouts and webhooks. Nothing is lost, everybody is told in
//! time to come again, and the program needs no restart.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::faults::crowd::{Crowd, OnPostgres, What};
use crate::support::measured::{figure, measured};
use crate::support::own_postgres::{OwnPostgres, PASSWORD};

/// Longer than any request waits for a connection.
const DOWN: Duration = Duration::from_secs(4);
/// The 3 s that a connection is waited for, and what a busy machine adds.
const TOLD_WITHIN: Duration = Duration::from_millis(4500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_and_comes_loses_nothing_and_is_found_again() {
    let scene = OnPostgres::start().await;
    let crowd = Arc::clone(&scene.crowd);
    let (cycles, mut slowest) = (figure(5, 20), Duration::ZERO);
    for cycle in 0..cycles {
        crowd.go_on(40).await;
        go_and_come(&scene.server, &crowd, cycle % 2 == 0).await;
        slowest = slowest.max(scene.serves_again(Instant::now()).await);
    }
    let (said, found) = scene.end(cycles * 20).await;
    assert!(said.err.contains("Connection refused"), "{}", said.err);
    assert!(!said.err.contains(PASSWORD));
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    let longest = crowd.longest();
    measured(
        "D5",
        format!(
            "{cycles} restarts, serving again after {slowest:.2?} at most, \
             longest answer {longest:.2?}; {found}"
        ),
    );
}

/// One outage, half of them by the server's own hasty end, half by `kill -9`.
async fn go_and_come(server: &OwnPostgres, crowd: &Crowd, politely: bool) {
    if politely {
        server.stop_at_once();
    } else {
        server.kill();
    }
    let down = Instant::now();
    be_not_ready(crowd).await;
    sleep(DOWN.saturating_sub(down.elapsed())).await;
    everybody_was_told_in_time(crowd, down);
    server.start_again().await;
}

/// The balancer hears soon that the program is not ready; the last children of
/// a killed server may still serve it for a moment.
async fn be_not_ready(crowd: &Crowd) {
    let down = Instant::now();
    loop {
        let asked = Instant::now();
        let answer = crowd.get(0, "/readyz").await.unwrap();
        assert!(asked.elapsed() < TOLD_WITHIN, "{:?}", asked.elapsed());
        if answer.status() == 503 {
            assert!(answer.headers().contains_key("retry-after"));
            break;
        }
        assert!(down.elapsed() < DOWN, "{answer:?}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// 503 with a time to come again, and soon; who looks may still hear of what
/// was read before.
fn everybody_was_told_in_time(crowd: &Crowd, down: Instant) {
    let answers = crowd.answers().into_iter();
    let told: Vec<_> = answers.filter(|answer| answer.at() > down).collect();
    assert!(told.iter().any(|answer| answer.status == 503), "{told:?}");
    for answer in told {
        let told = answer.status == 503 && answer.retry_after;
        assert!(answer.status == 200 || told, "{answer:?}");
        let in_time = answer.what == What::Hint || answer.took < TOLD_WITHIN;
        assert!(in_time, "{answer:?}");
    }
}
