//! What a ledger promises, on both engines: the same cases, the same outcomes.
//!
//! Several ledgers over the same data stand for several replicas.

use std::sync::Arc;
use std::time::Duration;

use bagel::clock::Millis;
use bagel::donation::{Donation, DonationId, NewDonation, Payment};
use bagel::ledger::{Begun, Claim, Ledger, NotOpened, Settled, Settlement, Verdict};
use bagel::money::{Cents, Currency, Money};
use bagel::provider::{Charged, ForeignId, Identity, Opened, Report, Source};
use bagel::status::Status;
use bagel::supporter::{Message, SupporterName};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::scratch_ledgers::Scratch;

const NOW: Millis = Millis(1_763_776_800_000);
const EVERY: Duration = Duration::from_secs(30);

/// Each case becomes a test of its own on each engine.
macro_rules! contract {
    ($($case:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $case() {
                super::$case(super::Scratch::sqlite()).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $case() {
                super::$case(super::Scratch::postgres().await).await;
            })*
        }
    };
}

contract! {
    what_is_stored_comes_back
    a_repeated_request_gets_the_first_donation
    a_key_used_for_something_else_is_told
    a_refusal_frees_the_key
    of_many_requests_with_one_key_one_is_created
    one_webhook_at_every_replica_counts_once
    many_webhooks_of_one_payment_count_once
    a_nonce_serves_one_webhook
    an_event_without_a_donation_waits
    a_later_status_is_not_lost_between_two_replicas
    review_ends_by_verdict_alone
    two_replicas_never_take_the_same_look
    a_look_nobody_ended_is_taken_up
    old_keys_and_nonces_are_forgotten_ids_never
    a_cut_off_checkout_becomes_unknown
    a_total_too_large_is_an_error_not_a_number
    replicas_may_start_at_once
}

fn new_donation() -> NewDonation {
    NewDonation {
        id: DonationId::random(),
        created_at: NOW,
        asked: Money {
            cents: Cents(500),
            currency: Currency::Usd,
        },
        name: SupporterName::parse("Ada 🥯").unwrap(),
        message: Message::parse("one\ntwo").unwrap(),
        provider: "allscale",
    }
}

fn claim(key: &str, request: &str) -> Claim {
    Claim {
        key: key.to_owned(),
        request_sha256: request.to_owned(),
    }
}

fn id(text: &str) -> ForeignId {
    ForeignId::clean(text).unwrap()
}

/// Begins a donation and opens its checkout as intent `intent`.
async fn opened(ledger: &dyn Ledger, intent: &str) -> DonationId {
    let new = new_donation();
    let id = new.id;
    assert!(matches!(
        ledger.begin(new, None).await.unwrap(),
        Begun::Created
    ));
    let opened = Opened {
        checkout_url: format!("https://checkout.example/{intent}"),
        intent: self::id(intent),
    };
    let first_look = NOW.after(EVERY);
    ledger
        .note_opened(id, opened, first_look, NOW)
        .await
        .unwrap();
    id
}

fn report(intent: &str, status: Status) -> Report {
    let five = Money {
        cents: Cents(500),
        currency: Currency::Usd,
    };
    Report {
        provider: "allscale",
        intent: id(intent),
        order: None,
        status,
        charged: Charged::Told(five),
        payment: Payment::default(),
    }
}

fn identity(webhook: &str, nonce: &str) -> Identity {
    Identity {
        webhook_id: id(webhook),
        nonce_sha256: nonce.to_owned(),
        body_sha256: "body".to_owned(),
    }
}

fn settlement(report: Report, identity: Option<Identity>) -> Settlement {
    Settlement {
        report,
        source: Source::Webhook,
        identity,
        now: NOW,
        sweep_every: EVERY,
    }
}

fn paid(intent: &str, webhook: &str, nonce: &str) -> Settlement {
    let identity = identity(webhook, nonce);
    settlement(report(intent, Status::Confirmed), Some(identity))
}

async fn counted(ledger: &dyn Ledger) -> (i64, i64) {
    let totals = ledger.totals().await.unwrap();
    totals
        .first()
        .map_or((0, 0), |(money, count)| (*count, money.cents.0))
}

async fn donation(ledger: &dyn Ledger, id: DonationId) -> Donation {
    ledger.donation(id).await.unwrap().unwrap()
}

async fn what_is_stored_comes_back(scratch: Scratch) {
    let ledger = scratch.open().await;
    let id = opened(&*ledger, "i1").await;
    let stored = donation(&*scratch.open().await, id).await;
    let asked = new_donation();
    assert_eq!(stored.asked, asked.asked);
    assert_eq!((stored.name, stored.message), (asked.name, asked.message));
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

async fn one_webhook_at_every_replica_counts_once(scratch: Scratch) {
    let replicas = [scratch.open().await, scratch.open().await];
    for payment in 0..20 {
        let intent = format!("i{payment}");
        opened(&*replicas[0], &intent).await;
        let mut deliveries = JoinSet::new();
        for n in 0..8 {
            let ledger = Arc::clone(&replicas[n % 2]);
            let webhook = paid(&intent, &format!("w{payment}"), &format!("{payment}-{n}"));
            deliveries.spawn(async move { ledger.settle(webhook).await.unwrap() });
        }
        let settled = deliveries.join_all().await;
        let kept = settled
            .iter()
            .filter(|settled| **settled == Settled::Kept(Status::Confirmed));
        assert_eq!(kept.count(), 1, "{settled:?}");
    }
    assert_eq!(counted(&*replicas[0]).await, (20, 10_000));
}

async fn many_webhooks_of_one_payment_count_once(scratch: Scratch) {
    let replicas = [scratch.open().await, scratch.open().await];
    let id = opened(&*replicas[0], "i1").await;
    let mut deliveries = JoinSet::new();
    for n in 0..16 {
        let ledger = Arc::clone(&replicas[n % 2]);
        let webhook = paid("i1", &format!("w{n}"), &format!("n{n}"));
        deliveries.spawn(async move { ledger.settle(webhook).await.unwrap() });
    }
    deliveries.join_all().await;
    assert_eq!(donation(&*replicas[0], id).await.status, Status::Confirmed);
    assert_eq!(counted(&*replicas[1]).await, (1, 500));
}

async fn a_nonce_serves_one_webhook(scratch: Scratch) {
    let ledger = scratch.open().await;
    opened(&*ledger, "i1").await;
    let first = ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    assert_eq!(first, Settled::Kept(Status::Confirmed));
    let again = ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    assert_eq!(again, Settled::Duplicate);
    let fresh = ledger.settle(paid("i1", "w1", "n2")).await.unwrap();
    assert_eq!(fresh, Settled::Duplicate);
    let other = ledger.settle(paid("i1", "w2", "n1")).await.unwrap();
    assert_eq!(other, Settled::NonceReused);
}

async fn an_event_without_a_donation_waits(scratch: Scratch) {
    let ledger = scratch.open().await;
    let settled = ledger.settle(paid("stranger", "w1", "n1")).await.unwrap();
    assert_eq!(settled, Settled::Unmatched);
    assert_eq!(ledger.unmatched().await.unwrap().len(), 1);
    opened(&*ledger, "stranger").await;
    assert!(ledger.unmatched().await.unwrap().is_empty());
}

async fn a_later_status_is_not_lost_between_two_replicas(scratch: Scratch) {
    let replicas = [scratch.open().await, scratch.open().await];
    for round in 0..30 {
        let intent = format!("i{round}");
        let id = opened(&*replicas[0], &intent).await;
        let mut viewed = report(&intent, Status::Viewed);
        viewed.charged = Charged::NotTold;
        let mut viewed = settlement(viewed, None);
        viewed.source = Source::Poll;
        let webhook = paid(&intent, &format!("w{round}"), &format!("n{round}"));
        let (poll, confirm) = tokio::join!(replicas[0].settle(viewed), replicas[1].settle(webhook));
        poll.unwrap();
        confirm.unwrap();
        assert_eq!(donation(&*replicas[0], id).await.status, Status::Confirmed);
    }
    assert_eq!(counted(&*replicas[0]).await, (30, 15_000));
}

async fn review_ends_by_verdict_alone(scratch: Scratch) {
    let ledger = scratch.open().await;
    let id = opened(&*ledger, "i1").await;
    let mut less = paid("i1", "w1", "n1");
    less.report.charged = Charged::Told(Money {
        cents: Cents(499),
        currency: Currency::Usd,
    });
    let settled = ledger.settle(less).await.unwrap();
    assert_eq!(settled, Settled::Kept(Status::Review));
    ledger.settle(paid("i1", "w2", "n2")).await.unwrap();
    assert_eq!(donation(&*ledger, id).await.status, Status::Review);
    assert_eq!(counted(&*ledger).await, (0, 0));
    let resolved = ledger.resolve(id, Verdict::Confirm, NOW).await.unwrap();
    assert_eq!(resolved.unwrap().status, Status::Confirmed);
    assert!(
        ledger
            .resolve(id, Verdict::Confirm, NOW)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(counted(&*ledger).await, (1, 500));
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
    ledger.tidy(later, NOW, later).await.unwrap();
    let respelled = ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    assert_eq!(respelled, Settled::Duplicate);
    let fresh = ledger.settle(paid("i1", "w2", "n2")).await.unwrap();
    assert_eq!(fresh, Settled::Kept(Status::Confirmed));
    assert_eq!(counted(&*ledger).await, (1, 500));
}

async fn a_cut_off_checkout_becomes_unknown(scratch: Scratch) {
    let ledger = scratch.open().await;
    let new = new_donation();
    let id = new.id;
    ledger.begin(new, None).await.unwrap();
    ledger.tidy(NOW, NOW, NOW).await.unwrap();
    assert_eq!(donation(&*ledger, id).await.status, Status::Created);
    let later = NOW.after(EVERY);
    ledger.tidy(NOW, later, later).await.unwrap();
    assert_eq!(donation(&*ledger, id).await.status, Status::Unknown);
    let mut webhook = paid("i1", "w1", "n1");
    webhook.report.order = Some(id);
    ledger.settle(webhook).await.unwrap();
    assert_eq!(donation(&*ledger, id).await.status, Status::Confirmed);
}

async fn a_total_too_large_is_an_error_not_a_number(scratch: Scratch) {
    let ledger = scratch.open().await;
    for n in 0..2 {
        let mut new = new_donation();
        new.asked.cents = Cents(i64::MAX);
        let (id, intent) = (new.id, format!("i{n}"));
        ledger.begin(new, None).await.unwrap();
        let mut webhook = paid(&intent, &format!("w{n}"), &format!("n{n}"));
        webhook.report.order = Some(id);
        webhook.report.charged = Charged::Told(Money {
            cents: Cents(i64::MAX),
            currency: Currency::Usd,
        });
        ledger.settle(webhook).await.unwrap();
    }
    assert!(ledger.totals().await.is_err());
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
