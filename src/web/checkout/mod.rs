//! `POST /api/checkout`: a request becomes an order, an order a checkout.
//!
//! Owns the two shapes of the request, JSON from the script and a form from a
//! browser without one, and what a form that is not taken is answered: itself,
//! with the reason on top and everything that was typed. Nothing unparsed goes
//! further, and nothing from the visitor decides where supporters are sent.

mod order;

use axum::body::{Body, Bytes};
use axum::extract::{Form, FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use serde::Serialize;

use self::order::{FormRequest, JsonRequest};
use super::error::Error;
use super::extract::is_same_site;
use super::limits::Counted;
use super::render::{RequestId, wants_page};
use super::request_language::PageLanguage;
use super::{Web, page};
use crate::checkout::{self, Checkout, Order};
use crate::client::Client;

const FORM: &str = "application/x-www-form-urlencoded";
const NO_JSON: &str = "Send a JSON object with an amount, such as {\"amount\": 5, \"name\": \"Ada\", \"message\": \"Thank you\"}.";
/// Bytes of a form that is shown again; the longest honest one has a third.
const MOST_TYPED: usize = 16 * 1024;

#[derive(Serialize)]
struct Answer {
    checkout_url: String,
    intent_id: String,
}

pub(super) async fn post(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    language: PageLanguage,
    form: Option<Extension<FormRequest>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    if let Some(Extension(form)) = form {
        let order = form.parse(&web.app, language.language())?;
        let checkout = open(&web, client, order).await?;
        return Ok(Redirect::to(&checkout.url).into_response());
    }
    if content_type(&headers).as_deref() != Some("application/json") {
        return Err(Error::UnsupportedMediaType);
    }
    let key = order::header_key(&headers)?;
    let request = JsonRequest::read(&body).ok_or(Error::Unreadable(NO_JSON))?;
    let order = request.parse(&web.app, language.language(), key)?;
    let checkout = open(&web, client, order).await?;
    let answer = Answer {
        checkout_url: checkout.url,
        intent_id: checkout.id.to_string(),
    };
    Ok(Json(answer).into_response())
}

/// Only what can be taken uses up a checkout of the client's.
async fn open(web: &Web, client: Client, order: Order) -> Result<Checkout, Error> {
    web.limits.count(Counted::Checkout, client)?;
    Ok(checkout::open(&web.app, &order, client).await?)
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = kind.split(';').next()?;
    Some(essence.trim().to_ascii_lowercase())
}

/// Reads a form, hands it on, and shows it again when it is refused. Stands
/// outside the limits and the time limit, so that a hasty press loses no
/// message. A form of another site is never repeated.
pub(super) async fn refill(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    language: PageLanguage,
    mut request: Request,
    next: Next,
) -> Result<Response, Error> {
    if content_type(request.headers()).as_deref() != Some(FORM) {
        return Ok(next.run(request).await);
    }
    // A form may be shown again, which is a page.
    web.limits.count(Counted::Page, client)?;
    if !is_same_site(request.headers()) {
        return Err(Error::CrossSite);
    }
    let is_page = wants_page(request.headers());
    let request_id = request.extensions().get::<RequestId>().copied();
    let (parts, body) = request.into_parts();
    let form = read(Request::from_parts(parts.clone(), body)).await?;
    let typed = form.typed();
    request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(form);
    let response = next.run(request).await;
    // Nobody types more than that.
    let shown_again = is_page && typed.len() <= MOST_TYPED;
    let Some(error) = response.extensions().get::<Error>().filter(|_| shown_again) else {
        return Ok(response);
    };
    let wait = error.retry_after();
    let wait = wait.map(|wait| [(header::RETRY_AFTER, wait.to_string())]);
    let page = page::refill(&web, language, error, request_id, &typed);
    Ok((wait, page).into_response())
}

/// The rejection's own text could quote the request; ours cannot.
async fn read(request: Request) -> Result<FormRequest, Error> {
    let form = Form::from_request(request, &()).await;
    let form = form.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::FormUnreadable,
    });
    form.map(|Form(form)| form)
}
