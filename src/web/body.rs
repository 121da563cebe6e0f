//! The body of a request: it arrives in time, or the request ends.
//!
//! Owns how long a body may take and how many one client may have on the way.
//! Behind a proxy all connections have one peer, so it is here that a client who
//! sends many bodies slowly is told from the others.

use std::future::ready;
use std::pin::pin;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use super::Web;
use super::error::Error;
use crate::client::Client;
use crate::deadlines;

/// Goes on once the body is there as a whole.
pub(super) async fn arrive(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    request: Request,
    next: Next,
) -> Result<Response, Response> {
    let (parts, body) = request.into_parts();
    let mut body = pin!(Bytes::from_request(Request::new(body), &()));
    let body = tokio::select! {
        biased;
        body = body.as_mut() => body,
        // Not sent with its head: it takes a place while it is on the way.
        () = ready(()) => {
            let place = web.bodies.take(client);
            let _place = place.ok_or_else(|| Error::TooMany(deadlines::BODY).into_response())?;
            let body = timeout(deadlines::BODY, body).await;
            body.map_err(|_| Error::RequestTooSlow.into_response())?
        }
    };
    let body = body.map_err(IntoResponse::into_response)?;
    Ok(next.run(Request::from_parts(parts, Body::from(body))).await)
}
