//! The signed link to Alchemy Pay's hosted page.
//!
//! No call makes it. Everything in it is the creator's or ours: a supporter's
//! text in a link could be read as a webhook's parameters, for the two are
//! signed alike.

use std::time::Duration;

use url::Url;
use uuid::Uuid;

use super::parameters::Parameters;
use super::signature::AppSecret;
use crate::clock::Millis;
use crate::donation::NewDonation;
use crate::outward::{BaseUrl, PublicUrl};

/// How long a link can be used.
pub(super) const TIMEOUT: Duration = Duration::from_mins(15);
/// A square of 220 pixels, and always at this address: links outlive releases.
const PICTURE: &str = "/bagel.png";

/// Whether a creator's text may be signed: `&` and `=` part the parameters.
pub fn can_be_signed(text: &str) -> bool {
    !text.contains(['&', '='])
}

/// What every link of this page says.
#[derive(Clone)]
pub(super) struct Shop {
    pub(super) app_id: String,
    pub(super) merchant: String,
    pub(super) public_url: PublicUrl,
    /// The hosted page.
    pub(super) checkout_url: BaseUrl,
}

impl Shop {
    /// The link to the hosted page, with `terms` in it and signed.
    pub(super) fn link(&self, secret: &AppSecret, terms: &Parameters) -> Url {
        let signature = Parameters::from_iter([("signature", secret.sign(terms))]);
        let query = format!("{}&{}", terms.query(), signature.query());
        let mut url = self.checkout_url.join("");
        url.set_query(Some(&query));
        url
    }

    /// What is offered to the supporter of `donation` for 15 minutes from
    /// `now`. Webhooks go to `callback`.
    pub(super) fn terms(
        &self,
        donation: &NewDonation,
        callback: String,
        return_to: Option<&str>,
        now: Millis,
    ) -> Parameters {
        let (asked, id) = (donation.request.asked, donation.id.to_string());
        let home = || self.public_url.join("/");
        let code = || asked.currency.code().to_owned();
        Parameters::from_iter([
            ("amount", asked.currency.decimal(asked.cents)),
            ("appId", self.app_id.clone()),
            ("callbackUrl", callback),
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
