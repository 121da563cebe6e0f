//! What a forger makes of a genuine webhook: one thing of it changed, or all of
//! it signed by the wrong key or in the wrong way.

use bagel::provider::allscale::signature::{RequestParts, WebhookParts};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};
use stand_in::{SignedWebhook, WebhookDraft};

use crate::support::seeded::Seeded;
use crate::support::test_app::TestApp;
use crate::support::visits::Given;

pub(crate) const PATH: &str = "/webhooks/allscale";
const SIGNATURE: &str = "x-webhook-signature";
const SIGNED: [&str; 5] = [
    "x-api-key",
    "x-webhook-id",
    "x-webhook-timestamp",
    "x-webhook-nonce",
    SIGNATURE,
];

/// What is wrong with it, and the webhook.
pub(crate) type Forgery = (&'static str, SignedWebhook);

/// Holds one genuine webhook, and all that its sender knows.
#[derive(Clone)]
pub(crate) struct Forger {
    draft: WebhookDraft,
    pub(crate) genuine: SignedWebhook,
    secret: String,
}

impl Forger {
    pub(crate) fn of(app: &TestApp, given: &Given) -> Self {
        let draft = app.webhook_of(given);
        Self {
            genuine: draft.clone().sign(),
            draft,
            secret: app.stand_in.allscale.secret().to_owned(),
        }
    }

    pub(crate) fn forge(&self, seeded: &mut Seeded) -> Forgery {
        match seeded.below(4) {
            0 => self.other_body(seeded),
            1 => self.other_signer(seeded),
            2 => self.other_headers(seeded),
            _ => self.other_value(seeded),
        }
    }

    fn other_body(&self, seeded: &mut Seeded) -> Forgery {
        let mut body = self.genuine.body.clone();
        let place = seeded.below(body.len());
        let what = match seeded.below(4) {
            0 => {
                body.truncate(place);
                "body cut off"
            }
            1 => {
                body.insert(place, b' ');
                "body with a space more"
            }
            _ => {
                body[place] ^= 1 << seeded.below(8);
                "bit of the body"
            }
        };
        (what, self.genuine.clone().with_body(body))
    }

    /// Who knows the key and not the secret, or the secret and not the way.
    fn other_signer(&self, seeded: &mut Seeded) -> Forgery {
        let key = self.genuine.header("x-api-key");
        let signed = |tag: &[u8]| {
            let value = format!("v1={}", STANDARD.encode(tag));
            self.genuine.clone().with_header(SIGNATURE, &value)
        };
        let by = |secret: &str| self.draft.clone().credentials(key, secret).sign();
        match seeded.below(5) {
            0 => ("another secret", by(&seeded.below(1 << 20).to_string())),
            1 => ("the API key as secret", by(key)),
            2 => ("no secret", by("")),
            3 => ("a bare hash", signed(&Sha256::digest(self.canonical()))),
            _ => {
                let mac = Hmac::<Sha512>::new_from_slice(self.secret.as_bytes()).unwrap();
                let tag = mac.chain_update(self.canonical()).finalize().into_bytes();
                ("HMAC-SHA-512", signed(&tag[..[32, 64][seeded.below(2)]]))
            }
        }
    }

    fn canonical(&self) -> String {
        let request = RequestParts {
            method: "POST",
            path: PATH,
            query: "",
            timestamp: self.genuine.header("x-webhook-timestamp"),
            nonce: self.genuine.header("x-webhook-nonce"),
            body: &self.genuine.body,
        };
        let webhook_id = self.genuine.webhook_id();
        WebhookParts {
            webhook_id,
            request,
        }
        .canonical()
    }

    /// A header too few, too many, or where its neighbour begins.
    fn other_headers(&self, seeded: &mut Seeded) -> Forgery {
        let mut forged = self.genuine.clone();
        let name = SIGNED[seeded.below(SIGNED.len())];
        match seeded.below(4) {
            0 => {
                forged.headers.retain(|(other, _)| *other != name);
                ("header missing", forged)
            }
            1 => {
                let value = forged.header(name).to_owned();
                forged.headers.push((name, value));
                ("header twice", forged)
            }
            2 => ("header empty", forged.with_header(name, "")),
            _ => {
                let (id, time) = (forged.webhook_id(), forged.header(SIGNED[2]));
                let (id, moved) = id.split_at(id.len() - 1);
                let (id, time) = (id.to_owned(), format!("{moved}{time}"));
                let forged = forged.with_header(SIGNED[1], &id);
                ("boundary moved", forged.with_header(SIGNED[2], &time))
            }
        }
    }

    fn other_value(&self, seeded: &mut Seeded) -> Forgery {
        let name = SIGNED[seeded.below(SIGNED.len())];
        let mut value = self.genuine.header(name).as_bytes().to_vec();
        let place = seeded.below(value.len());
        let what = match seeded.below(5) {
            0 => {
                value.truncate(place);
                "header cut off"
            }
            1 => {
                value.insert(place, b'.');
                "header with a dot"
            }
            2 => {
                value.insert(place, value[0] ^ 1);
                "header with a letter more"
            }
            _ => {
                value[place] = flipped(value[place], seeded);
                "bit of a header"
            }
        };
        let value = String::from_utf8(value).unwrap();
        (what, self.genuine.clone().with_header(name, &value))
    }
}

/// One bit turned over, and still a character that a header may carry.
fn flipped(byte: u8, seeded: &mut Seeded) -> u8 {
    loop {
        let other = byte ^ (1 << seeded.below(7));
        if (33..127).contains(&other) {
            return other;
        }
    }
}
