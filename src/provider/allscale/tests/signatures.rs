//! The independent test vectors, and what no signature may look like.

use super::super::signature::*;
use super::*;
use crate::ids::sha256_hex;

const VECTORS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors.json"));

fn vectors(kind: &str) -> (SigningKey, Vec<Value>) {
    let all: Value = serde_json::from_str(VECTORS).unwrap();
    let secret = text(&all["allscale"], "secret").to_owned();
    let vectors = all["allscale"][kind].as_array().unwrap().clone();
    assert!(!vectors.is_empty());
    (SigningKey::new(secret.into()), vectors)
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap()
}

fn request(vector: &Value) -> RequestParts<'_> {
    RequestParts {
        method: text(vector, "method"),
        path: text(vector, "path"),
        query: text(vector, "query"),
        timestamp: text(vector, "timestamp"),
        nonce: text(vector, "nonce"),
        body: text(vector, "body").as_bytes(),
    }
}

#[test]
fn requests_are_signed_as_the_vectors_say() {
    let (key, vectors) = vectors("request");
    for vector in &vectors {
        let body = text(vector, "body").as_bytes();
        assert_eq!(sha256_hex(body), vector["body_sha256"]);
        let canonical = request(vector).canonical();
        assert_eq!(canonical, vector["canonical"]);
        assert_eq!(key.sign(&canonical), vector["signature"]);
    }
}

#[test]
fn webhooks_verify_as_the_vectors_say() {
    let (key, vectors) = vectors("webhook");
    for vector in &vectors {
        let parts = WebhookParts {
            webhook_id: text(vector, "webhook_id"),
            request: request(vector),
        };
        let canonical = parts.canonical();
        assert_eq!(canonical, vector["canonical"]);
        let verifies = key.verifies(&canonical, text(vector, "signature"));
        assert_eq!(verifies, vector["valid"], "{}", vector["name"]);
    }
}

#[test]
fn responses_verify_as_the_vectors_say() {
    let (key, vectors) = vectors("response");
    for vector in &vectors {
        let parts = ResponseParts {
            status: vector["status"].as_u64().unwrap().try_into().unwrap(),
            path: text(vector, "path"),
            request_nonce: text(vector, "request_nonce"),
            request_body: text(vector, "request_body").as_bytes(),
            timestamp: text(vector, "response_timestamp"),
            nonce: text(vector, "response_nonce"),
            body: text(vector, "response_body").as_bytes(),
        };
        let canonical = parts.canonical();
        assert_eq!(canonical, vector["canonical"]);
        assert!(key.verifies(&canonical, text(vector, "signature")));
    }
}

#[test]
fn a_signature_has_one_spelling() {
    let key = SigningKey::new("key".to_owned().into());
    let good = key.sign("text");
    assert!(key.verifies("text", &good));
    assert!(!key.verifies("text ", &good));
    let base64 = good.strip_prefix("v1=").unwrap();
    let hex = sha256_hex(b"text");
    for other in [
        String::new(),
        "v1=".to_owned(),
        base64.to_owned(),
        format!("V1={base64}"),
        format!("v2={base64}"),
        format!("v1= {base64}"),
        format!("{good}\n"),
        good.trim_end_matches('=').to_owned(),
        good[..good.len() - 4].to_owned(),
        format!("v1={hex}"),
    ] {
        assert!(!key.verifies("text", &other), "{other}");
    }
}

#[test]
fn fresh_is_five_minutes_either_way() {
    let now = Millis(1_763_776_900_999);
    for (seconds, fresh) in [(-301, false), (-300, true), (300, true), (301, false)] {
        assert_eq!(is_fresh(1_763_776_900 + seconds, now), fresh, "{seconds}");
    }
    assert!(!is_fresh(i64::MIN, Millis(i64::MAX)));
    for text in ["+1", "-1", " 1", "1.0", "1e3", "", "99999999999999999999"] {
        assert_eq!(read_timestamp(text), None, "{text}");
    }
}

#[test]
fn the_key_is_never_shown() {
    let key = SigningKey::new("CANARY".to_owned().into());
    assert!(!format!("{key:?}").contains("CANARY"));
}
