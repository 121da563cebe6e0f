//! Allscale's signatures: what is signed, the HMAC over it, and how fresh it
//! has to be.
//!
//! Pure functions over bytes, time and key. The canonical strings are those of
//! "Signing a request", "Webhooks" and "Response signing" in Allscale's guide;
//! bodies are hashed as the bytes that travel, never re-serialised.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use crate::clock::Millis;
use crate::ids::sha256_hex;
use crate::provider::WEBHOOK_TOLERANCE;

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
