//! A form that is not taken, by a limit or for what is in it, is shown again
//! with the reason on top and everything that was typed.
//!
//! Stands outside the limits, so that a hasty press loses no message. A form
//! of another site is never repeated.

use std::sync::Arc;

use axum::Form;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::order::FormRequest;
use super::{FORM, content_type, unreadable};
use crate::web::error::Error;
use crate::web::extract::is_same_site;
use crate::web::render::{RequestId, wants_page};
use crate::web::spoken::Spoken;
use crate::web::views::Typed;
use crate::web::{Web, page};

/// Bytes of a form that is shown again; the longest honest one has a third.
const MOST_TYPED: usize = 16 * 1024;

/// Runs a request for a checkout, and shows a form that was refused again.
pub(in crate::web) async fn refill(
    State(web): State<Arc<Web>>,
    request: Request,
    next: Next,
) -> Response {
    if !is_page_form(request.headers()) {
        return next.run(request).await;
    }
    let spoken = Spoken::of(request.uri(), request.headers());
    let request_id = request.extensions().get::<RequestId>().cloned();
    let (request, typed) = match read(request).await {
        Ok(read) => read,
        Err(error) => return error.into_response(),
    };
    let response = next.run(request).await;
    let (Some(error), Some(typed)) = (response.extensions().get::<Error>(), typed) else {
        return response;
    };
    let wait = error.retry_after();
    let wait = wait.map(|wait| [(header::RETRY_AFTER, wait.to_string())]);
    let page = page::refill(&web, spoken, error, request_id, typed);
    (wait, page).into_response()
}

/// Whether a person sent the page's own form, and reads what is answered.
fn is_page_form(headers: &HeaderMap) -> bool {
    wants_page(headers) && is_same_site(headers) && content_type(headers).as_deref() == Some(FORM)
}

/// The request as it was, and what was typed into it by a person; nobody types
/// more than [`MOST_TYPED`].
async fn read(request: Request) -> Result<(Request, Option<Typed>), Error> {
    let (parts, body) = request.into_parts();
    let again = |body| Request::from_parts(parts.clone(), body);
    let body = Bytes::from_request(again(body), &())
        .await
        .map_err(|rejection| unreadable(rejection.status(), Error::FormUnreadable))?;
    if body.len() > MOST_TYPED {
        return Ok((again(Body::from(body)), None));
    }
    let Form(form) = Form::<FormRequest>::from_request(again(Body::from(body.clone())), &())
        .await
        .map_err(|rejection| unreadable(rejection.status(), Error::FormUnreadable))?;
    Ok((again(Body::from(body)), Some(form.typed())))
}
