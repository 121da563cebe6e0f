//! Webhooks, signed as the provider signs them; a test may alter every part
//! before the signature is made.
//!
//! Source: the guide's "Webhooks".

use serde_json::{Map, Value};
use uuid::Uuid;

use super::credentials::Credentials;
use super::payload;
use super::signer::{WebhookParts, sign};
use crate::stand_in::desk::Desk;
use crate::stand_in::intents::Intent;

/// Signed for when no webhook URL is set.
const DEFAULT_PATH: &str = "/webhooks/allscale";

/// A webhook with its headers, as it goes over the wire.
#[derive(Clone, Debug)]
pub struct SignedWebhook {
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl SignedWebhook {
    /// Its `X-Webhook-Id`.
    #[must_use]
    pub fn webhook_id(&self) -> &str {
        self.header("x-webhook-id")
    }

    /// One header by its lower-case name; empty when there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        let found = headers.find(|(candidate, _)| *candidate == name);
        found.map_or("", |(_, value)| value)
    }

    /// Replaces one header after signing, by its lower-case name.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(candidate, _)| *candidate != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Replaces the body after signing.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }
}

/// A webhook before it is signed.
#[derive(Clone, Debug)]
pub struct WebhookDraft {
    credentials: Credentials,
    path: String,
    query: String,
    webhook_id: String,
    timestamp: i64,
    nonce: String,
    fields: Map<String, Value>,
    raw: Option<Vec<u8>>,
}

impl WebhookDraft {
    pub(in crate::stand_in) fn new(desk: &Desk, intent: &Intent) -> Self {
        let url = desk.webhook_url();
        let path = url.as_ref().map_or(DEFAULT_PATH, |url| url.path());
        let query = url.as_ref().and_then(|url| url.query()).unwrap_or_default();
        Self {
            credentials: desk.credentials.clone(),
            path: path.to_owned(),
            query: query.to_owned(),
            webhook_id: intent.webhook_id.clone(),
            timestamp: desk.now(),
            nonce: Uuid::new_v4().to_string(),
            fields: payload::event(intent),
            raw: None,
        }
    }

    /// Sets one field of the body, known or not.
    #[must_use]
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// Leaves one field of the body out.
    #[must_use]
    pub fn without(mut self, field: &str) -> Self {
        self.fields.remove(field);
        self
    }

    /// Signs these bytes in the place of the fields.
    #[must_use]
    pub fn raw_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.raw = Some(body.into());
        self
    }

    /// Another identity, in header and body.
    #[must_use]
    pub fn webhook_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.webhook_id);
        self.set("webhook_id", id)
    }

    #[must_use]
    pub fn nonce(mut self, nonce: &str) -> Self {
        nonce.clone_into(&mut self.nonce);
        self
    }

    /// Unix seconds.
    #[must_use]
    pub fn timestamp(mut self, seconds: i64) -> Self {
        self.timestamp = seconds;
        self
    }

    /// Dated this many seconds later, or earlier.
    #[must_use]
    pub fn shifted(mut self, seconds: i64) -> Self {
        self.timestamp += seconds;
        self
    }

    /// Signed for another path and query (without its `?`).
    #[must_use]
    pub fn target(mut self, path: &str, query: &str) -> Self {
        (self.path, self.query) = (path.to_owned(), query.to_owned());
        self
    }

    /// Signed by another merchant.
    #[must_use]
    pub fn credentials(mut self, key: &str, secret: &str) -> Self {
        self.credentials = Credentials::new(key, secret);
        self
    }

    #[must_use]
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
            ("x-webhook-id", self.webhook_id),
            ("x-webhook-timestamp", timestamp),
            ("x-webhook-nonce", self.nonce),
            (
                "x-webhook-signature",
                sign(self.credentials.secret(), &canonical),
            ),
        ];
        SignedWebhook { headers, body }
    }
}
