//! How often one client may ask.
//!
//! Owns the limiters (GCRA), keyed on [`ClientIp`], and the sweeping that keeps
//! their tables small. The layer (`tower_governor`) bounds requests, whatever
//! is in them; what a client uses up is counted once its request is read.
//! Genuine webhooks are never limited; forged ones are counted only after their
//! signature failed.

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
type Requests = GovernorConfig<ByClient, NoHeaders>;
pub(super) type LimitLayer = GovernorLayer<ByClient, NoHeaders, Body>;
type Table = DefaultKeyedRateLimiter<IpAddr>;

/// Failed signatures a minute from one peer before it hears 429.
const FORGED_PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("60 is not zero");
/// Most changes to donations a minute; never more than polls.
const EDITS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("60 is not zero");
/// Requests that a client may send for each one that can be counted.
const TRIES: NonZeroU32 = NonZeroU32::new(4).expect("4 is not zero");

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

/// What is counted, each in a table of its own: pages that wait use up nothing
/// of what changing something takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Counted {
    Checkout,
    Poll,
    Edit,
    Forgery,
}

/// All limiters of the program.
pub(crate) struct Limits {
    requests: Arc<Requests>,
    checkouts: Table,
    polls: Table,
    edits: Table,
    forgeries: Table,
}

impl Limits {
    /// Limits of so many a minute: that many at once, then one each
    /// `60 / n` seconds.
    pub(super) fn new(checkout: NonZeroU32, status: NonZeroU32) -> Self {
        let all = checkout.saturating_add(status.get());
        Self {
            requests: requests(all.saturating_mul(TRIES)),
            checkouts: table(checkout),
            polls: table(status),
            edits: table(status.min(EDITS_PER_MINUTE)),
            forgeries: table(FORGED_PER_MINUTE),
        }
    }

    /// The outer bound, one for all routes that have it.
    pub(super) fn layer(&self) -> LimitLayer {
        GovernorLayer::new(Arc::clone(&self.requests)).error_handler(refuse)
    }

    /// Counts what a client is about to use up; the error tells its wait.
    pub(super) fn count(&self, what: Counted, client: ClientIp) -> Result<(), Error> {
        let table = match what {
            Counted::Checkout => &self.checkouts,
            Counted::Poll => &self.polls,
            Counted::Edit => &self.edits,
            Counted::Forgery => &self.forgeries,
        };
        table.check_key(&client.0).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now());
            too_many(wait.as_secs())
        })
    }

    /// Forgets clients that could ask freely again, and gives the memory back.
    pub(super) fn sweep(&self) {
        let requests = self.requests.limiter();
        requests.retain_recent();
        requests.shrink_to_fit();
        for table in [&self.checkouts, &self.polls, &self.edits, &self.forgeries] {
            table.retain_recent();
            table.shrink_to_fit();
        }
    }
}

fn requests(per_minute: NonZeroU32) -> Arc<Requests> {
    let config = GovernorConfigBuilder::default()
        .period(Duration::from_mins(1) / per_minute.get())
        .burst_size(per_minute.get())
        .key_extractor(ByClient)
        .finish();
    Arc::new(config.expect("a period and a burst that are not zero make a limit"))
}

fn table(per_minute: NonZeroU32) -> Table {
    RateLimiter::keyed(Quota::per_minute(per_minute))
}

/// Whole seconds were cut off; one more is always enough.
fn too_many(whole_seconds: u64) -> Error {
    Error::TooMany(Duration::from_secs(whole_seconds.saturating_add(1)))
}

#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
fn refuse(error: GovernorError) -> Response<Body> {
    match error {
        GovernorError::TooManyRequests { wait_time, .. } => too_many(wait_time),
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
    fn client(number: u32) -> ClientIp {
        ClientIp(Ipv6Addr::from_bits(u128::from(number) << 64).into())
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
        for number in 0..1_000_000 {
            limits.count(Counted::Checkout, client(number)).unwrap();
        }
        for number in 0..10_000 {
            limits.count(Counted::Forgery, client(number)).unwrap();
            let requests = limits.requests.limiter();
            assert!(requests.check_key(&client(number).0).is_ok());
        }
        let full = resident() - before;
        let begun = Instant::now();
        let is_empty = || {
            limits.checkouts.is_empty()
                && limits.forgeries.is_empty()
                && limits.requests.limiter().is_empty()
        };
        while !is_empty() {
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
        assert_eq!(limits.count(Counted::Checkout, client(1)), Ok(()));
        limits.sweep();
        let refused = limits.count(Counted::Checkout, client(1)).unwrap_err();
        let Error::TooMany(wait) = refused else {
            panic!("{refused:?}")
        };
        assert!((59..=60).contains(&wait.as_secs()), "{wait:?}");
        assert_eq!(limits.count(Counted::Checkout, client(2)), Ok(()));
        assert_eq!(limits.count(Counted::Poll, client(1)), Ok(()));
    }
}
