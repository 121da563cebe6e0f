//! Notifications: what the creator hears of a donation, and the targets that
//! deliver it.
//!
//! The transaction that settles a donation writes the outbox
//! ([`crate::ledger::Outbox`]); [`crate::tell`] empties it, with a worker for
//! each target, so a target that is down delays no other. Delivery is at least
//! once, and every attempt carries the same id. Never passes a donation's own
//! id on.

mod listeners;
mod notification;
pub mod targets;
mod wording;

use async_trait::async_trait;

pub use self::listeners::Listeners;
pub use self::notification::Notification;
#[cfg(test)]
pub(crate) use self::notification::tests::queued;
use crate::ledger::Queued;
use crate::outward::CallError;

/// Somebody who hears of settled donations.
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
    /// How long the other side asked to be left alone.
    pub wait: Option<std::time::Duration>,
}

impl From<CallError> for DeliveryError {
    fn from(error: CallError) -> Self {
        Self {
            why: error.to_string(),
            wait: None,
        }
    }
}
