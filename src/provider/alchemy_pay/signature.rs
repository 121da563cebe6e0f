//! Alchemy Pay's two signatures: one over [`Parameters`], for links, webhooks
//! and replies, and one for calls.
//!
//! Pure functions over text and secret. SHA-1 because the provider's protocol
//! has nothing else. A link and a webhook are signed with the same key in the
//! same form, so a signature alone never proves which of the two it was made
//! for: `webhook` tells them apart. The strict reading of JSON makes one body
//! mean one thing: single values alone, each name once.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use sha1::{Digest, Sha1};
use url::form_urlencoded;

use crate::ids::hex;

/// The app secret, the key of every signature; prints as `[REDACTED]`.
#[derive(Clone, Debug)]
pub struct AppSecret(SecretString);

impl AppSecret {
    pub fn new(secret: SecretString) -> Self {
        Self(secret)
    }

    /// Whether `text` was set as the secret by mistake.
    pub(super) fn is_made_of(&self, text: &str) -> bool {
        self.0.expose_secret() == text
    }

    /// The Base64 of the HMAC-SHA1 over `parameters`.
    pub fn sign(&self, parameters: &Parameters) -> String {
        STANDARD.encode(self.mac(parameters).finalize().into_bytes())
    }

    /// Whether `signature` is the one over `parameters`, in Base64 or hex, with
    /// or without those whose text is empty: the provider's samples show both.
    /// Compares in constant time.
    pub fn verifies(&self, parameters: &Parameters, signature: &str) -> bool {
        let Some(tag) = decode(signature) else {
            return false;
        };
        let covers = |signed: &Parameters| self.mac(signed).verify_slice(&tag).is_ok();
        covers(parameters) || covers(&parameters.without_empty())
    }

    /// The sign of a call: the hex SHA-1 of app id, secret and `timestamp`,
    /// which is in milliseconds.
    pub fn sign_call(&self, app_id: &str, timestamp: &str) -> String {
        let parts = [app_id, self.0.expose_secret(), timestamp];
        let hash = parts.iter().fold(Sha1::new(), Sha1::chain_update);
        hex(&hash.finalize())
    }

    fn mac(&self, parameters: &Parameters) -> Hmac<Sha1> {
        let mac = Hmac::<Sha1>::new_from_slice(self.0.expose_secret().as_bytes())
            .expect("HMAC takes a key of any length");
        mac.chain_update(parameters.sign_string())
    }
}

/// The 20 bytes of a signature: 40 hex digits, or Base64 in its one spelling.
fn decode(signature: &str) -> Option<Vec<u8>> {
    if signature.len() == 40 {
        let digits: Option<Vec<_>> = signature.chars().map(|c| c.to_digit(16)).collect();
        let byte = |pair: &[u32]| u8::try_from(pair[0] * 16 + pair[1]).ok();
        return digits?.chunks_exact(2).map(byte).collect();
    }
    STANDARD.decode(signature).ok()
}

/// Names and texts, as links, webhooks and signed replies carry them, in the
/// ascending order of the names.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Parameters(BTreeMap<String, String>);

impl Parameters {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Removes the text of `name`, if there is one, and gives it.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// What is signed: `name=text` joined with `&`, the texts as they are.
    pub fn sign_string(&self) -> String {
        let pairs = self.0.iter().map(|(name, text)| format!("{name}={text}"));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// Whether no other parameters have the same [`Parameters::sign_string`]:
    /// a text with `&` in it could pass for two, a name with `=` for a shorter one.
    pub fn is_unambiguous(&self) -> bool {
        let plain =
            |(name, text): (&String, &String)| !name.contains(['&', '=']) && !text.contains('&');
        self.0.iter().all(plain)
    }

    /// The same without those whose text is empty.
    pub fn without_empty(&self) -> Self {
        let full = self.0.iter().filter(|(_, text)| !text.is_empty());
        Self(
            full.map(|(name, text)| (name.clone(), text.clone()))
                .collect(),
        )
    }

    /// As the query of a URL. A space is `%20`, which every decoder reads; not
    /// every one reads `+`.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.0);
        query.finish().replace('+', "%20")
    }
}

impl<N: Into<String>> FromIterator<(N, String)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (N, String)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        Self(pairs.map(|(name, text)| (name.into(), text)).collect())
    }
}

/// Reads a JSON object of texts; a number or a truth value is the text that it is
/// written as, and null is as good as absent. Anything else, and a name that is
/// there twice, is refused.
impl<'de> Deserialize<'de> for Parameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Strict)
    }
}

struct Strict;

impl<'de> Visitor<'de> for Strict {
    type Value = Parameters;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of single values")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Parameters, M::Error> {
        let mut read: BTreeMap<String, Option<String>> = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            let text = single(value.get()).map_err(M::Error::custom)?;
            if read.insert(name, text).is_some() {
                return Err(M::Error::custom("a name is there twice"));
            }
        }
        let told = read.into_iter();
        Ok(told
            .filter_map(|(name, text)| Some((name, text?)))
            .collect())
    }
}

/// The text of one JSON value; `None` for null.
fn single(json: &str) -> Result<Option<String>, serde_json::Error> {
    match json.as_bytes() {
        [b'"' | b'n' | b'[' | b'{', ..] => serde_json::from_str(json),
        _ => Ok(Some(json.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_of_texts_is_read_and_nothing_else() {
        let read: Parameters = serde_json::from_str(r#" {"b":"2","a":"","n":null} "#).unwrap();
        assert_eq!(read.sign_string(), "a=&b=2");
        assert_eq!(read.without_empty().sign_string(), "b=2");
        let read: Parameters = serde_json::from_str(r#"{"a":1.50,"b":true}"#).unwrap();
        assert_eq!(read.sign_string(), "a=1.50&b=true");
        for body in [
            "",
            "null",
            "[]",
            r#""a""#,
            r#"{"a":01}"#,
            r#"{"a":["1"]}"#,
            r#"{"a":{"b":"1"}}"#,
            r#"{"a":"1","a":"1"}"#,
            r#"{"a":"1","\u0061":"1"}"#,
            r#"{"a":null,"a":"1"}"#,
            r#"{"a":"1","a":null}"#,
            r#"{"a":"1"}{}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":"1"#,
        ] {
            assert!(serde_json::from_str::<Parameters>(body).is_err(), "{body}");
        }
    }

    #[test]
    fn an_ampersand_makes_two_readings() {
        let two = Parameters::from_iter([("a", "1".to_owned()), ("b", "2".to_owned())]);
        let one = Parameters::from_iter([("a", "1&b=2".to_owned())]);
        assert_eq!(two.sign_string(), one.sign_string());
        assert!(two.is_unambiguous() && !one.is_unambiguous());
        for name in ["a=1&b", "a=1", "a&b"] {
            let hidden = Parameters::from_iter([(name, "2".to_owned())]);
            assert!(!hidden.is_unambiguous(), "{name}");
        }
    }
}
