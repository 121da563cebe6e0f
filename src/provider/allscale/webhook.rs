//! Allscale's webhooks: authentic or not, and what they report.
//!
//! Owns "Webhooks" of Allscale's guide, in its order: header lengths, API key,
//! timestamp, signature over the raw bytes, and only then the body. Whether a
//! nonce was seen before is the ledger's to know.

use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::Value;

use super::intent::{PaymentFields, read_status};
use super::signature::{self, RequestParts, SigningKey, WebhookParts, is_fresh, read_timestamp};
use crate::clock::Millis;
use crate::donation::DonationId;
use crate::ids::{ForeignId, sha256_hex};
use crate::provider::{Event, Trust, Webhook, WebhookRefusal};
use crate::report::{Identity, Report};
use crate::status::Status;

/// The headers of a webhook, each there once.
struct Headers<'a> {
    api_key: &'a str,
    id: &'a str,
    timestamp: &'a str,
    nonce: &'a str,
    signature: &'a str,
}

impl<'a> Headers<'a> {
    fn read(headers: &'a HeaderMap) -> Option<Self> {
        let header = |name| signature::single(headers, name);
        Some(Self {
            api_key: header(signature::API_KEY)?,
            id: header(signature::WEBHOOK_ID)?,
            timestamp: header(signature::WEBHOOK_TIMESTAMP)?,
            nonce: header(signature::WEBHOOK_NONCE)?,
            signature: header(signature::WEBHOOK_SIGNATURE)?,
        })
    }

    fn canonical(&self, webhook: &Webhook<'_>) -> String {
        let parts = WebhookParts {
            webhook_id: self.id,
            request: RequestParts {
                method: webhook.method,
                path: webhook.path,
                query: webhook.query,
                timestamp: self.timestamp,
                nonce: self.nonce,
                body: webhook.body,
            },
        };
        parts.canonical()
    }
}

/// Whether all headers of a webhook are there, for the store of `api_key`.
pub(super) fn is_addressed(headers: &HeaderMap, api_key: &str) -> bool {
    Headers::read(headers).is_some_and(|headers| headers.api_key == api_key)
}

/// Verifies a webhook for the store of `api_key` and reads it.
pub(super) fn verify(
    key: &SigningKey,
    api_key: &str,
    webhook: &Webhook<'_>,
    now: Millis,
) -> Result<Event, WebhookRefusal> {
    let headers = Headers::read(webhook.headers).filter(|headers| headers.api_key == api_key);
    let headers = headers.ok_or(WebhookRefusal::NotAuthentic)?;
    let timestamp = read_timestamp(headers.timestamp).ok_or(WebhookRefusal::NotAuthentic)?;
    if !is_fresh(timestamp, now) {
        return Err(WebhookRefusal::Stale);
    }
    if !key.verifies(&headers.canonical(webhook), headers.signature) {
        return Err(WebhookRefusal::NotAuthentic);
    }
    read(&headers, webhook.body).ok_or(WebhookRefusal::Malformed)
}

#[derive(Deserialize)]
struct Body {
    webhook_id: String,
    all_scale_checkout_intent_id: String,
    #[serde(default)]
    status: Value,
    #[serde(default)]
    payment_status: Value,
    #[serde(flatten)]
    fields: PaymentFields,
}

fn read(headers: &Headers<'_>, bytes: &[u8]) -> Option<Event> {
    let body: Body = serde_json::from_slice(bytes).ok()?;
    if body.webhook_id != headers.id {
        return None;
    }
    let identity = Identity {
        webhook_id: identity_of(headers.id)?,
        nonce_sha256: sha256_hex(headers.nonce.as_bytes()),
        body_sha256: sha256_hex(bytes),
    };
    let report = Report {
        provider: super::NAME,
        intent: ForeignId::exact(&body.all_scale_checkout_intent_id)?,
        order: body.fields.order_id.as_str().and_then(DonationId::parse),
        status: body.status(),
        charged: body.fields.charged(),
        payment: body.fields.payment(),
        details_may_follow: true,
    };
    Some(Event {
        identity,
        report,
        trust: Trust::Settles,
    })
}

/// The id as it is, or its hash when a column or a log line could not carry
/// it: an authentic webhook is not dropped for the spelling of its id.
fn identity_of(id: &str) -> Option<ForeignId> {
    ForeignId::exact(id).or_else(|| ForeignId::clean(&sha256_hex(id.as_bytes())))
}

impl Body {
    /// The event itself means CONFIRMED. An explicit state overrides it; of two
    /// states the one that confirms nothing wins.
    fn status(&self) -> Status {
        [&self.status, &self.payment_status]
            .into_iter()
            .filter(|told| !told.is_null())
            .map(read_status)
            .find(|status| *status != Status::Confirmed)
            .unwrap_or(Status::Confirmed)
    }
}
