//! What a forger makes of a genuine webhook: one thing of it changed, or all of
//! it signed by the wrong key or in the wrong way.

use bagel::provider::alchemy_pay::signature::AppSecret;
use bagel::provider::allscale::signature::{RequestParts, WebhookParts};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256, Sha512};
use stand_in::{SignedWebhook, WebhookDraft};

use crate::support::provider_kind::{ProviderKind, path};
use crate::support::seeded::Seeded;
use crate::support::test_app::TestApp;
use crate::support::visits::Given;

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
    by: ProviderKind,
    draft: WebhookDraft,
    pub(crate) genuine: SignedWebhook,
    /// What the provider knows the store by.
    key: String,
    secret: String,
}

impl Forger {
    pub(crate) fn of(app: &TestApp, given: &Given) -> Self {
        let (draft, by) = (app.webhook_of(given), app.payer().unwrap());
        let (store, merchant) = (&app.stand_in.allscale, &app.stand_in.alchemy_pay);
        let (key, secret) = match by {
            ProviderKind::Allscale => (store.key(), store.secret()),
            ProviderKind::AlchemyPay => (merchant.app_id(), merchant.secret()),
        };
        Self {
            by,
            genuine: draft.clone().sign(),
            draft,
            key: key.to_owned(),
            secret: secret.to_owned(),
        }
    }

    pub(crate) fn forge(&self, seeded: &mut Seeded) -> Forgery {
        match (seeded.below(4), self.by) {
            (0, _) => self.other_body(seeded),
            (1, _) => self.other_signer(seeded),
            (2, ProviderKind::Allscale) => self.other_headers(seeded),
            (_, ProviderKind::Allscale) => self.other_value(seeded),
            (2, ProviderKind::AlchemyPay) => self.other_field(seeded),
            (_, ProviderKind::AlchemyPay) => self.other_boundaries(seeded),
        }
    }

    /// Whether `forged` says the same: Alchemy Pay signs fields, not bytes.
    pub(crate) fn is_as_good(&self, forged: &SignedWebhook) -> bool {
        let read = |webhook: &SignedWebhook| serde_json::from_slice::<Value>(&webhook.body).ok();
        self.by == ProviderKind::AlchemyPay && read(forged) == read(&self.genuine)
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
                body.insert(place, b" {}\",:&=x"[seeded.below(9)]);
                "body with a character more"
            }
            2 => {
                body.remove(place);
                "body with a character less"
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
        let by = |secret: &str| self.draft.clone().credentials(&self.key, secret).sign();
        match (seeded.below(5), self.by) {
            (0, _) => ("another secret", by(&seeded.below(1 << 20).to_string())),
            (1, _) => ("the key as secret", by(&self.key)),
            (2, _) => ("no secret", by("")),
            (way, ProviderKind::Allscale) => self.other_hash(way, seeded),
            (way, ProviderKind::AlchemyPay) => self.other_sign(way, seeded),
        }
    }

    fn other_hash(&self, way: usize, seeded: &mut Seeded) -> Forgery {
        let signed = |tag: &[u8]| {
            let value = format!("v1={}", STANDARD.encode(tag));
            self.genuine.clone().with_header(SIGNATURE, &value)
        };
        if way == 3 {
            return ("a bare hash", signed(&Sha256::digest(self.canonical())));
        }
        let mac = Hmac::<Sha512>::new_from_slice(self.secret.as_bytes()).unwrap();
        let tag = mac.chain_update(self.canonical()).finalize().into_bytes();
        ("HMAC-SHA-512", signed(&tag[..[32, 64][seeded.below(2)]]))
    }

    fn other_sign(&self, way: usize, seeded: &mut Seeded) -> Forgery {
        let signed = |sign: &str| self.genuine.clone().with_field("signature", sign);
        if way == 3 {
            let good = &self.fields()["signature"];
            let good = good.as_str().unwrap();
            return (
                "signature cut off",
                signed(&good[..seeded.below(good.len())]),
            );
        }
        let call =
            AppSecret::new(self.secret.as_str().into()).sign_call(&self.key, "1763776800123");
        ("the sign of a call", signed(&call))
    }

    fn fields(&self) -> Map<String, Value> {
        serde_json::from_slice(&self.genuine.body).unwrap()
    }

    /// A field changed, gone, new, or with another's text.
    fn other_field(&self, seeded: &mut Seeded) -> Forgery {
        let fields = self.fields();
        let name = fields.keys().nth(seeded.below(fields.len())).unwrap();
        let text = fields[name].as_str().unwrap_or_default();
        let with = |value: Value| self.genuine.clone().with_field(name, value);
        match seeded.below(7) {
            0 => ("null", with(Value::Null)),
            1 => ("a number", with(json!(7))),
            2 => ("a space more", with(json!(format!("{text} ")))),
            3 => ("a nought more", with(json!(format!("{text}0")))),
            4 => ("another state", with(json!("PAY_FAIL"))),
            5 => {
                let other = ["amount", "name", "appId"][seeded.below(3)];
                ("another's text", with(fields[other].clone()))
            }
            _ => (
                "a field more",
                self.genuine.clone().with_field("paid", "true"),
            ),
        }
    }

    /// The same string to sign, read as other fields.
    fn other_boundaries(&self, seeded: &mut Seeded) -> Forgery {
        let mut fields = self.fields();
        let signature = fields.remove("signature").unwrap();
        let names: Vec<_> = fields.keys().cloned().collect();
        let place = seeded.below(names.len() - 1);
        let (left, right) = (&names[place], &names[place + 1]);
        let hidden = fields.remove(right).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let whole = format!("{}&{right}={}", text(&fields[left]), text(&hidden));
        fields.insert(left.clone(), whole.into());
        fields.insert("signature".to_owned(), signature);
        let body = Value::from(fields).to_string();
        ("boundary moved", self.genuine.clone().with_body(body))
    }

    fn canonical(&self) -> String {
        let request = RequestParts {
            method: "POST",
            path: &path(self.by.name()),
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
