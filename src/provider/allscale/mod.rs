//! Allscale Checkout: fiat prices, or native USDT, paid in USDT.
//!
//! Speaks the protocol of Allscale's integration guide. Signatures, wire types
//! and numbers stay in this folder. The API secret is only ever the key of a
//! signature: no log, error or `Debug` output shows it.

mod checkup;
mod client;
mod coins;
mod envelope;
mod intent;
pub mod signature;
mod states;
#[cfg(test)]
mod tests;
mod webhook;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use axum::http::HeaderMap;
use secrecy::SecretString;
use serde_json::Value;

use self::client::{Call, Client, payload};
pub use self::coins::StableCoin;
use self::intent::{CreateIntent, CreatedIntent, WholeIntent};
use self::signature::SigningKey;
use super::{About, Event, Finding, Means, Provider, ProviderError, Webhook, WebhookRefusal};
use crate::clock::{Clock, Millis};
use crate::donation::NewDonation;
use crate::ids::ForeignId;
use crate::money::Currency;
use crate::outward::BaseUrl;
use crate::report::{Opened, Report};
use crate::status::Status;

/// Its name in our API, ledger and routes.
pub const NAME: &str = "allscale";

/// A checkout has to be worth more, as its guide writes it.
pub const LEAST: &str = "0.1 USDT";
/// What it keeps of a payment.
pub const FEE: &str = "0.6 %, at least 0.10";

const ABOUT: About = About {
    name: NAME,
    route: "allscale",
    title: "Allscale",
    home: "https://allscale.io",
    means: Means::Stablecoin,
    dashboard: Some("Allscale's dashboard"),
};

/// What a store's credentials and settings say.
#[derive(Clone)]
pub struct Settings {
    pub base_url: BaseUrl,
    pub api_key: String,
    pub api_secret: SecretString,
    /// What donations are priced in.
    pub currency: Currency,
    /// What supporters may pay in where that is fiat, the preferred one first.
    pub stable_coins: Vec<StableCoin>,
    /// Whether the store signs its replies (`signed_response`).
    pub signed_responses: bool,
}

impl Settings {
    /// What a checkout is paid in: one of these coins.
    pub fn paid_in(&self) -> Vec<StableCoin> {
        match self.currency {
            Currency::Usdt => vec![StableCoin::Usdt],
            _ => self.stable_coins.clone(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("base_url", &self.base_url.as_str())
            .field("currency", &self.currency)
            .field("stable_coins", &self.stable_coins)
            .field("signed_responses", &self.signed_responses)
            .finish_non_exhaustive()
    }
}

/// One store at Allscale.
pub struct Allscale {
    client: Client,
    stable_coins: Vec<StableCoin>,
}

impl Allscale {
    /// Calls go through `http` (see [`crate::outward`]), at the time of `clock`.
    pub fn new(settings: Settings, clock: Clock, http: reqwest::Client) -> Self {
        let client = Client {
            http,
            base_url: settings.base_url,
            api_key: settings.api_key,
            key: SigningKey::new(settings.api_secret),
            clock,
            watch: Arc::default(),
            signed_responses: settings.signed_responses,
        };
        Self {
            client,
            stable_coins: settings.stable_coins,
        }
    }

    async fn whole(&self, intent: &ForeignId) -> Result<Report, ProviderError> {
        let call = Call::get(format!("{}{intent}", intent::PATH));
        let whole: WholeIntent = payload(self.client.call(&call).await?)?;
        whole.report(intent)
    }
}

#[async_trait]
impl Provider for Allscale {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn is_stand_in(&self) -> bool {
        self.client.base_url.is_loopback()
    }

    async fn open(
        &self,
        donation: &NewDonation,
        return_to: Option<&str>,
    ) -> Result<Opened, ProviderError> {
        let asked = CreateIntent::new(donation, return_to, &self.stable_coins);
        let call = Call::post(intent::PATH, &asked)?;
        let created: CreatedIntent = payload(self.client.call(&call).await?)?;
        created.opened(&self.client.base_url)
    }

    async fn look(&self, intent: &ForeignId) -> Result<Report, ProviderError> {
        let call = Call::get(format!("{}{intent}/status", intent::PATH));
        let told: Value = payload(self.client.call(&call).await?)?;
        match states::standing(&told)? {
            // How much came stands there alone.
            Status::Confirmed | Status::Underpaid => self.whole(intent).await,
            status => Ok(intent::bare(intent, status)),
        }
    }

    fn may_be_authentic(&self, headers: &HeaderMap) -> bool {
        webhook::is_addressed(headers, &self.client.api_key)
    }

    fn verify(&self, webhook: &Webhook<'_>, now: Millis) -> Result<Event, WebhookRefusal> {
        webhook::verify(&self.client.key, &self.client.api_key, webhook, now)
    }

    async fn checkup(&self) -> Vec<Finding> {
        self.checkup().await
    }
}
