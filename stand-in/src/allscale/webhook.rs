//! Allscale's webhooks: what they say, and how they are signed.
//!
//! Source: the guide's "Webhooks".

use serde_json::Value;
use uuid::Uuid;

use super::signer::{WebhookParts, sign as mac};
use super::store::Store;
use super::{Allscale, payload};
use crate::intents::Intent;
use crate::webhook::{Headers, WebhookDraft};

/// The path signed when no webhook URL is set.
const DEFAULT_PATH: &str = "/webhooks/allscale";

/// The webhook of an intent. `now` is in Unix seconds.
pub(super) fn draft(store: &Store, now: i64, intent: &Intent) -> WebhookDraft {
    let url = store.webhook_url();
    let path = url.as_ref().map_or(DEFAULT_PATH, |url| url.path());
    let query = url.as_ref().and_then(|url| url.query()).unwrap_or_default();
    WebhookDraft {
        provider: &Allscale,
        webhook_id: payload::webhook_id(intent),
        key: store.key().to_owned(),
        secret: store.secret().into(),
        fields: payload::event(intent),
        raw: None,
        path: path.to_owned(),
        query: query.to_owned(),
        timestamp: now,
        nonce: Uuid::new_v4().to_string(),
        hex: false,
        signs_empty: true,
        url,
    }
}

/// The parts that Allscale signs besides the body.
impl WebhookDraft {
    /// Signs these bytes in place of the fields.
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
}

pub(super) fn sign(draft: &WebhookDraft) -> (Headers, Vec<u8>) {
    let fields = || Value::Object(draft.fields.clone()).to_string().into_bytes();
    let body = draft.raw.clone().unwrap_or_else(fields);
    let timestamp = draft.timestamp.to_string();
    let canonical = WebhookParts {
        path: &draft.path,
        query: &draft.query,
        webhook_id: &draft.webhook_id,
        timestamp: &timestamp,
        nonce: &draft.nonce,
        body: &body,
    }
    .canonical();
    let signature = mac(draft.secret(), &canonical);
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("x-api-key", draft.key.clone()),
        ("x-webhook-id", draft.webhook_id.clone()),
        ("x-webhook-timestamp", timestamp),
        ("x-webhook-nonce", draft.nonce.clone()),
        ("x-webhook-signature", signature),
    ];
    (headers, body)
}
