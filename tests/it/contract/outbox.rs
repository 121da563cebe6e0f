//! The outbox: one notification for each target and occasion, written with the
//! status or not at all, and claimed by one worker at a time.

use std::sync::Arc;

use bagel::ledger::{Occasion, Queued, Resolved, State, Verdict};
use tokio::task::JoinSet;

use super::*;
use crate::support::scratch_ledgers::Scratch;

contract! {
    each_target_is_told_once
    nothing_is_told_of_what_was_not_kept
    a_target_of_later_is_not_told_old_news
    a_review_is_told_and_its_verdict_too
    two_workers_never_claim_the_same
    a_claim_nobody_ended_is_taken_up
    what_was_acknowledged_is_never_claimed_again
    what_was_given_up_waits_for_a_replay
}

async fn claim(ledger: &dyn Ledger, now: Millis) -> Option<Queued> {
    ledger
        .claim_queued("one", now, now.after(EVERY))
        .await
        .unwrap()
}

fn only(target: &'static str) -> Audience {
    Audience {
        confirmed: vec![target],
        creator: vec![target],
    }
}

async fn each_target_is_told_once(scratch: Scratch) {
    let ledger = scratch.open().await;
    let id = opened(&*ledger, "i1").await;
    for n in 0..3 {
        let webhook = paid("i1", &format!("w{n}"), &format!("n{n}"));
        ledger.settle(webhook).await.unwrap();
    }
    let mut told: Vec<_> = ledger.outbox(false).await.unwrap();
    told.sort_by_key(|notice| notice.target.clone());
    let targets: Vec<_> = told.iter().map(|notice| notice.target.as_str()).collect();
    assert_eq!(targets, ["one", "two"]);
    assert!(told.iter().all(|it| it.state == State::Waiting(NOW)));
    let queued = claim(&*ledger, NOW).await.unwrap();
    assert_eq!(queued.occasion, Occasion::Confirmed);
    assert_eq!((queued.donation.id, queued.attempts), (id, 0));
    assert_eq!(queued.donation.status, Status::Confirmed);
}

async fn nothing_is_told_of_what_was_not_kept(scratch: Scratch) {
    let ledger = scratch.open().await;
    for intent in ["i1", "i2"] {
        opened(&*ledger, intent).await;
    }
    ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    // Its nonce was used for another webhook: refused, and nothing is kept.
    ledger.settle(paid("i2", "w2", "n1")).await.unwrap();
    // A step on the way is no news.
    let step = settlement(report("i2", Status::OnChain), Some(identity("w3", "n3")));
    ledger.settle(step).await.unwrap();
    ledger.settle(paid("unknown", "w4", "n4")).await.unwrap();
    assert_eq!(ledger.outbox(true).await.unwrap().len(), 2);
}

async fn a_target_of_later_is_not_told_old_news(scratch: Scratch) {
    let ledger = scratch.open().await;
    opened(&*ledger, "i1").await;
    ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    let mut again = paid("i1", "w2", "n2");
    again.audience = only("three");
    ledger.settle(again).await.unwrap();
    let told = ledger.outbox(true).await.unwrap();
    assert!(told.iter().all(|notice| notice.target != "three"));
}

async fn a_review_is_told_and_its_verdict_too(scratch: Scratch) {
    let ledger = scratch.open().await;
    let id = opened(&*ledger, "i1").await;
    let mut other = paid("i1", "w1", "n1");
    other.report.charged = Charged::other("5", "THB");
    ledger.settle(other).await.unwrap();
    let verdict = ledger.resolve(id, Verdict::Confirm(Some(Cents(500))), only("one"), NOW);
    assert!(matches!(verdict.await.unwrap(), Resolved::Done(_)));
    let mut occasions = Vec::new();
    while let Some(queued) = claim(&*ledger, NOW).await {
        occasions.push(queued.occasion);
    }
    occasions.sort_by_key(|occasion| occasion.name());
    assert_eq!(occasions, [Occasion::Confirmed, Occasion::Review]);
}

async fn two_workers_never_claim_the_same(scratch: Scratch) {
    let replicas = [scratch.open().await, scratch.open().await];
    for n in 0..20 {
        let intent = format!("i{n}");
        opened(&*replicas[0], &intent).await;
        let webhook = paid(&intent, &format!("w{n}"), &format!("n{n}"));
        replicas[0].settle(webhook).await.unwrap();
    }
    let mut claims = JoinSet::new();
    for n in 0..40 {
        let ledger = Arc::clone(&replicas[n % 2]);
        claims.spawn(async move { claim(&*ledger, NOW).await });
    }
    let claimed = claims.join_all().await.into_iter().flatten();
    let mut ids: Vec<_> = claimed.map(|queued| queued.id.to_string()).collect();
    assert_eq!(ids.len(), 20);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20, "one was claimed twice");
}

async fn a_claim_nobody_ended_is_taken_up(scratch: Scratch) {
    let ledger = told(&scratch).await;
    let first = claim(&*ledger, NOW).await.unwrap();
    assert!(claim(&*ledger, NOW).await.is_none());
    let second = claim(&*ledger, NOW.after(EVERY)).await.unwrap();
    assert_eq!(first.id, second.id, "the target can tell a repetition");
}

async fn what_was_acknowledged_is_never_claimed_again(scratch: Scratch) {
    let ledger = told(&scratch).await;
    let id = claim(&*ledger, NOW).await.unwrap().id;
    ledger.note_delivered(id, NOW).await.unwrap();
    // Another worker, whose claim had run out, comes back without an answer.
    let late = ledger.note_undelivered(id, Some(NOW), "no answer".into());
    late.await.unwrap();
    assert!(claim(&*ledger, NOW.after(EVERY * 9)).await.is_none());
    let all = ledger.outbox(true).await.unwrap();
    let delivered = all.iter().find(|notice| notice.id == id).unwrap();
    assert_eq!(delivered.state, State::Delivered(NOW));
    let waiting = ledger.outbox(false).await.unwrap();
    assert!(waiting.iter().all(|notice| notice.id != id));
}

async fn what_was_given_up_waits_for_a_replay(scratch: Scratch) {
    let ledger = told(&scratch).await;
    let id = claim(&*ledger, NOW).await.unwrap().id;
    let parked = ledger.note_undelivered(id, None, "status 500".into());
    parked.await.unwrap();
    let later = NOW.after(EVERY * 9);
    assert!(claim(&*ledger, later).await.is_none());
    let notices = ledger.outbox(false).await.unwrap();
    let notice = notices.iter().find(|notice| notice.id == id).unwrap();
    assert_eq!((notice.state, notice.attempts), (State::Parked, 1));
    assert_eq!(notice.last_error.as_deref(), Some("status 500"));

    assert!(ledger.replay(id, later).await.unwrap());
    let again = claim(&*ledger, later).await.unwrap();
    assert_eq!((again.id, again.attempts), (id, 0));
    assert!(again.give_up_at > later.after(EVERY), "three more days");
    let stranger = bagel::ledger::NotificationId::random();
    assert!(!ledger.replay(stranger, later).await.unwrap());
}

/// A ledger with one confirmed donation that "one" is to be told of.
async fn told(scratch: &Scratch) -> Arc<dyn Ledger> {
    let ledger = scratch.open().await;
    opened(&*ledger, "i1").await;
    ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    ledger
}
