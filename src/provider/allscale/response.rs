//! Whether a reply is really the provider's, and to this very request.
//!
//! "Response signing" in Allscale's guide: off unless the store has switched
//! it on; then a reply that is unsigned, wrongly signed, stale or meant for
//! another request is refused, an error's reply as well. Nothing of the body
//! is decoded before.

use super::headers;
use super::signature::{ResponseParts, SigningKey, is_fresh, read_timestamp};
use crate::clock::Millis;
use crate::outward::Answer;
use crate::provider::ProviderError;

/// What the reply has to be an answer to.
pub(super) struct Asked<'a> {
    pub(super) path: &'a str,
    pub(super) nonce: &'a str,
    pub(super) body: &'a [u8],
}

/// Refuses an `answer` that is not signed as the one to `asked`.
pub(super) fn verify(
    key: &SigningKey,
    asked: &Asked<'_>,
    answer: &Answer,
    now: Millis,
) -> Result<(), ProviderError> {
    let header = |name| {
        headers::single(&answer.headers, name).ok_or(ProviderError::Broken("it is not signed"))
    };
    let timestamp = header(headers::RESPONSE_TIMESTAMP)?;
    let parts = ResponseParts {
        status: answer.status.as_u16(),
        path: asked.path,
        request_nonce: asked.nonce,
        request_body: asked.body,
        timestamp,
        nonce: header(headers::RESPONSE_NONCE)?,
        body: &answer.body,
    };
    // The signature covers our own nonce; the echo only tells the two faults apart.
    let mut echoes = answer.headers.get_all(headers::REQUEST_NONCE).iter();
    if echoes.any(|echo| echo != asked.nonce) {
        return Err(ProviderError::Broken("it answers another request"));
    }
    if !key.verifies(&parts.canonical(), header(headers::RESPONSE_SIGNATURE)?) {
        return Err(ProviderError::Broken("its signature is wrong"));
    }
    match read_timestamp(timestamp) {
        Some(at) if is_fresh(at, now) => Ok(()),
        _ => Err(ProviderError::Broken(
            "its signature is stale: is this machine's clock right?",
        )),
    }
}
