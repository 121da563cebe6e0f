//! The sweep: asks providers about donations that are still open.
//!
//! Owns the worker of each provider that makes the looks when they are due, whose
//! turn it is, and the tidying. Finds payments that neither a webhook nor an open
//! page reported, also after a restart. Never ends on an error, and never asks
//! faster than the provider's [`crate::budget`].

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tracing::warn;

use crate::app::App;
use crate::budget::{Full, Lane};
use crate::clock::Millis;
use crate::donation::{Donation, Origin};
use crate::ledger::{Cutoffs, Due, First, LedgerError, Lookout};
use crate::look::{LookError, look};
use crate::provider::{Entry, ProviderError};
use crate::report::Source;
use crate::status::Status;
use crate::{deadlines, rules};

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

/// The worker of one provider, so that none waits for another's.
pub struct Sweeper {
    app: Arc<App>,
    provider: Arc<Entry>,
    /// Whether the last look was a client's.
    of_clients: bool,
    /// The client that had the last turn of clients.
    served: Origin,
}

impl Sweeper {
    /// One for each provider in use.
    pub fn of_all(app: &Arc<App>) -> Vec<Self> {
        let providers = app.providers.iter();
        let sweepers = providers.map(|provider| Self {
            app: Arc::clone(app),
            provider: Arc::clone(provider),
            of_clients: false,
            served: Origin::FIRST,
        });
        sweepers.collect()
    }

    /// The name of the provider it asks.
    pub fn provider(&self) -> &'static str {
        self.provider.name()
    }

    /// Sweeps until the end of the program.
    pub async fn run(mut self) {
        let idle = Duration::from_secs(1);
        loop {
            match self.next_step().await {
                Ok(Step::Looked) => {}
                Ok(Step::Idle) => sleep(idle).await,
                Ok(Step::Failed(error)) => {
                    warn!(%error, "the sweep could not look at a donation; it will try again");
                }
                Ok(Step::Down(error)) => {
                    warn!(%error, "the provider answers nobody; the sweep rests and will try again");
                    sleep(self.app.config.reconcile_every).await;
                }
                Err(error) => {
                    warn!(%error, "the sweep could not use the ledger; it will try again");
                    sleep(idle).await;
                }
            }
        }
    }

    /// Draws on the budget only when something is due; what an authentic webhook
    /// asked for goes before all others.
    async fn next_step(&mut self) -> Result<Step, LedgerError> {
        let Some(due) = self.due().await? else {
            return Ok(Step::Idle);
        };
        let lane = match due {
            Due::Hinted => Lane::Webhook,
            Due::Scheduled => Lane::Sweep,
        };
        match self.provider.looks.draw(lane).await {
            Ok(()) => self.look(due).await,
            Err(Full) => Ok(Step::Idle),
        }
    }

    /// Looks at one donation that is due. The caller has drawn on the budget
    /// before.
    pub async fn step(&mut self) -> Result<Step, LedgerError> {
        match self.due().await? {
            None => Ok(Step::Idle),
            Some(due) => self.look(due).await,
        }
    }

    async fn due(&self) -> Result<Option<Due>, LedgerError> {
        let now = self.app.clock.now();
        self.app.ledger.peek_due(self.provider.name(), now).await
    }

    /// Every other look is at the donation that is due for the longest time, and
    /// the one between is the next client's.
    async fn claim(&mut self, due: Due) -> Result<Option<Donation>, LedgerError> {
        self.of_clients = due == Due::Scheduled && !self.of_clients;
        let next = [First::After(self.served), First::After(Origin::FIRST)];
        let turns = if self.of_clients {
            &next[..]
        } else {
            &[First::Longest]
        };
        let now = self.app.clock.now();
        for &first in turns {
            let until = now.after(deadlines::LEASE);
            let claim = Lookout {
                provider: self.provider.name(),
                first,
                now,
                until,
            };
            if let Some((donation, origin)) = self.app.ledger.claim_due(claim).await? {
                self.served = origin;
                return Ok(Some(donation));
            }
        }
        Ok(None)
    }

    async fn look(&mut self, due: Due) -> Result<Step, LedgerError> {
        let Some(donation) = self.claim(due).await? else {
            return Ok(Step::Idle);
        };
        let app = &*self.app;
        match look(app, &donation, Source::Sweep).await {
            Ok(()) => Ok(Step::Looked),
            Err(LookError::Ledger(error)) => Err(error),
            Err(LookError::NoTurn) => Ok(Step::Idle),
            Err(LookError::Provider(error)) if is_down(app, &donation, &error) => {
                let soon = app.clock.now().after(app.config.reconcile_every);
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
    // No answer does not say that nobody has opened it.
    let status = match donation.status {
        Status::Created if !matches!(error, ProviderError::NotFound) => Status::Viewed,
        status => status,
    };
    let wait = rules::next_look(status, looks, complete, every);
    let next = rules::next_look_at(donation, wait, now);
    app.ledger.postpone(donation.id, looks, next).await
}

/// Tidies now and then until the end of the program.
pub async fn keep_tidy(app: Arc<App>) {
    let mut since = app.clock.now().before(ORIGINS_FOR + LONGEST_STOP);
    loop {
        match tidy_since(&app, since).await {
            Ok(until) => since = until,
            Err(error) => {
                warn!(%error, "old nonces and keys could not be forgotten; will try again");
            }
        }
        sleep(STALE_AFTER).await;
    }
}

/// Retention of webhook nonces: longer than any timestamp is accepted.
const NONCES_FOR: Duration = DAY;
/// Retention of idempotency keys: how long a repeated request is recognised.
const KEYS_FOR: Duration = DAY;
/// Retention of a donation's origin, which shares out looks.
const ORIGINS_FOR: Duration = DAY;
/// Origins older than that are those of a program that stood still for long; the
/// key that they were made with is gone, so they say nothing.
const LONGEST_STOP: Duration = Duration::from_hours(30 * 24);
/// A call that makes a checkout ends within seconds; after this time its
/// process must be gone.
const STALE_AFTER: Duration = Duration::from_mins(1);

/// Forgets old nonces, keys and origins, and marks as UNKNOWN the checkouts that a
/// crash or a power cut interrupted.
pub async fn tidy(app: &App) -> Result<(), LedgerError> {
    tidy_since(app, Millis(0)).await.map(drop)
}

/// Forgets origins from `since` on; until when they are forgotten now.
async fn tidy_since(app: &App, since: Millis) -> Result<Millis, LedgerError> {
    let now = app.clock.now();
    let until = now.before(ORIGINS_FOR);
    let cutoffs = Cutoffs {
        nonces: now.before(NONCES_FOR),
        keys: now.before(KEYS_FOR),
        stale: now.before(STALE_AFTER),
        origins: since..until,
    };
    app.ledger.tidy(cutoffs, now).await?;
    Ok(until)
}
