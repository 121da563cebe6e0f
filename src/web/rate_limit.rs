//! How often one client may ask.
//!
//! Owns the limiters (GCRA, from `tower_governor`), keyed on [`ClientIp`], and
//! the sweeping that keeps their tables small. Genuine webhooks are never
//! limited; forged ones are counted only after their signature failed.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use axum::response::IntoResponse;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tower_governor::governor::{GovernorConfig, GovernorConfigBuilder};
use tower_governor::key_extractor::KeyExtractor;
use tower_governor::{GovernorError, GovernorLayer};

use super::client_ip::ClientIp;
use super::error::Error;

type NoHeaders = governor::middleware::NoOpMiddleware<governor::clock::QuantaInstant>;
type Limit = GovernorConfig<ByClient, NoHeaders>;
pub(super) type LimitLayer = GovernorLayer<ByClient, NoHeaders, Body>;

/// Failed signatures a minute from one peer before it hears 429.
const FORGED_PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("60 is not zero");

/// The key: the client as [`super::client_ip`] saw it.
#[derive(Clone)]
pub(super) struct ByClient;

impl KeyExtractor for ByClient {
    type Key = IpAddr;

    fn extract<T>(&self, request: &Request<T>) -> Result<IpAddr, GovernorError> {
        request
            .extensions()
            .get::<ClientIp>()
            .map(|ClientIp(address)| *address)
            .ok_or(GovernorError::UnableToExtractKey)
    }
}

/// All limiters of the program.
pub(crate) struct Limits {
    checkout: Arc<Limit>,
    status: Arc<Limit>,
    edits: Arc<Limit>,
    forged: DefaultKeyedRateLimiter<IpAddr>,
}

impl Limits {
    /// Limits of so many a minute: that many at once, then one each
    /// `60 / n` seconds.
    pub(super) fn new(checkout: NonZeroU32, status: NonZeroU32) -> Self {
        Self {
            checkout: limit(checkout),
            status: limit(status),
            edits: limit(status),
            forged: RateLimiter::keyed(Quota::per_minute(FORGED_PER_MINUTE)),
        }
    }

    pub(super) fn checkout(&self) -> LimitLayer {
        layer(&self.checkout)
    }

    pub(super) fn status(&self) -> LimitLayer {
        layer(&self.status)
    }

    /// For what a supporter changes later: as often as a status, but apart, so
    /// that pages that wait use none of it up.
    pub(super) fn edits(&self) -> LimitLayer {
        layer(&self.edits)
    }

    /// Counts a failed signature; the error is the wait before the next is
    /// worth an answer.
    pub(super) fn count_forged(&self, client: ClientIp) -> Result<(), Duration> {
        self.forged
            .check_key(&client.0)
            .map_err(|refused| refused.wait_time_from(DefaultClock::default().now()))
    }

    /// Forgets clients that could ask freely again, and gives the memory back.
    pub(crate) fn sweep(&self) {
        for limit in [&self.checkout, &self.status, &self.edits] {
            limit.limiter().retain_recent();
            limit.limiter().shrink_to_fit();
        }
        self.forged.retain_recent();
        self.forged.shrink_to_fit();
    }
}

fn limit(per_minute: NonZeroU32) -> Arc<Limit> {
    let config = GovernorConfigBuilder::default()
        .period(Duration::from_mins(1) / per_minute.get())
        .burst_size(per_minute.get())
        .key_extractor(ByClient)
        .finish();
    Arc::new(config.expect("a period and a burst that are not zero make a limit"))
}

fn layer(limit: &Arc<Limit>) -> LimitLayer {
    GovernorLayer::new(Arc::clone(limit)).error_handler(refuse)
}

#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
/// The handler never sees the request: it leaves the wait in the answer, and
/// [`super::render`] makes JSON or a page of it.
fn refuse(error: GovernorError) -> Response<Body> {
    match error {
        GovernorError::TooManyRequests { wait_time, .. } => {
            Error::TooMany(Duration::from_secs(wait_time.saturating_add(1)))
        }
        GovernorError::UnableToExtractKey | GovernorError::Other { .. } => Error::Internal,
    }
    .into_response()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;
    use std::time::Instant;

    use super::*;

    /// A client in a network of its own.
    fn client(number: u32) -> IpAddr {
        Ipv6Addr::from_bits(u128::from(number) << 64).into()
    }

    /// MiB of this process in memory, by the kernel's account.
    fn resident() -> u64 {
        let account = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = account.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.unwrap().split_whitespace().next().unwrap();
        kib.parse::<u64>().unwrap() / 1024
    }

    #[test]
    fn a_million_clients_are_forgotten_once_they_could_ask_freely_again() {
        let often = NonZeroU32::new(6000).unwrap();
        let limits = Limits::new(often, often);
        let before = resident();
        let table = limits.checkout.limiter();
        for number in 0..1_000_000 {
            assert!(table.check_key(&client(number)).is_ok());
        }
        for number in 0..10_000 {
            limits.count_forged(ClientIp(client(number))).unwrap();
        }
        let full = resident() - before;
        let begun = Instant::now();
        while !(table.is_empty() && limits.forged.is_empty()) {
            assert!(begun.elapsed() < Duration::from_secs(10), "never forgotten");
            std::thread::sleep(Duration::from_millis(100));
            limits.sweep();
        }
        let left = resident().saturating_sub(before);
        println!("a million clients: {full} MiB, and {left} once they are forgotten");
        assert!(full < 128 && left < 16, "{full} MiB, then {left}");
    }

    #[test]
    fn who_was_refused_stays_remembered() {
        let often = NonZeroU32::new(1).unwrap();
        let limits = Limits::new(often, often);
        let table = limits.checkout.limiter();
        assert!(table.check_key(&client(1)).is_ok());
        limits.sweep();
        assert!(table.check_key(&client(1)).is_err());
        assert!(table.check_key(&client(2)).is_ok());
    }
}
