//! What a supporter changes later: who may see it, and whether there are any
//! words. The money and what was settled stay as they are.

use std::sync::Arc;

use bagel::ledger::State;

use super::*;
use crate::support::any_ledger::AnyLedger;
use crate::support::scratch_ledgers::Scratch;

contract! {
    visibility_is_what_was_said_last
    erased_words_are_gone_and_nothing_else_is
    words_are_erased_in_every_status
    what_waits_to_be_told_is_told_without_erased_words
    a_repeat_brings_no_erased_words_back
    settling_and_erasing_at_once_are_both_kept
    a_donation_is_found_by_its_reference
}

const LATER: Millis = Millis(NOW.0 + 60_000);

const ALL: Visibility = Visibility {
    name: true,
    message: true,
    amount: true,
};

/// Everything of a donation but its words and when it was written.
fn rest(donation: &Donation) -> String {
    let rest = Donation {
        request: Request {
            language: donation.request.language,
            ..Request::anonymous(donation.request.asked)
        },
        updated_at: NOW,
        ..donation.clone()
    };
    format!("{rest:?}")
}

async fn visibility_is_what_was_said_last(scratch: Scratch) {
    let ledger = scratch.open().await;
    let (id, other) = (opened(&*ledger, "i1").await, opened(&*ledger, "i2").await);
    let before = donation(&*ledger, id).await;
    for said in [
        ALL,
        Visibility::NOTHING,
        Visibility {
            message: true,
            ..Visibility::NOTHING
        },
    ] {
        for _ in 0..2 {
            assert!(ledger.set_visibility(id, said, LATER).await.unwrap());
            let after = donation(&*ledger, id).await;
            assert_eq!((after.request.visibility, after.updated_at), (said, LATER));
            assert_eq!(
                (&after.request.name, &after.request.message),
                (&before.request.name, &before.request.message)
            );
            assert_eq!(rest(&after), rest(&before));
        }
    }
    let untouched = donation(&*ledger, other).await;
    assert_eq!(
        untouched.request.visibility,
        new_donation().request.visibility
    );
    let nobody = ledger.set_visibility(DonationId::random(), ALL, LATER);
    assert!(!nobody.await.unwrap());
}

async fn erased_words_are_gone_and_nothing_else_is(scratch: Scratch) {
    let ledger = scratch.open().await;
    let (id, other) = (opened(&*ledger, "i1").await, opened(&*ledger, "i2").await);
    ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    ledger.set_visibility(id, ALL, NOW).await.unwrap();
    let (before, told) = (donation(&*ledger, id).await, notices(&*ledger).await);
    for _ in 0..2 {
        assert!(ledger.erase_words(id, LATER).await.unwrap());
        let after = donation(&*ledger, id).await;
        assert_eq!(
            (&after.request.name, &after.request.message),
            (&None, &None)
        );
        let amount_alone = Visibility {
            amount: true,
            ..Visibility::NOTHING
        };
        assert_eq!(
            (after.request.visibility, after.updated_at),
            (amount_alone, LATER)
        );
        assert_eq!(rest(&after), rest(&before));
    }
    assert_eq!(counted(&*ledger).await, (1, 500));
    assert_eq!(notices(&*ledger).await, told);
    assert_eq!(
        donation(&*ledger, other).await.request.name,
        new_donation().request.name
    );
    assert!(
        !ledger
            .erase_words(DonationId::random(), LATER)
            .await
            .unwrap()
    );
    assert!(ledger.audit().await.unwrap().differences.is_empty());
}

async fn notices(ledger: &dyn Ledger) -> Vec<(String, State)> {
    let notices = ledger.outbox(true).await.unwrap();
    notices
        .into_iter()
        .map(|it| (it.target, it.state))
        .collect()
}

async fn words_are_erased_in_every_status(scratch: Scratch) {
    let ledger = scratch.ledger().await;
    let id = opened(&*ledger, "i1").await;
    for status in Status::ALL {
        set_back(&ledger, status).await;
        assert!(donation(&*ledger, id).await.request.message.is_some());
        assert!(ledger.erase_words(id, LATER).await.unwrap());
        let after = donation(&*ledger, id).await;
        assert_eq!(
            (after.status, after.request.name, after.request.message),
            (status, None, None)
        );
    }
}

/// The donations with words again, in `status`.
async fn set_back(ledger: &AnyLedger, status: Status) {
    let sql = "UPDATE donations SET name = 'Ada', message = 'Thank you', status = $1";
    let status = status.name();
    match ledger {
        AnyLedger::Sqlite(ledger) => {
            let set = sqlx::query(sql).bind(status).execute(ledger.pool());
            set.await.map(drop)
        }
        AnyLedger::Postgres(ledger) => {
            let mut connection = ledger.connection().await.unwrap();
            let set = sqlx::query(sql).bind(status).execute(&mut *connection);
            set.await.map(drop)
        }
    }
    .unwrap();
}

async fn what_waits_to_be_told_is_told_without_erased_words(scratch: Scratch) {
    let ledger = scratch.open().await;
    let id = opened(&*ledger, "i1").await;
    ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    let claim = |now: Millis| ledger.claim_queued("one", now, now.after(EVERY));
    let first = claim(NOW).await.unwrap().unwrap();
    assert_eq!(first.donation.request.name, new_donation().request.name);
    ledger.erase_words(id, LATER).await.unwrap();
    let again = claim(LATER).await.unwrap().unwrap();
    assert_eq!(again.id, first.id);
    assert_eq!(
        (again.donation.request.name, again.donation.request.message),
        (None, None)
    );
    ledger.note_delivered(again.id, LATER).await.unwrap();
    ledger.replay(again.id, LATER).await.unwrap();
    let replayed = claim(LATER).await.unwrap().unwrap().donation;
    assert_eq!(
        (replayed.request.name, replayed.request.message),
        (None, None)
    );
}

async fn a_repeat_brings_no_erased_words_back(scratch: Scratch) {
    let ledger = scratch.open().await;
    let (key, first) = ("0b9f9a5e-6f0f-4c5c-9f1f-3c1f6b1c7a01", new_donation());
    let id = first.id;
    ledger.begin(first, Some(claim(key, "a"))).await.unwrap();
    ledger.erase_words(id, LATER).await.unwrap();
    let again = ledger.begin(new_donation(), Some(claim(key, "a"))).await;
    let is_first = |again: &Donation| {
        (again.id, &again.request.name, &again.request.message) == (id, &None, &None)
    };
    assert!(matches!(again.unwrap(), Begun::Repeated(again) if is_first(&again)));
    assert_eq!(ledger.donations(None).await.unwrap().len(), 1);
}

async fn settling_and_erasing_at_once_are_both_kept(scratch: Scratch) {
    let replicas = [scratch.open().await, scratch.open().await];
    for round in 0..20 {
        let intent = format!("i{round}");
        let id = opened(&*replicas[0], &intent).await;
        let webhook = paid(&intent, &format!("w{round}"), &format!("n{round}"));
        let (settling, erasing) = (Arc::clone(&replicas[0]), Arc::clone(&replicas[1]));
        let (settled, erased) =
            tokio::join!(settling.settle(webhook), erasing.erase_words(id, LATER));
        settled.unwrap();
        assert!(erased.unwrap());
        let after = donation(&*replicas[0], id).await;
        assert_eq!(
            (after.status, after.request.name),
            (Status::Confirmed, None)
        );
    }
    assert_eq!(counted(&*replicas[0]).await, (20, 10_000));
}

async fn a_donation_is_found_by_its_reference(scratch: Scratch) {
    let ledger = scratch.open().await;
    let (id, other) = (opened(&*ledger, "i1").await, opened(&*ledger, "i2").await);
    for id in [id, other] {
        assert_eq!(ledger.referred_to(id.reference()).await.unwrap(), [id]);
    }
    let mut twin = new_donation();
    let rest = &twin.id.to_string()[8..];
    twin.id = DonationId::parse(&format!("{}{rest}", id.reference())).unwrap();
    let mut both = [id.to_string(), twin.id.to_string()];
    both.sort();
    ledger.begin(twin, None).await.unwrap();
    let found = ledger.referred_to(id.reference()).await.unwrap();
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, both);
}
