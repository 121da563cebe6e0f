//! Faults of the wire, the same whatever protocol is spoken over it: silence,
//! drips, floods, cut connections.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use hyper::body::Frame;
use tokio::time::Interval;
use tokio_util::sync::CancellationToken;

use super::faults::FaultKind;

const HUGE: usize = 200 * 1024 * 1024;
const CHUNK: usize = 64 * 1024;
static SPACES: [u8; CHUNK] = [b' '; CHUNK];
const DRIP: Duration = Duration::from_millis(300);

/// Answers a call with what `perform` gives, bent by a fault if there is one.
pub(super) async fn answer(
    fault: Option<&FaultKind>,
    stop: &CancellationToken,
    perform: impl FnOnce() -> Response,
) -> Response {
    if let Some(fault) = fault
        && let Some(response) = instead(fault, stop).await
    {
        return response;
    }
    send(perform(), fault, stop).await
}

/// What is answered in the place of doing the call, if anything.
async fn instead(fault: &FaultKind, stop: &CancellationToken) -> Option<Response> {
    let spoilt = match fault {
        FaultKind::Hang => return Some(silence(stop).await),
        FaultKind::Http(status) => StatusCode::from_u16(*status)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response(),
        FaultKind::Empty => StatusCode::OK.into_response(),
        FaultKind::Garbage => Html("<!doctype html><h1>Bad gateway</h1>").into_response(),
        FaultKind::Body(body) => body.clone().into_response(),
        FaultKind::Huge => Body::new(Spoilt::Huge(HUGE)).into_response(),
        FaultKind::Redirect(to) => {
            let location = [(header::LOCATION, to.clone())];
            (StatusCode::TEMPORARY_REDIRECT, location).into_response()
        }
        _ => return None,
    };
    Some(spoilt)
}

/// How the true answer reaches the client.
async fn send(response: Response, fault: Option<&FaultKind>, stop: &CancellationToken) -> Response {
    match fault {
        Some(FaultKind::HangAfterCommit) => silence(stop).await,
        Some(FaultKind::Delay(time)) => {
            tokio::time::sleep(*time).await;
            response
        }
        Some(FaultKind::DropAfterCommit) => Body::new(Spoilt::Cut).into_response(),
        Some(FaultKind::Drip) => {
            let (head, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, CHUNK).await;
            let drip = Spoilt::Drip(bytes.unwrap_or_default(), tokio::time::interval(DRIP));
            Response::from_parts(head, Body::new(drip))
        }
        _ => response,
    }
}

async fn silence(stop: &CancellationToken) -> Response {
    stop.cancelled().await;
    Body::new(Spoilt::Cut).into_response()
}

/// A body that does not come as bodies should.
enum Spoilt {
    /// Breaks off before the first byte: the server then closes the connection
    /// without having sent the head.
    Cut,
    /// This many spaces.
    Huge(usize),
    /// Byte by byte.
    Drip(Bytes, Interval),
}

impl HttpBody for Spoilt {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let data = match &mut *self {
            Self::Cut => return Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
            Self::Huge(0) => return Poll::Ready(None),
            Self::Huge(left) => {
                *left = left.saturating_sub(CHUNK);
                Bytes::from_static(&SPACES)
            }
            Self::Drip(rest, _) if rest.is_empty() => return Poll::Ready(None),
            Self::Drip(rest, interval) => {
                ready!(interval.poll_tick(context));
                rest.split_to(1)
            }
        };
        Poll::Ready(Some(Ok(Frame::data(data))))
    }
}
