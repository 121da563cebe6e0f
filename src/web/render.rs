//! The outer layers of every answer: errors as JSON or page, security
//! headers, one log line a request.
//!
//! Owns the shape of an error (`{"error", "code"}` or `error.html`) and the
//! headers no answer may lack, 429 and panics included.

use std::time::Instant;

use askama::Template;
use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use tracing::info;
use uuid::Uuid;

use super::Web;
use super::chrome::ErrorPage;
use super::error::Error;
use super::extract::has_long_query;
use super::limits::Counted;
use super::request_language::PageLanguage;
use crate::client::Client;
use crate::language::{Catalog, Fact, Sentence};

/// Our own id of a request; an incoming one is ignored.
#[derive(Clone)]
pub(super) struct RequestId(pub(super) String);

static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Logs one line a request: our id, the route's pattern, status, duration.
/// Never the address itself, which may carry a donation's id.
pub(super) async fn log(mut request: Request, next: Next) -> Response {
    let id = Uuid::new_v4().simple().to_string();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("-".to_owned(), |path| path.as_str().to_owned());
    request.extensions_mut().insert(RequestId(id.clone()));
    let started = Instant::now();
    let mut response = next.run(request).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    info!(request.id = %id, %method, route, status, duration_ms, "answered");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(&X_REQUEST_ID, value);
    }
    response
}

/// Gives every answer the headers it must not lack.
pub(super) async fn secure(State(web): State<Web>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in &web.security_headers {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    response
}

/// Turns an [`Error`], or a bare error status of a layer, into JSON or a page.
/// An address whose query is too long goes no further: nothing reads it.
pub(super) async fn render(State(web): State<Web>, request: Request, next: Next) -> Response {
    let is_long = has_long_query(request.uri());
    let asker = Asker {
        page: wants_page(request.headers()),
        uri: if is_long {
            Uri::default()
        } else {
            request.uri().clone()
        },
        client: request.extensions().get().copied(),
        accept_language: request.headers().get(header::ACCEPT_LANGUAGE).cloned(),
        request_id: request.extensions().get::<RequestId>().cloned(),
    };
    let mut response = if is_long {
        Error::AddressTooLong.into_response()
    } else {
        next.run(request).await
    };
    let error = response.extensions_mut().remove::<Error>();
    match error.or_else(|| from_layer(&response)) {
        None => response,
        Some(error) => answer(&web, &error, asker, &response),
    }
}

/// The client that hears of an error.
struct Asker {
    /// A browser that navigates, not a script.
    page: bool,
    uri: Uri,
    client: Option<Client>,
    accept_language: Option<HeaderValue>,
    request_id: Option<RequestId>,
}

impl Asker {
    /// Asked for only where there is an error to tell.
    fn language(&self) -> PageLanguage {
        PageLanguage::of(&self.uri, self.accept_language.as_ref())
    }
}

/// Whether the client is a browser that navigates.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Layers and the router answer with a bare status and no error of ours.
fn from_layer(response: &Response) -> Option<Error> {
    let ours = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    match response.status() {
        _ if ours => None,
        StatusCode::NOT_FOUND => Some(Error::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(Error::MethodNotAllowed),
        StatusCode::REQUEST_TIMEOUT => Some(Error::RequestTooSlow),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Error::TooLarge),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Some(Error::UnsupportedMediaType),
        status if status.is_client_error() => {
            Some(Error::Unreadable("The request cannot be read."))
        }
        status if status.is_server_error() => Some(Error::Internal),
        _ => None,
    }
}

fn answer(web: &Web, error: &Error, asker: Asker, inner: &Response) -> Response {
    let body = if asker.page {
        error_page(web, error, asker)
    } else {
        json(error, asker)
    };
    let mut response = (error.status(), body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(wait) = error.retry_after() {
        headers.insert(header::RETRY_AFTER, wait.into());
    }
    if let Some(allow) = inner.headers().get(header::ALLOW) {
        headers.insert(header::ALLOW, allow.clone());
    }
    response
}

fn json(error: &Error, asker: Asker) -> Response {
    let sentence = error.sentence(asker.language().words());
    let mut body = serde_json::json!({"error": sentence, "code": error.code()});
    if let Some(id) = to_look_for(error, asker.request_id) {
        body["request_id"] = id.into();
    }
    Json(body).into_response()
}

fn error_page(web: &Web, error: &Error, asker: Asker) -> Response {
    let language = asker.language();
    let words = language.words();
    let sentence = error.sentence(words);
    let count = |client| web.limits.count(Counted::Page, client);
    if asker
        .client
        .map(count)
        .is_some_and(|counted| counted.is_err())
    {
        return sentence.into_response();
    }
    let (title, scene) = title_and_scene(error);
    let view = ErrorPage {
        chrome: web.chrome(language, None),
        title: words.say(title),
        scene,
        sentence: &sentence,
        wait: wait(error, words),
        request_id: to_look_for(error, asker.request_id),
    };
    match view.render() {
        Ok(html) => Html(html).into_response(),
        Err(_) => sentence.into_response(),
    }
}

/// How long to wait, unless the error's own sentence says it.
fn wait(error: &Error, words: &Catalog) -> Option<String> {
    let seconds = error.retry_after()?;
    let wait = Sentence::new("error-wait").with("seconds", Fact::Count(seconds));
    (!matches!(error, Error::TooMany(_))).then(|| wait.say(words))
}

/// Shown only where the log may have to be searched for it.
pub(super) fn to_look_for(error: &Error, id: Option<RequestId>) -> Option<String> {
    let RequestId(id) = id?;
    error.status().is_server_error().then_some(id)
}

/// The key of the heading, and the picture beside it.
fn title_and_scene(error: &Error) -> (&'static str, &'static str) {
    match error.status() {
        StatusCode::NOT_FOUND => ("error-title-not-found", "lost"),
        StatusCode::TOO_MANY_REQUESTS => ("error-title-too-many", "too-fast"),
        status if status.is_server_error() => ("error-title-ours", "broken"),
        _ => ("error-title-yours", "refused"),
    }
}
