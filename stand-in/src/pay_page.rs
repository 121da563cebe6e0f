//! The hosted checkout: what a payer sees, with a button for every way a
//! payment can go.
//!
//! Plain HTML forms, no script, a strict policy. Escapes everything a visitor
//! typed, and says at the top that no money moves.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{self, Path};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use url::Url;

use super::amount::money;
use super::intents::Intent;
use super::payment::{self, Action, ActionError};
use super::protocol::Status;
use super::state::{Shared, State};

const STYLE: &str = include_str!("../static/stand-in.css");

pub(crate) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/", get(front))
        .route("/stand-in.css", get(style))
        .route("/pay/{id}", get(show))
        .route("/pay/{id}/{action}", post(press))
}

#[derive(Template)]
#[template(path = "pay.html")]
struct PayPage<'a> {
    intent: &'a Intent,
    amount: String,
    due: Option<String>,
    status: String,
    paying: Vec<Action>,
    ending: Vec<Action>,
    mood: &'static str,
    /// The status will change without the payer: the page reloads itself.
    waiting: bool,
}

impl<'a> PayPage<'a> {
    fn of(intent: &'a Intent) -> Self {
        let possible = |actions: &[Action]| {
            let actions = actions.iter().copied();
            actions
                .filter(|action| action.is_possible(intent.status))
                .collect()
        };
        Self {
            intent,
            amount: money(intent.amount_cents, intent.fiat.as_deref()),
            due: intent.provider.due(intent),
            status: intent.provider.status_name(intent),
            paying: possible(intent.provider.paying()),
            ending: possible(intent.provider.ending()),
            mood: match intent.status {
                Status::CONFIRMED => "good",
                status if status.is_negative() => "bad",
                _ => "open",
            },
            waiting: intent.status == Status::ON_CHAIN,
        }
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    title: &'static str,
    text: &'a str,
}

async fn front() -> Response {
    let message = Message {
        title: "The stand-in is running",
        text: "Start a donation on the page it belongs to, and its checkout will be here.",
    };
    page(StatusCode::OK, &message, None)
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

async fn show(extract::State(state): Shared, Path(id): Path<String>) -> Response {
    match state.intents.view(&id) {
        Some(intent) => pay(&intent),
        None => missing(),
    }
}

/// The page of one intent.
pub(crate) fn pay(intent: &Intent) -> Response {
    page(StatusCode::OK, &PayPage::of(intent), Some(intent))
}

/// The page for a link that is not accepted.
pub(crate) fn refused(why: &str) -> Response {
    let message = Message {
        title: "This request is refused",
        text: why,
    };
    page(StatusCode::BAD_REQUEST, &message, None)
}

/// Sends the payer back to the merchant, or to the page if there is no way back.
async fn press(
    extract::State(state): Shared,
    Path((id, slug)): Path<(String, String)>,
) -> Response {
    let Some(action) = Action::from_slug(&slug) else {
        return missing();
    };
    let intent = match payment::press(&state, &id, action) {
        Ok((intent, _)) => Some(intent),
        // Pressed twice: the second press leads where the first one led.
        Err(ActionError::NotNow(_) | ActionError::Stopped) => state.intents.find(&id),
        Err(ActionError::UnknownIntent | ActionError::NotOffered(_)) => None,
    };
    let Some(intent) = intent else {
        return missing();
    };
    let back = format!("{}/pay/{id}", state.public_url());
    Redirect::to(intent.redirect_url.as_deref().unwrap_or(&back)).into_response()
}

fn missing() -> Response {
    let message = Message {
        title: "No such payment",
        text: "This payment request is unknown here. The stand-in forgets everything when it stops.",
    };
    page(StatusCode::NOT_FOUND, &message, None)
}

fn page(status: StatusCode, template: &impl Template, intent: Option<&Intent>) -> Response {
    match template.render() {
        Ok(html) => (status, security_headers(intent), Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `form-action` names the merchant too: browsers apply it to the redirect
/// that follows a form.
fn security_headers(intent: Option<&Intent>) -> HeaderMap {
    let merchant = intent
        .and_then(|intent| Url::parse(intent.redirect_url.as_deref()?).ok())
        .map_or_else(String::new, |url| url.origin().ascii_serialization());
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self' {merchant}; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    [
        ("content-security-policy", policy.as_str()),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ]
    .into_iter()
    .filter_map(|(name, value)| {
        let value = HeaderValue::from_str(value).ok()?;
        Some((HeaderName::from_static(name), value))
    })
    .collect()
}
