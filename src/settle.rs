//! The one settle point: webhook, poll and sweep all end here.
//!
//! Owns the only doors through which a donation's status changes. The ledger
//! applies the [`crate::rules`] in one transaction, so webhook and poll may race
//! and the result is the same. A payment that is not what was asked goes to
//! REVIEW: never CONFIRMED, never dropped.

use tracing::{info, warn};

use crate::app::App;
use crate::clock::Millis;
use crate::donation::DonationId;
use crate::ids::ForeignId;
use crate::ledger::{Ledger, LedgerError, NotOpened, Resolved, Settled, Settlement, Verdict};
use crate::notify::Listeners;
use crate::report::{Identity, Report, Source};
use crate::status::Status;

/// Settles what a provider reported. A 2xx to a webhook may be sent only after
/// this returned `Ok`.
pub async fn settle(
    app: &App,
    report: Report,
    source: Source,
    identity: Option<Identity>,
) -> Result<Settled, LedgerError> {
    let (intent, status) = (report.intent.clone(), report.status.name());
    let audience = app.listeners.audience(report.provider);
    let settled = app
        .ledger
        .settle(Settlement {
            report,
            source,
            identity,
            audience,
            now: app.clock.now(),
            sweep_every: app.config.reconcile_every,
        })
        .await?;
    app.outbox_signal.notify_waiters();
    // One that is still open looks as before.
    if settled != Settled::Kept(Status::Created) {
        app.changes.note();
    }
    match settled {
        Settled::Kept(Status::Review) => {
            warn!(intent.id = %intent, "a payment differs from what was asked and waits for review");
        }
        Settled::Unmatched => {
            warn!(intent.id = %intent, "an authentic webhook belongs to no donation we know; kept for review");
        }
        outcome => info!(intent.id = %intent, status, ?source, ?outcome, "settled"),
    }
    Ok(settled)
}

/// Settles that no checkout came of a donation; `intent` is given when one was
/// made whose address is not safe.
pub async fn not_opened(
    app: &App,
    id: DonationId,
    how: NotOpened,
    intent: Option<ForeignId>,
) -> Result<(), LedgerError> {
    info!(donation.id = %id, ?how, "no checkout was opened");
    let now = app.clock.now();
    app.ledger.note_not_opened(id, how, intent, now).await?;
    app.changes.note();
    Ok(())
}

/// Carries out the creator's verdict on a donation in REVIEW.
pub async fn resolve(
    ledger: &dyn Ledger,
    listeners: &Listeners,
    id: DonationId,
    verdict: Verdict,
    now: Millis,
) -> Result<Resolved, LedgerError> {
    let Some(donation) = ledger.donation(id).await? else {
        return Ok(Resolved::NotInReview);
    };
    let audience = listeners.audience(&donation.provider);
    ledger.resolve(id, verdict, audience, now).await
}
