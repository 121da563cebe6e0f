//! Telling the creator: delivers what settling queued, until each target has
//! acknowledged it.
//!
//! The transaction that settles a donation writes the outbox
//! ([`crate::ledger::Outbox`]), so nothing is told that did not happen and
//! nothing that happened is left untold. Owns the worker that empties it, one
//! for each target: a target that is down delays no other. Delivers at least
//! once, and never again what a target acknowledged; every attempt carries the
//! same id. Never gives a donation's own id to anybody.

mod listeners;
mod notification;
pub mod targets;
mod wording;
mod worker;

use async_trait::async_trait;

pub use self::listeners::Listeners;
#[cfg(test)]
pub(crate) use self::notification::tests::queued;
pub use self::notification::{Notification, NotificationId, Occasion};
pub use self::worker::{Step, run, step};
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
