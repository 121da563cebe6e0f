//! `kill -9` at any moment, again and again, under a stream of checkouts and
//! webhooks: what was answered with 200 is there, nothing is counted twice,
//! and nothing is counted that was not paid.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::faults::crowd::{Crowd, What};
use crate::support::measured::{figure, measured};
use crate::support::program::Running;
use crate::support::scratch_ledgers::Scratch;
use crate::support::seeded::Seeded;

const SUPPORTERS: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_at_any_moment_lose_nothing_and_double_nothing() {
    let scratch = Scratch::sqlite();
    let found = kill_again_and_again(&scratch, 1, figure(200, 2000)).await;
    measured("D1", found);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_of_either_replica_lose_nothing_and_double_nothing() {
    let scratch = Scratch::postgres().await;
    let found = kill_again_and_again(&scratch, 2, figure(100, 1000)).await;
    measured("D2", found);
}

async fn kill_again_and_again(scratch: &Scratch, replicas: usize, kills: usize) -> String {
    let crowd = Arc::new(Crowd::new(&scratch.url(), replicas).await);
    let people = crowd.people(SUPPORTERS);
    let mut programs: Vec<Running> = (0..replicas).map(|nth| crowd.start(nth)).collect();
    let (mut seeded, mut slowest, started) = (Seeded(42), Duration::ZERO, Instant::now());
    for _ in 0..kills {
        let one = seeded.below(replicas);
        slowest = slowest.max(crowd.ready(one).await);
        sleep(Duration::from_millis(seeded.below(150).try_into().unwrap())).await;
        programs[one].kill().await;
        programs[one] = crowd.start(one);
    }
    crowd.ready(0).await;
    crowd.over.store(true, SeqCst);
    people.join_all().await;
    drop(programs);
    let took = started.elapsed();
    let found = crowd.examine(scratch, kills / 10).await;
    for answer in crowd.answers() {
        // A hint may have to come again for its turn to ask.
        let expected = if answer.what == What::Hint {
            &[0, 200, 503][..]
        } else {
            &[0, 200]
        };
        assert!(expected.contains(&answer.status), "{answer:?}");
    }
    let longest = crowd.longest();
    format!(
        "{kills} kills in {took:.0?}, ready again after {slowest:.2?} at most, \
         longest answer {longest:.2?}; {found}"
    )
}
