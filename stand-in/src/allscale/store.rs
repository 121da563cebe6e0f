//! The one store the stand-in has as Allscale: its key pair, the nonces it has
//! spent, and where its webhooks go.

use std::sync::Mutex;
use std::time::Duration;

use url::Url;

use super::credentials::Credentials;
use super::verifier::Nonces;
use crate::desk::lock;

pub(crate) struct Store {
    pub(crate) credentials: Credentials,
    pub(super) nonces: Nonces,
    webhook_url: Mutex<Option<Url>>,
}

impl Store {
    /// With a random key pair; `tolerance` is how far the time of a request may
    /// be from ours.
    pub(crate) fn new(webhook_url: Option<Url>, tolerance: Duration) -> Self {
        Self {
            credentials: Credentials::random(),
            nonces: Nonces::new(tolerance),
            webhook_url: Mutex::new(webhook_url),
        }
    }

    pub(super) fn webhook_url(&self) -> Option<Url> {
        lock(&self.webhook_url).clone()
    }

    pub(crate) fn set_webhook_url(&self, url: Option<Url>) {
        *lock(&self.webhook_url) = url;
    }
}
