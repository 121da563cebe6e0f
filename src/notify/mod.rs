//! Notifications: what the creator hears of a donation, and the targets that
//! deliver it.
//!
//! The transaction that settles a donation writes the outbox
//! ([`crate::ledger::Outbox`]); [`crate::tell`] empties it, with a worker for
//! each target, so a target that is down delays no other. Delivery is at least
//! once, and every attempt carries the same id. Never passes a donation's own
//! id on.

mod notification;
pub mod targets;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

pub use self::notification::Notification;
use crate::ledger::{Audience, Queued};
use crate::outward::CallError;
use crate::provider::{Entry, ProviderError, Providers};

/// How long a provider that limits our rate is left alone.
const RATE_LIMIT_PAUSE: Duration = Duration::from_mins(1);

/// A receiver of notifications about settled donations.
#[async_trait]
pub trait Target: Send + Sync {
    /// Its name in the ledger and in `bagel notifications`: `discord`.
    fn name(&self) -> &'static str;

    /// Delivers it; `Ok` only when the other side acknowledged.
    async fn deliver(&self, queued: &Queued) -> Result<(), DeliveryError>;
}

/// Why a delivery was not acknowledged; it will be tried again.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{why}")]
pub struct DeliveryError {
    /// For the creator: no address, no token, no word of the answer.
    pub why: String,
    /// The pause that the other side asked for.
    pub wait: Option<Duration>,
}

impl From<CallError> for DeliveryError {
    fn from(error: CallError) -> Self {
        Self {
            why: error.to_string(),
            wait: None,
        }
    }
}

impl From<ProviderError> for DeliveryError {
    fn from(error: ProviderError) -> Self {
        let wait = match &error {
            ProviderError::RateLimited(wait) => Some(wait.unwrap_or(RATE_LIMIT_PAUSE)),
            _ => None,
        };
        Self {
            why: error.to_string(),
            wait,
        }
    }
}

/// All targets: the creator's, and the providers that wait for a release.
#[derive(Default)]
pub struct Listeners {
    creator: Vec<Arc<dyn Target>>,
    /// Each hears only of its own donations that are counted.
    providers: Vec<Arc<dyn Target>>,
}

impl Listeners {
    /// The creator's targets, and those of `providers` that want a release.
    pub fn new(creator: Vec<Arc<dyn Target>>, providers: &Providers) -> Self {
        let wanting = providers.iter().filter(|it| it.wants_release());
        Self {
            creator,
            providers: wanting
                .map(|it| Arc::new(ReleaseTarget(Arc::clone(it))) as _)
                .collect(),
        }
    }

    /// The targets for a donation paid by `provider`.
    pub fn audience(&self, provider: &str) -> Audience {
        let creator: Vec<_> = self.creator.iter().map(|target| target.name()).collect();
        let own = self.providers.iter().map(|target| target.name());
        let own = own.filter(|name| *name == provider);
        Audience {
            confirmed: creator.iter().copied().chain(own).collect(),
            creator,
        }
    }

    /// Every target, for the workers that deliver to them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Target>> {
        self.creator.iter().chain(&self.providers)
    }
}

/// A provider as a target: it hears of the release through the outbox, until it
/// has acknowledged it.
struct ReleaseTarget(Arc<Entry>);

#[async_trait]
impl Target for ReleaseTarget {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    async fn deliver(&self, queued: &Queued) -> Result<(), DeliveryError> {
        Ok(self.0.release(queued.donation.id, queued.queued_at).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_that_limits_our_rate_is_left_alone_for_a_minute() {
        let limited = |wait| DeliveryError::from(ProviderError::RateLimited(wait)).wait;
        assert_eq!(limited(None), Some(Duration::from_mins(1)));
        let as_asked = Some(Duration::from_secs(7));
        assert_eq!(limited(as_asked), as_asked);
        assert_eq!(DeliveryError::from(ProviderError::TooSlow).wait, None);
    }
}
