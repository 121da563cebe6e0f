//! Bare ledger: a ledger without an app, given reports on one donation after
//! another.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bagel::clock::{Clock, Millis};
use bagel::donation::{DonationId, NewDonation, Origin, Payment, Request};
use bagel::ids::ForeignId;
use bagel::ledger::{Audience, Settlement};
use bagel::money::{Cents, Currency, Money};
use bagel::report::{Charged, Identity, Opened, Report, Source};
use bagel::status::Status;

use crate::support::any_ledger::AnyLedger;
use crate::support::scratch_ledgers::Scratch;

/// What each donation asks for.
pub(crate) const FIVE: Money = money(500, Currency::Usd);

pub(crate) const fn money(cents: i64, currency: Currency) -> Money {
    Money {
        cents: Cents(cents),
        currency,
    }
}

/// One report of a provider's.
#[derive(Clone, Debug)]
pub(crate) struct Told(pub(crate) Status, pub(crate) Charged, pub(crate) Source);

/// A ledger alone, with one intent after the other.
pub(crate) struct BareLedger {
    ledger: AnyLedger,
    serial: AtomicU32,
    _data: Scratch,
}

impl BareLedger {
    pub(crate) async fn on(data: Scratch) -> Self {
        Self {
            ledger: data.ledger().await,
            serial: AtomicU32::new(0),
            _data: data,
        }
    }

    fn name(&self, kind: &str) -> ForeignId {
        let number = self.serial.fetch_add(1, Ordering::SeqCst);
        ForeignId::clean(&format!("{kind}_{number}")).unwrap()
    }

    /// Settles a new donation of five dollars with each report in turn; gives
    /// its last status, and how often it is counted.
    pub(crate) async fn end_of(&self, story: &[Told]) -> (Status, i64) {
        let (id, now) = (DonationId::random(), Clock::System.now());
        let before = self.counted().await;
        let intent = self.name("i");
        self.ledger.begin(new(id, now), None).await.unwrap();
        let opened = Opened {
            checkout_url: "https://pay.example/".into(),
            intent: intent.clone(),
        };
        let noted = self.ledger.note_opened(id, opened, (now, Origin(1)), now);
        noted.await.unwrap();
        for told in story {
            let settled = self
                .ledger
                .settle(self.settlement(told.clone(), &intent, now));
            settled.await.unwrap();
        }
        let status = self.ledger.donation(id).await.unwrap().unwrap().status;
        (status, self.counted().await - before)
    }

    async fn counted(&self) -> i64 {
        let totals = self.ledger.totals().await.unwrap();
        totals.iter().map(|(_, count)| count).sum()
    }

    fn settlement(&self, told: Told, intent: &ForeignId, now: Millis) -> Settlement {
        let Told(status, charged, source) = told;
        let identity = (source == Source::Webhook).then(|| Identity {
            webhook_id: self.name("whk"),
            nonce_sha256: self.name("nonce").to_string(),
            body_sha256: String::new(),
        });
        Settlement {
            report: Report {
                provider: "allscale",
                intent: intent.clone(),
                order: None,
                status,
                charged,
                payment: Payment::default(),
                details_may_follow: true,
            },
            source,
            identity,
            audience: Audience::default(),
            now,
            sweep_every: Duration::from_secs(30),
        }
    }
}

fn new(id: DonationId, created_at: Millis) -> NewDonation {
    NewDonation {
        id,
        created_at,
        request: Request::anonymous(FIVE),
        provider: "allscale",
    }
}
