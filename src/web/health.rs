//! `GET /healthz` and `GET /readyz`: for orchestrators and balancers.
//!
//! The first says the process lives, the second that the ledger can be
//! written. Neither fails because a provider is down: a restart would not help.

use std::sync::Arc;

use axum::extract::State;

use super::Web;
use super::error::Error;

pub(super) async fn live() -> &'static str {
    "ok"
}

pub(super) async fn ready(State(web): State<Arc<Web>>) -> Result<&'static str, Error> {
    web.app.ledger.check_writable().await?;
    Ok("ok")
}
