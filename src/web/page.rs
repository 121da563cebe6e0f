//! `GET /`: the form.
//!
//! Rendered once for each language and each choice of providers that work, kept
//! with its compressed form, served from memory; nothing of one visitor is in it.
//! A form that could not be taken, and one a link has filled in ([`prefilled`]),
//! is rendered with what was typed, and never kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

use super::error::Error;
use super::kept::Kept;
use super::render::{RequestId, to_look_for};
use super::spoken::Spoken;
use super::views::{Page, Preset, Problem, ProviderChoice, Tick, Typed};
use super::{Web, prefilled};
use crate::app::App;
use crate::config::Avatar;
use crate::language::{Catalog, Fact, Language, Sentence, numbers};
use crate::money::Money;
use crate::provider::{Entry, Means};
use crate::supporter::{Message, SupporterName};

pub(super) async fn get(
    State(web): State<Arc<Web>>,
    spoken: Spoken,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let mut response = match prefilled::read(&web.app, query.as_deref().unwrap_or_default()) {
        None => {
            let kept = web.pages.current(&web, spoken);
            kept.map_err(|_| Error::Internal)?.reply(&headers)
        }
        Some(prefilled) => filled(&web, spoken, prefilled)?,
    };
    let by_language = HeaderValue::from_static("accept-language");
    response.headers_mut().append(header::VARY, by_language);
    Ok(response)
}

/// The providers that work, the language, and what links add to stay in it.
type Variant = (Vec<bool>, Language, String);

/// The pages as they are kept, one for each variant.
#[derive(Default)]
pub(crate) struct Pages(Mutex<HashMap<Variant, Kept>>);

impl Pages {
    /// The page of this moment.
    pub(super) fn current(&self, web: &Web, spoken: Spoken) -> Result<Kept, askama::Error> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let unavailable = web.app.providers.unavailable();
        let variant = (unavailable, spoken.language(), spoken.query());
        if let Some(kept) = pages.get(&variant) {
            return Ok(kept.clone());
        }
        let html = view(web, spoken, Typed::default()).render()?;
        let kept = Kept::new(
            html,
            "text/html; charset=utf-8",
            "public, max-age=60, must-revalidate",
        );
        pages.insert(variant, kept.clone());
        Ok(kept)
    }
}

/// The form with what was typed and what to change.
pub(super) fn refill(
    web: &Web,
    spoken: Spoken,
    error: &Error,
    request_id: Option<RequestId>,
    typed: Typed,
) -> Response {
    let problem = Problem {
        field: error.field().to_owned(),
        sentence: error.sentence(spoken.words()),
        request_id: to_look_for(error, request_id),
    };
    let page = Page {
        problem: Some(problem),
        ..view(web, spoken, typed)
    };
    match page.render() {
        Ok(html) => (error.status(), Html(html)).into_response(),
        Err(_) => error.clone().into_response(),
    }
}

/// The form as a link has filled it in.
fn filled(web: &Web, spoken: Spoken, prefilled: prefilled::Prefilled) -> Result<Response, Error> {
    let page = Page {
        note: prefilled.note(spoken.words()),
        ..view(web, spoken, prefilled.typed)
    };
    let cache = (header::CACHE_CONTROL, "private, no-cache");
    let html = page.render().map_err(|_| Error::Internal)?;
    Ok(([cache], Html(html)).into_response())
}

fn view(web: &Web, spoken: Spoken, typed: Typed) -> Page {
    let app = &web.app;
    let (page, currency) = (&app.config.page, app.config.currency);
    let words = spoken.words();
    let money = |cents| Fact::Money(Money { cents, currency });
    let bounds = |key| {
        Sentence::new(key)
            .with("least", money(page.bounds.min))
            .with("most", money(page.bounds.max))
            .say(words)
    };
    Page {
        chrome: web.chrome(spoken, Some("/")),
        name: page.name.clone(),
        bio: page.bio.clone(),
        avatar: avatar_url(app),
        presets: presets(app, spoken, &typed),
        custom_amount: page.custom_amount,
        amount_hint: bounds("amount-range"),
        amount_needed: bounds("amount-needed"),
        currency_code: currency.code().into(),
        currency_symbol: currency.symbol().into(),
        money_pattern: numbers::pattern(spoken.language(), currency),
        decimals: if currency.decimals() == 0 { 0 } else { 2 },
        min: currency.decimal(page.bounds.min),
        max: currency.decimal(page.bounds.max),
        providers: providers(app, words, &typed.provider),
        boxes: Tick::boxes(words, typed.visibility.unwrap_or(page.visibility)).into(),
        typed,
        problem: None,
        note: None,
        name_max: SupporterName::MAX,
        message_max: Message::MAX,
    }
}

/// The amounts to choose; what was chosen stays chosen, else the middle one.
fn presets(app: &App, spoken: Spoken, typed: &Typed) -> Vec<Preset> {
    let currency = app.config.currency;
    let label = |cents| numbers::money_in_short(spoken.language(), Money { cents, currency });
    let presets = &app.config.page.presets;
    let middle = presets.get(presets.len() / 2);
    presets
        .iter()
        .map(|cents| {
            let value = currency.shortest(*cents);
            let checked = if typed.amount.is_empty() {
                Some(cents) == middle
            } else {
                value == typed.amount
            };
            Preset {
                label: label(*cents),
                value,
                checked,
            }
        })
        .collect()
}

/// The ways to pay; what was chosen stays chosen, else the first that works.
fn providers(app: &App, words: &Catalog, typed: &str) -> Vec<ProviderChoice> {
    let preferred = app.providers.preferred();
    let chosen = app.providers.find(typed);
    let chosen = chosen
        .filter(|provider| !provider.is_failing())
        .or(preferred);
    let unavailable = app.providers.unavailable();
    let all = app.providers.iter().zip(unavailable);
    all.map(|(provider, unavailable)| {
        let (label, hint) = means(provider, words);
        let title = provider.about().title;
        let reason = unavailable.then(|| words.say_with("not-now", "provider", title));
        ProviderChoice {
            value: provider.name().into(),
            label,
            hint,
            checked: chosen.is_some_and(|chosen| chosen.name() == provider.name()),
            unavailable: reason.unwrap_or_default(),
        }
    })
    .collect()
}

/// What a means of payment is called, and what it takes.
fn means(provider: &Entry, words: &Catalog) -> (String, String) {
    match provider.about().means {
        Means::Card => (words.say("by-card"), words.say("by-card-hint")),
        Means::Stablecoin => (words.say("by-stablecoin"), words.say("by-stablecoin-hint")),
    }
}

fn avatar_url(app: &App) -> Option<String> {
    match &app.config.page.avatar {
        Avatar::None => None,
        Avatar::File { .. } => Some(format!("{}/avatar", app.prefix())),
        Avatar::Url { url, .. } => Some(url.clone()),
    }
}
