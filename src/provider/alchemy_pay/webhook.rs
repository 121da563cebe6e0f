//! Alchemy Pay's webhooks: authentic or not, and what they hint at.
//!
//! The provider signs fields, not bytes, so a body has to be read before its
//! signature can be verified: once, and so strictly that it can mean one thing
//! only (see [`Parameters`]). Nothing is understood of it before.
//!
//! A link is signed with the same key in the same form. What keeps a link's
//! signature from passing for a webhook's: the app id is ours as a whole, no
//! name but a webhook's is taken (a link's `callbackUrl` is none), and no text
//! holds `&`, in which another parameter could hide. And even an authentic
//! webhook settles nothing: it is a reason to ask.

use super::signature::{AppSecret, Parameters};
use super::trade;
use crate::ids::{ForeignId, sha256_hex};
use crate::provider::{Event, Trust, WebhookRefusal};
use crate::report::{Identity, Report};

/// What a webhook may hold, beside `signature` and the unsigned `id`.
const FIELDS: [&str; 13] = [
    "amount",
    "appId",
    "fiat",
    "merchantOrderNo",
    "message",
    "name",
    "orderNo",
    "payTime",
    "payType",
    "quantity",
    "status",
    "type",
    "uniqueId",
];

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
    let listed = fields.names().all(|name| FIELDS.contains(&name));
    let ours = fields.get("appId") == Some(app_id);
    let plausible = listed && ours && fields.is_unambiguous();
    (plausible && secret.verifies(&fields, &signature)).then_some(fields)
}

fn read(fields: &Parameters, body: &[u8]) -> Option<Event> {
    let order = fields.get("merchantOrderNo")?;
    let status = fields.get("status");
    Some(Event {
        identity: identity(order, status, body)?,
        report: report(fields, &ForeignId::exact(order)?, status),
        trust: Trust::MustAsk,
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
