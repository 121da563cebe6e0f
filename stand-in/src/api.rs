//! API skeleton: the one path of every call, whichever protocol it speaks:
//! read, recorded, verified, performed, answered. A fault bends the path at the
//! step it names.
//!
//! Owns the faults of the wire: silence, drips, floods, cut connections. Knows
//! no protocol; each provider brings its own as an [`Api`].

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{self, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use hyper::body::Frame;
use serde_json::Value;
use tokio::time::Interval;
use tokio_util::sync::CancellationToken;

use super::faults::{Call, FaultKind};
use super::state::{Shared, State};

const BODY_LIMIT: usize = 64 * 1024;
const HUGE: usize = 200 * 1024 * 1024;
const CHUNK: usize = 64 * 1024;
static SPACES: [u8; CHUNK] = [b' '; CHUNK];
const DRIP: Duration = Duration::from_millis(300);

/// A call as it came.
pub(crate) struct Asked {
    pub(crate) call: Call,
    pub(crate) head: Parts,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) fn path(&self) -> &str {
        self.head.uri.path()
    }
}

/// The value of a header that is there exactly once.
pub(crate) fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// A provider's protocol of calls.
pub(crate) trait Api {
    type Error: Send;

    fn call(method: &str, path: &str) -> Call;

    /// Whether the call is the merchant's.
    fn verify(state: &State, asked: &Asked) -> Result<(), Self::Error>;

    /// Does the call; the payload of the answer.
    fn perform(
        state: &State,
        asked: &Asked,
        fault: Option<&FaultKind>,
    ) -> Result<Value, Self::Error>;

    /// The failure that a fault orders.
    fn failure(code: i64, message: &str) -> Self::Error;

    /// The answer in its envelope, signed where it should be.
    fn respond(
        state: &State,
        asked: &Asked,
        result: Result<Value, Self::Error>,
        fault: Option<&FaultKind>,
    ) -> Response;
}

/// Handles a call.
pub(crate) async fn answer<A: Api>(extract::State(state): Shared, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let call = A::call(head.method.as_str(), head.uri.path());
    state.journal.record(call, &head);
    // Too long a body is read as an empty one, which is refused.
    let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let asked = Asked { call, head, body };
    let verified = A::verify(&state, &asked);
    // Only a correctly signed call meets a fault, so a fault never hides a bad
    // signature.
    let fault = if verified.is_ok() {
        state.faults.take(call)
    } else {
        state.journal.refused();
        None
    };
    let fault = fault.as_ref();
    if let Some(fault) = fault
        && let Some(response) = instead(fault, &state.stop).await
    {
        return response;
    }
    let result = verified.and_then(|()| match fault {
        Some(FaultKind::Error { code, message }) => Err(A::failure(*code, message)),
        Some(fault) => Ok(fault.alter(A::perform(&state, &asked, Some(fault))?)),
        None => A::perform(&state, &asked, None),
    });
    let mut response = A::respond(&state, &asked, result, fault);
    let date = state.wrong_date().map(|date| (header::DATE, date));
    response.headers_mut().extend(date);
    send(response, fault, &state.stop).await
}

/// The answer given without doing the call, if the fault is of that kind.
async fn instead(fault: &FaultKind, stop: &CancellationToken) -> Option<Response> {
    let spoilt = match fault {
        FaultKind::Hang => return Some(silence(stop).await),
        FaultKind::Http(status) => StatusCode::from_u16(*status)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            .into_response(),
        FaultKind::RetryAfter(wait) => {
            let wait = [(header::RETRY_AFTER, wait.clone())];
            (StatusCode::TOO_MANY_REQUESTS, wait).into_response()
        }
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
            let bytes = to_bytes(body, CHUNK).await;
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

/// A faulty body.
enum Spoilt {
    /// Breaks off before the first byte, so that the server closes the
    /// connection without sending the head.
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
