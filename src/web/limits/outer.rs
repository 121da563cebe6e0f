//! The outer bound: how often one client may send what will be refused.
//!
//! Owns the layers (`tower_governor`), which see a request before it is read. The
//! bound stands well above what can be counted, so that a visitor who makes
//! mistakes uses up nothing, and a program that makes nothing else is stopped.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response};
use axum::response::IntoResponse;
use governor::clock::QuantaInstant;
use governor::middleware::NoOpMiddleware;
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

/// A layer for each of a client's networks; the narrowest is the outermost.
pub(in crate::web) type Layers = (OneLayer, OneLayer, OneLayer);

/// The key: one of the client's networks.
#[derive(Clone)]
pub(in crate::web) struct ByNetwork {
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
pub(super) struct Outer([Arc<Config>; LEVELS]);

impl Outer {
    /// Around what can be counted `per_minute`.
    pub(super) fn around(per_minute: NonZeroU32) -> Self {
        let tries = per_minute.saturating_mul(TRIES).max(TRIES_PER_MINUTE);
        let mut level = 0..LEVELS;
        Self(TIMES.map(|times| {
            let level = level.next().unwrap_or_default();
            config(level, tries.saturating_mul(times))
        }))
    }

    pub(super) fn layers(&self) -> Layers {
        let [narrow, wide, widest] = self.0.each_ref().map(|config| {
            let layer = GovernorLayer::new(Arc::clone(config));
            layer.error_handler(refuse)
        });
        (narrow, wide, widest)
    }

    /// Forgets clients that could ask freely again, and gives the memory back.
    pub(super) fn sweep(&self) {
        for config in &self.0 {
            config.limiter().retain_recent();
            config.limiter().shrink_to_fit();
        }
    }

    #[cfg(test)]
    pub(super) fn admits(&self, client: Client) -> bool {
        let levels = std::iter::zip(&self.0, client.networks());
        levels
            .into_iter()
            .all(|(config, network)| config.limiter().check_key(&network).is_ok())
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|config| config.limiter().is_empty())
    }
}

fn config(level: usize, per_minute: NonZeroU32) -> Arc<Config> {
    let config = GovernorConfigBuilder::default()
        .period(Duration::from_mins(1) / per_minute.get())
        .burst_size(per_minute.get())
        .key_extractor(ByNetwork { level })
        .finish();
    Arc::new(config.expect("a period and a burst that are not zero make a limit"))
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
