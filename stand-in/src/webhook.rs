//! Webhooks over the wire: drafted, signed, sent, and sent again until one is
//! taken, with the provider's pauses between the attempts.
//!
//! Only ever calls the webhook URL the stand-in was given, by its owner or in a
//! request signed with its own secret, and follows no redirect. Knows neither
//! provider's signature: each [`Protocol`] signs its own.

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;

use super::intents::Intent;
use super::protocol::Protocol;
use super::state::State;

/// A webhook before it is signed; a test may alter every part of it.
#[derive(Clone, Debug)]
pub struct WebhookDraft {
    pub(crate) provider: &'static dyn Protocol,
    pub(crate) url: Option<Url>,
    pub(crate) webhook_id: String,
    pub(crate) key: String,
    pub(crate) secret: SecretString,
    pub(crate) fields: Map<String, Value>,
    pub(crate) raw: Option<Vec<u8>>,
    /// What Allscale signs besides the body.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) timestamp: i64,
    pub(crate) nonce: String,
    /// How Alchemy Pay writes its signature, and what it covers.
    pub(crate) hex: bool,
    pub(crate) signs_empty: bool,
}

impl WebhookDraft {
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

    /// Signed by another merchant.
    pub fn credentials(mut self, key: &str, secret: &str) -> Self {
        key.clone_into(&mut self.key);
        self.secret = secret.into();
        self
    }

    pub fn sign(self) -> SignedWebhook {
        let (headers, body) = self.provider.sign(&self);
        SignedWebhook {
            headers,
            body,
            provider: self.provider.name(),
            webhook_id: self.webhook_id,
            url: self.url,
        }
    }

    pub(crate) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }
}

pub(crate) type Headers = Vec<(&'static str, String)>;

/// A signed webhook. What a test alters here is no longer covered by the
/// signature.
#[derive(Clone, Debug)]
pub struct SignedWebhook {
    pub headers: Headers,
    pub body: Vec<u8>,
    provider: &'static str,
    webhook_id: String,
    /// Where it goes; `None`: nowhere.
    url: Option<Url>,
}

impl SignedWebhook {
    /// The provider's name, as in the app.
    pub fn provider(&self) -> &'static str {
        self.provider
    }

    /// The webhook's identity, as it was signed.
    pub fn webhook_id(&self) -> &str {
        &self.webhook_id
    }

    /// One header by its lower-case name; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        let found = headers.find(|(candidate, _)| *candidate == name);
        found.map_or("", |(_, value)| value)
    }

    /// Replaces one header, by its lower-case name.
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(candidate, _)| *candidate != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Replaces the body.
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets one field of a JSON body.
    pub fn with_field(self, name: &str, value: impl Into<Value>) -> Self {
        let mut fields: Map<_, _> = serde_json::from_slice(&self.body).unwrap_or_default();
        fields.insert(name.to_owned(), value.into());
        self.with_body(Value::Object(fields).to_string())
    }

    /// Puts one field before all others of a JSON body, even one that is there
    /// already: a parser that keeps the last value keeps the signed one.
    pub fn with_field_before(self, name: &str, value: impl Into<Value>) -> Self {
        let rest = String::from_utf8_lossy(&self.body);
        let rest = rest.trim_start().trim_start_matches('{');
        let (name, value) = (Value::from(name), value.into());
        let body = format!("{{{name}:{value},{rest}");
        self.with_body(body)
    }
}

/// One attempt to deliver a webhook.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    pub webhook_id: String,
    /// The HTTP status answered; `None`: no answer.
    pub status: Option<u16>,
}

impl State {
    /// Sends `webhook` once, as it is; returns the HTTP status of the answer.
    pub async fn send(&self, webhook: &SignedWebhook) -> Option<u16> {
        let mut request = self.sender.post(webhook.url.clone()?);
        for (name, value) in &webhook.headers {
            request = request.header(*name, value);
        }
        let answer = request.body(webhook.body.clone()).send().await;
        let status = answer.ok().map(|answer| answer.status().as_u16());
        self.journal.delivered(Delivery {
            webhook_id: webhook.webhook_id.clone(),
            status,
        });
        status
    }

    /// Delivers the webhook of an intent, signed anew for each attempt; returns
    /// the answers. Does nothing when no webhook URL is set.
    pub(crate) async fn deliver(&self, intent: &Intent) -> Vec<Option<u16>> {
        let mut answers = Vec::new();
        for pause in intent.provider.pauses(&self.options) {
            tokio::time::sleep(pause).await;
            let webhook = intent.provider.draft(self, intent).sign();
            if webhook.url.is_none() {
                break;
            }
            let answer = self.send(&webhook).await;
            answers.push(answer);
            if answer.is_some_and(|status| (200..300).contains(&status)) {
                break;
            }
        }
        answers
    }
}
