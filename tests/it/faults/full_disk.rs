//! The disk under the file is full: what was answered with 200 is kept,
//! everybody else is told to come again, who only looks notices nothing, and
//! writing goes on as soon as there is space, without a restart.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::faults::crowd::{Crowd, What};
use crate::support::measured::measured;
use crate::support::provider_kind::ProviderKind;
use crate::support::tiny_disk::TinyDisk;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing_and_needs_only_space() {
    // The log alone may take 16.
    let disk = TinyDisk::of_megabytes(32);
    let crowd = Crowd::new(&disk.url(), 1).await;
    let crowd = Arc::new(crowd.through(&disk.entrance()));
    let program = crowd.start(0);
    crowd.ready(0).await;
    let people = crowd.people(3);
    crowd.go_on(40).await;
    disk.fill();
    let full = Instant::now();
    for what in [What::Checkout, What::Webhook] {
        crowd.answered(what, 503, full).await;
    }
    everybody_is_told(&crowd).await;
    crowd.answered(What::Look, 200, full).await;
    disk.drop_ballast();
    let space = Instant::now();
    for what in [What::Checkout, What::Webhook] {
        crowd.answered(what, 200, space).await;
    }
    let again = space.elapsed();
    readiness_becomes(&crowd, 200).await;
    crowd.over.store(true, SeqCst);
    people.join_all().await;
    let said = program.stop().await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    let refused = only_writers_were_refused(&crowd);
    let found = crowd.examine(&disk.copy_of_the_ledger(), 20).await;
    measured(
        "D7",
        format!(
            "refused when full: {refused}; writing again {again:.2?} after there was space; {found}"
        ),
    );
}

async fn everybody_is_told(crowd: &Crowd) {
    let answer = crowd
        .checkout(ProviderKind::Allscale, "text/html")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "3");
    let page = answer.text().await.unwrap();
    assert!(
        page.contains("We cannot write anything down at the moment"),
        "{page}"
    );
    assert_eq!(crowd.get(0, "/").await.unwrap().status(), 200);
    readiness_becomes(crowd, 503).await;
}

/// Not at once: it is asked for once a second, and what larger writes gave up
/// may still hold a few of the smallest.
async fn readiness_becomes(crowd: &Crowd, status: u16) {
    let begun = Instant::now();
    while crowd.get(0, "/readyz").await.unwrap().status() != status {
        assert!(begun.elapsed() < Duration::from_secs(20), "never {status}");
        sleep(Duration::from_millis(100)).await;
    }
}

fn only_writers_were_refused(crowd: &Crowd) -> usize {
    let answers = crowd.answers();
    let refused = answers.iter().filter(|answer| answer.status != 200);
    for answer in refused.clone() {
        let told = answer.status == 503 && answer.retry_after;
        assert!(told && answer.what != What::Look, "{answer:?}");
    }
    refused.count()
}
