//! Allscale's signatures: the headers they come in, what is signed, the HMAC
//! over it, and how fresh it has to be.
//!
//! Pure functions over bytes, time and key. A header is read exactly once, in
//! plain text, and bounded, before anything is hashed over it. The canonical strings are those of
//! "Signing a request", "Webhooks" and "Response signing" in Allscale's guide;
//! bodies are hashed as the bytes that travel, never re-serialised.

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::clock::Millis;
use crate::ids::sha256_hex;
use crate::provider::WEBHOOK_TOLERANCE;

pub(super) const API_KEY: &str = "x-api-key";

pub(super) const TIMESTAMP: &str = "x-timestamp";
pub(super) const NONCE: &str = "x-nonce";
pub(super) const SIGNATURE: &str = "x-signature";

pub(super) const WEBHOOK_ID: &str = "x-webhook-id";
pub(super) const WEBHOOK_TIMESTAMP: &str = "x-webhook-timestamp";
pub(super) const WEBHOOK_NONCE: &str = "x-webhook-nonce";
pub(super) const WEBHOOK_SIGNATURE: &str = "x-webhook-signature";

pub(super) const RESPONSE_TIMESTAMP: &str = "x-response-timestamp";
pub(super) const RESPONSE_NONCE: &str = "x-response-nonce";
pub(super) const RESPONSE_SIGNATURE: &str = "x-response-signature";
pub(super) const REQUEST_NONCE: &str = "x-request-nonce";

/// The longest id or nonce, and the longest of the other values, in bytes.
const MAX_ID: usize = 128;
const MAX_VALUE: usize = 256;

/// The value of a header that is there once, not empty, and not too long.
pub(super) fn single<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    let max = match name {
        WEBHOOK_ID | WEBHOOK_NONCE | RESPONSE_NONCE => MAX_ID,
        _ => MAX_VALUE,
    };
    let once = values.next().is_none();
    (once && (1..=max).contains(&value.len())).then_some(value)
}

/// The API secret as the key of every signature; prints as `[REDACTED]`.
#[derive(Clone, Debug)]
pub struct SigningKey(SecretString);

impl SigningKey {
    pub fn new(secret: SecretString) -> Self {
        Self(secret)
    }

    /// Whether `text` was set as the secret by mistake.
    pub(super) fn is_made_of(&self, text: &str) -> bool {
        self.0.expose_secret() == text
    }

    /// `v1=` and the Base64 of the HMAC-SHA256 of `canonical`.
    pub fn sign(&self, canonical: &str) -> String {
        let tag = self.mac(canonical).finalize().into_bytes();
        format!("v1={}", STANDARD.encode(tag))
    }

    /// Whether `signature` is exactly what [`SigningKey::sign`] writes, in
    /// constant time over the decoded bytes.
    pub fn verifies(&self, canonical: &str, signature: &str) -> bool {
        signature
            .strip_prefix("v1=")
            .and_then(|base64| STANDARD.decode(base64).ok())
            .is_some_and(|tag| self.mac(canonical).verify_slice(&tag).is_ok())
    }

    fn mac(&self, canonical: &str) -> Hmac<Sha256> {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret().as_bytes())
            .expect("HMAC takes a key of any length");
        mac.chain_update(canonical)
    }
}

/// What the signature of a request covers.
pub struct RequestParts<'a> {
    /// Upper case.
    pub method: &'a str,
    /// As sent, with its trailing slash where it has one.
    pub path: &'a str,
    /// Without `?`; empty when there is none.
    pub query: &'a str,
    /// Unix seconds.
    pub timestamp: &'a str,
    pub nonce: &'a str,
    pub body: &'a [u8],
}

impl RequestParts<'_> {
    pub fn canonical(&self) -> String {
        let hash = sha256_hex(self.body);
        [
            self.method,
            self.path,
            self.query,
            self.timestamp,
            self.nonce,
            &hash,
        ]
        .join("\n")
    }
}

/// What the signature of a webhook covers; path and query as the provider
/// sees them.
pub struct WebhookParts<'a> {
    pub webhook_id: &'a str,
    pub request: RequestParts<'a>,
}

impl WebhookParts<'_> {
    pub fn canonical(&self) -> String {
        let hash = sha256_hex(self.request.body);
        [
            "allscale:webhook:v1",
            self.request.method,
            self.request.path,
            self.request.query,
            self.webhook_id,
            self.request.timestamp,
            self.request.nonce,
            &hash,
        ]
        .join("\n")
    }
}

/// What the signature of a reply covers.
pub struct ResponseParts<'a> {
    pub status: u16,
    /// Path, nonce and body of the request it answers.
    pub path: &'a str,
    pub request_nonce: &'a str,
    pub request_body: &'a [u8],
    /// Unix seconds.
    pub timestamp: &'a str,
    pub nonce: &'a str,
    pub body: &'a [u8],
}

impl ResponseParts<'_> {
    pub fn canonical(&self) -> String {
        [
            &self.status.to_string(),
            self.path,
            self.request_nonce,
            &sha256_hex(self.request_body),
            self.timestamp,
            self.nonce,
            &sha256_hex(self.body),
        ]
        .join("\n")
    }
}

/// Reads a timestamp: digits alone, Unix seconds.
pub fn read_timestamp(text: &str) -> Option<i64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Whether `timestamp` is within five minutes of `now`, either way.
pub fn is_fresh(timestamp: i64, now: Millis) -> bool {
    now.seconds().abs_diff(timestamp) <= WEBHOOK_TOLERANCE.as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_header_counts_once_and_bounded() {
        let mut headers = HeaderMap::new();
        assert_eq!(single(&headers, WEBHOOK_ID), None);
        for (value, read) in [
            ("whk_1".to_owned(), true),
            (String::new(), false),
            ("é".to_owned(), false),
            ("a".repeat(128), true),
            ("a".repeat(129), false),
        ] {
            let header = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.insert(WEBHOOK_ID, header);
            assert_eq!(single(&headers, WEBHOOK_ID), read.then_some(&*value));
        }
        headers.insert(WEBHOOK_ID, HeaderValue::from_static("whk_1"));
        headers.append(WEBHOOK_ID, HeaderValue::from_static("whk_1"));
        assert_eq!(single(&headers, WEBHOOK_ID), None);
    }
}
