//! The web face: the ONE route table, its layers, and what handlers share.
//!
//! Handlers extract, parse, make one call and reply. No SQL, no signing and no
//! wire type of a provider is in here.

mod assets;
mod checkout;
mod chrome;
mod client_ip;
mod edit;
mod error;
mod extract;
mod fields;
mod headers;
mod health;
mod kept;
mod page;
mod prefilled;
mod rate_limit;
mod render;
mod sentences;
mod spoken;
mod status;
mod thanks;
mod views;
mod webhook;

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use self::assets::Assets;
pub(crate) use self::client_ip::Peer;
use self::error::Error;
use self::health::Readiness;
use self::kept::Kept;
use self::page::Pages;
use self::rate_limit::Limits;
use self::spoken::Spoken;
use self::status::Polls;
use self::views::Chrome;
use crate::app::App;
use crate::config::Avatar;
use crate::deadlines;
use crate::language::Language;

/// Largest request body, in bytes.
const MAX_BODY: usize = 64 * 1024;
const AN_HOUR: &str = "public, max-age=3600";

/// What handlers share.
pub(crate) struct Web {
    app: Arc<App>,
    assets: Arc<Assets>,
    pages: Pages,
    avatar: Option<Kept>,
    badge: Kept,
    bagel: Kept,
    polls: Polls,
    readiness: Readiness,
    limits: Limits,
    security_headers: Vec<(HeaderName, HeaderValue)>,
}

impl Web {
    /// Renders and compresses what is the same for everybody.
    pub(crate) fn new(app: Arc<App>) -> Result<Arc<Self>, askama::Error> {
        let config = &app.config;
        let assets = Arc::new(Assets::load(app.prefix(), config.page.accent.as_ref()));
        let avatar = match &config.page.avatar {
            Avatar::File {
                bytes,
                content_type,
            } => Some(Kept::new(bytes.clone(), content_type, AN_HOUR)),
            Avatar::Url { .. } | Avatar::None => None,
        };
        let web = Arc::new(Self {
            pages: Pages::default(),
            avatar,
            badge: Kept::new(assets::BADGE, "image/svg+xml", AN_HOUR),
            bagel: Kept::new(assets::BAGEL, "image/png", AN_HOUR),
            polls: Polls::new(),
            readiness: Readiness::new(),
            limits: Limits::new(config.checkout_per_minute, config.status_per_minute),
            security_headers: headers::security(&app),
            assets,
            app,
        });
        for &language in Language::ALL {
            web.pages.current(&web, Spoken::in_browser(language))?;
        }
        Ok(web)
    }

    /// Keeps the limiters' tables small; called once a minute.
    pub(crate) fn sweep_limits(&self) {
        self.limits.sweep();
    }

    /// The route table, in the order of a donation's walk, under the public
    /// address's path.
    pub(crate) fn router(self: &Arc<Self>) -> Router {
        let at = |path: &str| format!("{}{path}", self.prefix());
        let checkout = post(checkout::post)
            .route_layer(self.limits.checkout())
            .route_layer(from_fn_with_state(Arc::clone(self), checkout::refill));
        let status = get(status::get).route_layer(self.limits.status());
        let visibility = post(edit::set_visibility).route_layer(self.limits.edits());
        let erase = post(edit::erase).route_layer(self.limits.edits());
        let mut routes = Router::new()
            .route(&at("/"), get(page::get))
            .route(&at("/api/checkout"), checkout)
            .route(&at("/api/status"), status)
            .route(&at("/webhooks/{provider}"), post(webhook::post))
            .route(&at("/thanks/{id}"), get(thanks::get))
            .route(&at("/thanks/{id}/visibility"), visibility)
            .route(&at("/thanks/{id}/erase"), erase)
            .route(&at("/badge.svg"), get(badge))
            .route(&at("/bagel.png"), get(bagel))
            .route(&at("/avatar"), get(avatar))
            .route("/healthz", get(health::live))
            .route("/readyz", get(health::ready))
            .with_state(Arc::clone(self))
            .route(
                &at("/assets/{name}"),
                get(assets::serve).with_state(Arc::clone(&self.assets)),
            );
        if !self.prefix().is_empty() {
            let bare = get(page::get).with_state(Arc::clone(self));
            routes = routes.route(self.prefix(), bare);
        }
        self.layered(routes)
    }

    /// Layers for every route, the innermost first.
    fn layered(self: &Arc<Self>, routes: Router) -> Router {
        routes
            .layer(from_fn_with_state(Arc::clone(self), client_ip::identify))
            .layer(RequestBodyLimitLayer::new(MAX_BODY))
            .layer(TimeoutLayer::with_status_code(
                StatusCode::REQUEST_TIMEOUT,
                deadlines::REQUEST,
            ))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(from_fn_with_state(Arc::clone(self), render::render))
            .layer(from_fn_with_state(Arc::clone(self), render::secure))
            .layer(from_fn(render::log))
    }

    /// Head and foot of a page; `path` is the one to name as canonical.
    fn chrome(&self, spoken: Spoken, path: Option<&str>) -> Chrome {
        chrome::chrome(&self.app, &self.assets, spoken, path)
    }

    fn prefix(&self) -> &str {
        self.app.prefix()
    }
}

async fn badge(State(web): State<Arc<Web>>, headers: HeaderMap) -> Response {
    web.badge.reply(&headers)
}

async fn bagel(State(web): State<Arc<Web>>, headers: HeaderMap) -> Response {
    web.bagel.reply(&headers)
}

async fn avatar(State(web): State<Arc<Web>>, headers: HeaderMap) -> Response {
    match &web.avatar {
        Some(avatar) => avatar.reply(&headers),
        None => Error::NotFound.into_response(),
    }
}

/// The panic's own text may hold anything; the hook has logged where it was.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Error::Internal.into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::ledger::SqliteLedger;
    use crate::money::Currency;
    use crate::outward::BaseUrl;
    use crate::outward::PublicUrl;
    use crate::provider::allscale;

    async fn web(folder: &tempfile::TempDir) -> Arc<Web> {
        let store = allscale::Settings {
            base_url: BaseUrl::parse("http://localhost:1").unwrap(),
            api_key: "key".to_owned(),
            api_secret: "secret".into(),
            currency: Currency::Usd,
            signed_responses: false,
        };
        let path = folder.path().join("bagel.db");
        let ledger = SqliteLedger::open(&path).await.unwrap();
        let public_url = PublicUrl::parse("http://localhost:8080").unwrap();
        let bind = "127.0.0.1:0".parse().unwrap();
        let config = Config::for_demo(bind, store, path, public_url);
        let app = App::new(config, Arc::new(ledger), Clock::System).unwrap();
        Web::new(Arc::new(app)).unwrap()
    }

    #[tokio::test]
    async fn a_panic_is_a_500_like_any_other_and_tells_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let panics = || async { assert_eq!("CANARY", "") };
        let routes = Router::new().route("/", get(panics));
        let routes = web(&folder).await.layered(routes);
        for accept in ["*/*", "text/html"] {
            let request = Request::get("/").header("accept", accept);
            let request = request.body(Body::empty()).unwrap();
            let answer = routes.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
            for name in [
                "content-security-policy",
                "x-content-type-options",
                "x-request-id",
            ] {
                assert!(answer.headers().contains_key(name), "{name}");
            }
            let body = to_bytes(answer.into_body(), MAX_BODY).await.unwrap();
            let body = String::from_utf8(body.to_vec()).unwrap();
            assert!(body.contains("Something went wrong on our side."), "{body}");
            assert!(!body.contains("CANARY"), "{body}");
        }
    }
}
