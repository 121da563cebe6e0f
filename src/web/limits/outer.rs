//! The outer bound: how often one client may send what will be refused.
//!
//! Owns the layers (`tower_governor`), which see a request before it is read. The
//! bound stands well above what can be counted, so that a visitor who makes
//! mistakes uses up nothing, and a program that makes nothing else is stopped.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use axum::middleware::Next;
use axum::response::IntoResponse;
use governor::clock::QuantaInstant;
use governor::middleware::NoOpMiddleware;
use tower::{Layer, ServiceExt};
use tower_governor::governor::{GovernorConfig, GovernorConfigBuilder};
use tower_governor::key_extractor::KeyExtractor;
use tower_governor::{GovernorError, GovernorLayer};

use super::tables::full_second;
use super::{TIMES, times};
use crate::client::{Client, LEVELS};
use crate::web::error::Error;

/// Requests a minute from one client, whatever is in them.
const TRIES_PER_MINUTE: NonZeroU32 = times(60);
/// Requests for each one that can be counted, where that is more.
const TRIES: NonZeroU32 = times(4);

type Config = GovernorConfig<ByNetwork, NoOpMiddleware<QuantaInstant>>;
type OneLayer = GovernorLayer<ByNetwork, NoOpMiddleware<QuantaInstant>, Body>;

/// The key: one of the client's networks.
#[derive(Clone)]
struct ByNetwork {
    level: usize,
}

impl KeyExtractor for ByNetwork {
    type Key = IpAddr;

    fn extract<T>(&self, request: &Request<T>) -> Result<IpAddr, GovernorError> {
        let client = request.extensions().get::<Client>();
        let network = client.and_then(|client| client.networks().get(self.level).copied());
        network.ok_or(GovernorError::UnableToExtractKey)
    }
}

/// The bound of some routes, which share it.
pub(super) struct Outer {
    tries: NonZeroU32,
    /// Made by the first request: the library's clock is calibrated then, which
    /// takes some ten milliseconds of the processor.
    bounds: OnceLock<[Bound; LEVELS]>,
}

/// The bound of one of a client's networks.
struct Bound {
    config: Arc<Config>,
    layer: OneLayer,
}

impl Outer {
    /// Around what can be counted `per_minute`.
    pub(super) fn around(per_minute: NonZeroU32) -> Self {
        Self {
            tries: per_minute.saturating_mul(TRIES).max(TRIES_PER_MINUTE),
            bounds: OnceLock::new(),
        }
    }

    fn bounds(&self) -> &[Bound; LEVELS] {
        self.bounds.get_or_init(|| {
            let mut level = 0..LEVELS;
            TIMES.map(|times| {
                let level = level.next().unwrap_or_default();
                Bound::new(level, self.tries.saturating_mul(times))
            })
        })
    }

    /// Answers by `next` unless a network of the client has asked too often; the
    /// narrowest is counted first.
    pub(super) async fn pass(&self, request: Request<Body>, next: Next) -> Response<Body> {
        let [narrow, wide, widest] = self.bounds().each_ref().map(|bound| &bound.layer);
        let client = request.extensions().get::<Client>();
        let Ok(answer) = if client.is_some_and(|client| client.counted().count() == 1) {
            narrow.layer(next).oneshot(request).await
        } else {
            let bounded = narrow.layer(wide.layer(widest.layer(next)));
            bounded.oneshot(request).await
        };
        answer
    }

    /// Forgets clients that could ask freely again, and gives the memory back.
    pub(super) fn sweep(&self) {
        for Bound { config, .. } in self.bounds.get().into_iter().flatten() {
            config.limiter().retain_recent();
            config.limiter().shrink_to_fit();
        }
    }

    #[cfg(test)]
    pub(super) fn admits(&self, client: Client) -> bool {
        let levels = std::iter::zip(self.bounds(), client.counted());
        levels
            .into_iter()
            .all(|(bound, network)| bound.config.limiter().check_key(&network).is_ok())
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        let mut bounds = self.bounds().iter();
        bounds.all(|bound| bound.config.limiter().is_empty())
    }
}

impl Bound {
    fn new(level: usize, per_minute: NonZeroU32) -> Self {
        let config = GovernorConfigBuilder::default()
            .period(Duration::from_mins(1) / per_minute.get())
            .burst_size(per_minute.get())
            .key_extractor(ByNetwork { level })
            .finish();
        let config = Arc::new(config.expect("a period and a burst that are not zero make a limit"));
        Self {
            layer: GovernorLayer::new(Arc::clone(&config)).error_handler(refuse),
            config,
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
fn refuse(error: GovernorError) -> Response<Body> {
    match error {
        GovernorError::TooManyRequests { wait_time, .. } => {
            Error::TooMany(full_second(Duration::from_secs(wait_time)))
        }
        GovernorError::UnableToExtractKey | GovernorError::Other { .. } => Error::Internal,
    }
    .into_response()
}
