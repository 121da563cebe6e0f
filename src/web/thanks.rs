//! `GET /thanks/{id}`: how one donation stands, on any device.
//!
//! Shows the ledger's state and never asks a provider. The id is all that is
//! needed to see it, so it is not stored, not indexed, and leaks no address.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse};
use serde::Deserialize;

use super::Web;
use super::chrome::{Chrome, Link};
use super::edit::{Tick, address, boxes, note};
use super::error::Error;
use super::extract::DonationPath;
use super::face::{Face, Next};
use super::limits::Counted;
use super::request_language::PageLanguage;
use crate::client::Client;
use crate::donation::Donation;
use crate::language::{Catalog, numbers};
use crate::{checkout, explorer};

/// What the address asks for beside the donation.
#[derive(Deserialize)]
pub(super) struct Asked {
    /// What the supporter has just changed.
    saved: Option<String>,
    /// Present while the supporter changes something without the script.
    words: Option<String>,
}

pub(super) async fn get(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    language: PageLanguage,
    DonationPath(id): DonationPath,
    Query(asked): Query<Asked>,
) -> Result<impl IntoResponse, Error> {
    web.limits.count(Counted::Page, client)?;
    let donation = web.app.ledger.donation(id).await?.ok_or(Error::NotFound)?;
    let language = language.remembering(donation.request.language);
    let page = Thanks::new(&web, language, &donation, &asked);
    let html = page.render().map_err(|_| Error::Internal)?;
    let private = [
        (header::CACHE_CONTROL.as_str(), "no-store"),
        ("x-robots-tag", "noindex"),
        (header::REFERRER_POLICY.as_str(), "no-referrer"),
    ];
    Ok((private, Html(html)))
}

/// How one donation stands, by the ledger's word.
#[derive(Template)]
#[template(path = "thanks.html")]
struct Thanks<'a> {
    chrome: Chrome<'a>,
    donation: &'a Donation,
    face: Face,
    /// With its currency: "$5.00".
    amount: String,
    /// The transaction on its explorer.
    tx: Option<Link>,
    /// The provider, as it writes its own name.
    provider: Option<&'static str>,
    /// The form with the same amount and way to pay; never with name or message.
    same_again: String,
    /// While it can still be paid.
    checkout_url: Option<String>,
    /// What may be shown publicly: a box for each thing there is.
    boxes: Vec<Tick>,
    /// What the supporter has just changed.
    saved: Option<String>,
    /// Whether the supporter is changing something.
    stands_still: bool,
    /// This page, standing still.
    standing_still: String,
}

impl<'a> Thanks<'a> {
    fn new(web: &'a Web, language: PageLanguage, donation: &'a Donation, asked: &Asked) -> Self {
        let (app, words) = (&web.app, language.words());
        let face = Face::of(donation.status);
        let provider = app.providers.find(&donation.provider);
        let saved = asked.saved.as_deref();
        let saved = saved.and_then(|saved| note(saved, donation, words));
        let checkout_url = checkout::address(app, donation);
        Self {
            chrome: Chrome {
                here: String::new(),
                ..web.chrome(language, None)
            },
            donation,
            face,
            amount: numbers::money(language.language(), donation.request.asked),
            tx: explorer::transaction(donation, &app.providers).map(|tx| link(tx, words)),
            provider: provider.map(|provider| provider.about().title),
            same_again: same_again(web, language, donation),
            checkout_url: checkout_url.filter(|_| face.next == Next::Pay),
            boxes: boxes_of(words, donation),
            stands_still: saved.is_some() || asked.words.is_some(),
            saved,
            standing_still: address(&web.app, language, donation.id, "words"),
        }
    }

    fn is_paid(&self) -> bool {
        self.face.next == Next::GiveAgain
    }

    /// Whether the next step is another try, which then is what the page offers first.
    fn came_to_nothing(&self) -> bool {
        self.face.next == Next::TryAgain
    }

    /// Whether it reloads itself without the script. Not while a supporter
    /// changes something: that would be lost.
    fn refreshes(&self) -> bool {
        !self.donation.status.is_terminal() && !self.stands_still
    }

    fn has_words(&self) -> bool {
        self.donation.request.name.is_some() || self.donation.request.message.is_some()
    }

    /// Whether there is anything to decide: what was never paid is never shown.
    fn has_say(&self) -> bool {
        self.has_words() || self.saved.is_some() || !self.came_to_nothing()
    }

    /// Whether the supporter's own part stands open: not before there is a payment.
    fn opens_words(&self) -> bool {
        self.stands_still || self.is_paid()
    }
}

/// The form filled in with nothing that names the supporter.
fn same_again(web: &Web, language: PageLanguage, donation: &Donation) -> String {
    let asked = donation.request.asked;
    let amount = asked.currency.shortest(asked.cents);
    let (currency, provider) = (asked.currency.code(), &donation.provider);
    let filled = format!("amount={amount}&currency={currency}&provider={provider}");
    format!("{}/{}", web.prefix(), language.query_and(&filled))
}

fn link(tx: explorer::Link, words: &Catalog) -> Link {
    Link {
        label: words.say_with("transaction", "explorer", tx.explorer),
        url: tx.url,
    }
}

/// The boxes for what there is of a donation.
fn boxes_of(words: &Catalog, donation: &Donation) -> Vec<Tick> {
    let request = &donation.request;
    let there = [request.name.is_some(), request.message.is_some(), true];
    let all = boxes(words, request.visibility).into_iter().zip(there);
    all.filter_map(|(tick, there)| there.then_some(tick))
        .collect()
}
