//! `GET /`: the form.
//!
//! Rendered once from the settings for each choice of providers that work, kept
//! with its compressed form, served from memory; nothing of one visitor is in it. A form that could not be taken is
//! rendered again with what was typed, and never kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Response};

use super::Web;
use super::assets::Assets;
use super::error::Error;
use super::kept::Kept;
use super::views::{Chrome, Link, Page, Preset, Problem, ProviderChoice, Typed};
use crate::app::App;
use crate::config::{Avatar, PageSettings};
use crate::provider::{Means, Provider};
use crate::supporter::{Message, SupporterName};

/// Where the program comes from.
const SOURCE: &str = "https://github.com/allscale-io/buy_me_a_bagel";

pub(super) async fn get(
    State(web): State<Arc<Web>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let kept = web.pages.current(&web);
    Ok(kept.map_err(|_| Error::Internal)?.reply(&headers))
}

/// The page as it is kept, one for each choice of providers that work.
#[derive(Default)]
pub(crate) struct Pages(Mutex<HashMap<Vec<bool>, Kept>>);

impl Pages {
    /// The page of this moment.
    pub(super) fn current(&self, web: &Web) -> Result<Kept, askama::Error> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let unavailable = web.app.providers.unavailable();
        if let Some(kept) = pages.get(&unavailable) {
            return Ok(kept.clone());
        }
        let html = view(&web.app, web.chrome(Some("/")), Typed::default(), None).render()?;
        let kept = Kept::new(
            html,
            "text/html; charset=utf-8",
            "public, max-age=60, must-revalidate",
        );
        pages.insert(unavailable, kept.clone());
        Ok(kept)
    }
}

/// The form again, with what was typed and what to change.
pub(super) fn refill(web: &Web, error: &Error, typed: Typed) -> Response {
    let problem = Problem {
        field: error.field().to_owned(),
        sentence: error.sentence(),
    };
    let chrome = web.chrome(Some("/"));
    let page = view(&web.app, chrome, typed, Some(problem));
    match page.render() {
        Ok(html) => (error.status(), Html(html)).into_response(),
        Err(_) => error.clone().into_response(),
    }
}

fn view(app: &App, chrome: Chrome, typed: Typed, problem: Option<Problem>) -> Page {
    let (page, currency) = (&app.config.page, app.config.currency);
    Page {
        chrome,
        name: page.name.clone(),
        bio: page.bio.clone(),
        avatar: avatar_url(app),
        presets: presets(app, &typed),
        custom_amount: page.custom_amount,
        amount_hint: format!(
            "From {} to {}",
            currency.show(page.bounds.min),
            currency.show(page.bounds.max)
        ),
        currency_code: currency.code().into(),
        currency_symbol: currency.symbol().into(),
        symbol_after: currency.symbol_follows(),
        decimals: if currency.decimals() == 0 { 0 } else { 2 },
        min: currency.decimal(page.bounds.min),
        max: currency.decimal(page.bounds.max),
        providers: providers(app, &typed.provider),
        typed,
        problem,
        name_max: SupporterName::MAX,
        message_max: Message::MAX,
    }
}

/// The amounts to choose; what was chosen stays chosen, else the middle one.
fn presets(app: &App, typed: &Typed) -> Vec<Preset> {
    let currency = app.config.currency;
    let presets = &app.config.page.presets;
    let middle = presets.get(presets.len() / 2);
    presets
        .iter()
        .map(|cents| {
            let value = plain(&currency.decimal(*cents));
            let checked = if typed.amount.is_empty() {
                Some(cents) == middle
            } else {
                value == typed.amount
            };
            Preset {
                label: plain(&currency.show(*cents)),
                value,
                checked,
            }
        })
        .collect()
}

/// Whole amounts read better without their zeros.
fn plain(amount: &str) -> String {
    amount.replace(".00", "")
}

/// The ways to pay; what was chosen stays chosen, else the first that works.
fn providers(app: &App, typed: &str) -> Vec<ProviderChoice> {
    let preferred = app.providers.preferred();
    let chosen = app.providers.find(typed);
    let chosen = chosen
        .filter(|provider| !provider.is_failing())
        .or(preferred);
    let unavailable = app.providers.unavailable();
    let all = app.providers.iter().zip(unavailable);
    all.map(|(provider, unavailable)| {
        let (label, hint) = means(&**provider);
        ProviderChoice {
            value: provider.name().into(),
            label: label.into(),
            hint: hint.into(),
            checked: chosen.is_some_and(|chosen| chosen.name() == provider.name()),
            unavailable: if unavailable {
                format!("Not now: {} does not answer", provider.about().title)
            } else {
                String::new()
            },
        }
    })
    .collect()
}

/// What a means of payment is called, and what it takes.
fn means(provider: &dyn Provider) -> (&'static str, &'static str) {
    match provider.about().means {
        Means::Card => ("Pay with card", "A credit or debit card is all you need"),
        Means::Stablecoin => ("Pay with USDT", "From a crypto wallet, in stablecoins"),
    }
}

/// Who handles the payments.
fn powered_by(app: &App) -> Vec<Link> {
    let all = app.providers.iter().map(|provider| provider.about());
    all.map(|about| Link {
        label: format!("{} ({})", about.title, about.pays_as),
        url: about.home.into(),
    })
    .collect()
}

fn avatar_url(app: &App) -> Option<String> {
    match &app.config.page.avatar {
        Avatar::None => None,
        Avatar::File { .. } => Some(format!("{}/avatar", app.prefix())),
        Avatar::Url { url, .. } => Some(url.clone()),
    }
}

/// Head and foot of any page; `path` is the one to name as canonical.
pub(super) fn chrome(app: &App, assets: &Assets, path: Option<&str>) -> Chrome {
    let page = &app.config.page;
    let absolute = |path: &str| {
        let public_url = app.config.public_url.as_ref()?;
        Some(format!("{}{path}", public_url.origin()))
    };
    Chrome {
        prefix: app.prefix().into(),
        css: assets.url("page.css").into(),
        js: assets.url("page.js").into(),
        icon: assets.url("favicon.svg").into(),
        touch_icon: assets.url("touch-icon.png").into(),
        preview: absolute(assets.url("touch-icon.png")),
        theme: page.theme.as_str().into(),
        site_name: format!("Buy {} a bagel", page.name),
        notice: notice(app),
        canonical: path.and_then(|path| absolute(&format!("{}{path}", app.prefix()))),
        links: links(page),
        providers: powered_by(app),
        fork_url: SOURCE.into(),
    }
}

/// A provider on loopback is a stand-in, whatever the configuration calls it.
fn notice(app: &App) -> Option<String> {
    let is_demo = app.providers.iter().any(|provider| provider.is_stand_in());
    is_demo.then(|| "Demo: no real money moves.".into())
}

fn links(page: &PageSettings) -> Vec<Link> {
    [
        ("X", &page.twitter),
        ("GitHub", &page.github),
        ("Website", &page.website),
    ]
    .into_iter()
    .filter_map(|(label, url)| {
        Some(Link {
            label: label.into(),
            url: url.clone()?,
        })
    })
    .collect()
}
