//! Settling: every report counts once, whichever replica it reaches.

use std::sync::Arc;

use bagel::ledger::{Resolved, Settled, Verdict};
use tokio::task::JoinSet;

use super::*;
use crate::support::scratch_ledgers::Scratch;

contract! {
    one_webhook_at_every_replica_counts_once
    many_webhooks_of_one_payment_count_once
    a_nonce_serves_one_webhook
    an_event_without_a_donation_waits
    a_later_status_is_not_lost_between_two_replicas
    review_ends_by_verdict_alone
    a_total_too_large_is_an_error_not_a_number
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
        viewed.charged = Charged::Absent;
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
    less.report.charged = Charged::Amount(Money {
        cents: Cents(499),
        currency: Currency::Usd,
    });
    let settled = ledger.settle(less).await.unwrap();
    assert_eq!(settled, Settled::Kept(Status::Review));
    ledger.settle(paid("i1", "w2", "n2")).await.unwrap();
    assert_eq!(donation(&*ledger, id).await.status, Status::Review);
    assert_eq!(counted(&*ledger).await, (0, 0));
    let verdict = Verdict::Confirm(None);
    let resolve = || ledger.resolve(id, verdict, Audience::default(), NOW);
    assert!(matches!(resolve().await.unwrap(), Resolved::Done(_)));
    let now = donation(&*ledger, id).await;
    assert_eq!(
        (now.status, now.counted),
        (Status::Confirmed, Some(Cents(499)))
    );
    assert_eq!(now.confirmed_at, Some(NOW));
    assert!(matches!(resolve().await.unwrap(), Resolved::NotInReview));
    assert_eq!(counted(&*ledger).await, (1, 499), "what came");
}

async fn a_total_too_large_is_an_error_not_a_number(scratch: Scratch) {
    let ledger = scratch.open().await;
    for n in 0..2 {
        let mut new = new_donation();
        new.request.asked.cents = Cents(i64::MAX);
        let (id, intent) = (new.id, format!("i{n}"));
        ledger.begin(new, None).await.unwrap();
        let mut webhook = paid(&intent, &format!("w{n}"), &format!("n{n}"));
        webhook.report.order = Some(id);
        webhook.report.charged = Charged::Amount(Money {
            cents: Cents(i64::MAX),
            currency: Currency::Usd,
        });
        ledger.settle(webhook).await.unwrap();
    }
    assert!(ledger.totals().await.is_err());
}
