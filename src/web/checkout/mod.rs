//! `POST /api/checkout`: a request becomes an order, an order a checkout.
//!
//! Owns the two shapes of the request, JSON from the script and a form from a
//! browser without one. Nothing unparsed goes further, and nothing
//! from the visitor decides where supporters are sent.

mod order;
mod refill;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, http::StatusCode};
use serde::Serialize;
use tokio::time::timeout;

use self::order::{FormRequest, JsonRequest};
pub(super) use self::refill::refill;
use super::Web;
use super::error::Error;
use super::extract::is_same_site;
use super::spoken::Spoken;
use crate::checkout::{self, Checkout, Order};
use crate::deadlines;

const FORM: &str = "application/x-www-form-urlencoded";
const NO_JSON: &str = "Send a JSON object with an amount, such as {\"amount\": 5, \"name\": \"Ada\", \"message\": \"Thank you\"}.";

#[derive(Serialize)]
struct Answer {
    checkout_url: String,
    intent_id: String,
}

pub(super) async fn post(State(web): State<Arc<Web>>, request: Request) -> Response {
    match content_type(request.headers()).as_deref() {
        Some("application/json") => from_script(web, request).await.into_response(),
        Some(FORM) => from_form(web, request).await.into_response(),
        _ => Error::UnsupportedMediaType.into_response(),
    }
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = kind.split(';').next()?;
    Some(essence.trim().to_ascii_lowercase())
}

async fn from_script(web: Arc<Web>, request: Request) -> Result<Json<Answer>, Error> {
    let key = order::header_key(request.headers())?;
    let spoken = Spoken::of(request.uri(), request.headers());
    let body = Bytes::from_request(request, &())
        .await
        .map_err(|rejection| unreadable(rejection.status(), Error::Unreadable(NO_JSON)))?;
    let request = JsonRequest::read(&body).ok_or(Error::Unreadable(NO_JSON))?;
    let order = request.parse(&web.app, spoken.language(), key)?;
    let checkout = open(&web, order).await?;
    Ok(Json(Answer {
        checkout_url: checkout.url,
        intent_id: checkout.id.to_string(),
    }))
}

/// The rejection's own text could quote the request; ours cannot.
fn unreadable(status: StatusCode, otherwise: Error) -> Error {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => otherwise,
    }
}

async fn from_form(web: Arc<Web>, request: Request) -> Result<Redirect, Error> {
    let spoken = Spoken::of(request.uri(), request.headers());
    if !is_same_site(request.headers()) {
        return Err(Error::CrossSite);
    }
    let Form(request) = Form::<FormRequest>::from_request(request, &())
        .await
        .map_err(|rejection| unreadable(rejection.status(), Error::FormUnreadable))?;
    let order = request.parse(&web.app, spoken.language())?;
    Ok(Redirect::to(&open(&web, order).await?.url))
}

/// Opens a checkout; one that takes longer goes on without the visitor.
async fn open(web: &Web, order: Order) -> Result<Checkout, Error> {
    let opened = timeout(
        deadlines::ANSWER,
        checkout::open(Arc::clone(&web.app), order),
    );
    Ok(opened.await.map_err(|_| Error::TooSlow)??)
}
