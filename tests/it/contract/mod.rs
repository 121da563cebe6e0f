//! What a ledger promises, on both engines: the same cases, the same outcomes.
//!
//! Several ledgers over the same data stand for several replicas.

/// Each case becomes a test of its own on each engine.
macro_rules! contract {
    ($($case:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $case() {
                super::$case($crate::support::scratch_ledgers::Scratch::sqlite()).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $case() {
                super::$case($crate::support::scratch_ledgers::Scratch::postgres().await).await;
            })*
        }
    };
}

mod audits;
mod looks;
mod outbox;
mod reports;
mod requests;
mod upgrades;
mod words;

use std::time::Duration;

use bagel::clock::Millis;
use bagel::donation::{Donation, DonationId, NewDonation, Origin, Payment, Request};
use bagel::ids::ForeignId;
use bagel::language::Language;
use bagel::ledger::{Audience, Begun, Claim, Cutoffs, Ledger, Settlement};
use bagel::money::{Cents, Currency, Money};
use bagel::report::{Charged, Identity, Opened, Report, Source};
use bagel::status::Status;
use bagel::supporter::{Message, SupporterName, Visibility};

pub(super) const NOW: Millis = Millis(1_763_776_800_000);
pub(super) const EVERY: Duration = Duration::from_secs(30);

pub(super) fn new_donation() -> NewDonation {
    NewDonation {
        id: DonationId::random(),
        created_at: NOW,
        request: Request {
            asked: Money {
                cents: Cents(500),
                currency: Currency::Usd,
            },
            name: SupporterName::parse("Ada 🥯").unwrap(),
            message: Message::parse("one\ntwo").unwrap(),
            visibility: Visibility {
                name: true,
                message: false,
                amount: true,
            },
            language: Some(Language::German),
        },
        provider: "allscale",
    }
}

pub(super) fn claim(key: &str, request: &str) -> Claim {
    Claim {
        key: key.to_owned(),
        request_sha256: request.to_owned(),
    }
}

pub(super) fn id(text: &str) -> ForeignId {
    ForeignId::clean(text).unwrap()
}

/// Begins a donation and opens its checkout as intent `intent`.
pub(super) async fn opened(ledger: &dyn Ledger, intent: &str) -> DonationId {
    let new = new_donation();
    let id = new.id;
    assert!(matches!(
        ledger.begin(new, None).await.unwrap(),
        Begun::Created
    ));
    let first_look = (NOW.after(EVERY), Origin(1));
    ledger
        .note_opened(id, opened_as(intent), first_look, NOW)
        .await
        .unwrap();
    id
}

/// A checkout that the provider made as intent `intent`.
pub(super) fn opened_as(intent: &str) -> Opened {
    Opened {
        checkout_url: format!("https://checkout.example/{intent}"),
        intent: id(intent),
    }
}

pub(super) fn report(intent: &str, status: Status) -> Report {
    let five = Money {
        cents: Cents(500),
        currency: Currency::Usd,
    };
    Report {
        provider: "allscale",
        intent: id(intent),
        order: None,
        status,
        charged: Charged::Amount(five),
        payment: Payment::default(),
        details_may_follow: true,
    }
}

pub(super) fn identity(webhook: &str, nonce: &str) -> Identity {
    Identity {
        webhook_id: id(webhook),
        nonce_sha256: nonce.to_owned(),
        body_sha256: "body".to_owned(),
    }
}

pub(super) fn settlement(report: Report, identity: Option<Identity>) -> Settlement {
    Settlement {
        report,
        source: Source::Webhook,
        identity,
        audience: Audience {
            confirmed: vec!["one", "two"],
            creator: vec!["one"],
        },
        now: NOW,
        sweep_every: EVERY,
    }
}

pub(super) fn paid(intent: &str, webhook: &str, nonce: &str) -> Settlement {
    let identity = identity(webhook, nonce);
    settlement(report(intent, Status::Confirmed), Some(identity))
}

/// What [`bagel::ledger::Sweep::tidy`] takes away.
pub(super) fn cutoffs(nonces: Millis, keys: Millis, stale: Millis) -> Cutoffs {
    Cutoffs {
        nonces,
        keys,
        stale,
        origins: Millis(0)..stale,
    }
}

pub(super) async fn counted(ledger: &dyn Ledger) -> (i64, i64) {
    let totals = ledger.totals().await.unwrap();
    totals
        .first()
        .map_or((0, 0), |(money, count)| (*count, money.cents.0))
}

pub(super) async fn donation(ledger: &dyn Ledger, id: DonationId) -> Donation {
    ledger.donation(id).await.unwrap().unwrap()
}
