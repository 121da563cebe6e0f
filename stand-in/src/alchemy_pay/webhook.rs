//! Webhooks, signed as the provider signs them; a test may alter every part
//! before the signature is made.
//!
//! Source: the documentation's "Webhooks". Its sample shows a signature in
//! hex, its text one in Base64, and neither says what becomes of empty values:
//! all forms can be made here.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use url::Url;

use super::merchant::Merchant;
use super::signature::{self, Signature};
use super::{AlchemyPay, payload};
use crate::desk::Desk;
use crate::intents::Intent;
use crate::protocol::Protocol as _;
use crate::signed_webhook::SignedWebhook;

/// In the body, but not in what is signed.
const UNSIGNED: [&str; 2] = ["signature", "id"];

/// The webhook of one of Alchemy Pay's orders, not signed yet.
pub(super) fn draft(desk: &Desk, intent_id: &str) -> Option<WebhookDraft> {
    let intent = desk.intents.get(&AlchemyPay, intent_id)?;
    Some(WebhookDraft::new(&desk.alchemy_pay, &intent))
}

/// A webhook before it is signed: in Base64, with empty values, unless told
/// otherwise.
#[derive(Clone, Debug)]
pub struct WebhookDraft {
    secret: SecretString,
    url: Option<Url>,
    webhook_id: String,
    fields: Map<String, Value>,
    hex: bool,
    keeps_empty: bool,
}

impl WebhookDraft {
    pub(super) fn new(merchant: &Merchant, intent: &Intent) -> Self {
        let fields = payload::data(intent);
        let asked = || Url::parse(intent.request["callbackUrl"].as_str()?).ok();
        let order = intent.order_id.as_deref().unwrap_or_default();
        Self {
            secret: merchant.secret().into(),
            url: merchant.callback().or_else(asked),
            webhook_id: format!("{order}:{}", text(&fields["status"])),
            fields,
            hex: false,
            keeps_empty: true,
        }
    }

    /// Sets one field, known or not; null is told, but not signed.
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(field.to_owned(), value.into());
        self
    }

    /// Leaves one field out.
    pub fn without(mut self, field: &str) -> Self {
        self.fields.remove(field);
        self
    }

    /// Signed by another merchant.
    pub fn secret(mut self, secret: &str) -> Self {
        self.secret = secret.into();
        self
    }

    /// With its signature in 40 hex digits.
    pub fn in_hex(mut self) -> Self {
        self.hex = true;
        self
    }

    /// With empty values left out of what is signed.
    pub fn without_empty(mut self) -> Self {
        self.keeps_empty = false;
        self
    }

    pub fn sign(mut self) -> SignedWebhook {
        let signature = sign(self.secret.expose_secret(), &self.fields, self.keeps_empty);
        let signature = if self.hex {
            signature.hex()
        } else {
            signature.base64()
        };
        self.fields.insert("signature".to_owned(), signature.into());
        SignedWebhook {
            headers: vec![("content-type", "application/json".to_owned())],
            body: Value::Object(self.fields).to_string().into_bytes(),
            provider: AlchemyPay.name(),
            webhook_id: self.webhook_id,
            url: self.url,
        }
    }
}

/// The signature over the fields of a body. Nulls are never signed.
pub(super) fn sign(secret: &str, fields: &Map<String, Value>, keeps_empty: bool) -> Signature {
    let signed = fields
        .iter()
        .filter(|(name, value)| !UNSIGNED.contains(&name.as_str()) && !value.is_null())
        .map(|(name, value)| (name.as_str(), text(value)))
        .filter(|(_, value)| keeps_empty || !value.is_empty());
    let signed: Vec<_> = signed.collect();
    let pairs = signed.iter().map(|(name, value)| (*name, value.as_str()));
    Signature::of(secret, &signature::canonical(pairs))
}

/// A string as it is, anything else as JSON has it.
fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
