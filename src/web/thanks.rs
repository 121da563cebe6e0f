//! `GET /thanks/{id}`: how one donation stands, on any device.
//!
//! Shows the ledger's state and never asks a provider. Whoever has the id may
//! see it, so it is not stored, not indexed, and leaks no address.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{Html, IntoResponse};
use url::form_urlencoded;

use super::edit::address;
use super::error::Error;
use super::extract::DonationPath;
use super::sentences::sentence;
use super::spoken::Spoken;
use super::views::{Chrome, Link, Thanks, Tick};
use super::{Web, edit};
use crate::donation::Donation;
use crate::language::{Catalog, numbers};
use crate::status::Status;
use crate::{checkout, explorer};

pub(super) async fn get(
    State(web): State<Arc<Web>>,
    spoken: Spoken,
    DonationPath(id): DonationPath,
    RawQuery(query): RawQuery,
) -> Result<impl IntoResponse, Error> {
    let donation = web.app.ledger.donation(id).await?.ok_or(Error::NotFound)?;
    let spoken = spoken.remembering(donation.request.language);
    let query = query.unwrap_or_default();
    let asked = |what: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(name, _)| name == what).map(|(_, value)| value)
    };
    let saved = asked("saved").and_then(|saved| edit::note(&saved, &donation, spoken.words()));
    let page = Thanks {
        stands_still: saved.is_some() || asked("words").is_some(),
        saved,
        ..view(&web, spoken, &donation)
    };
    let html = page.render().map_err(|_| Error::Internal)?;
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
    let asked = donation.request.asked;
    let provider = web.app.providers.find(&donation.provider);
    Thanks {
        chrome: Chrome {
            here: String::new(),
            ..web.chrome(spoken, None)
        },
        id: donation.id.to_string(),
        amount: numbers::money(spoken.language(), asked),
        creator: web.app.config.page.name.clone(),
        supporter: donation
            .request
            .name
            .as_ref()
            .map_or("", |name| name.as_str())
            .into(),
        message: donation
            .request
            .message
            .as_ref()
            .map_or("", |text| text.as_str())
            .into(),
        given_at: donation.created_at.to_string(),
        given_at_minute: donation.created_at.minute(),
        reference: donation.id.reference().to_string(),
        status: status.code().into(),
        status_name: status.name().into(),
        sentence: sentence(status, words, &web.app.config.page.name),
        creators_words: web.app.config.page.thanks.clone(),
        terminal: status.is_terminal(),
        tx: explorer::transaction(donation, &web.app.providers).map(|tx| link(tx, words)),
        provider: provider.map(|provider| provider.about().title),
        same_again: same_again(web, spoken, donation),
        checkout_url: checkout::address(&web.app, donation).filter(|_| is_payable(status)),
        boxes: boxes_of(words, donation),
        saved: None,
        stands_still: false,
        standing_still: address(web, spoken, donation.id, "words"),
    }
}

/// The form filled in with nothing that names the supporter.
fn same_again(web: &Web, spoken: Spoken, donation: &Donation) -> String {
    let asked = donation.request.asked;
    let amount = asked.currency.shortest(asked.cents);
    let (currency, provider) = (asked.currency.code(), &donation.provider);
    let filled = format!("amount={amount}&currency={currency}&provider={provider}");
    format!("{}/{}", web.prefix(), spoken.query_and(&filled))
}

fn link(tx: explorer::Link, words: &Catalog) -> Link {
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

/// The boxes for what there is of a donation.
fn boxes_of(words: &Catalog, donation: &Donation) -> Vec<Tick> {
    let there = [
        donation.request.name.is_some(),
        donation.request.message.is_some(),
        true,
    ];
    let all = Tick::boxes(words, donation.request.visibility)
        .into_iter()
        .zip(there);
    all.filter(|(_, there)| *there)
        .map(|(tick, _)| tick)
        .collect()
}
