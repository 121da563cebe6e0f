//! The sweep: asks providers about donations that are still open.
//!
//! Owns the worker that makes the looks when they are due, and the tidying
//! between them. Finds payments that neither a webhook nor an open page
//! reported, also after a restart. Never ends on an error, and never asks
//! faster than the shared [`crate::budget`].

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tracing::warn;

use crate::app::App;
use crate::donation::Donation;
use crate::ids::ForeignId;
use crate::ledger::{Cutoffs, LedgerError};
use crate::provider::ProviderError;
use crate::report::{Charged, Report, Source};
use crate::status::Status;
use crate::{deadlines, rules, settle};

const DAY: Duration = Duration::from_hours(24);

/// What one step of the sweep did.
#[derive(Debug)]
pub enum Step {
    /// No donation is due.
    Idle,
    /// The provider answered for one donation.
    Looked,
    /// The provider did not; that donation will be looked at again.
    Failed(ProviderError),
    /// The provider is down as a whole; further looks would fail too.
    Down(ProviderError),
}

/// Looks at the one donation that is due first. The caller has drawn on the
/// budget before.
pub async fn step(app: &App) -> Result<Step, LedgerError> {
    let now = app.clock.now();
    let Some(donation) = app
        .ledger
        .claim_due(now, now.after(deadlines::LEASE))
        .await?
    else {
        return Ok(Step::Idle);
    };
    match look(app, &donation, Source::Sweep).await {
        Ok(()) => Ok(Step::Looked),
        Err(LookError::Ledger(error)) => Err(error),
        Err(LookError::Provider(error)) if is_down(app, &donation, &error) => {
            let soon = now.after(app.config.reconcile_every);
            let postponed = app.ledger.postpone(donation.id, donation.looks, Some(soon));
            postponed.await?;
            Ok(Step::Down(error))
        }
        Err(LookError::Provider(error)) => {
            postpone(app, &donation, &error).await?;
            Ok(Step::Failed(error))
        }
    }
}

/// Whether the provider is down as a whole. Such a failure does not count as a
/// look; otherwise a long outage would push the next look far into the future.
fn is_down(app: &App, donation: &Donation, error: &ProviderError) -> bool {
    let provider = app.providers.find(&donation.provider);
    let failing = || provider.is_some_and(|provider| provider.is_failing());
    error.is_general() || (error.is_trouble() && failing())
}

/// Back-off: any other failure counts as a look, so that one donation which
/// always fails cannot crowd out the others. Only answers use up the two looks
/// at a closed donation.
async fn postpone(
    app: &App,
    donation: &Donation,
    error: &ProviderError,
) -> Result<(), LedgerError> {
    let (every, now) = (app.config.reconcile_every, app.clock.now());
    let counts = !donation.status.is_negative() || matches!(error, ProviderError::NotFound);
    let looks = donation.looks.saturating_add(counts.into());
    let complete = donation.payment.is_complete();
    let wait = rules::next_look(donation.status, looks, complete, every);
    let next = rules::next_look_at(donation, wait, now);
    app.ledger.postpone(donation.id, looks, next).await
}

/// Why a look failed.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Asks the provider about one donation and settles the answer. Writes nothing
/// when the provider gave no answer.
pub async fn look(app: &App, donation: &Donation, source: Source) -> Result<(), LookError> {
    let intent = donation.intent.as_ref().ok_or(ProviderError::NotFound)?;
    let report = ask(app, &donation.provider, intent).await?;
    settle::settle(app, report, source, None).await?;
    Ok(())
}

/// Hint: replaces a webhook's report by the provider's own answer. A hint about
/// a settled or unknown donation causes no call. A hint may arrive before its
/// checkout is noted; then it names the intent itself.
pub async fn answer_to(app: &App, hint: Report) -> Result<Report, LookError> {
    let donation = match hint.order {
        Some(id) => app.ledger.donation(id).await?,
        None => None,
    };
    let Some(donation) = donation.filter(|donation| !donation.is_settled()) else {
        return Ok(hint);
    };
    let intent = donation.intent.as_ref().unwrap_or(&hint.intent);
    let turn = timeout(deadlines::TURN, app.budget.draw(donation.created_at)).await;
    turn.map_err(|_| ProviderError::RateLimited)?;
    let answer = ask(app, &donation.provider, intent).await?;
    if hint.status == Status::Confirmed && answer.status != Status::Confirmed {
        let behind = "it does not know of the payment its own webhook tells of";
        return Err(ProviderError::Broken(behind).into());
    }
    Ok(answer)
}

async fn ask(app: &App, provider: &str, intent: &ForeignId) -> Result<Report, ProviderError> {
    let provider = app
        .providers
        .find(provider)
        .ok_or(ProviderError::NotFound)?;
    let answer = provider.look(intent).await;
    match &answer {
        // An answer with an amount may have taken a second call.
        Ok(report) if report.charged != Charged::Absent => app.budget.overdraw(),
        Err(ProviderError::RateLimited) => app.budget.pause(),
        Ok(_) | Err(_) => {}
    }
    answer
}

/// Sweeps until the end of the program.
pub async fn run(app: Arc<App>) {
    let idle = Duration::from_secs(1);
    let mut tidied = None;
    loop {
        tidy_now_and_then(&app, &mut tidied).await;
        match next_step(&app).await {
            Ok(Step::Looked) => {}
            Ok(Step::Idle) => sleep(idle).await,
            Ok(Step::Failed(error)) => {
                warn!(%error, "the sweep could not look at a donation; it will try again");
            }
            Ok(Step::Down(error)) => {
                warn!(%error, "the provider answers nobody; the sweep rests and will try again");
                sleep(app.config.reconcile_every).await;
            }
            Err(error) => {
                warn!(%error, "the sweep could not use the ledger; it will try again");
                sleep(idle).await;
            }
        }
    }
}

/// Draws on the budget only when something is due.
async fn next_step(app: &App) -> Result<Step, LedgerError> {
    match app.ledger.peek_due(app.clock.now()).await? {
        None => Ok(Step::Idle),
        Some(created_at) => {
            app.budget.draw(created_at).await;
            step(app).await
        }
    }
}

/// Retention of webhook nonces: longer than any timestamp is accepted.
const NONCES_FOR: Duration = DAY;
/// Retention of idempotency keys: how long a repeated request is recognised.
const KEYS_FOR: Duration = DAY;
/// A call that makes a checkout ends within seconds; after this time its
/// process must be gone.
const STALE_AFTER: Duration = Duration::from_mins(1);

/// Forgets old nonces and keys, and marks as UNKNOWN the checkouts that a crash
/// or a power cut interrupted.
pub async fn tidy(app: &App) -> Result<(), LedgerError> {
    let now = app.clock.now();
    let cutoffs = Cutoffs {
        nonces: now.before(NONCES_FOR),
        keys: now.before(KEYS_FOR),
        stale: now.before(STALE_AFTER),
    };
    app.ledger.tidy(cutoffs, now).await
}

async fn tidy_now_and_then(app: &App, last: &mut Option<tokio::time::Instant>) {
    if last.is_some_and(|last| last.elapsed() < STALE_AFTER) {
        return;
    }
    *last = Some(tokio::time::Instant::now());
    if let Err(error) = tidy(app).await {
        warn!(%error, "old nonces and keys could not be forgotten; will try again");
    }
}
