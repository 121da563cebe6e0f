//! Alchemy Pay's two signatures: one over parameters, for links, webhooks and
//! replies, and one for calls.
//!
//! Pure functions over text and secret. SHA-1 because the provider's protocol
//! has nothing else. A link and a webhook are signed with the same key in the
//! same form, so a signature alone never proves which of the two it was made
//! for: `webhook` tells them apart.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::{Digest, Sha1};

use super::parameters::Parameters;
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
