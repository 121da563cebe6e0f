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

use super::assets::Assets;
use super::error::Error;
use super::kept::Kept;
use super::own_words::boxes;
use super::render::{RequestId, to_look_for};
use super::spoken::Spoken;
use super::views::{Chrome, Link, Page, Preset, Problem, ProviderChoice, Typed};
use super::{Web, prefilled};
use crate::app::App;
use crate::config::{Avatar, PageSettings};
use crate::language::{Catalog, Fact, Language, Sentence, numbers};
use crate::money::{Cents, Currency, Money};
use crate::provider::{Entry, Means};
use crate::supporter::{Message, SupporterName};

/// Where the program comes from.
const SOURCE: &str = "https://github.com/allscale-io/buy_me_a_bagel";

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
        boxes: boxes(words, typed.visibility.unwrap_or(page.visibility)).into(),
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
            let value = preset_value(currency, *cents);
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

/// What the form sends for a preset: `5` or `5.25`.
pub(super) fn preset_value(currency: Currency, cents: Cents) -> String {
    currency.decimal(cents).replace(".00", "")
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

/// Who handles the payments.
fn powered_by(app: &App, words: &Catalog) -> Vec<Link> {
    let all = app.providers.iter().map(|provider| provider.about());
    all.map(|about| Link {
        label: format!("{} ({})", about.title, pays_as(about.means, app, words)),
        url: about.home.into(),
    })
    .collect()
}

/// What is asked for and how it is paid.
fn pays_as(means: Means, app: &App, words: &Catalog) -> String {
    match (means, app.config.currency) {
        (Means::Card, currency) => words.say_with("powered-by-card", "currency", currency.code()),
        (Means::Stablecoin, Currency::Usdt) => "USDT".to_owned(),
        (Means::Stablecoin, fiat) => format!("{} → USDT", fiat.code()),
    }
}

fn avatar_url(app: &App) -> Option<String> {
    match &app.config.page.avatar {
        Avatar::None => None,
        Avatar::File { .. } => Some(format!("{}/avatar", app.prefix())),
        Avatar::Url { url, .. } => Some(url.clone()),
    }
}

/// Head and foot of any page; `path` is the one to name as canonical.
pub(super) fn chrome(app: &App, assets: &Assets, spoken: Spoken, path: Option<&str>) -> Chrome {
    let page = &app.config.page;
    let words = spoken.words();
    let here = format!("{}/", app.prefix());
    let absolute = |path: &str| {
        let public_url = app.config.public_url.as_ref()?;
        Some(format!("{}{path}", public_url.origin()))
    };
    Chrome {
        words,
        home: format!("{here}{}", spoken.query()),
        here,
        query: spoken.query(),
        prefix: app.prefix().into(),
        css: assets.url("page.css").into(),
        js: assets.url("page.js").into(),
        icon: assets.url("favicon.svg").into(),
        touch_icon: assets.url("touch-icon.png").into(),
        preview: absolute(assets.url("touch-icon.png")),
        theme: page.theme.as_str().into(),
        creator: page.name.clone(),
        site_name: words.say_with("site-name", "creator", &page.name),
        notice: notice(app, words),
        canonical: path.and_then(|path| absolute(&format!("{}{path}", app.prefix()))),
        links: links(page, words),
        providers: powered_by(app, words),
        fork_url: SOURCE.into(),
    }
}

/// A provider on loopback is a stand-in, whatever the configuration calls it.
fn notice(app: &App, words: &Catalog) -> Option<String> {
    let is_demo = app.providers.iter().any(|provider| provider.is_stand_in());
    is_demo.then(|| words.say("notice-demo"))
}

fn links(page: &PageSettings, words: &Catalog) -> Vec<Link> {
    [
        ("X".to_owned(), &page.twitter),
        ("GitHub".to_owned(), &page.github),
        (words.say("links-website"), &page.website),
    ]
    .into_iter()
    .filter_map(|(label, url)| {
        Some(Link {
            label,
            url: url.clone()?,
        })
    })
    .collect()
}
