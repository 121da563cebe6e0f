//! The web face: what its handlers share, and the pages.
//!
//! Handlers extract, parse, make one call and reply. No SQL, no signing and no
//! wire type of a provider is in here. The module `routes` has the ONE route table.

mod assets;
mod body;
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
mod standing;
mod status;
mod thanks;
mod webhook;

use std::ops::Deref;
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
use self::standing::Standings;
use self::status::Polls;
use crate::app::App;
use crate::client::Places;
use crate::language::Language;

/// What handlers share. One that needs a part of it takes that part.
#[derive(Clone)]
pub(crate) struct Web(Arc<Parts>);

/// Made once; every request and layer has a handle on it.
pub(crate) struct Parts {
    app: Arc<App>,
    assets: Arc<Assets>,
    pages: Pages,
    pictures: Arc<Pictures>,
    polls: Polls,
    standings: Standings,
    readiness: Readiness,
    limits: Arc<Limits>,
    bodies: Places,
    security_headers: Vec<(HeaderName, HeaderValue)>,
}

impl Deref for Web {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
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
    standings: Standings,
    readiness: Readiness,
    limits: Arc<Limits>,
}

impl Web {
    /// Renders once what is the same for everybody: settings that cannot be
    /// rendered show at the start.
    pub(crate) fn new(app: Arc<App>) -> Result<Self, askama::Error> {
        let config = &app.config;
        let accent = config.page.accent.as_ref();
        let limits = Limits::new(config.checkout_per_minute, config.status_per_minute);
        let web = Self(Arc::new(Parts {
            assets: Arc::new(Assets::load(app.prefix(), accent)),
            pages: Pages::default(),
            pictures: Arc::new(Pictures::load(&config.page.avatar)),
            polls: Polls::new(),
            standings: Standings::new(),
            readiness: Readiness::new(),
            limits: Arc::new(limits),
            bodies: Places::default(),
            security_headers: headers::security(&app),
            app,
        }));
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

/// A page over a ledger of its own, for the unit tests of this folder.
#[cfg(test)]
mod sample {
    use super::{Arc, Web};
    use crate::app::App;
    use crate::clock::Clock;
    use crate::config::Config;
    use crate::ledger::SqliteLedger;
    use crate::money::Currency;
    use crate::outward::{BaseUrl, PublicUrl};
    use crate::provider::allscale;

    pub(super) async fn web(folder: &tempfile::TempDir) -> Web {
        let store = allscale::Settings {
            base_url: BaseUrl::parse("http://localhost:1").unwrap(),
            api_key: "key".to_owned(),
            api_secret: "secret".into(),
            currency: Currency::Usd,
            stable_coins: vec![allscale::StableCoin::Usdt],
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
}
