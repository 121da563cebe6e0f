//! Webhooks: authentic in each accepted form, and what they hint at.

use super::*;
use crate::provider::Trust;

const ORDER: &str = "0b9f9a5e-6f0f-4c5c-9f1f-3c1f6b1c7a01";

fn paid() -> Value {
    trade(ORDER, "PAY_SUCCESS")
}

fn accepted(body: &Value) -> Event {
    judge(body.to_string().as_bytes()).unwrap()
}

fn refused(body: &str) {
    let refusal = judge(body.as_bytes()).err();
    assert_eq!(refusal, Some(WebhookRefusal::NotAuthentic), "{body}");
}

/// `paid` with these fields instead, signed.
fn with(fields: &Value) -> Value {
    let mut body = paid();
    let fields = fields.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    signed(&body)
}

#[test]
fn an_authentic_webhook_is_a_hint() {
    let event = accepted(&signed(&paid()));
    assert_eq!(event.trust, Trust::MustAsk);
    assert_eq!(event.report.intent.as_str(), ORDER);
    assert_eq!(event.report.order, DonationId::parse(ORDER));
    assert_eq!(event.report.status, Status::Confirmed);
    assert_eq!(event.report.charged, Charged::Amount(five(Currency::Usd)));
}

#[test]
fn empty_texts_may_be_signed_or_not_and_nulls_never_are() {
    let whole = signed(&paid());
    let mut lean = paid();
    lean.as_object_mut().unwrap().remove("message");
    let lean = signed(&lean);
    assert_ne!(whole["signature"], lean["signature"]);
    for message in [json!(""), Value::Null] {
        let mut body = lean.clone();
        body["message"] = message;
        accepted(&body);
    }
    let mut nulled = whole;
    nulled["message"] = Value::Null;
    refused(&nulled.to_string());
}

#[test]
fn an_id_is_not_signed() {
    let mut body = signed(&paid());
    body["id"] = "17".into();
    accepted(&body);
}

#[test]
fn whatever_is_not_plainly_signed_is_not_authentic() {
    let good = signed(&paid());
    let text = good.to_string();
    let twice = |field: &str| text.replacen('{', &format!("{{{field},"), 1);
    let with_field = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body.to_string()
    };
    for body in [
        String::new(),
        "null".to_owned(),
        "{}".to_owned(),
        format!("[{text}]"),
        format!("{text}{text}"),
        twice(r#""status":"PAY_SUCCESS""#),
        twice(r#""status":null"#),
        twice(r#""signature":"""#),
        with_field("amount", json!("500.00")),
        with_field("amount", json!(5)),
        with_field("quantity", json!(2)),
        with_field("message", json!({})),
        with_field("extra", json!(1)),
        with_field("extra", json!({"a": "1"})),
        with_field("status", Value::Null),
        with_field("signature", Value::Null),
        with_field("signature", json!("")),
        with_field("extra", json!("")),
        with_field("callbackUrl", Value::String(String::new())),
        signed(&json!({})).to_string(),
    ] {
        refused(&body);
    }
}

#[test]
fn signed_by_us_but_not_for_us_is_refused() {
    refused(&with(&json!({"appId": "another"})).to_string());
    refused(&with(&json!({"appId": null})).to_string());
    // Could have been signed as another parameter.
    refused(&with(&json!({"quantity": "1&status=PAY_SUCCESS"})).to_string());
    refused(&with(&json!({"quantity&type": "1"})).to_string());
    refused(&with(&json!({"quantity=1": "1"})).to_string());
}

#[test]
fn a_field_that_is_not_documented_yet_is_signed_and_no_reason_to_refuse() {
    for fields in [
        json!({"transactionRate": "1.02", "payCountry": "SG"}),
        json!({"transactionRate": 1.020, "is3ds": false, "payCountry": null}),
    ] {
        let body = with(&fields);
        assert_eq!(accepted(&body).trust, Trust::MustAsk, "{fields}");
        let mut forged = body.clone();
        forged["transactionRate"] = json!("1.03");
        refused(&forged.to_string());
        let mut lacking = body;
        lacking.as_object_mut().unwrap().remove("transactionRate");
        refused(&lacking.to_string());
    }
}

/// All that somebody who holds a link could have signed.
#[test]
fn one_without_a_state_is_no_more_than_a_poll() {
    for state in [Value::Null, json!("")] {
        let event = accepted(&with(&json!({"status": state})));
        assert_eq!(event.trust, Trust::LikeAPoll);
        assert_eq!(event.report.status, Status::Pending);
    }
}

#[test]
fn one_that_names_no_order_is_malformed() {
    for order in [Value::Null, json!(""), json!("a/b"), json!("a".repeat(65))] {
        let body = with(&json!({"merchantOrderNo": order})).to_string();
        let refusal = judge(body.as_bytes()).err();
        assert_eq!(refusal, Some(WebhookRefusal::Malformed), "{body}");
    }
}

#[test]
fn missing_details_never_drop_a_hint() {
    for (fields, status, charged) in [
        (
            json!({"status": null}),
            Status::Pending,
            Charged::Amount(five(Currency::Usd)),
        ),
        (
            json!({"status": "PAID"}),
            Status::Pending,
            Charged::Amount(five(Currency::Usd)),
        ),
        (
            json!({"amount": null}),
            Status::Confirmed,
            Charged::other("?", "USD"),
        ),
        (
            json!({"amount": null, "fiat": null}),
            Status::Confirmed,
            Charged::Absent,
        ),
        (
            json!({"amount": "5e2"}),
            Status::Confirmed,
            Charged::other("5e2", "USD"),
        ),
        (
            json!({"fiat": "DEM"}),
            Status::Confirmed,
            Charged::other("5.00", "DEM"),
        ),
    ] {
        let report = accepted(&with(&fields)).report;
        assert_eq!(
            (report.status, report.charged),
            (status, charged),
            "{fields}"
        );
    }
    let elsewhere = accepted(&with(&json!({"merchantOrderNo": "10000001"}))).report;
    assert_eq!(
        (elsewhere.intent.as_str(), elsewhere.order),
        ("10000001", None)
    );
}

#[test]
fn of_one_order_in_one_state_all_webhooks_are_the_same() {
    let of = |fields: &Value| accepted(&with(fields)).identity;
    let first = of(&json!({}));
    let again = of(&json!({"payTime": "2025-11-22 02:06:00"}));
    assert_eq!(first.webhook_id, again.webhook_id);
    assert_ne!(first.nonce_sha256, again.nonce_sha256);
    for fields in [
        json!({"status": "NEW"}),
        json!({"merchantOrderNo": "10000001"}),
    ] {
        assert_ne!(of(&fields).webhook_id, first.webhook_id, "{fields}");
    }
}
