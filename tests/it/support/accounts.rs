//! The stand-in of an app under test, and its accounts there.

use std::path::PathBuf;
use std::time::Duration;

use bagel::config::Config;
use bagel::money::Currency;
use bagel::outward::{BaseUrl, PublicUrl};
use bagel::provider::{alchemy_pay, allscale};
use stand_in::{Options, StandIn};

/// A stand-in that loses no time.
pub(crate) fn quick() -> Options {
    Options {
        step: Duration::ZERO,
        late: Duration::ZERO,
        retry_pause: Duration::from_millis(1),
        callback_pause: Duration::from_millis(1),
        ..Options::default()
    }
}

/// Starts a stand-in for a test that needs no app of its own.
pub(crate) async fn stand_in() -> StandIn {
    StandIn::start(quick()).await.unwrap()
}

/// The configuration of a page that offers Allscale alone.
pub(crate) fn config(stand_in: &StandIn, currency: Currency, signed_responses: bool) -> Config {
    let store = allscale::Settings {
        base_url: BaseUrl::parse(&stand_in.base_url()).unwrap(),
        api_key: stand_in.allscale.key().to_owned(),
        api_secret: stand_in.allscale.secret().into(),
        currency,
        stable_coins: vec![allscale::StableCoin::Usdt],
        signed_responses,
    };
    let mut config = Config::for_demo(
        "127.0.0.1:0".parse().unwrap(),
        store,
        PathBuf::from("an app is given its ledger"),
        PublicUrl::parse("http://localhost:8080").unwrap(),
    );
    config.page.bounds = currency.default_bounds();
    config.page.presets = currency.default_presets();
    // Tests of other things press more often than a person would.
    config.checkout_per_minute = 6000.try_into().unwrap();
    config.status_per_minute = 6000.try_into().unwrap();
    config.providers.openings = None;
    config
}

/// The account at Alchemy Pay of such a page.
pub(crate) fn cards(stand_in: &StandIn, config: &Config) -> alchemy_pay::Settings {
    alchemy_pay::Settings {
        app_id: stand_in.alchemy_pay.app_id().to_owned(),
        app_secret: stand_in.alchemy_pay.secret().into(),
        checkout_url: BaseUrl::parse(&stand_in.alchemy_checkout_url()).unwrap(),
        api_url: BaseUrl::parse(&stand_in.alchemy_api_url()).unwrap(),
        public_url: config.public_url.clone().unwrap(),
        merchant: config.page.name.clone(),
        currency: config.currency,
        bounds: config.page.bounds,
    }
}
