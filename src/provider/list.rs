//! The list of providers in use, each behind a circuit breaker and with budgets
//! of its own, so that none holds up another.
//!
//! Circuit breaker: opens after so many failed calls in a row, and closes with
//! the next success or after a rest, when visitors try the provider again. The
//! sweep calls the provider all the time, open or not.

use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::alchemy_pay::{self, AlchemyPay};
use super::allscale::{self, Allscale};
use super::pause::Pause;
use super::{Provider, ProviderError};
use crate::budget::{Budget, Full, Lane, Pace};
use crate::client::Client;
use crate::clock::{Clock, Millis};
use crate::donation::NewDonation;
use crate::ids::ForeignId;
use crate::outward::{NoRootCertificates, client_for};
use crate::report::{Charged, Opened, Report};

/// The breaker opens after this many failures in a row.
const FAILURES: u32 = 3;
/// How long it stays open after the last failure.
const REST: Duration = Duration::from_mins(1);
/// The part of a minute's checkouts that may be opened at once after a rest.
const BURST: u32 = 10;

/// The providers in use, the default one first.
#[derive(Clone, Default)]
pub struct Providers(Vec<Arc<Entry>>);

/// How to reach each provider, `None` where it is not used, and how often.
#[derive(Clone, Debug)]
pub struct Settings {
    pub allscale: Option<allscale::Settings>,
    pub alchemy_pay: Option<alchemy_pay::Settings>,
    /// How often each is asked how a payment stands.
    pub looks: Pace,
    /// Checkouts a minute that each opens; `None`: no cap.
    pub openings: Option<NonZeroU32>,
}

/// No provider, at the usual pace.
impl Default for Settings {
    fn default() -> Self {
        Self {
            allscale: None,
            alchemy_pay: None,
            looks: Pace::up_to(50),
            openings: None,
        }
    }
}

impl Providers {
    /// Makes those there are settings for.
    pub fn from_settings(settings: &Settings, clock: &Clock) -> Result<Self, NoRootCertificates> {
        let mut providers = Vec::new();
        if let Some(allscale) = settings.allscale.clone() {
            let http = client_for(allscale.base_url.is_loopback())?;
            let provider = Allscale::new(allscale, clock.clone(), http);
            providers.push(Entry::of(provider, settings));
        }
        if let Some(alchemy_pay) = settings.alchemy_pay.clone() {
            let http = client_for(alchemy_pay.api_url.is_loopback())?;
            let provider = AlchemyPay::new(alchemy_pay, clock.clone(), http);
            providers.push(Entry::of(provider, settings));
        }
        Ok(Self(providers))
    }

    /// The provider of this name.
    pub fn find(&self, name: &str) -> Option<&Arc<Entry>> {
        self.iter().find(|provider| provider.name() == name)
    }

    /// The one used when the supporter names none.
    pub fn preferred(&self) -> Option<&Arc<Entry>> {
        let working = self.iter().find(|provider| !provider.is_failing());
        working.or(self.0.first())
    }

    /// For each provider: should it be shown as unavailable? While none works all
    /// are offered, since one of them may be back.
    pub fn unavailable(&self) -> Vec<bool> {
        let failing: Vec<_> = self.iter().map(|provider| provider.is_failing()).collect();
        let none_works = failing.iter().all(|failing| *failing);
        failing
            .into_iter()
            .map(|failing| failing && !none_works)
            .collect()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Entry>> {
        self.0.iter()
    }
}

/// A provider behind its circuit breaker. Shadows the calls that say how the
/// provider is; everything else is the provider's own.
pub struct Entry {
    provider: Box<dyn Provider>,
    streak: Mutex<Streak>,
    /// Calls that ask how a payment stands.
    pub looks: Budget,
    /// Calls that open a checkout, where they are capped.
    pub openings: Option<Budget>,
    /// The pause of its checkouts; that of looks is their budget's.
    no_openings: Pause,
}

impl Deref for Entry {
    type Target = dyn Provider;

    fn deref(&self) -> &Self::Target {
        &*self.provider
    }
}

impl Entry {
    fn of(provider: impl Provider + 'static, settings: &Settings) -> Arc<Self> {
        let openings = settings.openings.map(|most| {
            let burst = most.get() / BURST;
            Budget::new(Pace::a_minute(most.get()), burst)
        });
        Arc::new(Self {
            provider: Box::new(provider),
            streak: Mutex::default(),
            looks: Budget::new(settings.looks.clone(), 0),
            openings,
            no_openings: Pause::default(),
        })
    }

    /// Hands out its calls until the end of the program.
    pub async fn run(&self) {
        match &self.openings {
            Some(openings) => drop(tokio::join!(self.looks.run(), openings.run())),
            None => self.looks.run().await,
        }
    }

    /// Whether the breaker is open, or the provider wants no checkouts: visitors
    /// are not sent there.
    pub fn is_failing(&self) -> bool {
        self.no_openings.left().is_some() || self.streak().is_failing(Instant::now())
    }

    /// Waits for a client's turn to open a checkout, where there is a cap.
    pub async fn opening(&self, client: Client) -> Result<(), Full> {
        match &self.openings {
            Some(openings) => openings.draw(Lane::Client(client, Millis(0))).await,
            None => Ok(()),
        }
    }

    /// [`Provider::open`]; only a failure counts, since a signed link is made
    /// without a call. None is made for as long as the provider asked for.
    pub async fn open(
        &self,
        donation: &NewDonation,
        return_to: Option<&str>,
    ) -> Result<Opened, ProviderError> {
        if let Some(left) = self.no_openings.left() {
            return Err(ProviderError::RateLimited(Some(left)));
        }
        let opened = self.provider.open(donation, return_to).await;
        if let Err(error) = &opened {
            self.streak().note(Some(error), Instant::now());
        }
        if let Err(ProviderError::RateLimited(Some(wait))) = &opened {
            self.no_openings.begin(*wait);
        }
        opened
    }

    /// [`Provider::look`]; its outcome counts, for the breaker and for how often
    /// it is asked. The caller has drawn on the budget before.
    pub async fn look(&self, intent: &ForeignId) -> Result<Report, ProviderError> {
        let report = self.provider.look(intent).await;
        let failures = {
            let mut streak = self.streak();
            streak.note(report.as_ref().err(), Instant::now());
            streak.failures
        };
        match &report {
            Err(ProviderError::RateLimited(wait)) => self.looks.pause(*wait),
            Err(_) if failures > 1 => self.looks.troubled(),
            Err(error) if error.is_trouble() => {}
            _ => self.looks.answered(),
        }
        // An answer with an amount may have taken a second call.
        if report
            .as_ref()
            .is_ok_and(|it| it.charged != Charged::Absent)
        {
            self.looks.overdraw();
        }
        report
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
