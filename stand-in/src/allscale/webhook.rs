//! Webhooks, signed as the provider signs them; a test may alter every part
//! before the signature is made.
//!
//! Source: the guide's "Webhooks".

use serde_json::{Map, Value};
use url::Url;
use uuid::Uuid;

use super::Allscale;
use super::credentials::Credentials;
use super::payload;
use super::signer::{WebhookParts, sign};
use super::store::Store;
use crate::desk::Desk;
use crate::intents::Intent;
use crate::protocol::Protocol as _;
use crate::signed_webhook::SignedWebhook;

/// Signed for when no webhook URL is set.
const DEFAULT_PATH: &str = "/webhooks/allscale";

/// The webhook of one of Allscale's intents, not signed yet.
pub(crate) fn draft(desk: &Desk, intent_id: &str) -> Option<WebhookDraft> {
    let intent = desk.intents.get(&Allscale, intent_id)?;
    Some(WebhookDraft::new(&desk.allscale, desk.now(), &intent))
}

/// A webhook before it is signed.
#[derive(Clone, Debug)]
pub struct WebhookDraft {
    credentials: Credentials,
    url: Option<Url>,
    path: String,
    query: String,
    webhook_id: String,
    timestamp: i64,
    nonce: String,
    fields: Map<String, Value>,
    raw: Option<Vec<u8>>,
}

impl WebhookDraft {
    /// `now` is in Unix seconds.
    pub(super) fn new(store: &Store, now: i64, intent: &Intent) -> Self {
        let url = store.webhook_url();
        let path = url.as_ref().map_or(DEFAULT_PATH, |url| url.path());
        let query = url.as_ref().and_then(|url| url.query()).unwrap_or_default();
        Self {
            credentials: store.credentials.clone(),
            path: path.to_owned(),
            query: query.to_owned(),
            webhook_id: payload::webhook_id(intent),
            timestamp: now,
            nonce: Uuid::new_v4().to_string(),
            fields: payload::event(intent),
            raw: None,
            url,
        }
    }

    /// Sets one field of the body, known or not.
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// Leaves one field of the body out.
    pub fn without(mut self, field: &str) -> Self {
        self.fields.remove(field);
        self
    }

    /// Signs these bytes in the place of the fields.
    pub fn raw_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.raw = Some(body.into());
        self
    }

    /// Another identity, in header and body.
    pub fn webhook_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.webhook_id);
        self.set("webhook_id", id)
    }

    pub fn nonce(mut self, nonce: &str) -> Self {
        nonce.clone_into(&mut self.nonce);
        self
    }

    /// Unix seconds.
    pub fn timestamp(mut self, seconds: i64) -> Self {
        self.timestamp = seconds;
        self
    }

    /// Dated this many seconds later, or earlier.
    pub fn shifted(mut self, seconds: i64) -> Self {
        self.timestamp += seconds;
        self
    }

    /// Signed for another path and query (without its `?`).
    pub fn target(mut self, path: &str, query: &str) -> Self {
        (self.path, self.query) = (path.to_owned(), query.to_owned());
        self
    }

    /// Signed by another merchant.
    pub fn credentials(mut self, key: &str, secret: &str) -> Self {
        self.credentials = Credentials::new(key, secret);
        self
    }

    pub fn sign(self) -> SignedWebhook {
        let fields = Value::Object(self.fields);
        let body = self.raw.unwrap_or_else(|| fields.to_string().into_bytes());
        let timestamp = self.timestamp.to_string();
        let canonical = WebhookParts {
            path: &self.path,
            query: &self.query,
            webhook_id: &self.webhook_id,
            timestamp: &timestamp,
            nonce: &self.nonce,
            body: &body,
        }
        .canonical();
        let headers = vec![
            ("content-type", "application/json".to_owned()),
            ("x-api-key", self.credentials.key().to_owned()),
            ("x-webhook-id", self.webhook_id.clone()),
            ("x-webhook-timestamp", timestamp),
            ("x-webhook-nonce", self.nonce),
            (
                "x-webhook-signature",
                sign(self.credentials.secret(), &canonical),
            ),
        ];
        SignedWebhook {
            headers,
            body,
            provider: Allscale.name(),
            webhook_id: self.webhook_id,
            url: self.url,
        }
    }
}
