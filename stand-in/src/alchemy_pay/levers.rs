//! What a test and the demo can ask of the stand-in as Alchemy Pay.

use url::Url;

use super::notice::Notice;
use super::webhook::{self, WebhookDraft};
use super::{API, CHECKOUT};
use crate::StandIn;

impl StandIn {
    /// The hosted page, as a browser reaches it; links add their parameters.
    pub fn alchemy_checkout_url(&self) -> String {
        format!("{}{CHECKOUT}", self.public_url())
    }

    /// The base URL of the calls, for a client on this machine.
    pub fn alchemy_api_url(&self) -> String {
        format!("{}{API}", self.base_url())
    }

    pub fn alchemy_app_id(&self) -> &str {
        self.desk.alchemy_pay.app_id()
    }

    pub fn alchemy_app_secret(&self) -> &str {
        self.desk.alchemy_pay.secret()
    }

    /// Sends Alchemy Pay's webhooks to `url` from now on; `None`: to each
    /// link's own `callbackUrl`.
    pub fn set_alchemy_callback(&self, url: Option<Url>) {
        self.desk.alchemy_pay.set_callback(url);
    }

    /// The webhook of this order, to be altered before it is signed. Either
    /// number of the order will do.
    pub fn alchemy_webhook(&self, order: &str) -> Option<WebhookDraft> {
        webhook::draft(&self.desk, order)
    }

    /// The notices of release, one line an order.
    pub fn notices(&self) -> Vec<Notice> {
        self.desk.alchemy_pay.notices.all()
    }
}
