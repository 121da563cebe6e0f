//! The three canonical strings and the one MAC over them.
//!
//! Pure functions over bytes; source: the guide's "Signing a request",
//! "Webhooks" and "Response signing".

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// What a request's signature covers.
pub(super) struct RequestParts<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) timestamp: &'a str,
    pub(super) nonce: &'a str,
    pub(super) body: &'a [u8],
}

impl RequestParts<'_> {
    pub(super) fn canonical(&self) -> String {
        let body = sha256_hex(self.body);
        [
            self.method,
            self.path,
            self.query,
            self.timestamp,
            self.nonce,
            &body,
        ]
        .join("\n")
    }
}

/// What a webhook's signature covers.
pub(super) struct WebhookParts<'a> {
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) webhook_id: &'a str,
    pub(super) timestamp: &'a str,
    pub(super) nonce: &'a str,
    pub(super) body: &'a [u8],
}

impl WebhookParts<'_> {
    pub(super) fn canonical(&self) -> String {
        let body = sha256_hex(self.body);
        [
            "allscale:webhook:v1",
            "POST",
            self.path,
            self.query,
            self.webhook_id,
            self.timestamp,
            self.nonce,
            &body,
        ]
        .join("\n")
    }
}

/// What a response's signature covers.
pub(super) struct ResponseParts<'a> {
    pub(super) status: u16,
    pub(super) path: &'a str,
    pub(super) request_nonce: &'a str,
    pub(super) request_body: &'a [u8],
    pub(super) timestamp: &'a str,
    pub(super) nonce: &'a str,
    pub(super) body: &'a [u8],
}

impl ResponseParts<'_> {
    pub(super) fn canonical(&self) -> String {
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

/// `v1=` and the Base64 of HMAC-SHA256 over a canonical string.
pub(super) fn sign(secret: &str, canonical: &str) -> String {
    let tag = mac(secret, canonical).finalize().into_bytes();
    format!("v1={}", STANDARD.encode(tag))
}

/// Whether `signature`, with its `v1=`, is the one over `canonical`; takes the
/// same time wherever it differs.
pub(super) fn verify(secret: &str, canonical: &str, signature: &str) -> bool {
    let tag = signature
        .strip_prefix("v1=")
        .and_then(|encoded| STANDARD.decode(encoded).ok());
    tag.is_some_and(|tag| mac(secret, canonical).verify_slice(&tag).is_ok())
}

fn mac(secret: &str, canonical: &str) -> Hmac<Sha256> {
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .expect("HMAC takes keys of any length")
        .chain_update(canonical)
}

fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            write!(hex, "{byte:02x}").expect("a String takes everything");
            hex
        })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn vectors() -> Value {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../tests/vectors.json")).unwrap();
        vectors["allscale"].clone()
    }

    fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
        vector[field].as_str().unwrap()
    }

    fn each(kind: &str, canonical: impl Fn(&Value) -> String) {
        let all = vectors();
        let secret = text(&all, "secret");
        for vector in all[kind].as_array().unwrap() {
            let canonical = canonical(vector);
            assert_eq!(canonical, text(vector, "canonical"), "{}", vector["name"]);
            let genuine = vector["valid"] != false;
            let signature = text(vector, "signature");
            assert_eq!(sign(secret, &canonical) == signature, genuine);
            assert_eq!(verify(secret, &canonical, signature), genuine);
        }
    }

    #[test]
    fn requests_match_the_vectors() {
        each("request", |vector| {
            RequestParts {
                method: text(vector, "method"),
                path: text(vector, "path"),
                query: text(vector, "query"),
                timestamp: text(vector, "timestamp"),
                nonce: text(vector, "nonce"),
                body: text(vector, "body").as_bytes(),
            }
            .canonical()
        });
    }

    #[test]
    fn webhooks_match_the_vectors() {
        each("webhook", |vector| {
            WebhookParts {
                path: text(vector, "path"),
                query: text(vector, "query"),
                webhook_id: text(vector, "webhook_id"),
                timestamp: text(vector, "timestamp"),
                nonce: text(vector, "nonce"),
                body: text(vector, "body").as_bytes(),
            }
            .canonical()
        });
    }

    #[test]
    fn responses_match_the_vectors() {
        each("response", |vector| {
            ResponseParts {
                status: u16::try_from(vector["status"].as_u64().unwrap()).unwrap(),
                path: text(vector, "path"),
                request_nonce: text(vector, "request_nonce"),
                request_body: text(vector, "request_body").as_bytes(),
                timestamp: text(vector, "response_timestamp"),
                nonce: text(vector, "response_nonce"),
                body: text(vector, "response_body").as_bytes(),
            }
            .canonical()
        });
    }

    #[test]
    fn only_the_whole_signature_will_do() {
        let genuine = sign("st_secret", "text");
        assert!(verify("st_secret", "text", &genuine));
        let bare = genuine.trim_start_matches("v1=");
        let cut = format!("v1={}", STANDARD.encode([0; 31]));
        for forged in ["", "v1=", "v1=AA==", bare, &format!("v2={bare}"), &cut] {
            assert!(!verify("st_secret", "text", forged), "{forged}");
        }
        assert!(!verify("st_other", "text", &genuine));
        assert!(!verify("st_secret", "texts", &genuine));
    }
}
