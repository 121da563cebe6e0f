//! `POST /api/checkout`: a request becomes an order, an order a checkout.
//!
//! Owns the two shapes of the request, JSON from the script and a form from a
//! browser without one. Nothing unparsed goes further, and nothing of the
//! visitor decides where anybody is sent.

mod order;

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, http::StatusCode};
use serde::Serialize;

use self::order::{FormRequest, JsonRequest};
use super::error::Error;
use super::render::wants_page;
use super::{Web, page};
use crate::checkout;

#[derive(Serialize)]
struct Answer {
    checkout_url: String,
    intent_id: String,
}

pub(super) async fn post(State(web): State<Arc<Web>>, request: Request) -> Response {
    match content_type(request.headers()).as_deref() {
        Some("application/json") => from_script(web, request).await.into_response(),
        Some("application/x-www-form-urlencoded") => from_form(web, request).await,
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
    let Json(request) = Json::<JsonRequest>::from_request(request, &())
        .await
        .map_err(|rejection| unreadable_json(&rejection))?;
    let order = request.parse(&web.app, key)?;
    let checkout = checkout::open(Arc::clone(&web.app), order).await?;
    Ok(Json(Answer {
        checkout_url: checkout.url,
        intent_id: checkout.id.to_string(),
    }))
}

/// The rejection's own text could quote the request; ours cannot.
fn unreadable_json(rejection: &JsonRejection) -> Error {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::Unreadable(
            "Send a JSON object with an amount, such as {\"amount\": 5, \"name\": \"Ada\", \"message\": \"Thank you\"}.",
        ),
    }
}

async fn from_form(web: Arc<Web>, request: Request) -> Response {
    let as_page = wants_page(request.headers());
    if !is_same_site(request.headers()) {
        return Error::CrossSite.into_response();
    }
    let Form(request) = match Form::<FormRequest>::from_request(request, &()).await {
        Ok(form) => form,
        Err(rejection) => return unreadable_form(&rejection).into_response(),
    };
    let typed = request.typed();
    match open_from_form(&web, request).await {
        Ok(url) => Redirect::to(&url).into_response(),
        Err(error) if as_page => page::refill(&web, &error, typed),
        Err(error) => error.into_response(),
    }
}

async fn open_from_form(web: &Web, request: FormRequest) -> Result<String, Error> {
    let order = request.parse(&web.app)?;
    Ok(checkout::open(Arc::clone(&web.app), order).await?.url)
}

fn unreadable_form(rejection: &FormRejection) -> Error {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::Unreadable(
            "The form cannot be read. Open the page again and send it from there.",
        ),
    }
}

/// Old browsers and programs do not say; a page of another site does.
fn is_same_site(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_none_or(|site| site == "same-origin" || site == "none")
}
