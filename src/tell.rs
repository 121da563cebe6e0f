//! The worker that empties the outbox for one target.
//!
//! Owns when an attempt is repeated and when it is given up. Every attempt is
//! claimed first, so only one of several replicas makes it. The claim of a dead
//! replica runs out, and another replica takes over.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tracing::{error, info, warn};

use crate::app::App;
use crate::clock::Millis;
use crate::deadlines;
use crate::ledger::{LedgerError, Queued};
use crate::notify::{DeliveryError, Target};

/// Back-off: the first pause; each further one is four times as long.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_hours(4);
/// How long an idle worker sleeps without a signal. Another replica may have
/// settled a donation and died.
const IDLE: Duration = Duration::from_secs(1);

/// Why a step ended without an outcome.
#[derive(Debug, thiserror::Error)]
pub enum TellError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("a delivery panicked")]
    Panicked,
}

/// What one step did.
#[derive(Debug)]
pub enum Step {
    /// Nothing is due for this target.
    Idle,
    /// Acknowledged, and never sent again.
    Delivered,
    /// Not acknowledged; tried again at the time given, or parked.
    Failed(DeliveryError, Option<Millis>),
}

/// Delivers the one notification that is due first for `target`.
pub async fn step(app: &App, target: &dyn Target) -> Result<Step, TellError> {
    let now = app.clock.now();
    let until = now.after(deadlines::LEASE);
    let Some(queued) = app.ledger.claim_queued(target.name(), now, until).await? else {
        return Ok(Step::Idle);
    };
    match attempt(target, &queued).await {
        Ok(()) => {
            note_delivered(app, &queued).await;
            info!(notification.id = %queued.id, target = target.name(), "delivered");
            Ok(Step::Delivered)
        }
        Err(failure) => {
            let next = next_attempt(&queued, failure.wait, app.clock.now());
            app.ledger
                .note_undelivered(queued.id, next, failure.why.clone())
                .await?;
            Ok(Step::Failed(failure, next))
        }
    }
}

/// Retries until the ledger is back: without this note an acknowledged
/// notification would be sent again.
async fn note_delivered(app: &App, queued: &Queued) {
    while let Err(error) = app.ledger.note_delivered(queued.id, app.clock.now()).await {
        error!(%error, notification.id = %queued.id, "an acknowledgement cannot be noted yet");
        sleep(IDLE).await;
    }
}

async fn attempt(target: &dyn Target, queued: &Queued) -> Result<(), DeliveryError> {
    let late = |_| {
        Err(DeliveryError {
            why: "no answer in time".into(),
            wait: None,
        })
    };
    timeout(deadlines::DELIVERY, target.deliver(queued))
        .await
        .unwrap_or_else(late)
}

/// When to try again after one more failure; `None` when three days are over.
fn next_attempt(queued: &Queued, asked: Option<Duration>, now: Millis) -> Option<Millis> {
    let doubled = FIRST_PAUSE.saturating_mul(4_u32.saturating_pow(queued.attempts));
    let pause = doubled.max(asked.unwrap_or_default()).min(LONGEST_PAUSE);
    Some(now.after(pause)).filter(|next| *next <= queued.give_up_at)
}

/// Delivers to `target` until the end of the program.
pub async fn run(app: Arc<App>, target: Arc<dyn Target>) {
    loop {
        let signal = app.outbox_signal.notified();
        match tracked_step(&app, &target).await {
            Ok(Step::Delivered) => {}
            Ok(Step::Idle) => {
                let _ = timeout(IDLE, signal).await;
            }
            Ok(Step::Failed(failure, next)) => tell(&*target, &failure, next),
            Err(error) => {
                warn!(%error, "the outbox cannot be worked on");
                sleep(IDLE).await;
            }
        }
    }
}

/// Runs a step in a tracked task, so that it ends even when the server stops
/// meanwhile: a delivery that is cut off would be repeated.
async fn tracked_step(app: &Arc<App>, target: &Arc<dyn Target>) -> Result<Step, TellError> {
    let (own, to) = (Arc::clone(app), Arc::clone(target));
    let stepped = app.tasks.spawn(async move { step(&own, &*to).await });
    stepped.await.unwrap_or(Err(TellError::Panicked))
}

fn tell(target: &dyn Target, failure: &DeliveryError, next: Option<Millis>) {
    let target = target.name();
    if let Some(next) = next {
        warn!(target, %failure, %next, "a notification was not acknowledged");
    } else {
        let text = "a notification was given up after three days; see `bagel notifications`";
        error!(target, %failure, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::donation::tests::donation;
    use crate::ledger::{NotificationId, Occasion};
    use crate::status::Status;

    /// To be told for three days.
    fn queued() -> Queued {
        Queued {
            id: NotificationId::random(),
            occasion: Occasion::Confirmed,
            queued_at: Millis(0),
            give_up_at: Millis(0).after(Duration::from_hours(72)),
            attempts: 0,
            donation: donation(Status::Confirmed),
        }
    }

    /// The pauses until it is given up, when every attempt fails at once.
    fn pauses() -> Vec<u64> {
        let (mut queued, mut now, mut pauses) = (queued(), Millis(0), Vec::new());
        while let Some(next) = next_attempt(&queued, None, now) {
            pauses.push(next.seconds().abs_diff(now.seconds()));
            (queued.attempts, now) = (queued.attempts + 1, next);
        }
        pauses
    }

    #[test]
    fn pauses_grow_from_seconds_to_hours_for_three_days() {
        let pauses = pauses();
        assert_eq!(pauses[..6], [5, 20, 80, 320, 1280, 5120]);
        assert!(pauses[6..].iter().all(|pause| *pause == 4 * 3600));
        let total: u64 = pauses.iter().sum();
        assert!((68 * 3600..=72 * 3600).contains(&total), "{total}");
    }

    #[test]
    fn a_target_that_asks_for_more_time_gets_it() {
        let asked = |seconds| {
            let wait = Some(Duration::from_secs(seconds));
            next_attempt(&queued(), wait, Millis(0)).unwrap().seconds()
        };
        assert_eq!(asked(60), 60);
        assert_eq!(asked(1), 5);
        assert_eq!(asked(u64::MAX / 1000), 4 * 3600);
    }
}
