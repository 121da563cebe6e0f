//! Webhooks: authentic, stale, changed, malformed, and what they report.

use axum::http::{HeaderMap, HeaderValue};

use super::super::webhook::verify;
use super::*;
use crate::ids::sha256_hex;
use crate::provider::allscale::signature::{RequestParts, WebhookParts};
use crate::report::Charged;

const PATH: &str = "/webhooks/allscale";

fn key() -> SigningKey {
    SigningKey::new(SECRET.to_owned().into())
}

fn headers(body: &[u8], timestamp: &str, id: &str) -> HeaderMap {
    let parts = WebhookParts {
        webhook_id: id,
        request: RequestParts {
            method: "POST",
            path: PATH,
            query: "",
            timestamp,
            nonce: "n-1",
            body,
        },
    };
    let signature = key().sign(&parts.canonical());
    let mut map = HeaderMap::new();
    for (name, value) in [
        (signature::API_KEY, "st_key"),
        (signature::WEBHOOK_ID, id),
        (signature::WEBHOOK_TIMESTAMP, timestamp),
        (signature::WEBHOOK_NONCE, "n-1"),
        (signature::WEBHOOK_SIGNATURE, &signature),
    ] {
        map.insert(name, HeaderValue::from_str(value).unwrap());
    }
    map
}

fn judge(headers: &HeaderMap, body: &[u8]) -> Result<Event, WebhookRefusal> {
    let webhook = Webhook {
        method: "POST",
        path: PATH,
        query: "",
        headers,
        body,
    };
    verify(&key(), "st_key", &webhook, Millis(NOW * 1000))
}

fn signed(body: &str) -> Result<Event, WebhookRefusal> {
    let headers = headers(body.as_bytes(), &NOW.to_string(), "whk_1");
    judge(&headers, body.as_bytes())
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
fn a_timestamp_may_be_five_minutes_off() {
    let body = body(&json!({}));
    for (offset, stale) in [(-301, true), (-300, false), (300, false), (301, true)] {
        let headers = headers(body.as_bytes(), &(NOW + offset).to_string(), "whk_1");
        let refusal = judge(&headers, body.as_bytes()).err();
        assert_eq!(refusal, stale.then_some(WebhookRefusal::Stale), "{offset}");
    }
}

#[test]
fn any_change_makes_it_not_authentic() {
    let body = body(&json!({}));
    let good = headers(body.as_bytes(), &NOW.to_string(), "whk_1");
    let refused = |headers: &HeaderMap, body: &str| {
        assert_eq!(
            judge(headers, body.as_bytes()).err(),
            Some(WebhookRefusal::NotAuthentic),
            "{headers:?}"
        );
    };
    refused(&good, &body.replace("500", "501"));
    refused(&good, "");
    for name in good.keys() {
        let mut without = good.clone();
        without.remove(name);
        refused(&without, &body);
        let mut twice = good.clone();
        twice.append(name, good[name].clone());
        refused(&twice, &body);
    }
    for (name, value) in [
        (signature::API_KEY, "st_other"),
        (signature::WEBHOOK_ID, "whk_2"),
        (signature::WEBHOOK_TIMESTAMP, "1763776801"),
        (signature::WEBHOOK_TIMESTAMP, "+1763776800"),
        (signature::WEBHOOK_TIMESTAMP, "yesterday"),
        (signature::WEBHOOK_NONCE, "n-2"),
        (signature::WEBHOOK_SIGNATURE, "v1="),
    ] {
        let mut other = good.clone();
        other.insert(name, HeaderValue::from_static(value));
        refused(&other, &body);
    }
}

#[test]
fn another_path_query_or_method_is_not_authentic() {
    let body = body(&json!({}));
    let headers = headers(body.as_bytes(), &NOW.to_string(), "whk_1");
    for (method, path, query) in [
        ("PUT", PATH, ""),
        ("POST", "/webhooks/allscale/", ""),
        ("POST", PATH, "a=1"),
    ] {
        let webhook = Webhook {
            method,
            path,
            query,
            headers: &headers,
            body: body.as_bytes(),
        };
        let refusal = verify(&key(), "st_key", &webhook, Millis(NOW * 1000)).err();
        assert_eq!(refusal, Some(WebhookRefusal::NotAuthentic));
    }
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
    let headers = headers(body.as_bytes(), &NOW.to_string(), "whk/1");
    let identity = judge(&headers, body.as_bytes()).unwrap().identity;
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
        (json!({"status": "ok"}), Status::Pending),
        (json!({"status": {"code": 20}}), Status::Pending),
        (
            json!({"status": 20, "payment_status": "REJECTED"}),
            Status::Rejected,
        ),
        (
            json!({"status": "ok", "payment_status": 20}),
            Status::Pending,
        ),
    ] {
        let report = signed(&body(&fields)).unwrap().report;
        assert_eq!(report.status, status, "{fields}");
    }
}

#[test]
fn odd_details_never_drop_an_authentic_event() {
    let odd = json!({"tx_hash": 1, "chain_id": "one", "amount_cents": "500", "order_id": 7,
        "coin_symbol": [], "extra_obj": {"deep": [1]}, "unheard_of": true});
    let report = signed(&body(&odd)).unwrap().report;
    assert_eq!(report.charged, Charged::Unreadable);
    assert_eq!(report.payment.tx_hash, None);
    assert_eq!(report.order, None);
}
