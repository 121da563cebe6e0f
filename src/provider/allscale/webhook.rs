//! Allscale's webhooks: authentic or not, and what they report.
//!
//! Owns "Webhooks" of Allscale's guide, in its order: header lengths, API key,
//! timestamp, signature over the raw bytes, and only then the body. Whether a
//! nonce was seen before is the ledger's to know.
//!
//! The guide documents one event, a confirmed payment, which names neither kind
//! nor state. So only a body that says nothing beyond the guide settles: with a
//! field that the guide does not have it may be about something else, and it is a
//! reason to ask.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::Value;

use super::intent::{self, PaymentFields};
use super::signature::{self, RequestParts, SigningKey, WebhookParts, is_fresh, read_timestamp};
use super::states::read_status;
use crate::clock::Millis;
use crate::donation::DonationId;
use crate::ids::{ForeignId, sha256_hex};
use crate::provider::{Event, Trust, Webhook, WebhookRefusal};
use crate::report::{Identity, Report};
use crate::status::Status;

/// What the guide lists of the body, and the two names of a state that the
/// provider's other texts have.
const DOCUMENTED: [&str; 19] = [
    "all_scale_checkout_intent_id",
    "all_scale_transaction_id",
    "amount_cents",
    "amount_coins",
    "chain_id",
    "coin_contract_address",
    "coin_symbol",
    "currency",
    "currency_symbol",
    "extra_obj",
    "order_id",
    "payment_method_type",
    "payment_status",
    "status",
    "tx_from",
    "tx_hash",
    "user_id",
    "user_name",
    "webhook_id",
];

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
    let intent = ForeignId::exact(&body.all_scale_checkout_intent_id)?;
    let (report, trust) = match body.status().filter(|_| is_documented(bytes)) {
        Some(status) => (body.report(&intent, status), Trust::Settles),
        None => (body.hint(&intent), Trust::MustAsk),
    };
    Some(Event {
        identity,
        report,
        trust,
    })
}

/// Whether a body says nothing beyond the guide; null is nothing.
fn is_documented(bytes: &[u8]) -> bool {
    let fields = serde_json::from_slice::<BTreeMap<String, Value>>(bytes);
    fields.is_ok_and(|fields| {
        let mut told = fields.iter().filter(|(_, value)| !value.is_null());
        told.all(|(name, _)| DOCUMENTED.contains(&name.as_str()))
    })
}

/// The id as it is, or its hash when a column or a log line could not carry
/// it: an authentic webhook is not dropped for the spelling of its id.
fn identity_of(id: &str) -> Option<ForeignId> {
    ForeignId::exact(id).or_else(|| ForeignId::clean(&sha256_hex(id.as_bytes())))
}

impl Body {
    /// The event itself means CONFIRMED. An explicit state overrides it; of two
    /// states the one that confirms nothing wins. `None`: a state that is not
    /// listed.
    fn status(&self) -> Option<Status> {
        let told = [&self.status, &self.payment_status].into_iter();
        let mut told = told.filter(|told| !told.is_null()).map(read_status);
        let other = told.find(|status| *status != Some(Status::Confirmed));
        other.unwrap_or(Some(Status::Confirmed))
    }

    fn order(&self) -> Option<DonationId> {
        self.fields.order_id.as_str().and_then(DonationId::parse)
    }

    fn report(&self, intent: &ForeignId, status: Status) -> Report {
        Report {
            order: self.order(),
            charged: self.fields.charged(),
            payment: self.fields.payment(),
            ..intent::bare(intent, status)
        }
    }

    /// Says which payment it is about, and nothing of it.
    fn hint(&self, intent: &ForeignId) -> Report {
        Report {
            order: self.order(),
            ..intent::bare(intent, Status::Pending)
        }
    }
}
