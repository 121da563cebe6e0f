//! The independent test vectors.

use super::*;
use crate::ids::hex;

const VECTORS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors.json"));

fn vectors(kind: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(VECTORS).unwrap();
    let vectors = all["alchemy_pay"][kind].as_array().unwrap().clone();
    assert!(!vectors.is_empty());
    vectors
}

fn text<'a>(vector: &'a Value, name: &str) -> &'a str {
    vector[name].as_str().unwrap()
}

fn parameters(vector: &Value) -> Parameters {
    serde_json::from_value(vector["params"].clone()).unwrap()
}

fn app_secret(vector: &Value) -> AppSecret {
    AppSecret::new(text(vector, "app_secret").into())
}

#[test]
fn links_are_signed_as_the_vectors_say() {
    for vector in vectors("page") {
        let parameters = parameters(&vector);
        assert_eq!(parameters.sign_string(), vector["sign_string"]);
        let signature = app_secret(&vector).sign(&parameters);
        assert_eq!(signature, vector["signature"]);
        let encoded = Parameters::from_iter([("signature", signature)]).query();
        let expected = format!("signature={}", text(&vector, "signature_urlencoded"));
        assert_eq!(encoded, expected);
    }
}

#[test]
fn webhooks_verify_as_the_vectors_say() {
    for vector in vectors("webhook") {
        let mut body = vector["params"].clone();
        let app_id = text(&body, "appId").to_owned();
        body["signature"] = vector["signature"].clone();
        let verified = webhook::verify(&app_secret(&vector), &app_id, body.to_string().as_bytes());
        assert_eq!(verified.is_ok(), vector["valid"], "{}", vector["name"]);
    }
}

#[test]
fn a_webhooks_signature_may_be_hex_of_the_same_bytes() {
    use base64::Engine;
    for vector in vectors("webhook") {
        let base64 = text(&vector, "signature");
        let bytes = base64::engine::general_purpose::STANDARD.decode(base64);
        let hex = hex(&bytes.unwrap());
        for spelling in [hex.to_uppercase(), hex] {
            let verifies = app_secret(&vector).verifies(&parameters(&vector), &spelling);
            assert_eq!(verifies, vector["valid"], "{}", vector["name"]);
        }
    }
}

#[test]
fn calls_are_signed_as_the_vectors_say() {
    for vector in vectors("api") {
        let sign =
            app_secret(&vector).sign_call(text(&vector, "app_id"), text(&vector, "timestamp"));
        assert_eq!(sign, vector["sign"]);
    }
}

#[test]
fn a_signature_has_two_spellings_and_no_other() {
    let parameters = Parameters::from_iter([("a", "1".to_owned())]);
    let good = secret().sign(&parameters);
    assert!(secret().verifies(&parameters, &good));
    for other in [
        String::new(),
        good.trim_end_matches('=').to_owned(),
        format!(" {good}"),
        format!("{good}\n"),
        good.replace('=', "%3D"),
        good[..good.len() - 4].to_owned(),
        "0".repeat(40),
        "é".repeat(20),
        "g".repeat(40),
    ] {
        assert!(!secret().verifies(&parameters, &other), "{other}");
    }
}
