//! The limit on checkouts where several replicas share a ledger.
//!
//! Each replica's own limiter ([`crate::web`]) refuses first, so only what it
//! lets through is counted here, and a flood costs the ledger nothing. A
//! client's address is kept no longer than it limits anybody: two minutes at
//! most, while a replica runs.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;

use super::LedgerError;
use crate::clock::Millis;

/// What became of [`SharedLimit::count_checkout`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Counted {
    /// Within the limit.
    Allowed,
    /// Over it: not counted, and worth another try after this long.
    TooMany(Duration),
}

/// Counts over all replicas. An engine that serves one process alone has
/// nothing to add to that process's own limiter: the defaults.
#[async_trait]
pub trait SharedLimit: Send + Sync {
    /// Counts one checkout of `client`: `per_minute` at once, then one each
    /// `60 / per_minute` seconds, as the replica's own limiter does.
    async fn count_checkout(
        &self,
        _client: IpAddr,
        _per_minute: NonZeroU32,
        _now: Millis,
    ) -> Result<Counted, LedgerError> {
        Ok(Counted::Allowed)
    }

    /// Forgets clients that could ask freely again.
    async fn forget_clients(&self, _now: Millis) -> Result<(), LedgerError> {
        Ok(())
    }
}
