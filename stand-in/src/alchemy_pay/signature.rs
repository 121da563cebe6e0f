//! The two signatures: over sorted parameters, for links and webhooks, and
//! over a timestamp, for calls.
//!
//! Pure functions. Source: the documentation's "Authentication".

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::{Digest as _, Sha1};

/// HMAC-SHA1 over a canonical string.
#[derive(Clone, Copy)]
pub(crate) struct Signature([u8; 20]);

impl Signature {
    pub(crate) fn of(secret: &str, canonical: &str) -> Self {
        Self(mac(secret, canonical).finalize().into_bytes().into())
    }

    pub(crate) fn base64(self) -> String {
        STANDARD.encode(self.0)
    }

    pub(crate) fn hex(self) -> String {
        hex(&self.0)
    }
}

/// `key=value` of every parameter, sorted by key, joined with `&`; the values
/// as they are, not encoded.
pub(crate) fn canonical<'a>(params: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut params: Vec<_> = params.into_iter().collect();
    params.sort_unstable();
    let params = params.iter().map(|(key, value)| format!("{key}={value}"));
    params.collect::<Vec<_>>().join("&")
}

/// Whether `signature` is the Base64 of the one over `canonical`; takes the
/// same time wherever it differs.
pub(crate) fn verify(secret: &str, canonical: &str, signature: &str) -> bool {
    let tag = STANDARD.decode(signature);
    tag.is_ok_and(|tag| mac(secret, canonical).verify_slice(&tag).is_ok())
}

/// The `sign` of a call; `timestamp` as it stands in its header.
pub(crate) fn call_sign(app_id: &str, secret: &str, timestamp: &str) -> String {
    hex(&Sha1::digest(format!("{app_id}{secret}{timestamp}")))
}

fn mac(secret: &str, canonical: &str) -> Hmac<Sha1> {
    Hmac::<Sha1>::new_from_slice(secret.as_bytes())
        .expect("HMAC takes keys of any length")
        .chain_update(canonical)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a String takes everything");
        hex
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn vectors(kind: &str) -> Vec<Value> {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../tests/vectors.json")).unwrap();
        vectors["alchemy_pay"][kind].as_array().unwrap().clone()
    }

    fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
        vector[field].as_str().unwrap()
    }

    fn params(vector: &Value) -> impl Iterator<Item = (&str, &str)> {
        let params = vector["params"].as_object().unwrap();
        params
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str().unwrap()))
    }

    #[test]
    fn links_match_the_vectors() {
        for vector in vectors("page") {
            let canonical = canonical(params(&vector));
            assert_eq!(canonical, text(&vector, "sign_string"));
            let secret = text(&vector, "app_secret");
            let signature = text(&vector, "signature");
            assert_eq!(Signature::of(secret, &canonical).base64(), signature);
            assert!(verify(secret, &canonical, signature));
            assert!(!verify("other", &canonical, signature));
        }
    }

    #[test]
    fn webhooks_match_the_vectors_with_empty_values_kept_or_left_out() {
        for vector in vectors("webhook") {
            let kept = canonical(params(&vector));
            let left_out = canonical(params(&vector).filter(|(_, value)| !value.is_empty()));
            let genuine = [kept, left_out].iter().any(|canonical| {
                let matches = verify(
                    text(&vector, "app_secret"),
                    canonical,
                    text(&vector, "signature"),
                );
                matches && canonical == text(&vector, "sign_string")
            });
            assert_eq!(genuine, vector["valid"] == true, "{}", vector["name"]);
        }
    }

    #[test]
    fn calls_match_the_vectors() {
        for vector in vectors("api") {
            let [app_id, secret, timestamp] =
                ["app_id", "app_secret", "timestamp"].map(|field| text(&vector, field));
            assert_eq!(call_sign(app_id, secret, timestamp), text(&vector, "sign"));
        }
    }

    #[test]
    fn parameters_are_sorted_by_key_and_not_encoded() {
        let params = [("b", "ü & +"), ("a", "2"), ("B", "")];
        assert_eq!(canonical(params), "B=&a=2&b=ü & +");
    }

    #[test]
    fn only_the_whole_signature_will_do() {
        let genuine = Signature::of("secret", "a=1");
        assert!(verify("secret", "a=1", &genuine.base64()));
        for forged in ["", "AA==", &genuine.hex(), &STANDARD.encode([0; 19])] {
            assert!(!verify("secret", "a=1", forged), "{forged}");
        }
        assert_eq!(genuine.hex().len(), 40);
    }
}
