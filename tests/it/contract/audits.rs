//! Whether the ledger agrees with itself: each way in which it may not is
//! found and named, and a running program is never taken for one.

use std::sync::Arc;

use bagel::ledger::{Audience, Audit, Verdict};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::*;
use crate::support::scratch_ledgers::Scratch;

contract! {
    an_honest_ledger_agrees
    a_ledger_in_use_agrees_at_every_moment
    a_confirmation_that_is_gone_is_found
    a_confirmation_of_an_open_donation_is_found
    a_donation_that_is_gone_is_found
    a_row_of_no_donation_is_refused
    a_doubled_amount_is_found
    another_currency_is_found
    a_second_confirmation_is_found
    an_amount_of_nothing_is_found
    a_status_nobody_knows_is_found
    a_currency_nobody_knows_is_found
    a_text_that_breaks_our_rules_is_found
    a_language_nobody_knows_is_found
}

/// One donation that is paid, one that is not, one that a key was used for.
async fn used(scratch: &Scratch) -> (Arc<dyn Ledger>, DonationId) {
    let ledger = scratch.open().await;
    let paid_one = opened(&*ledger, "i1").await;
    opened(&*ledger, "i2").await;
    ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    let key = Uuid::new_v4().to_string();
    let keyed = ledger.begin(new_donation(), Some(claim(&key, "a"))).await;
    assert!(matches!(keyed.unwrap(), Begun::Created));
    (ledger, paid_one)
}

fn lines(audit: &Audit) -> Vec<String> {
    audit.differences.iter().map(ToString::to_string).collect()
}

/// Tampers with such a ledger: the audit must say `told`, about the paid
/// donation where it says `ID`, and nothing else.
async fn finds(scratch: Scratch, tampering: &'static str, told: &[&str]) {
    let (ledger, id) = used(&scratch).await;
    assert_eq!(lines(&ledger.audit().await.unwrap()), [""; 0]);
    scratch.tamper(tampering).await;
    let found = lines(&ledger.audit().await.unwrap());
    assert_eq!(found.len(), told.len(), "{found:#?}");
    for (line, start) in found.iter().zip(told) {
        let start = start.replace("ID", &id.to_string());
        assert!(line.starts_with(&start), "{line} instead of {start}");
    }
}

async fn an_honest_ledger_agrees(scratch: Scratch) {
    let (ledger, _) = used(&scratch).await;
    for (intent, verdict) in [("i3", Verdict::Confirm(None)), ("i4", Verdict::Reject)] {
        let id = opened(&*ledger, intent).await;
        let mut less = paid(intent, intent, intent);
        less.report.charged = Charged::Amount(Money {
            cents: Cents(499),
            currency: Currency::Usd,
        });
        ledger.settle(less).await.unwrap();
        ledger
            .resolve(id, verdict, Audience::default(), NOW)
            .await
            .unwrap();
    }
    ledger.settle(paid("stranger", "w9", "n9")).await.unwrap();
    let audit = ledger.audit().await.unwrap();
    assert_eq!(lines(&audit), [""; 0]);
    assert_eq!(audit.to_string(), "5 donations, 2 confirmed, 9.99 USD");
    assert_eq!(audit.totals, ledger.totals().await.unwrap());
    assert_eq!(ledger.damage().await.unwrap(), [""; 0]);
}

async fn a_ledger_in_use_agrees_at_every_moment(scratch: Scratch) {
    let replicas = [scratch.open().await, scratch.open().await];
    let mut people = JoinSet::new();
    for person in 0..2 {
        let ledger = Arc::clone(&replicas[0]);
        people.spawn(async move {
            for n in 0..60 {
                let name = format!("{person}-{n}");
                opened(&*ledger, &name).await;
                ledger.settle(paid(&name, &name, &name)).await.unwrap();
            }
        });
    }
    while !people.is_empty() {
        assert_eq!(lines(&replicas[1].audit().await.unwrap()), [""; 0]);
        while let Some(ended) = people.try_join_next() {
            ended.unwrap();
        }
    }
    let audit = replicas[1].audit().await.unwrap();
    assert_eq!(
        audit.to_string(),
        "120 donations, 120 confirmed, 600.00 USD"
    );
}

async fn a_confirmation_that_is_gone_is_found(scratch: Scratch) {
    let told = ["donation ID: is CONFIRMED, but", "total USD: 0 hundredths"];
    finds(scratch, "DELETE FROM confirmations", &told).await;
}

async fn a_confirmation_of_an_open_donation_is_found(scratch: Scratch) {
    let tampering = "UPDATE donations SET status = 'TIMEOUT' WHERE status = 'CONFIRMED'";
    let told = ["donation ID: is counted, but not", "total USD: 500"];
    finds(scratch, tampering, &told).await;
}

async fn a_donation_that_is_gone_is_found(scratch: Scratch) {
    let tampering = "DELETE FROM donations WHERE status = 'CONFIRMED'";
    finds(scratch, tampering, &["total USD: 500"]).await;
}

/// What the audit need not ask, because a foreign key holds it.
async fn a_row_of_no_donation_is_refused(scratch: Scratch) {
    used(&scratch).await;
    let ledger = scratch.ledger().await;
    for statement in [
        "UPDATE confirmations SET donation_id = 'gone'",
        "UPDATE webhooks SET donation_id = 'gone'",
        "UPDATE idempotency_keys SET donation_id = 'gone'",
        "UPDATE outbox SET donation_id = 'gone'",
        "DELETE FROM donations WHERE status = 'CONFIRMED'",
    ] {
        let why = ledger.refusal(statement).await.to_lowercase();
        assert!(why.contains("foreign key constraint"), "{statement}: {why}");
    }
}

async fn a_doubled_amount_is_found(scratch: Scratch) {
    let tampering = "UPDATE confirmations SET amount_cents = 1000";
    let told = [
        "donation ID: is counted with another",
        "total USD: 1000 hundredths of 1 confirmations are shown, the CONFIRMED donations are 500",
    ];
    finds(scratch, tampering, &told).await;
}

async fn another_currency_is_found(scratch: Scratch) {
    let tampering = "UPDATE confirmations SET currency = 'EUR'";
    let told = [
        "donation ID: is counted with another",
        "total EUR: 500",
        "total USD: 0",
    ];
    finds(scratch, tampering, &told).await;
}

async fn a_second_confirmation_is_found(scratch: Scratch) {
    let tampering = "ALTER TABLE confirmations RENAME TO once;
         CREATE TABLE confirmations AS SELECT * FROM once UNION ALL SELECT * FROM once";
    let told = ["donation ID: is counted more than once", "total USD: 1000"];
    finds(scratch, tampering, &told).await;
}

async fn an_amount_of_nothing_is_found(scratch: Scratch) {
    let tampering = "UPDATE confirmations SET amount_cents = -500;
         UPDATE donations SET amount_cents = -500 WHERE status = 'CONFIRMED'";
    finds(scratch, tampering, &["donation ID: has an amount"]).await;
}

async fn a_status_nobody_knows_is_found(scratch: Scratch) {
    let tampering = "DELETE FROM confirmations;
         UPDATE donations SET status = 'PAID' WHERE status = 'CONFIRMED'";
    finds(
        scratch,
        tampering,
        &["donation ID: its status cannot be read"],
    )
    .await;
}

async fn a_currency_nobody_knows_is_found(scratch: Scratch) {
    let tampering = "UPDATE confirmations SET currency = 'XXX';
         UPDATE donations SET currency = 'XXX' WHERE status = 'CONFIRMED'";
    finds(
        scratch,
        tampering,
        &["donation ID: its currency cannot be read"],
    )
    .await;
}

async fn a_text_that_breaks_our_rules_is_found(scratch: Scratch) {
    let tampering = "UPDATE donations SET name = 'two
         lines', tx_hash = '<b>' WHERE status = 'CONFIRMED'";
    finds(
        scratch,
        tampering,
        &["donation ID: its name cannot be read"],
    )
    .await;
}

async fn a_language_nobody_knows_is_found(scratch: Scratch) {
    let tampering = "UPDATE donations SET language = 'Klingon' WHERE status = 'CONFIRMED'";
    finds(
        scratch,
        tampering,
        &["donation ID: its language cannot be read"],
    )
    .await;
}
