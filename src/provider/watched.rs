//! [`Watched`]: a provider, and whether it is failing.
//!
//! Owns when a provider counts as failing: so many calls in a row that tell of
//! trouble, and none since that went well. It comes back by itself: after a
//! rest it is tried again, and the sweep asks it all the time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use super::{About, Event, Finding, Provider, ProviderError, Webhook, WebhookRefusal};
use crate::clock::Millis;
use crate::donation::{DonationId, NewDonation};
use crate::ids::ForeignId;
use crate::report::{Opened, Report};

/// This many failures in a row are no accident.
const FAILURES: u32 = 3;
/// How long nobody is sent there, unless a call goes well meanwhile.
const REST: Duration = Duration::from_mins(1);

/// Passes every call on and notes how it went.
pub(super) struct Watched {
    provider: Arc<dyn Provider>,
    streak: Mutex<Streak>,
}

impl Watched {
    pub(super) fn new(provider: Arc<dyn Provider>) -> Self {
        Self {
            provider,
            streak: Mutex::default(),
        }
    }

    fn note<T>(&self, outcome: Result<T, ProviderError>) -> Result<T, ProviderError> {
        self.streak().note(outcome.as_ref().err(), Instant::now());
        outcome
    }

    fn streak(&self) -> MutexGuard<'_, Streak> {
        self.streak.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Failures since the last call that went well.
#[derive(Default)]
struct Streak {
    failures: u32,
    last: Option<Instant>,
}

impl Streak {
    /// Notes how a call went that ended `now`.
    fn note(&mut self, error: Option<&ProviderError>, now: Instant) {
        if error.is_some_and(ProviderError::is_trouble) {
            self.failures = self.failures.saturating_add(1);
            self.last = Some(now);
        } else {
            *self = Self::default();
        }
    }

    fn is_failing(&self, now: Instant) -> bool {
        let resting = |last| now.saturating_duration_since(last) < REST;
        self.failures >= FAILURES && self.last.is_some_and(resting)
    }
}

#[async_trait]
impl Provider for Watched {
    fn is_failing(&self) -> bool {
        self.streak().is_failing(Instant::now())
    }

    async fn open(
        &self,
        donation: &NewDonation,
        return_to: Option<&str>,
    ) -> Result<Opened, ProviderError> {
        let opened = self.provider.open(donation, return_to).await;
        // To make a signed link is no call, so its success says nothing.
        if opened.is_err() {
            return self.note(opened);
        }
        opened
    }

    fn renew(&self, donation: &NewDonation, return_to: Option<&str>) -> Option<String> {
        self.provider.renew(donation, return_to)
    }

    async fn look(&self, intent: &ForeignId) -> Result<Report, ProviderError> {
        self.note(self.provider.look(intent).await)
    }

    fn name(&self) -> &'static str {
        self.provider.name()
    }

    fn about(&self) -> About {
        self.provider.about()
    }

    fn is_stand_in(&self) -> bool {
        self.provider.is_stand_in()
    }

    fn verify(&self, webhook: &Webhook<'_>, now: Millis) -> Result<Event, WebhookRefusal> {
        self.provider.verify(webhook, now)
    }

    fn webhook_is_set_in(&self) -> Option<&'static str> {
        self.provider.webhook_is_set_in()
    }

    fn wants_release(&self) -> bool {
        self.provider.wants_release()
    }

    async fn release(&self, donation: DonationId, settled_at: Millis) -> Result<(), ProviderError> {
        self.provider.release(donation, settled_at).await
    }

    async fn checkup(&self) -> Vec<Finding> {
        self.provider.checkup().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOWN: Option<&ProviderError> = Some(&ProviderError::Unreachable);
    const SLOW: Option<&ProviderError> = Some(&ProviderError::TooSlow);
    /// An answer, though not the one wished for: it lives.
    const NOT_FOUND: Option<&ProviderError> = Some(&ProviderError::NotFound);

    #[test]
    fn three_failures_in_a_row_are_failing() {
        let (mut streak, now) = (Streak::default(), Instant::now());
        for failing in [false, false, true, true] {
            streak.note(DOWN, now);
            assert_eq!(streak.is_failing(now), failing);
        }
    }

    #[test]
    fn a_minute_is_a_rest_and_one_failure_more_another() {
        let (mut streak, now) = (Streak::default(), Instant::now());
        for error in [DOWN, SLOW, DOWN] {
            streak.note(error, now);
        }
        let later = now + REST;
        assert!(streak.is_failing(later - Duration::from_millis(1)));
        assert!(!streak.is_failing(later), "it is tried again");
        streak.note(SLOW, later);
        assert!(streak.is_failing(later), "and rests again at once");
    }

    #[test]
    fn any_answer_begins_the_count_anew() {
        for answer in [None, NOT_FOUND] {
            let (mut streak, now) = (Streak::default(), Instant::now());
            for error in [DOWN, DOWN, DOWN, answer] {
                streak.note(error, now);
            }
            assert!(!streak.is_failing(now));
            streak.note(DOWN, now);
            assert!(!streak.is_failing(now));
        }
    }
}
