//! [`Watched`]: a provider, and whether it is failing.
//!
//! Owns when a provider counts as failing: so many calls in a row that tell of
//! trouble, and none since that went well. It comes back by itself: after a
//! rest it is tried again, and the sweep asks it all the time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

use super::{
    About, Event, Finding, ForeignId, Opened, Provider, ProviderError, Report, Webhook,
    WebhookRefusal,
};
use crate::clock::Millis;
use crate::donation::NewDonation;
use crate::notify::Target;

/// This many failures in a row are no accident.
const FAILURES: u32 = 3;
/// How long nobody is sent there, unless a call goes well meanwhile.
const REST: Duration = Duration::from_mins(1);

/// Passes every call on and notes how it went.
pub(super) struct Watched {
    provider: Arc<dyn Provider>,
    streak: Mutex<Streak>,
}

/// Failures since the last call that went well.
#[derive(Default)]
struct Streak {
    failures: u32,
    last: Option<Instant>,
}

impl Watched {
    pub(super) fn new(provider: Arc<dyn Provider>) -> Self {
        Self {
            provider,
            streak: Mutex::default(),
        }
    }

    fn note<T>(&self, outcome: Result<T, ProviderError>) -> Result<T, ProviderError> {
        let mut streak = self.streak.lock().unwrap_or_else(PoisonError::into_inner);
        match &outcome {
            Err(error) if error.is_trouble() => {
                streak.failures = streak.failures.saturating_add(1);
                streak.last = Some(Instant::now());
            }
            Ok(_) | Err(_) => *streak = Streak::default(),
        }
        outcome
    }
}

#[async_trait]
impl Provider for Watched {
    fn is_failing(&self) -> bool {
        let streak = self.streak.lock().unwrap_or_else(PoisonError::into_inner);
        let resting = streak.last.is_some_and(|last| last.elapsed() < REST);
        streak.failures >= FAILURES && resting
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

    fn hears_of_settling(&self) -> Option<Arc<dyn Target>> {
        self.provider.hears_of_settling()
    }

    async fn checkup(&self) -> Vec<Finding> {
        self.provider.checkup().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers as the test says.
    struct Moody(Mutex<Option<ProviderError>>);

    #[async_trait]
    impl Provider for Moody {
        async fn look(&self, _: &ForeignId) -> Result<Report, ProviderError> {
            let mood = self.0.lock().unwrap().take();
            Err(mood.unwrap_or(ProviderError::NotFound))
        }

        fn name(&self) -> &'static str {
            "moody"
        }

        async fn open(&self, _: &NewDonation, _: Option<&str>) -> Result<Opened, ProviderError> {
            unimplemented!()
        }

        fn about(&self) -> About {
            unimplemented!()
        }

        fn is_stand_in(&self) -> bool {
            unimplemented!()
        }

        fn verify(&self, _: &Webhook<'_>, _: Millis) -> Result<Event, WebhookRefusal> {
            unimplemented!()
        }

        fn webhook_is_set_in(&self) -> Option<&'static str> {
            unimplemented!()
        }

        async fn checkup(&self) -> Vec<Finding> {
            unimplemented!()
        }
    }

    struct Bench {
        moody: Arc<Moody>,
        watched: Watched,
    }

    impl Bench {
        fn new() -> Self {
            let moody = Arc::new(Moody(Mutex::default()));
            let watched = Watched::new(Arc::clone(&moody) as _);
            Self { moody, watched }
        }

        async fn look(&self, mood: ProviderError) {
            *self.moody.0.lock().unwrap() = Some(mood);
            let intent = ForeignId::clean("i1").unwrap();
            assert!(self.watched.look(&intent).await.is_err());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn three_failures_in_a_row_are_failing_and_a_minute_is_a_rest() {
        let bench = Bench::new();
        for failing in [false, false, true, true] {
            bench.look(ProviderError::Unreachable).await;
            assert_eq!(bench.watched.is_failing(), failing);
        }
        tokio::time::advance(REST).await;
        assert!(!bench.watched.is_failing(), "it is tried again");
        bench.look(ProviderError::TooSlow).await;
        assert!(bench.watched.is_failing(), "and rests again at once");
        // An answer, though not the one wished for: it lives.
        bench.look(ProviderError::NotFound).await;
        assert!(!bench.watched.is_failing());
        bench.look(ProviderError::Unreachable).await;
        assert!(!bench.watched.is_failing(), "the count began anew");
    }
}
