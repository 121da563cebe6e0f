//! Tables of one limit: a table for the /64s, one for the /56s, one for the /48s.

use std::iter::zip;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use super::TIMES;
use crate::client::{Client, LEVELS};

type Table =
    RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, MonotonicClock, NoOpMiddleware<Instant>>;

/// The narrowest network first.
pub(super) struct Tables([Table; LEVELS]);

impl Tables {
    /// For so many a minute from a /64 or an IPv4 address.
    pub(super) fn new(per_minute: NonZeroU32) -> Self {
        let quota = |times| Quota::per_minute(per_minute.saturating_mul(times));
        Self(TIMES.map(|times| {
            RateLimiter::new(
                quota(times),
                DefaultKeyedStateStore::default(),
                MonotonicClock,
            )
        }))
    }

    /// Counts one for `client`; the error is how long it has to wait.
    ///
    /// The narrowest network comes first, so that one which is over its own limit
    /// uses up nothing that its neighbours share. One whose neighbours have used
    /// all up loses what it had itself: that counts against nobody else.
    pub(super) fn count(&self, client: Client) -> Result<(), Duration> {
        for (table, network) in zip(&self.0, client.counted()) {
            table.check_key(&network).map_err(|refused| {
                let wait = refused.wait_time_from(MonotonicClock.now());
                full_second(wait)
            })?;
        }
        Ok(())
    }

    /// Forgets clients that could ask freely again, and gives the memory back.
    pub(super) fn sweep(&self) {
        for table in &self.0 {
            table.retain_recent();
            table.shrink_to_fit();
        }
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(RateLimiter::is_empty)
    }
}

/// A wait in whole seconds that is always enough.
pub(super) fn full_second(wait: Duration) -> Duration {
    Duration::from_secs(wait.as_secs().saturating_add(1))
}
