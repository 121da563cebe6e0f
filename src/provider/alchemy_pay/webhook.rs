//! Alchemy Pay's webhooks: authentic or not, and what they hint at.
//!
//! The provider signs fields, not bytes, so a body has to be read before its
//! signature can be verified: once, and so strictly that it can mean one thing
//! only (see [`Parameters`]). Nothing is understood of it before.
//!
//! A field that is not documented yet is part of what is signed, and no reason to
//! refuse.
//!
//! A link is signed with the same key in the same form, so who holds a link can
//! send it as a webhook. It names an order and no state: the app id is ours as a
//! whole, and neither a name nor a text holds a mark in which another parameter,
//! such as `status`, could hide. So one without a state counts for no more than a
//! poll. And even a webhook with a state settles nothing: it is a reason to ask.

use super::signature::{AppSecret, Parameters};
use super::trade;
use crate::ids::{ForeignId, sha256_hex};
use crate::provider::{Event, Trust, WebhookRefusal};
use crate::report::{Identity, Report};

/// Verifies a webhook for the partner of `app_id` and reads it.
pub(super) fn verify(
    secret: &AppSecret,
    app_id: &str,
    body: &[u8],
) -> Result<Event, WebhookRefusal> {
    let fields = authentic(secret, app_id, body).ok_or(WebhookRefusal::NotAuthentic)?;
    read(&fields, body).ok_or(WebhookRefusal::Malformed)
}

/// The signed fields, if they are signed and for us.
fn authentic(secret: &AppSecret, app_id: &str, body: &[u8]) -> Option<Parameters> {
    let mut fields: Parameters = serde_json::from_slice(body).ok()?;
    let signature = fields.take("signature")?;
    fields.take("id");
    let ours = fields.get("appId") == Some(app_id);
    let plausible = ours && fields.is_unambiguous();
    (plausible && secret.verifies(&fields, &signature)).then_some(fields)
}

fn read(fields: &Parameters, body: &[u8]) -> Option<Event> {
    let order = fields.get("merchantOrderNo")?;
    // A text that is empty need not be signed: anyone can add it.
    let status = fields.get("status").filter(|status| !status.is_empty());
    let trust = if status.is_some() {
        Trust::MustAsk
    } else {
        Trust::LikeAPoll
    };
    Some(Event {
        identity: identity(order, status, body)?,
        report: report(fields, &ForeignId::exact(order)?, status),
        trust,
    })
}

fn report(fields: &Parameters, intent: &ForeignId, status: Option<&str>) -> Report {
    Report {
        charged: trade::charged(fields.get("amount"), fields.get("fiat")),
        ..trade::bare(intent, trade::read_status(status))
    }
}

/// There is neither id nor nonce: of one order in one state all webhooks are
/// the same, however they are spelled.
fn identity(order: &str, status: Option<&str>, body: &[u8]) -> Option<Identity> {
    let which = format!("{order}&{}", status.unwrap_or_default());
    let body_sha256 = sha256_hex(body);
    Some(Identity {
        webhook_id: ForeignId::exact(&sha256_hex(which.as_bytes()))?,
        nonce_sha256: body_sha256.clone(),
        body_sha256,
    })
}
