//! What one program takes over a file and over Postgres, and what three take
//! over Postgres; all of it on one machine with its clients.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::faults::crowd::Crowd;
use crate::support::measured::{figure, measured};
use crate::support::program::Running;
use crate::support::scratch_ledgers::Scratch;

struct Rates {
    checkouts: u128,
    webhooks: u128,
}

impl fmt::Display for Rates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} checkouts, {} webhooks",
            self.checkouts, self.webhooks
        )
    }
}

async fn rates(scratch: Scratch, replicas: usize) -> Rates {
    let crowd = Arc::new(Crowd::new(&scratch.url(), replicas).await);
    let programs: Vec<Running> = (0..replicas).map(|nth| crowd.start(nth)).collect();
    for nth in 0..replicas {
        crowd.ready(nth).await;
    }
    let how_long = figure(Duration::from_secs(2), Duration::from_secs(10));
    let checkouts = crowd.checkouts_a_second(how_long).await;
    let webhooks = crowd.webhooks_a_second().await;
    drop(programs);
    crowd.examine(&scratch, 10).await;
    Rates {
        checkouts,
        webhooks,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_fast_as_it_goes_nothing_is_lost() {
    let file = rates(Scratch::sqlite(), 1).await;
    let one = rates(Scratch::postgres().await, 1).await;
    let three = rates(Scratch::postgres().await, 3).await;
    measured(
        "LOAD",
        format!(
            "a second: {file} with SQLite; {one} with Postgres; {three} with three on Postgres"
        ),
    );
}
