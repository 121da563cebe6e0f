//! Webhooks that are authentic: which are malformed, and what they report.

use axum::http::{HeaderMap, HeaderName};

use super::super::webhook::verify;
use super::*;
use crate::donation::Payment;
use crate::ids::sha256_hex;
use crate::provider::Trust;
use crate::provider::allscale::signature::{RequestParts, WebhookParts};
use crate::report::Charged;

const PATH: &str = "/webhooks/allscale";

/// What becomes of a webhook of this id and `body` that is signed.
fn signed_as(id: &str, body: &[u8]) -> Result<Event, WebhookRefusal> {
    let (key, timestamp) = (SigningKey::new(SECRET.to_owned().into()), NOW.to_string());
    let request = RequestParts {
        method: "POST",
        path: PATH,
        query: "",
        timestamp: &timestamp,
        nonce: "n-1",
        body,
    };
    let parts = WebhookParts {
        webhook_id: id,
        request,
    };
    let headers = [
        (signature::API_KEY, "st_key"),
        (signature::WEBHOOK_ID, id),
        (signature::WEBHOOK_TIMESTAMP, &timestamp),
        (signature::WEBHOOK_NONCE, "n-1"),
        (signature::WEBHOOK_SIGNATURE, &key.sign(&parts.canonical())),
    ]
    .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
    let webhook = Webhook {
        method: "POST",
        path: PATH,
        query: "",
        headers: &HeaderMap::from_iter(headers),
        body,
    };
    verify(&key, "st_key", &webhook, Millis(NOW * 1000))
}

fn signed(body: &str) -> Result<Event, WebhookRefusal> {
    signed_as("whk_1", body.as_bytes())
}

/// A body as the guide shows it, with `extra` over it.
fn body(extra: &Value) -> String {
    let mut body = json!({
        "all_scale_transaction_id": "tx_1",
        "all_scale_checkout_intent_id": "65b2f3d0d2d9c0a1b2c3d4e5",
        "webhook_id": "whk_1",
        "amount_cents": 500, "currency": 1, "currency_symbol": "USD",
        "amount_coins": "5.0000", "coin_symbol": "USDT", "chain_id": 1,
        "tx_hash": format!("0x{}", "ab".repeat(32)),
        "order_id": null, "extra_obj": null,
    });
    let fields = extra.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    body.to_string()
}

#[test]
fn an_authentic_webhook_reports_a_payment() {
    let order = DonationId::random();
    let event = signed(&body(&json!({"order_id": order.to_string()}))).unwrap();
    let report = event.report;
    assert_eq!(event.identity.webhook_id.as_str(), "whk_1");
    assert_eq!(event.identity.nonce_sha256, sha256_hex(b"n-1"));
    assert_eq!(report.intent.as_str(), "65b2f3d0d2d9c0a1b2c3d4e5");
    assert_eq!(report.order, Some(order));
    assert_eq!(report.status, Status::Confirmed);
    let money = Money {
        cents: Cents(500),
        currency: Currency::Usd,
    };
    assert_eq!(report.charged, Charged::Amount(money));
    assert_eq!(report.payment.tx_hash.unwrap().as_str().len(), 66);
    assert_eq!(report.payment.chain_id, Some(1));
    assert_eq!(report.payment.coin_amount.unwrap().as_str(), "5.0000");
}

#[test]
fn an_authentic_body_that_cannot_be_read_is_malformed() {
    let twice = |field: &str| body(&json!({})).replacen('{', &format!("{{{field},"), 1);
    for body in [
        String::new(),
        "null".to_owned(),
        "{}".to_owned(),
        twice(r#""webhook_id":"whk_1""#),
        twice(r#""amount_cents":1"#),
        body(&json!({"webhook_id": "whk_2"})),
        body(&json!({"webhook_id": null})),
        body(&json!({"all_scale_checkout_intent_id": null})),
        body(&json!({"all_scale_checkout_intent_id": "a/b"})),
    ] {
        assert_eq!(
            signed(&body).err(),
            Some(WebhookRefusal::Malformed),
            "{body}"
        );
    }
}

#[test]
fn an_id_in_an_odd_spelling_still_has_an_identity() {
    let body = body(&json!({"webhook_id": "whk/1"}));
    let identity = signed_as("whk/1", body.as_bytes()).unwrap().identity;
    assert_eq!(identity.webhook_id.as_str(), sha256_hex(b"whk/1"));
}

#[test]
fn a_told_state_is_obeyed() {
    for (fields, status) in [
        (
            json!({"status": null, "payment_status": null}),
            Status::Confirmed,
        ),
        (
            json!({"status": 20, "payment_status": "CONFIRMED"}),
            Status::Confirmed,
        ),
        (json!({"status": -3}), Status::Underpaid),
        (json!({"payment_status": "10"}), Status::OnChain),
        (
            json!({"status": 20, "payment_status": "REJECTED"}),
            Status::Rejected,
        ),
    ] {
        let event = signed(&body(&fields)).unwrap();
        assert_eq!(event.report.status, status, "{fields}");
        assert_eq!(event.trust, Trust::Settles, "{fields}");
    }
}

#[test]
fn a_kind_or_a_state_that_is_not_documented_is_a_reason_to_ask() {
    let order = DonationId::random();
    for fields in [
        json!({"event": "checkout.expired"}),
        json!({"event": "checkout.confirmed"}),
        json!({"type": "refund.created", "status": 20}),
        json!({"state": "failed"}),
        json!({"kind": 7, "status": -3}),
        json!({"actual_paid_amount": "1.00"}),
        json!({"refunded": true}),
        json!({"Status": 20}),
        json!({"status": "ok"}),
        json!({"status": 99}),
        json!({"status": -77}),
        json!({"status": {"code": 20}}),
        json!({"status": "ok", "payment_status": 20}),
        json!({"status": 20, "payment_status": "ok"}),
    ] {
        let mut fields = fields;
        fields["order_id"] = order.to_string().into();
        let event = signed(&body(&fields)).unwrap();
        let report = event.report;
        assert_eq!(event.trust, Trust::MustAsk, "{fields}");
        // Nothing in it may settle, should it not come to a question.
        assert_eq!(report.status, Status::Pending, "{fields}");
        assert_eq!(report.charged, Charged::Absent, "{fields}");
        assert_eq!(report.payment, Payment::default(), "{fields}");
        assert_eq!(report.order, Some(order));
        assert_eq!(report.intent.as_str(), "65b2f3d0d2d9c0a1b2c3d4e5");
    }
}

#[test]
fn null_says_nothing_and_what_we_sent_says_nothing_new() {
    for fields in [
        json!({"event": null, "state": null}),
        json!({"extra_obj": {"event": "refund.created", "status": -1}}),
    ] {
        let event = signed(&body(&fields)).unwrap();
        assert_eq!(event.trust, Trust::Settles, "{fields}");
        assert_eq!(event.report.status, Status::Confirmed, "{fields}");
    }
}

#[test]
fn odd_details_never_drop_an_authentic_event() {
    let odd = json!({"tx_hash": 1, "chain_id": "one", "amount_cents": "500", "order_id": 7,
        "coin_symbol": [], "extra_obj": {"deep": [1]}});
    let report = signed(&body(&odd)).unwrap().report;
    assert!(matches!(report.charged, Charged::Other(_)));
    assert_eq!(report.payment.tx_hash, None);
    assert_eq!(report.order, None);
}
