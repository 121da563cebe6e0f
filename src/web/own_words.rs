//! `POST /thanks/{id}/visibility` and `POST /thanks/{id}/erase`: what a
//! supporter changes later, on the donation's own page.
//!
//! Owns these two forms. The id is all the permission there is, so a page of
//! another site may not send them. Neither proves or changes anything about
//! the payment.

use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tracing::info;

use super::Web;
use super::checkout::is_same_site;
use super::error::Error;
use super::spoken::Spoken;
use super::views::Tick;
use crate::donation::{Donation, DonationId};
use crate::language::Catalog;
use crate::supporter::Visibility;

/// The three boxes as a form sends them: `1`, or nothing at all.
#[derive(Clone, Deserialize)]
pub(super) struct Ticks {
    #[serde(default, rename = "show_name")]
    name: String,
    #[serde(default, rename = "show_message")]
    message: String,
    #[serde(default, rename = "show_amount")]
    amount: String,
}

impl From<&Ticks> for Visibility {
    fn from(ticks: &Ticks) -> Self {
        Self {
            name: ticks.name == "1",
            message: ticks.message == "1",
            amount: ticks.amount == "1",
        }
    }
}

pub(super) async fn set_visibility(
    State(web): State<Arc<Web>>,
    spoken: Spoken,
    Path(id): Path<String>,
    headers: HeaderMap,
    ticks: Result<Form<Ticks>, FormRejection>,
) -> Result<Response, Error> {
    let id = permitted(&id, &headers)?;
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
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let id = permitted(&id, &headers)?;
    let known = web.app.ledger.erase_words(id, web.app.clock.now()).await?;
    if !known {
        return Err(Error::NotFound);
    }
    info!(donation.id = %id, "its supporter erased name and message");
    Ok(back(&web, spoken, id, "erased"))
}

fn permitted(id: &str, headers: &HeaderMap) -> Result<DonationId, Error> {
    if !is_same_site(headers) {
        return Err(Error::CrossSite);
    }
    DonationId::parse(id).ok_or(Error::NotFound)
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
    let unkept = [(header::CACHE_CONTROL, "no-store")];
    (unkept, Redirect::to(&page)).into_response()
}

/// The donation's page in the language that is spoken, with one thing more.
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

/// The three boxes, ticked where something may be shown.
pub(super) fn boxes(words: &Catalog, shown: Visibility) -> [Tick; 3] {
    let tick = |name, key, checked| Tick {
        name,
        label: words.say(key),
        checked,
    };
    [
        tick("show_name", "show-name", shown.name),
        tick("show_message", "show-message", shown.message),
        tick("show_amount", "show-amount", shown.amount),
    ]
}

/// The boxes for what there is of a donation.
pub(super) fn boxes_of(words: &Catalog, donation: &Donation) -> Vec<Tick> {
    let there = [
        donation.request.name.is_some(),
        donation.request.message.is_some(),
        true,
    ];
    let all = boxes(words, donation.request.visibility)
        .into_iter()
        .zip(there);
    all.filter(|(_, there)| *there)
        .map(|(tick, _)| tick)
        .collect()
}
