//! The query call: what its answers mean.

use super::*;
use crate::provider::logged;

fn intent() -> ForeignId {
    donation(Currency::Usd).id.into()
}

/// What a look at an order says when it is answered `trade`, but for its id.
async fn told(change: &Value) -> Result<Report, ProviderError> {
    let intent = intent();
    let mut data = trade(intent.as_str(), "PAY_SUCCESS");
    let change = change.as_object().unwrap().clone();
    data.as_object_mut().unwrap().extend(change);
    answering(200, &success(&data)).await.look(&intent).await
}

#[tokio::test]
async fn every_published_state_has_its_number() {
    for (word, status) in [
        (json!("NEW"), Status::Created),
        (json!("PAY_SUCCESS"), Status::Confirmed),
        (json!("PAY_FAIL"), Status::Failed),
        (json!("TIMEOUT"), Status::Timeout),
        (json!("TIME_OUT"), Status::Timeout),
        (json!("TIMEOUT_SUCCESS"), Status::Confirmed),
        (json!("pay_success"), Status::Pending),
        (json!("CONFIRMED"), Status::Pending),
        (json!(20), Status::Pending),
        (Value::Null, Status::Pending),
    ] {
        let report = told(&json!({"status": word})).await.unwrap();
        assert_eq!(report.status, status, "{word}");
        let is_told = report.charged != Charged::Absent;
        assert_eq!(is_told, status == Status::Confirmed, "{word}");
    }
}

#[tokio::test]
async fn amount_and_currency_are_read_digit_by_digit() {
    for (change, charged) in [
        (json!({}), Charged::Amount(five(Currency::Usd))),
        (json!({"amount": "5"}), Charged::Amount(five(Currency::Usd))),
        (
            json!({"amount": "5.0000", "fiat": "JPY"}),
            Charged::Amount(five(Currency::Jpy)),
        ),
        (json!({"amount": "5.001"}), Charged::other("5.001", "USD")),
        (json!({"amount": 5}), Charged::other("5", "USD")),
        (json!({"amount": "5e0"}), Charged::other("5e0", "USD")),
        (json!({"fiat": "THB"}), Charged::other("5.00", "THB")),
        (json!({"fiat": null}), Charged::other("5.00", "?")),
        (json!({"amount": null, "fiat": null}), Charged::Absent),
    ] {
        assert_eq!(told(&change).await.unwrap().charged, charged, "{change}");
    }
}

#[tokio::test]
async fn an_order_that_is_not_known_is_still_created() {
    let intent = intent();
    for (status, body) in [
        (200, success(&Value::Null)),
        (200, failure("8029", UNKNOWN)),
        (404, failure("404", "Order not found")),
    ] {
        let report = answering(status, &body).await.look(&intent).await.unwrap();
        assert_eq!(report.status, Status::Created, "{body}");
        assert_eq!(
            (report.intent, report.charged),
            (intent.clone(), Charged::Absent)
        );
    }
}

#[tokio::test]
async fn an_answer_about_another_order_is_none() {
    for change in [
        json!({"merchantOrderNo": "10000001"}),
        json!({"merchantOrderNo": 7}),
        json!({"appId": "another"}),
        json!({"appId": ""}),
    ] {
        let outcome = told(&change).await;
        assert!(matches!(outcome, Err(ProviderError::Broken(_))), "{change}");
    }
    let outcome = told(&json!({"merchantOrderNo": null, "appId": null, "unlisted": [1]})).await;
    assert_eq!(outcome.unwrap().status, Status::Confirmed);
}

#[tokio::test]
async fn a_failure_is_never_taken_for_a_state() {
    let intent = intent();
    for (status, body, is_general) in [
        (200, failure("9010", "signature error"), true),
        (429, String::new(), true),
        (200, failure("9999", "system error"), false),
        (200, success(&json!("PAY_SUCCESS")), false),
        (200, success(&json!([])), false),
        (
            200,
            success(&json!(["5.00", "USD", "1", APP_ID, null, "PAY_SUCCESS"])),
            false,
        ),
        (500, "<html>".to_owned(), false),
    ] {
        let error = answering(status, &body)
            .await
            .look(&intent)
            .await
            .unwrap_err();
        assert_eq!(error.is_general(), is_general, "{body} {error}");
    }
}

#[tokio::test]
async fn the_log_has_the_code_but_no_secret_and_no_foreign_word() {
    let (lines, _guard) = logged::listen();
    for body in [
        failure("9010", "FOREIGN sign"),
        "FOREIGN garbage".to_owned(),
    ] {
        let outcome = answering(200, &body).await.look(&intent()).await;
        assert!(!format!("{outcome:?}").contains("FOREIGN"));
    }
    let log = lines.text();
    assert!(log.contains("code=\"9010\""), "{log}");
    let sign = secret().sign_call(APP_ID, "1763776800123");
    for secret in ["FOREIGN", "CANARY", APP_ID, &sign] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
