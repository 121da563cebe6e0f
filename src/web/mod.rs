//! The web face: what its handlers share, and the pages.
//!
//! Handlers extract, parse, make one call and reply. No SQL, no signing and no
//! wire type of a provider is in here. The module `routes` has the ONE route table.

mod assets;
mod cached_body;
mod checkout;
mod chrome;
mod client_ip;
mod edit;
mod error;
mod extract;
mod face;
mod fields;
mod headers;
mod health;
mod limits;
mod page;
mod prefilled;
mod public;
mod render;
mod request_language;
mod routes;
mod status;
mod thanks;
mod webhook;

use std::sync::Arc;

use axum::extract::FromRef;
use axum::http::{HeaderName, HeaderValue};

use self::assets::Assets;
use self::chrome::Chrome;
pub(crate) use self::client_ip::Peer;
use self::health::Readiness;
use self::limits::Limits;
use self::page::Pages;
use self::public::Pictures;
use self::request_language::PageLanguage;
use self::status::Polls;
use crate::app::App;
use crate::language::Language;

/// What handlers share. One that needs a part of it takes that part.
#[derive(Clone)]
pub(crate) struct Web {
    app: Arc<App>,
    assets: Arc<Assets>,
    pages: Arc<Pages>,
    pictures: Arc<Pictures>,
    polls: Polls,
    readiness: Readiness,
    limits: Arc<Limits>,
    security_headers: Arc<[(HeaderName, HeaderValue)]>,
}

macro_rules! parts {
    ($($part:ident: $kind:ty,)*) => {$(
        impl FromRef<Web> for $kind {
            fn from_ref(web: &Web) -> Self {
                web.$part.clone()
            }
        }
    )*};
}

parts! {
    app: Arc<App>,
    assets: Arc<Assets>,
    pictures: Arc<Pictures>,
    polls: Polls,
    readiness: Readiness,
    limits: Arc<Limits>,
}

impl Web {
    /// Renders and compresses what is the same for everybody.
    pub(crate) fn new(app: Arc<App>) -> Result<Self, askama::Error> {
        let config = &app.config;
        let accent = config.page.accent.as_ref();
        let limits = Limits::new(config.checkout_per_minute, config.status_per_minute);
        let web = Self {
            assets: Arc::new(Assets::load(app.prefix(), accent)),
            pages: Arc::default(),
            pictures: Arc::new(Pictures::load(&config.page.avatar)),
            polls: Polls::new(),
            readiness: Readiness::new(),
            limits: Arc::new(limits),
            security_headers: headers::security(&app).into(),
            app,
        };
        for &language in Language::ALL {
            web.pages
                .current(&web, PageLanguage::in_browser(language))?;
        }
        Ok(web)
    }

    /// Keeps the limiters' tables small; called once a minute.
    pub(crate) fn sweep_limits(&self) {
        self.limits.sweep();
    }

    /// Head and foot of a page; `path` is the one to name as canonical.
    fn chrome(&self, language: PageLanguage, path: Option<&str>) -> Chrome<'_> {
        Chrome::new(&self.app, &self.assets, language, path)
    }

    fn prefix(&self) -> &str {
        self.app.prefix()
    }
}
