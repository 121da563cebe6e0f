//! Alchemy Pay's NFT checkout: fiat prices, paid by card.
//!
//! The bagel is the item sold. A signed link leads to the hosted page, so no
//! call opens a checkout and the order bears our own id; the query call alone
//! says how it stands. Everything in a link is the creator's or ours: a
//! supporter's text in it could be read as a webhook's parameters, for the two
//! are signed alike. Signatures and wire types stay in this folder. The app
//! secret is only ever part of a signature: no log, error or `Debug` output
//! shows it.

mod checkup;
mod client;
mod envelope;
mod failure;
mod fiats;
pub mod signature;
#[cfg(test)]
mod tests;
mod trade;
mod webhook;

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use url::Url;
use uuid::Uuid;

use self::client::Client;
use self::signature::{AppSecret, Parameters};
use super::{About, Event, Finding, Means, Provider, ProviderError, Webhook, WebhookRefusal};
use crate::clock::{Clock, Millis};
use crate::donation::{DonationId, NewDonation};
use crate::ids::ForeignId;
use crate::money::{Bounds, Currency};
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

/// How long a link can be used.
const TIMEOUT: Duration = Duration::from_mins(15);
/// A square of 220 pixels, and always at this address: links outlive releases.
const PICTURE: &str = "/bagel.png";

/// Whether a creator's text may be signed: `&` and `=` part the parameters.
pub fn can_be_signed(text: &str) -> bool {
    !text.contains(['&', '='])
}

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
    /// The smallest and largest amount that the page takes.
    pub bounds: Bounds,
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
    /// Who gets the bagel.
    merchant: String,
    public_url: PublicUrl,
    /// The hosted page.
    checkout_url: BaseUrl,
    currency: Currency,
    bounds: Bounds,
}

impl AlchemyPay {
    /// Calls go through `http` (see [`crate::outward`]), at the time of `clock`.
    pub fn new(settings: Settings, clock: Clock, http: reqwest::Client) -> Self {
        Self {
            client: Client {
                http,
                api_url: settings.api_url,
                app_id: settings.app_id,
                secret: AppSecret::new(settings.app_secret),
                clock,
            },
            merchant: settings.merchant,
            public_url: settings.public_url,
            checkout_url: settings.checkout_url,
            currency: settings.currency,
            bounds: settings.bounds,
        }
    }

    /// The signed link for `donation`, good from now on.
    fn link(
        &self,
        donation: &NewDonation,
        return_to: Option<&str>,
    ) -> Result<Opened, ProviderError> {
        if donation.request.asked.currency == Currency::Usdt || !can_be_signed(&self.merchant) {
            let text = "a link can be neither in USDT nor from a name with & or = in it";
            return Err(ProviderError::Refused(text.to_owned()));
        }
        let intent = ForeignId::from(donation.id);
        let link = self.signed(&self.terms(donation, return_to));
        match self.client.api_url.safe_link(link.as_str()) {
            Some(link) => Ok(Opened {
                checkout_url: link.into(),
                intent,
            }),
            None => Err(ProviderError::UnsafeCheckout(intent)),
        }
    }

    /// The link to the hosted page, with `terms` in it and signed.
    fn signed(&self, terms: &Parameters) -> Url {
        let signature = Parameters::from_iter([("signature", self.client.secret.sign(terms))]);
        let query = format!("{}&{}", terms.query(), signature.query());
        let mut url = self.checkout_url.join("");
        url.set_query(Some(&query));
        url
    }

    /// What is offered to the supporter of `donation` for 15 minutes from now.
    fn terms(&self, donation: &NewDonation, return_to: Option<&str>) -> Parameters {
        let (asked, id) = (donation.request.asked, donation.id.to_string());
        let now = self.client.clock.now();
        let callback = format!("/webhooks/{}", ABOUT.route);
        let home = || self.public_url.join("/");
        let code = || asked.currency.code().to_owned();
        Parameters::from_iter([
            ("amount", asked.currency.decimal(asked.cents)),
            ("appId", self.client.app_id.clone()),
            ("callbackUrl", self.public_url.join(&callback)),
            ("fiat", code()),
            ("merchantName", self.merchant.clone()),
            ("merchantOrderNo", id.clone()),
            ("name", format!("Buy {} a bagel", self.merchant)),
            ("nonce", nonce()),
            ("picture", self.public_url.join(PICTURE)),
            ("redirectUrl", return_to.map_or_else(home, str::to_owned)),
            ("targetFiat", code()),
            ("timeout", now.after(TIMEOUT).0.to_string()),
            ("timestamp", now.0.to_string()),
            ("type", "MARKET".to_owned()),
            ("uniqueId", id),
        ])
    }
}

/// A random number, as the provider's samples have one.
fn nonce() -> String {
    Uuid::new_v4().as_fields().0.to_string()
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
        let expired = self.client.clock.now() > donation.created_at.after(TIMEOUT);
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
