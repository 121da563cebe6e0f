//! `GET /healthz` and `GET /readyz`: for orchestrators and balancers.
//!
//! The first says the process lives, the second that the ledger can be
//! written. Neither fails because a provider is down: a restart would not help.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use moka::future::Cache;

use super::error::Error;
use crate::app::App;

/// Each check is a write to disk, so strangers may cause one a second at most.
const CHECK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Whether the ledger could be written a moment ago.
#[derive(Clone)]
pub(crate) struct Readiness(Cache<(), Result<(), Error>>);

impl Readiness {
    pub(super) fn new() -> Self {
        let last = Cache::builder().time_to_live(CHECK_AGAIN_AFTER);
        Self(last.build())
    }
}

pub(super) async fn live() -> &'static str {
    "ok"
}

pub(super) async fn ready(
    State(app): State<Arc<App>>,
    State(readiness): State<Readiness>,
) -> Result<&'static str, Error> {
    let check = async move { Ok(app.ledger.check_writable(app.clock.now()).await?) };
    readiness.0.get_with((), check).await.map(|()| "ok")
}
