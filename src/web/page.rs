//! `GET /`: the form.
//!
//! Rendered once for each language and each choice of providers that work, and
//! served from memory with its compressed form; nothing of one visitor is in
//! it. A form that could not be taken, and one a link has filled in
//! ([`prefilled`]), is rendered with what was typed, and is not cached.

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

use super::cached_body::{CachedBodies, CachedBody};
use super::chrome::Chrome;
use super::edit::{Tick, boxes};
use super::error::Error;
use super::fields::Typed;
use super::limits::Counted;
use super::prefilled::Prefilled;
use super::render::{RequestId, to_look_for};
use super::request_language::PageLanguage;
use super::{Web, prefilled};
use crate::app::App;
use crate::client::Client;
use crate::config::{Avatar, PageSettings};
use crate::language::{Catalog, Fact, Language, Sentence, numbers};
use crate::money::{Currency, Money};
use crate::provider::Means;
use crate::provider::allscale::{Settings, StableCoin};
use crate::supporter::{Message, SupporterName};

pub(super) async fn get(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    language: PageLanguage,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let mut response = match prefilled::read(&web.app, &query) {
        None => {
            let cached = web.pages.current(&web, language);
            cached.map_err(|_| Error::Internal)?.reply(&headers)
        }
        Some(prefilled) => {
            web.limits.count(Counted::Page, client)?;
            filled(&web, language, &prefilled)?
        }
    };
    let by_language = HeaderValue::from_static("accept-language");
    response.headers_mut().append(header::VARY, by_language);
    Ok(response)
}

/// The providers that do not work, and the language with what links say of it.
type Variant = (Vec<bool>, Language, bool);

/// The pages that are the same for everybody.
#[derive(Default)]
pub(crate) struct Pages(CachedBodies<Variant>);

impl Pages {
    /// The page of this moment.
    pub(super) fn current(
        &self,
        web: &Web,
        language: PageLanguage,
    ) -> Result<CachedBody, askama::Error> {
        let unavailable = web.app.providers.unavailable();
        let variant = (unavailable, language.language(), language.is_accepted());
        self.0.get_or_make(variant, || {
            let html = Page::new(web, language, &Typed::default()).render()?;
            let for_a_minute = "public, max-age=60, must-revalidate";
            Ok(CachedBody::new(
                html,
                "text/html; charset=utf-8",
                for_a_minute,
            ))
        })
    }
}

/// The form with what was typed and what to change.
pub(super) fn refill(
    web: &Web,
    language: PageLanguage,
    error: &Error,
    request_id: Option<RequestId>,
    typed: &Typed,
) -> Response {
    let problem = Problem {
        field: error.field(),
        sentence: error.sentence(language.words()),
        request_id: to_look_for(error, request_id),
    };
    let page = Page {
        problem: Some(problem),
        ..Page::new(web, language, typed)
    };
    match page.render() {
        Ok(html) => (error.status(), Html(html)).into_response(),
        Err(_) => error.clone().into_response(),
    }
}

/// The form as a link has filled it in.
fn filled(web: &Web, language: PageLanguage, prefilled: &Prefilled) -> Result<Response, Error> {
    let page = Page {
        note: prefilled.note(language.words()),
        ..Page::new(web, language, &prefilled.typed)
    };
    let cache = (header::CACHE_CONTROL, "private, no-cache");
    let html = page.render().map_err(|_| Error::Internal)?;
    Ok(([cache], Html(html)).into_response())
}

/// What the form shows.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    chrome: Chrome<'a>,
    settings: &'a PageSettings,
    currency: Currency,
    avatar: Option<String>,
    presets: Vec<Choice>,
    /// Such as "From $0.50 to $10,000.00", without a full stop.
    amount_hint: String,
    /// What to write when an amount cannot be taken.
    amount_needed: String,
    /// Where the number stands in an amount: `"${n}"`.
    money_pattern: String,
    /// Bounds for the script, as plain decimals: `"0.50"`.
    min: String,
    max: String,
    /// Shown only when there is more than one.
    providers: Vec<Choice>,
    /// What may be shown publicly.
    boxes: [Tick; 3],
    typed: &'a Typed,
    problem: Option<Problem>,
    /// What of a pre-filled link could not be used.
    note: Option<String>,
}

/// An amount or a way to pay; `value` is what the form sends.
struct Choice {
    value: String,
    label: String,
    hint: String,
    checked: bool,
    disabled: bool,
}

/// Why the form was not taken; `field` is `amount`, `name`, `message`,
/// `provider` or empty.
struct Problem {
    field: &'static str,
    sentence: String,
    /// For 5xx.
    request_id: Option<String>,
}

impl<'a> Page<'a> {
    fn new(web: &'a Web, language: PageLanguage, typed: &'a Typed) -> Self {
        let app = &web.app;
        let (page, currency) = (&app.config.page, app.config.currency);
        let words = language.words();
        let money = |cents| Fact::Money(Money { cents, currency });
        let bounds = |key| {
            Sentence::new(key)
                .with("least", money(page.bounds.min))
                .with("most", money(page.bounds.max))
                .say(words)
        };
        Self {
            chrome: web.chrome(language, Some("/")),
            settings: page,
            currency,
            avatar: avatar_url(app),
            presets: presets(app, words, typed),
            amount_hint: bounds("amount-range"),
            amount_needed: bounds("amount-needed"),
            money_pattern: numbers::pattern(language.language(), currency),
            min: currency.decimal(page.bounds.min),
            max: currency.decimal(page.bounds.max),
            providers: providers(app, words, &typed.provider),
            boxes: boxes(words, typed.visibility.unwrap_or(page.visibility)),
            typed,
            problem: None,
            note: None,
        }
    }

    /// What link previews and search engines show.
    fn description(&self) -> &str {
        if self.settings.bio.is_empty() {
            &self.chrome.site_name
        } else {
            &self.settings.bio
        }
    }

    fn symbol_follows(&self) -> bool {
        !self.money_pattern.ends_with("{n}")
    }

    /// The sentence to show at `field`, when the problem is there.
    fn problem_at(&self, field: &str) -> Option<&str> {
        let problem = self.problem.as_ref()?;
        (problem.field == field).then_some(problem.sentence.as_str())
    }

    /// The id of the element the error summary leads to.
    fn problem_target(&self) -> Option<&'static str> {
        match self.problem.as_ref()?.field {
            "amount" if self.typed.amount == "other" => Some("custom_amount"),
            "amount" => Some("amount-1"),
            "name" => Some("name"),
            "message" => Some("message"),
            "provider" => Some("provider-1"),
            _ => None,
        }
    }
}

/// The amounts to choose; what was chosen stays chosen, else the middle one.
/// What goes on the bagel rises with them: dearer is richer.
fn presets(app: &App, words: &Catalog, typed: &Typed) -> Vec<Choice> {
    let toppings = ["topping-1", "topping-2", "topping-3", "topping-4"];
    let currency = app.config.currency;
    let presets = &app.config.page.presets;
    let middle = presets.get(presets.len() / 2);
    let all = presets.iter().enumerate();
    all.map(|(nth, &cents)| {
        let value = currency.shortest(cents);
        let topping = toppings.get(nth).unwrap_or(&"topping-more");
        Choice {
            label: numbers::money_in_short(words.language(), Money { cents, currency }),
            hint: words.say(topping),
            checked: match &*typed.amount {
                "" => Some(&cents) == middle,
                chosen => value == chosen,
            },
            disabled: false,
            value,
        }
    })
    .collect()
}

/// The ways to pay; what was chosen stays chosen, else the first that works.
fn providers(app: &App, words: &Catalog, typed: &str) -> Vec<Choice> {
    let chosen = app.providers.find(typed);
    let chosen = chosen.filter(|provider| !provider.is_failing());
    let chosen = chosen.or(app.providers.preferred());
    let all = app.providers.iter().zip(app.providers.unavailable());
    all.map(|(provider, unavailable)| {
        let about = provider.about();
        let (label, hint) = match about.means {
            Means::Card => (words.say("by-card"), "by-card-hint"),
            Means::Stablecoin => {
                let label = words.say_with("by-stablecoin", "coins", &coins(app));
                (label, "by-stablecoin-hint")
            }
        };
        Choice {
            value: provider.name().into(),
            label,
            hint: if unavailable {
                words.say_with("not-now", "provider", about.title)
            } else {
                words.say(hint)
            },
            checked: chosen.is_some_and(|chosen| chosen.name() == provider.name()),
            disabled: unavailable,
        }
    })
    .collect()
}

/// What a wallet may pay in: `USDT / USDC`.
fn coins(app: &App) -> String {
    let store = app.config.providers.allscale.as_ref();
    let coins = store.map(Settings::paid_in).unwrap_or_default();
    let symbols = coins.into_iter().map(StableCoin::symbol);
    symbols.collect::<Vec<_>>().join(" / ")
}

fn avatar_url(app: &App) -> Option<String> {
    match &app.config.page.avatar {
        Avatar::None => None,
        Avatar::File { .. } => Some(format!("{}/avatar", app.prefix())),
        Avatar::Url { url, .. } => Some(url.clone()),
    }
}
