//! `GET /thanks/{id}`: how one donation stands, on any device.
//!
//! Shows the ledger's state and never asks a provider. Whoever has the id may
//! see it, so it is not stored, not indexed, and leaks no address.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse};

use super::Web;
use super::error::Error;
use super::sentences::sentence;
use super::spoken::Spoken;
use super::views::{Chrome, Link, Thanks};
use crate::donation::{Donation, DonationId};
use crate::explorer;
use crate::language::{Words, numbers};
use crate::status::Status;

pub(super) async fn get(
    State(web): State<Arc<Web>>,
    spoken: Spoken,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Error> {
    let id = DonationId::parse(&id).ok_or(Error::NotFound)?;
    let donation = web.app.ledger.donation(id).await?.ok_or(Error::NotFound)?;
    let spoken = spoken.remembering(donation.language);
    let html = view(&web, spoken, &donation)
        .render()
        .map_err(|_| Error::Internal)?;
    let private = [
        (header::CACHE_CONTROL.as_str(), "no-store"),
        ("x-robots-tag", "noindex"),
        (header::REFERRER_POLICY.as_str(), "no-referrer"),
    ];
    Ok((private, Html(html)))
}

fn view(web: &Web, spoken: Spoken, donation: &Donation) -> Thanks {
    let words = spoken.words();
    let status = donation.status;
    let asked = donation.asked;
    Thanks {
        chrome: Chrome {
            here: String::new(),
            ..web.chrome(spoken, None)
        },
        id: donation.id.to_string(),
        amount: numbers::money(spoken.language(), asked),
        creator: web.app.config.page.name.clone(),
        supporter: donation
            .name
            .as_ref()
            .map_or("", |name| name.as_str())
            .into(),
        message: donation
            .message
            .as_ref()
            .map_or("", |text| text.as_str())
            .into(),
        status: status.code().into(),
        status_name: status.name().into(),
        sentence: sentence(status, words, &web.app.config.page.name),
        creators_words: web.app.config.page.thanks.clone(),
        terminal: status.is_terminal(),
        tx: explorer::transaction(donation, &web.app.providers).map(|tx| link(tx, words)),
        checkout_url: donation.checkout_url.clone().filter(|_| is_payable(status)),
    }
}

fn link(tx: explorer::Link, words: &Words) -> Link {
    Link {
        label: words.say_with("transaction", "explorer", tx.explorer),
        url: tx.url,
    }
}

fn is_payable(status: Status) -> bool {
    matches!(
        status,
        Status::Created | Status::Viewed | Status::TempWalletReceived
    )
}
