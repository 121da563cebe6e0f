//! The limit on checkouts over all replicas.
//!
//! Stands behind [`super::rate_limit`]: what this replica refuses by itself
//! never gets here, so a flood is not felt by the ledger. A ledger that cannot
//! count could not keep the donation either: 503.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tracing::warn;

use super::Web;
use super::client_ip::ClientIp;
use super::error::Error;
use crate::ledger::Counted;

/// Lets a request for a checkout on when its client is within the limit.
pub(super) async fn count(
    State(web): State<Arc<Web>>,
    request: Request,
    next: Next,
) -> Result<Response, Error> {
    let client = request.extensions().get::<ClientIp>();
    let ClientIp(client) = *client.ok_or(Error::Internal)?;
    match counted(&web, client).await? {
        Counted::Allowed => Ok(next.run(request).await),
        Counted::TooMany(wait) => Err(Error::TooMany(wait + Duration::from_secs(1))),
    }
}

async fn counted(web: &Web, client: IpAddr) -> Result<Counted, Error> {
    let (app, now) = (&web.app, web.app.clock.now());
    let per_minute = app.config.checkout_per_minute;
    Ok(app.ledger.count_checkout(client, per_minute, now).await?)
}

/// Forgets clients that could ask freely again.
pub(super) async fn sweep(web: &Web) {
    let app = &web.app;
    if let Err(error) = app.ledger.forget_clients(app.clock.now()).await {
        warn!(%error, "clients within the limit could not be forgotten; will try again");
    }
}
