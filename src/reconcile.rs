//! The sweep: looks at donations whose payment nobody has reported yet.
//!
//! Owns when a donation is looked at next and the worker that does it. Finds
//! what no webhook and no open page told, also after a restart. Never ends on
//! an error, and never asks faster than the shared [`crate::budget`].

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tracing::warn;

use crate::app::App;
use crate::donation::Donation;
use crate::ids::ForeignId;
use crate::ledger::LedgerError;
use crate::provider::ProviderError;
use crate::report::{Charged, Report, Source};
use crate::status::Status;
use crate::{rules, settle};

const DAY: Duration = Duration::from_hours(24);
/// A look takes seconds; whoever does not end it in this time is gone, and
/// another takes it up.
const LEASE: Duration = Duration::from_mins(1);
/// How long a webhook that is a hint waits for its turn to ask.
const TURN: Duration = Duration::from_secs(3);

/// What one step of the sweep did.
#[derive(Debug)]
pub enum Step {
    /// No donation is due.
    Idle,
    /// The provider answered for one donation.
    Looked,
    /// The provider did not; that donation will be looked at again.
    Failed(ProviderError),
    /// The provider answers nobody; looking on would be no use.
    Down(ProviderError),
}

/// Looks at the one donation that is due first. The caller has drawn on the
/// budget before.
pub async fn step(app: &App) -> Result<Step, LedgerError> {
    let now = app.clock.now();
    let Some(donation) = app.ledger.claim_due(now, now.after(LEASE)).await? else {
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

/// Whether the provider as a whole does not answer: such a failure is no look,
/// or its end would be noticed as late as it was long.
fn is_down(app: &App, donation: &Donation, error: &ProviderError) -> bool {
    let provider = app.providers.find(&donation.provider);
    let failing = || provider.is_some_and(|provider| provider.is_failing());
    error.is_general() || (error.is_trouble() && failing())
}

/// Any other failure counts as a look, so that a donation the provider
/// stumbles over cannot crowd out the others. The two looks at a closed
/// donation are used up by answers alone.
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

/// Why a look brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Asks the provider about one donation and settles the answer. Nothing is
/// written when the provider's answer is none.
pub async fn look(app: &App, donation: &Donation, source: Source) -> Result<(), LookError> {
    let intent = donation.intent.as_ref().ok_or(ProviderError::NotFound)?;
    let report = ask(app, &donation.provider, intent).await?;
    settle::settle(app, report, source, None).await?;
    Ok(())
}

/// The provider's own answer in the place of a hint. One about a donation that
/// is settled, or about none of ours, changes nothing and asks nobody. A hint
/// may overtake the note of its checkout, and then names the intent itself.
pub async fn answer_to(app: &App, hint: Report) -> Result<Report, LookError> {
    let donation = match hint.order {
        Some(id) => app.ledger.donation(id).await?,
        None => None,
    };
    let Some(donation) = donation.filter(|donation| !donation.is_settled()) else {
        return Ok(hint);
    };
    let intent = donation.intent.as_ref().unwrap_or(&hint.intent);
    let turn = timeout(TURN, app.budget.draw(donation.created_at)).await;
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
        Ok(report) if report.charged != Charged::NotTold => app.budget.overdraw(),
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

/// Nonces and idempotency keys are kept for a day.
const FORGET_AFTER: Duration = DAY;
/// A call that makes a checkout ends within seconds, or its process is gone.
const STALE_AFTER: Duration = Duration::from_mins(1);

/// Forgets what is old and closes checkouts whose making was cut off, by
/// `kill -9` or a power cut: their outcome is unknown.
pub async fn tidy(app: &App) -> Result<(), LedgerError> {
    let now = app.clock.now();
    app.ledger
        .tidy(now.before(FORGET_AFTER), now.before(STALE_AFTER), now)
        .await
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
