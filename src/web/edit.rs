//! `POST /thanks/{id}/visibility` and `POST /thanks/{id}/erase`: what a
//! supporter changes later, on the donation's own page.
//!
//! Owns these two forms. The id is all the permission there is, so a page of
//! another site may not send them. Neither proves or changes anything about
//! the payment.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use tracing::info;

use super::Web;
use super::error::Error;
use super::extract::{DonationPath, SameSite, Ticks};
use super::spoken::Spoken;
use crate::donation::{Donation, DonationId};
use crate::language::Catalog;

pub(super) async fn set_visibility(
    State(web): State<Arc<Web>>,
    spoken: Spoken,
    _: SameSite,
    DonationPath(id): DonationPath,
    ticks: Result<Form<Ticks>, FormRejection>,
) -> Result<Response, Error> {
    let Form(ticks) = ticks.map_err(|rejection| unreadable(&rejection))?;
    let (ledger, now) = (&web.app.ledger, web.app.clock.now());
    let known = ledger.set_visibility(id, (&ticks).into(), now).await?;
    known
        .then(|| back(&web, spoken, id, "visibility"))
        .ok_or(Error::NotFound)
}

pub(super) async fn erase(
    State(web): State<Arc<Web>>,
    spoken: Spoken,
    _: SameSite,
    DonationPath(id): DonationPath,
) -> Result<Response, Error> {
    let known = web.app.ledger.erase_words(id, web.app.clock.now()).await?;
    if !known {
        return Err(Error::NotFound);
    }
    info!(donation.id = %id, "its supporter erased name and message");
    Ok(back(&web, spoken, id, "erased"))
}

fn unreadable(rejection: &FormRejection) -> Error {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::UnsupportedMediaType,
        _ => Error::FormUnreadable,
    }
}

/// Back to the page, which says what was saved.
fn back(web: &Web, spoken: Spoken, id: DonationId, saved: &str) -> Response {
    let page = address(web, spoken, id, &format!("saved={saved}"));
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    (no_store, Redirect::to(&page)).into_response()
}

/// The donation's page in its language, with one thing more.
pub(super) fn address(web: &Web, spoken: Spoken, id: DonationId, more: &str) -> String {
    format!("{}/thanks/{id}{}", web.prefix(), spoken.query_and(more))
}

/// The sentence about what was changed, if the donation shows it: an address
/// proves nothing.
pub(super) fn note(saved: &str, donation: &Donation, words: &Catalog) -> Option<String> {
    let wordless = donation.request.name.is_none() && donation.request.message.is_none();
    match saved {
        "visibility" => Some(words.say("saved-visibility")),
        "erased" if wordless => Some(words.say("saved-erased")),
        _ => None,
    }
}
