//! Beginning a donation: what is stored, and whose an idempotency key is.

use std::sync::Arc;

use bagel::ledger::NotOpened;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::*;
use crate::support::scratch_ledgers::Scratch;

contract! {
    what_is_stored_comes_back
    a_repeated_request_gets_the_first_donation
    a_key_used_for_something_else_is_told
    a_checkout_noted_again_changes_nothing
    a_refusal_frees_the_key
    a_checkout_that_ran_out_unpaid_frees_the_key
    a_checkout_that_was_made_keeps_the_key_though_nobody_is_sent_there
    of_many_requests_with_one_key_one_is_created
    replicas_may_start_at_once
}

async fn what_is_stored_comes_back(scratch: Scratch) {
    let ledger = scratch.open().await;
    let id = opened(&*ledger, "i1").await;
    let stored = donation(&*scratch.open().await, id).await;
    let asked = new_donation();
    assert_eq!(stored.request.asked, asked.request.asked);
    assert_eq!(
        (stored.request.name, stored.request.message),
        (asked.request.name, asked.request.message)
    );
    assert_eq!(stored.request.visibility, asked.request.visibility);
    assert_eq!(stored.request.language, asked.request.language);
    assert_eq!((stored.created_at, stored.status), (NOW, Status::Created));
    assert_eq!(stored.intent, Some(self::id("i1")));
    assert_eq!(stored.next_look, Some(NOW.after(EVERY)));
    assert!(
        ledger
            .donation(DonationId::random())
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(ledger.donations(None).await.unwrap().len(), 1);
    let confirmed = ledger.donations(Some(Status::Confirmed)).await.unwrap();
    assert!(confirmed.is_empty());
}

async fn a_repeated_request_gets_the_first_donation(scratch: Scratch) {
    let ledger = scratch.open().await;
    let key = Uuid::new_v4().to_string();
    let first = new_donation();
    let first_id = first.id;
    ledger.begin(first, Some(claim(&key, "a"))).await.unwrap();
    let again = ledger.begin(new_donation(), Some(claim(&key, "a"))).await;
    assert!(matches!(again.unwrap(), Begun::Repeated(first) if first.id == first_id));
    assert_eq!(ledger.donations(None).await.unwrap().len(), 1);
}

async fn a_key_used_for_something_else_is_told(scratch: Scratch) {
    let ledger = scratch.open().await;
    let key = Uuid::new_v4().to_string();
    ledger
        .begin(new_donation(), Some(claim(&key, "a")))
        .await
        .unwrap();
    let other = ledger.begin(new_donation(), Some(claim(&key, "b"))).await;
    assert!(matches!(other.unwrap(), Begun::KeyReused));
    assert_eq!(ledger.donations(None).await.unwrap().len(), 1);
}

async fn a_checkout_noted_again_changes_nothing(scratch: Scratch) {
    let ledger = scratch.open().await;
    let id = opened(&*ledger, "i1").await;
    ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    let settled = donation(&*ledger, id).await;
    let later = NOW.after(EVERY);
    let again = ledger.note_opened(id, opened_as("i1"), (later, Origin(1)), later);
    again.await.unwrap();
    let found = donation(&*ledger, id).await;
    assert_eq!(
        (found.next_look, found.updated_at),
        (settled.next_look, settled.updated_at)
    );
}

async fn a_refusal_frees_the_key(scratch: Scratch) {
    let ledger = scratch.open().await;
    let key = Uuid::new_v4().to_string();
    let first = new_donation();
    let first_id = first.id;
    ledger.begin(first, Some(claim(&key, "a"))).await.unwrap();
    let refused = ledger.note_not_opened(first_id, NotOpened::Refused, None, NOW);
    refused.await.unwrap();
    let again = ledger.begin(new_donation(), Some(claim(&key, "a"))).await;
    assert!(matches!(again.unwrap(), Begun::Created));
}

async fn a_checkout_that_ran_out_unpaid_frees_the_key(scratch: Scratch) {
    let ledger = scratch.open().await;
    for (status, free) in Status::ALL.map(|status| (status, status == Status::Timeout)) {
        let (key, intent) = (Uuid::new_v4().to_string(), format!("i{status:?}"));
        let new = new_donation();
        let (first, opened) = (new.id, opened_as(&intent));
        ledger.begin(new, Some(claim(&key, "a"))).await.unwrap();
        let noted = ledger.note_opened(first, opened, (NOW.after(EVERY), Origin(1)), NOW);
        noted.await.unwrap();
        let told = settlement(report(&intent, status), None);
        ledger.settle(told).await.unwrap();
        let again = ledger.begin(new_donation(), Some(claim(&key, "a"))).await;
        let again = again.unwrap();
        assert_eq!(matches!(again, Begun::Created), free, "{status:?}");
    }
}

async fn a_checkout_that_was_made_keeps_the_key_though_nobody_is_sent_there(scratch: Scratch) {
    let ledger = scratch.open().await;
    let key = Uuid::new_v4().to_string();
    let first = new_donation();
    let first_id = first.id;
    ledger.begin(first, Some(claim(&key, "a"))).await.unwrap();
    let made = Some(id("i1"));
    let refused = ledger.note_not_opened(first_id, NotOpened::Refused, made, NOW);
    refused.await.unwrap();
    let again = ledger.begin(new_donation(), Some(claim(&key, "a"))).await;
    assert!(matches!(again.unwrap(), Begun::Repeated(first) if first.id == first_id));
}

async fn of_many_requests_with_one_key_one_is_created(scratch: Scratch) {
    let replicas = [scratch.open().await, scratch.open().await];
    let key = Uuid::new_v4().to_string();
    let mut requests = JoinSet::new();
    for n in 0..20 {
        let (ledger, claim) = (Arc::clone(&replicas[n % 2]), claim(&key, "a"));
        requests.spawn(async move { ledger.begin(new_donation(), Some(claim)).await.unwrap() });
    }
    let begun = requests.join_all().await;
    let created = begun.iter().filter(|begun| matches!(begun, Begun::Created));
    assert_eq!(created.count(), 1);
    assert_eq!(replicas[0].donations(None).await.unwrap().len(), 1);
}

async fn replicas_may_start_at_once(scratch: Scratch) {
    let (a, b, c, d) = tokio::join!(
        scratch.open(),
        scratch.open(),
        scratch.open(),
        scratch.open()
    );
    for ledger in [a, b, c, d] {
        ledger.check_writable(NOW).await.unwrap();
    }
}

/// The other engine's test stands beside its migrations.
#[tokio::test]
async fn a_newer_schema_is_refused_by_postgres_too() {
    assert!(!Scratch::postgres().await.takes_a_newer_schema().await);
}
