//! Response signing: the headers by which a client knows that an answer is the
//! provider's and answers its own request. Errors are signed too.
//!
//! Source: the guide's "Response signing".

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

use super::credentials::Credentials;
use super::envelope::Reply;
use super::signer::{ResponseParts, sign};
use crate::faults::FaultKind;

/// What of the request a signed response covers.
pub(super) struct Answered<'a> {
    pub(super) path: &'a str,
    pub(super) nonce: &'a str,
    pub(super) body: &'a [u8],
}

/// The headers of a signed response, or of one that a fault has spoilt.
/// `now` is in Unix seconds.
pub(super) fn headers(
    reply: &Reply,
    answered: &Answered<'_>,
    credentials: &Credentials,
    now: i64,
    fault: Option<&FaultKind>,
) -> HeaderMap {
    let foreign = Uuid::new_v4().to_string();
    let request_nonce = match fault {
        Some(FaultKind::UnsignedResponse) => return HeaderMap::new(),
        Some(FaultKind::ForeignNonce) => &foreign,
        _ => answered.nonce,
    };
    let age = match fault {
        Some(FaultKind::StaleResponse) => 3600,
        _ => 0,
    };
    let body = match fault {
        Some(FaultKind::WrongResponseSignature) => b"another body",
        _ => reply.body.as_slice(),
    };
    let timestamp = now.saturating_sub(age).to_string();
    let nonce = Uuid::new_v4().to_string();
    let canonical = ResponseParts {
        status: reply.status.as_u16(),
        path: answered.path,
        request_nonce,
        request_body: answered.body,
        timestamp: &timestamp,
        nonce: &nonce,
        body,
    }
    .canonical();
    let signature = sign(credentials.secret(), &canonical);
    [
        ("x-response-timestamp", timestamp.as_str()),
        ("x-response-nonce", &nonce),
        ("x-response-signature", &signature),
        ("x-request-nonce", request_nonce),
        ("x-request-id", &reply.request_id),
    ]
    .into_iter()
    .filter_map(|(name, value)| {
        let value = HeaderValue::from_str(value).ok()?;
        Some((HeaderName::from_static(name), value))
    })
    .collect()
}

/// Faults that are about the signature need one, whatever the options say.
pub(super) const fn needs_signature(fault: &FaultKind) -> bool {
    matches!(
        fault,
        FaultKind::WrongResponseSignature | FaultKind::StaleResponse | FaultKind::ForeignNonce
    )
}
