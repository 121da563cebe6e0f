//! Alchemy Pay's NFT checkout: fiat prices, paid by card.
//!
//! The bagel is the item sold. A signed link leads to the hosted page, so no
//! call opens a checkout and the order bears our own id; the query call alone
//! says how it stands. Signatures and wire types stay in this folder. The app
//! secret is only ever part of a signature: no log, error or `Debug` output
//! shows it.

mod checkup;
mod client;
mod envelope;
pub mod link;
pub mod parameters;
pub mod signature;
#[cfg(test)]
mod tests;
mod trade;
mod webhook;

use std::fmt;

use async_trait::async_trait;
use secrecy::SecretString;

use self::client::Client;
use self::link::{Shop, can_be_signed};
use self::signature::AppSecret;
use super::{About, Event, Finding, Means, Provider, ProviderError, Webhook, WebhookRefusal};
use crate::clock::{Clock, Millis};
use crate::donation::{DonationId, NewDonation};
use crate::ids::ForeignId;
use crate::money::Currency;
use crate::outward::{BaseUrl, PublicUrl};
use crate::report::{Opened, Report};
use crate::status::Status;

/// Its name in our API and ledger.
pub const NAME: &str = "alchemy_pay";

const ABOUT: About = About {
    name: NAME,
    route: "alchemy-pay",
    title: "Alchemy Pay",
    home: "https://alchemypay.org",
    means: Means::Card,
    dashboard: None,
};

/// What a partner's credentials and settings say.
#[derive(Clone)]
pub struct Settings {
    pub app_id: String,
    pub app_secret: SecretString,
    /// The hosted page.
    pub checkout_url: BaseUrl,
    pub api_url: BaseUrl,
    /// Where the provider reaches us, and supporters come back to.
    pub public_url: PublicUrl,
    /// Who gets the bagel; see [`can_be_signed`].
    pub merchant: String,
    /// What donations are priced in; a fiat currency.
    pub currency: Currency,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("checkout_url", &self.checkout_url.as_str())
            .field("api_url", &self.api_url.as_str())
            .field("currency", &self.currency)
            .finish_non_exhaustive()
    }
}

/// One partner of Alchemy Pay's.
pub struct AlchemyPay {
    client: Client,
    shop: Shop,
}

impl AlchemyPay {
    /// Calls go through `http` (see [`crate::outward`]), at the time of `clock`.
    pub fn new(settings: Settings, clock: Clock, http: reqwest::Client) -> Self {
        let shop = Shop {
            app_id: settings.app_id.clone(),
            merchant: settings.merchant,
            public_url: settings.public_url,
            checkout_url: settings.checkout_url,
        };
        let client = Client {
            http,
            api_url: settings.api_url,
            app_id: settings.app_id,
            secret: AppSecret::new(settings.app_secret),
            clock,
        };
        Self { client, shop }
    }

    /// The signed link for `donation`, good from now on.
    fn link(
        &self,
        donation: &NewDonation,
        return_to: Option<&str>,
    ) -> Result<Opened, ProviderError> {
        if donation.request.asked.currency == Currency::Usdt || !can_be_signed(&self.shop.merchant)
        {
            let text = "a link can be neither in USDT nor from a name with & or = in it";
            return Err(ProviderError::Refused(text.to_owned()));
        }
        let callback = self
            .shop
            .public_url
            .join(&format!("/webhooks/{}", ABOUT.route));
        let intent = ForeignId::from(donation.id);
        let now = self.client.clock.now();
        let terms = self.shop.terms(donation, callback, return_to, now);
        let link = self.shop.link(&self.client.secret, &terms);
        match self.client.api_url.safe_link(link.as_str()) {
            Some(link) => Ok(Opened {
                checkout_url: link.into(),
                intent,
            }),
            None => Err(ProviderError::UnsafeCheckout(intent)),
        }
    }
}

#[async_trait]
impl Provider for AlchemyPay {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn is_stand_in(&self) -> bool {
        self.client.api_url.is_loopback()
    }

    /// Makes no call: the provider hears of the order when its link is opened.
    async fn open(
        &self,
        donation: &NewDonation,
        return_to: Option<&str>,
    ) -> Result<Opened, ProviderError> {
        self.link(donation, return_to)
    }

    fn renew(&self, donation: &NewDonation, return_to: Option<&str>) -> Option<String> {
        let expired = self.client.clock.now() > donation.created_at.after(link::TIMEOUT);
        let fresh = || Some(self.link(donation, return_to).ok()?.checkout_url);
        expired.then(fresh).flatten()
    }

    async fn look(&self, intent: &ForeignId) -> Result<Report, ProviderError> {
        let trade = self.client.trade(intent).await?;
        Ok(trade.map_or_else(
            || trade::bare(intent, Status::Created),
            |trade| trade.report(intent),
        ))
    }

    fn verify(&self, webhook: &Webhook<'_>, _: Millis) -> Result<Event, WebhookRefusal> {
        webhook::verify(&self.client.secret, &self.client.app_id, webhook.body)
    }

    fn wants_release(&self) -> bool {
        true
    }

    async fn release(&self, donation: DonationId, settled_at: Millis) -> Result<(), ProviderError> {
        self.client.release(&donation.into(), settled_at).await
    }

    async fn checkup(&self) -> Vec<Finding> {
        self.checkup().await
    }
}
