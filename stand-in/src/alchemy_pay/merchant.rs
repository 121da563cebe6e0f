//! The one merchant the stand-in has as Alchemy Pay: its id and secret, what
//! it has handed over, and where its webhooks go instead of where they should.

use std::sync::Mutex;

use secrecy::{ExposeSecret, SecretString};
use url::Url;
use uuid::Uuid;

use super::notice::Notices;
use crate::desk::lock;

pub(crate) struct Merchant {
    app_id: String,
    secret: SecretString,
    pub(crate) notices: Notices,
    callback: Mutex<Option<Url>>,
}

impl Merchant {
    /// With a random id and secret.
    pub(crate) fn new() -> Self {
        let random = || Uuid::new_v4().simple().to_string();
        Self {
            app_id: random()[..16].to_owned(),
            secret: random().into(),
            notices: Notices::default(),
            callback: Mutex::new(None),
        }
    }

    pub(super) fn app_id(&self) -> &str {
        &self.app_id
    }

    pub(super) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }

    /// In the place of every link's own `callbackUrl`.
    pub(super) fn callback(&self) -> Option<Url> {
        lock(&self.callback).clone()
    }

    pub(super) fn set_callback(&self, url: Option<Url>) {
        *lock(&self.callback) = url;
    }
}
