//! An order in Alchemy Pay's words, in an answer and in a webhook, and how a
//! webhook is signed.
//!
//! Source: the documentation's "Query order" and "Webhooks". Its sample shows a
//! signature in hex, its text one in Base64, and neither says whether empty
//! values are signed: all forms can be made here.

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use url::Url;

use super::AlchemyPay;
use super::merchant::Merchant;
use super::signature::{self, Signature};
use crate::amount::units;
use crate::intents::{Intent, Payment};
use crate::protocol::{Protocol as _, Status};
use crate::webhook::{Headers, WebhookDraft};

/// Fields of the body that the signature does not cover.
const UNSIGNED: [&str; 2] = ["signature", "id"];

/// The webhook of an order.
pub(super) fn draft(merchant: &Merchant, intent: &Intent) -> WebhookDraft {
    let fields = data(intent);
    let asked = || Url::parse(intent.request["callbackUrl"].as_str()?).ok();
    let order = intent.order_id.as_deref().unwrap_or_default();
    WebhookDraft {
        provider: &AlchemyPay,
        url: merchant.callback().or_else(asked),
        webhook_id: format!("{order}:{}", text(&fields["status"])),
        key: merchant.app_id().to_owned(),
        secret: merchant.secret().into(),
        fields,
        raw: None,
        path: String::new(),
        query: String::new(),
        timestamp: 0,
        nonce: String::new(),
        hex: false,
        signs_empty: true,
    }
}

/// The forms of Alchemy Pay's signature.
impl WebhookDraft {
    /// With its signature in 40 hex digits, not in Base64.
    pub fn in_hex(mut self) -> Self {
        self.hex = true;
        self
    }

    /// Leaves empty values out of what is signed.
    pub fn without_empty(mut self) -> Self {
        self.signs_empty = false;
        self
    }
}

pub(super) fn sign(draft: &WebhookDraft) -> (Headers, Vec<u8>) {
    let signature = signature_of(draft.secret(), &draft.fields, draft.signs_empty);
    let signature = if draft.hex {
        signature.hex()
    } else {
        signature.base64()
    };
    let mut fields = draft.fields.clone();
    fields.insert("signature".to_owned(), signature.into());
    let headers = vec![("content-type", "application/json".to_owned())];
    (headers, Value::Object(fields).to_string().into_bytes())
}

/// The signature over the fields of a body. Nulls are never signed.
pub(super) fn signature_of(
    secret: &str,
    fields: &Map<String, Value>,
    signs_empty: bool,
) -> Signature {
    let signed = fields
        .iter()
        .filter(|(name, value)| !UNSIGNED.contains(&name.as_str()) && !value.is_null())
        .map(|(name, value)| (name.as_str(), text(value)))
        .filter(|(_, value)| signs_empty || !value.is_empty());
    let signed: Vec<_> = signed.collect();
    let pairs = signed.iter().map(|(name, value)| (*name, value.as_str()));
    Signature::of(secret, &signature::canonical(pairs))
}

/// A string as it is, anything else as JSON has it.
fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// All strings; before the payment some are null, and the message is empty.
pub(super) fn data(intent: &Intent) -> Map<String, Value> {
    let paid = intent.payment.as_ref();
    let paid = paid.filter(|_| intent.status == Status::CONFIRMED);
    let cents = paid.map_or(intent.amount_cents, |paid| paid.cents);
    let asked = |name: &str| intent.request[name].clone();
    let fields = [
        ("amount", json!(units(cents))),
        ("fiat", asked("fiat")),
        ("orderNo", json!(intent.id)),
        ("payTime", json!(paid.and_then(time))),
        ("payType", json!(paid.map(|_| "CREDIT_CARD"))),
        ("type", asked("type")),
        ("name", asked("name")),
        ("quantity", json!("1")),
        ("uniqueId", asked("uniqueId")),
        ("appId", asked("appId")),
        ("merchantOrderNo", asked("merchantOrderNo")),
        ("message", json!("")),
        ("status", json!(AlchemyPay.status_name(intent))),
    ];
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn time(payment: &Payment) -> Option<String> {
    let time = Timestamp::from_second(payment.at).ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_seconds() {
        let payment = Payment {
            id: String::new(),
            cents: 1,
            at: 1_657_293_523,
            late: false,
        };
        assert_eq!(time(&payment).unwrap(), "2022-07-08 15:18:43");
    }
}
