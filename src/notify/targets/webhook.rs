//! A webhook of the creator's own, signed by the Standard Webhooks scheme.
//!
//! The body is for programs: the supporter's text is in it as it was written.

use std::fmt;

use axum::http::{HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use serde_json::{Value, json};
use sha2::Sha256;

use super::Call;
use crate::clock::Millis;
use crate::ids::ForeignId;
use crate::ledger::Occasion;
use crate::notify::Notification;
use crate::outward::SecretUrl;
use crate::supporter::{Message, SupporterName};

/// Where it is sent, and the key of its signature.
#[derive(Clone, Debug)]
pub struct Webhook {
    pub url: SecretUrl,
    pub secret: SigningSecret,
}

/// The key that both sides know; prints as `[REDACTED]`.
#[derive(Clone)]
pub struct SigningSecret(SecretSlice<u8>);

impl SigningSecret {
    /// Reads `whsec_` and Base64.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let base64 = text.strip_prefix("whsec_");
        let key = base64.and_then(|base64| STANDARD.decode(base64).ok());
        let key = key.filter(|key| (24..=64).contains(&key.len()));
        key.map(|key| Self(key.into())).ok_or(
            "must be whsec_ and the Base64 of 24 to 64 random bytes; this makes one: \
             echo \"whsec_$(openssl rand -base64 32)\"",
        )
    }

    /// The signature of one attempt at `seconds` since the epoch.
    fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret())
            .expect("HMAC takes a key of any length");
        let mac = mac
            .chain_update(format!("{id}.{seconds}."))
            .chain_update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl Webhook {
    /// The call that carries `notification`.
    pub(super) fn call(&self, notification: &Notification, now: Millis) -> Call {
        let call = Call::new(self.url.expose().clone(), &body(notification));
        let (id, seconds) = (format!("msg_{}", notification.id), now.seconds());
        let signature = self.secret.sign(&id, seconds, &call.body);
        let header = |text: &str| HeaderValue::from_str(text).expect("visible ASCII");
        call.with(HeaderName::from_static("webhook-id"), header(&id))
            .with(HeaderName::from_static("webhook-timestamp"), seconds.into())
            .with(
                HeaderName::from_static("webhook-signature"),
                header(&signature),
            )
    }
}

fn body(notification: &Notification) -> Value {
    let amount = notification.amount;
    json!({
        "type": notification.occasion.map_or("donation.sample", Occasion::name),
        "timestamp": notification.at.to_string(),
        "data": {
            "amount": amount.currency.decimal(amount.cents),
            "currency": amount.currency.code(),
            "name": notification.name.as_ref().map(SupporterName::as_str),
            "message": notification.message.as_ref().map(Message::as_str),
            "show_name": notification.visibility.name,
            "show_message": notification.visibility.message,
            "show_amount": notification.visibility.amount,
            "provider": notification.provider,
            "transaction": transaction(notification),
            "review_reason": notification.review_reason,
            "arrived": notification.arrived,
        },
    })
}

fn transaction(notification: &Notification) -> Option<Value> {
    let payment = &notification.payment;
    Some(json!({
        "hash": payment.tx_hash.as_ref().map(ForeignId::as_str)?,
        "chain_id": payment.chain_id,
        "url": notification.link.as_ref().map(|link| &link.url),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::donation::Payment;
    use crate::explorer;
    use crate::supporter::Visibility;

    /// The test vector of the Standard Webhooks project's own libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[test]
    fn the_published_vector_is_signed_as_everybody_does() {
        let secret = SigningSecret::parse(SECRET).unwrap();
        let id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
        let signature = secret.sign(id, 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_is_whsec_and_24_to_64_bytes() {
        let of = |bytes: usize| format!("whsec_{}", STANDARD.encode(vec![7; bytes]));
        assert!(SigningSecret::parse(&of(24)).is_ok() && SigningSecret::parse(&of(64)).is_ok());
        for bad in [
            "",
            "whsec_",
            "CANARY",
            "whsec_CANARY",
            &of(23),
            &of(65),
            &of(32)[6..],
        ] {
            assert!(SigningSecret::parse(bad).is_err(), "{bad}");
        }
        let shown = format!("{:?}", SigningSecret::parse(SECRET).unwrap());
        assert_eq!(shown, "[REDACTED]");
    }

    #[test]
    fn a_program_reads_amount_text_and_transaction() {
        let url = "https://basescan.org/tx/0xab".to_owned();
        let told = body(&Notification {
            occasion: Some(Occasion::Confirmed),
            at: Millis(1_763_776_800_500),
            visibility: Visibility {
                name: true,
                ..Visibility::NOTHING
            },
            provider: "allscale".to_owned(),
            payment: Payment {
                tx_hash: ForeignId::tx_hash("0xab"),
                chain_id: Some(8453),
                ..Payment::default()
            },
            link: Some(explorer::Link {
                explorer: "basescan.org",
                url: url.clone(),
            }),
            ..Notification::sample(Millis(0))
        });
        let expected = json!({
            "type": "donation.confirmed", "timestamp": "2025-11-22T02:00:00.500Z",
            "data": {
                "amount": "5.25", "currency": "USD", "name": "Ada",
                "message": "This is a sample: nobody paid anything.",
                "show_name": true, "show_message": false, "show_amount": false,
                "provider": "allscale",
                "transaction": {"hash": "0xab", "chain_id": 8453, "url": url},
                "review_reason": null, "arrived": null,
            },
        });
        assert_eq!(told, expected);
        assert!(body(&Notification::sample(Millis(0)))["data"]["transaction"].is_null());
    }
}
