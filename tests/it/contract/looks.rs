//! The sweep's share of the work, and what is forgotten.

use std::sync::Arc;

use bagel::ledger::{Due, First, Lookout, Settled};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::*;
use crate::support::scratch_ledgers::Scratch;

contract! {
    two_replicas_never_take_the_same_look
    a_look_nobody_ended_is_taken_up
    each_provider_has_looks_of_its_own
    origins_come_in_turn_and_of_one_the_newest
    what_a_webhook_hinted_at_is_due_first_and_once
    an_origin_is_forgotten
    old_keys_and_nonces_are_forgotten_ids_never
    nonces_and_keys_have_each_a_time_of_their_own
    a_cut_off_checkout_becomes_unknown
}

fn longest(now: Millis, until: Millis) -> Lookout {
    lookout(First::Longest, now, until)
}

fn lookout(first: First, now: Millis, until: Millis) -> Lookout {
    Lookout {
        provider: "allscale",
        first,
        now,
        until,
    }
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
        let first = [First::Longest, First::After(Origin::FIRST)][n / 2 % 2];
        let lookout = lookout(first, due, due.after(EVERY));
        looks.spawn(async move { ledger.claim_due(lookout).await.unwrap() });
    }
    let mut taken: Vec<_> = looks.join_all().await.into_iter().flatten().collect();
    assert_eq!(taken.len(), 20);
    taken.sort_by_key(|(donation, _)| donation.id.to_string());
    taken.dedup_by_key(|(donation, _)| donation.id);
    assert_eq!(taken.len(), 20, "one was taken twice");
    let due = replicas[0].peek_due("allscale", due).await;
    assert!(due.unwrap().is_none());
}

async fn a_look_nobody_ended_is_taken_up(scratch: Scratch) {
    let ledger = scratch.open().await;
    opened(&*ledger, "i1").await;
    let (due, until) = (NOW.after(EVERY), NOW.after(EVERY * 3));
    let claim = |now, until| ledger.claim_due(longest(now, until));
    assert!(claim(due, until).await.unwrap().is_some());
    assert!(claim(due, until).await.unwrap().is_none());
    assert!(claim(until, until).await.unwrap().is_some());
}

async fn each_provider_has_looks_of_its_own(scratch: Scratch) {
    let ledger = scratch.open().await;
    opened(&*ledger, "i1").await;
    let due = NOW.after(EVERY);
    let other = "alchemy_pay";
    assert_eq!(ledger.peek_due(other, due).await.unwrap(), None);
    let lookout = Lookout {
        provider: other,
        ..longest(due, due)
    };
    assert!(ledger.claim_due(lookout).await.unwrap().is_none());
    assert_eq!(
        ledger.peek_due("allscale", due).await.unwrap(),
        Some(Due::Scheduled)
    );
}

async fn origins_come_in_turn_and_of_one_the_newest(scratch: Scratch) {
    let ledger = scratch.open().await;
    let mut ids = Vec::new();
    for (n, origin) in [(0, -5), (1, -5), (2, -5), (3, 7), (4, 0)] {
        let new = NewDonation {
            created_at: Millis(NOW.0 + n),
            ..new_donation()
        };
        ids.push(new.id);
        let (id, opened) = (new.id, opened_as(&format!("i{n}")));
        ledger.begin(new, None).await.unwrap();
        let noted = ledger.note_opened(id, opened, (NOW, Origin(origin)), NOW);
        noted.await.unwrap();
    }
    let (mut taken, mut after) = (Vec::new(), Origin::FIRST);
    for _ in 0..3 {
        let lookout = lookout(First::After(after), NOW, NOW.after(EVERY));
        let (donation, origin) = ledger.claim_due(lookout).await.unwrap().unwrap();
        taken.push(ids.iter().position(|id| *id == donation.id).unwrap());
        after = origin;
    }
    assert_eq!(taken, [2, 4, 3]);
    let lookout = lookout(First::After(after), NOW, NOW.after(EVERY));
    assert!(
        ledger.claim_due(lookout).await.unwrap().is_none(),
        "the round ends"
    );
}

async fn what_a_webhook_hinted_at_is_due_first_and_once(scratch: Scratch) {
    let ledger = scratch.open().await;
    opened(&*ledger, "i1").await;
    let new = new_donation();
    let hinted = new.id;
    ledger.begin(new, None).await.unwrap();
    // It overtook the note of its checkout.
    ledger.hint(hinted, id("i2")).await.unwrap();
    let noted = ledger.note_opened(hinted, opened_as("i2"), (NOW.after(EVERY), Origin(1)), NOW);
    noted.await.unwrap();
    let due = |now| ledger.peek_due("allscale", now);
    assert_eq!(due(NOW).await.unwrap(), Some(Due::Hinted));
    let later = NOW.after(EVERY * 2);
    let claimed = ledger.claim_due(longest(later, later.after(EVERY))).await;
    assert_eq!(claimed.unwrap().unwrap().0.id, hinted);
    assert_eq!(due(later).await.unwrap(), Some(Due::Scheduled));
    // What is settled needs no look.
    ledger.settle(paid("i2", "w1", "n1")).await.unwrap();
    ledger.hint(hinted, id("i2")).await.unwrap();
    assert_eq!(due(later).await.unwrap(), Some(Due::Scheduled));
}

async fn an_origin_is_forgotten(scratch: Scratch) {
    let ledger = scratch.open().await;
    opened(&*ledger, "i1").await;
    let due = NOW.after(EVERY);
    for (cutoff, origin) in [(NOW, Origin(1)), (due, Origin(0))] {
        let tidied = ledger.tidy(cutoffs(NOW, NOW, cutoff), due);
        tidied.await.unwrap();
        let claimed = ledger.claim_due(longest(due, due)).await;
        assert_eq!(claimed.unwrap().unwrap().1, origin);
    }
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
