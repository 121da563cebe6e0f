//! The outer layers of every answer: errors as JSON or page, security
//! headers, one log line a request.
//!
//! Owns the shape of an error (`{"error", "code"}` or `error.html`) and the
//! headers no answer may lack, 429 and panics included.

use std::fmt;
use std::time::Instant;

use askama::Template;
use axum::Json;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use tracing::info;
use uuid::Uuid;

use super::chrome::ErrorPage;
use super::error::Error;
use super::extract::has_long_query;
use super::limits::Counted;
use super::request_language::PageLanguage;
use super::{Web, client_ip};
use crate::client::Client;
use crate::language::{Catalog, Fact, Sentence};

/// Our own id of a request; an incoming one is ignored.
#[derive(Clone, Copy)]
pub(super) struct RequestId(Uuid);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.simple().fmt(f)
    }
}

static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What stands around every answer: the request's id and client before it, the
/// error it may carry, the headers and one log line after it. One layer, because
/// each costs a request some boxes of its own.
pub(super) async fn around(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let (id, started) = (RequestId(Uuid::new_v4()), Instant::now());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let client = client_ip::of(&request, &web.app.config.trusted_proxies);
    request.extensions_mut().insert(id);
    request.extensions_mut().insert(client);
    let asker = Asker::of(&request, id, client);
    let response = if has_long_query(request.uri()) {
        // Nothing reads it.
        Error::AddressTooLong.into_response()
    } else {
        next.run(request).await
    };
    let mut response = render(&web, response, &asker);
    secure(&web, response.headers_mut(), id);
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    // Never the address itself, which may carry a donation's id.
    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    info!(request.id = %id, %method, route, status, duration_ms, "answered");
    response
}

/// Gives an answer the headers it must not lack.
fn secure(web: &Web, headers: &mut HeaderMap, id: RequestId) {
    for (name, value) in &web.security_headers {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    if let Ok(id) = HeaderValue::try_from(id.to_string()) {
        headers.insert(&X_REQUEST_ID, id);
    }
}

/// Turns an [`Error`], or a bare error status of a layer, into JSON or a page.
fn render(web: &Web, mut response: Response, asker: &Asker) -> Response {
    let error = response.extensions_mut().remove::<Error>();
    match error.or_else(|| from_layer(&response)) {
        None => response,
        Some(error) => answer(web, &error, asker, &response),
    }
}

/// The client that hears of an error.
struct Asker {
    /// A browser that navigates, not a script.
    page: bool,
    uri: Uri,
    client: Client,
    accept_language: Option<HeaderValue>,
    request_id: RequestId,
}

impl Asker {
    fn of(request: &Request, request_id: RequestId, client: Client) -> Self {
        let headers = request.headers();
        let is_long = has_long_query(request.uri());
        Self {
            page: wants_page(headers),
            uri: if is_long {
                Uri::default()
            } else {
                request.uri().clone()
            },
            client,
            accept_language: headers.get(header::ACCEPT_LANGUAGE).cloned(),
            request_id,
        }
    }

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

fn answer(web: &Web, error: &Error, asker: &Asker, inner: &Response) -> Response {
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

fn json(error: &Error, asker: &Asker) -> Response {
    let sentence = error.sentence(asker.language().words());
    let mut body = serde_json::json!({"error": sentence, "code": error.code()});
    if let Some(id) = to_look_for(error, Some(asker.request_id)) {
        body["request_id"] = id.into();
    }
    Json(body).into_response()
}

fn error_page(web: &Web, error: &Error, asker: &Asker) -> Response {
    let language = asker.language();
    let words = language.words();
    let sentence = error.sentence(words);
    if web.limits.count(Counted::Page, asker.client).is_err() {
        return sentence.into_response();
    }
    let (title, scene) = title_and_scene(error);
    let view = ErrorPage {
        chrome: web.chrome(language, None),
        title: words.say(title),
        scene,
        sentence: &sentence,
        wait: wait(error, words),
        request_id: to_look_for(error, Some(asker.request_id)),
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
    let id = id?;
    error.status().is_server_error().then(|| id.to_string())
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
