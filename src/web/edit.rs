//! `POST /thanks/{id}/visibility` and `POST /thanks/{id}/erase`: what a
//! supporter changes later, on the donation's own page.
//!
//! Owns these two forms, and the three boxes that say what may be shown. The id is all the permission there is, so a page of
//! another site may not send them. Neither proves or changes anything about
//! the payment.

use std::sync::Arc;

use axum::Extension;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tracing::info;

use super::error::Error;
use super::extract::{DonationPath, SameSite};
use super::limits::{Counted, Limits};
use super::request_language::PageLanguage;
use crate::app::App;
use crate::client::Client;
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

/// A box to tick; `name` is what the form sends, with a `1`.
pub(super) struct Tick {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) checked: bool,
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

pub(super) async fn set_visibility(
    State(app): State<Arc<App>>,
    State(limits): State<Arc<Limits>>,
    Extension(client): Extension<Client>,
    language: PageLanguage,
    _: SameSite,
    DonationPath(id): DonationPath,
    ticks: Result<Form<Ticks>, FormRejection>,
) -> Result<Response, Error> {
    let Form(ticks) = ticks.map_err(|rejection| unreadable(&rejection))?;
    limits.count(Counted::Edit, client)?;
    let now = app.clock.now();
    let known = app.ledger.set_visibility(id, (&ticks).into(), now).await?;
    known
        .then(|| back(&app, language, id, "visibility"))
        .ok_or(Error::NotFound)
}

pub(super) async fn erase(
    State(app): State<Arc<App>>,
    State(limits): State<Arc<Limits>>,
    Extension(client): Extension<Client>,
    language: PageLanguage,
    _: SameSite,
    DonationPath(id): DonationPath,
) -> Result<Response, Error> {
    limits.count(Counted::Edit, client)?;
    let known = app.ledger.erase_words(id, app.clock.now()).await?;
    if !known {
        return Err(Error::NotFound);
    }
    info!(donation.id = %id, "its supporter erased name and message");
    Ok(back(&app, language, id, "erased"))
}

fn unreadable(rejection: &FormRejection) -> Error {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::UnsupportedMediaType,
        _ => Error::FormUnreadable,
    }
}

/// Back to the page, which says what was saved.
fn back(app: &App, language: PageLanguage, id: DonationId, saved: &str) -> Response {
    let page = address(app, language, id, &format!("saved={saved}"));
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    (no_store, Redirect::to(&page)).into_response()
}

/// The donation's page in its language, with one thing more.
pub(super) fn address(app: &App, language: PageLanguage, id: DonationId, more: &str) -> String {
    format!("{}/thanks/{id}{}", app.prefix(), language.query_and(more))
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
