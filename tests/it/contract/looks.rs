//! The sweep's share of the work, and what is forgotten.

use std::sync::Arc;

use bagel::ledger::Settled;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::*;
use crate::support::scratch_ledgers::Scratch;

contract! {
    two_replicas_never_take_the_same_look
    a_look_nobody_ended_is_taken_up
    old_keys_and_nonces_are_forgotten_ids_never
    nonces_and_keys_have_each_a_time_of_their_own
    a_cut_off_checkout_becomes_unknown
}

async fn two_replicas_never_take_the_same_look(scratch: Scratch) {
    let replicas = [scratch.open().await, scratch.open().await];
    for n in 0..20 {
        opened(&*replicas[0], &format!("i{n}")).await;
    }
    let due = NOW.after(EVERY);
    let mut looks = JoinSet::new();
    for n in 0..40 {
        let ledger = Arc::clone(&replicas[n % 2]);
        looks.spawn(async move { ledger.claim_due(due, due.after(EVERY)).await.unwrap() });
    }
    let mut taken: Vec<_> = looks.join_all().await.into_iter().flatten().collect();
    assert_eq!(taken.len(), 20);
    taken.sort_by_key(|donation| donation.id.to_string());
    taken.dedup_by_key(|donation| donation.id);
    assert_eq!(taken.len(), 20, "one was taken twice");
    assert!(replicas[0].peek_due(due).await.unwrap().is_none());
}

async fn a_look_nobody_ended_is_taken_up(scratch: Scratch) {
    let ledger = scratch.open().await;
    opened(&*ledger, "i1").await;
    let (due, until) = (NOW.after(EVERY), NOW.after(EVERY * 3));
    assert!(ledger.claim_due(due, until).await.unwrap().is_some());
    assert!(ledger.claim_due(due, until).await.unwrap().is_none());
    assert!(ledger.claim_due(until, until).await.unwrap().is_some());
}

async fn old_keys_and_nonces_are_forgotten_ids_never(scratch: Scratch) {
    let ledger = scratch.open().await;
    opened(&*ledger, "i1").await;
    ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    let later = NOW.after(EVERY);
    ledger
        .tidy(cutoffs(later, later, NOW), later)
        .await
        .unwrap();
    let respelled = ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    assert_eq!(respelled, Settled::Duplicate);
    let fresh = ledger.settle(paid("i1", "w2", "n2")).await.unwrap();
    assert_eq!(fresh, Settled::Kept(Status::Confirmed));
    assert_eq!(counted(&*ledger).await, (1, 500));
}

async fn nonces_and_keys_have_each_a_time_of_their_own(scratch: Scratch) {
    let ledger = scratch.ledger().await;
    opened(&*ledger, "i1").await;
    ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    let key = Uuid::new_v4().to_string();
    let keyed = ledger.begin(new_donation(), Some(claim(&key, "a"))).await;
    assert!(matches!(keyed.unwrap(), Begun::Created));
    let later = NOW.after(EVERY);
    let nonces = || ledger.figure("SELECT COUNT(*) FROM webhook_nonces");
    let keys = || ledger.figure("SELECT COUNT(*) FROM idempotency_keys");
    ledger.tidy(cutoffs(NOW, NOW, NOW), later).await.unwrap();
    assert_eq!((nonces().await, keys().await), (1, 1));
    ledger.tidy(cutoffs(later, NOW, NOW), later).await.unwrap();
    assert_eq!((nonces().await, keys().await), (0, 1));
    ledger.settle(paid("i1", "w2", "n2")).await.unwrap();
    ledger.tidy(cutoffs(NOW, later, NOW), later).await.unwrap();
    assert_eq!((nonces().await, keys().await), (1, 0));
}

async fn a_cut_off_checkout_becomes_unknown(scratch: Scratch) {
    let ledger = scratch.open().await;
    let new = new_donation();
    let id = new.id;
    ledger.begin(new, None).await.unwrap();
    ledger.tidy(cutoffs(NOW, NOW, NOW), NOW).await.unwrap();
    assert_eq!(donation(&*ledger, id).await.status, Status::Created);
    let later = NOW.after(EVERY);
    ledger.tidy(cutoffs(NOW, NOW, later), later).await.unwrap();
    assert_eq!(donation(&*ledger, id).await.status, Status::Unknown);
    let mut webhook = paid("i1", "w1", "n1");
    webhook.report.order = Some(id);
    ledger.settle(webhook).await.unwrap();
    assert_eq!(donation(&*ledger, id).await.status, Status::Confirmed);
}
