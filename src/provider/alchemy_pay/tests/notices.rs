//! The notice of release: asked for first, told once it is paid, the same at
//! every attempt.

use std::sync::{Arc, Mutex};

use super::*;

const RELEASE: &str = "/nft/openapi/merchant/notice";

/// Posts a notice; the provider knows the order in this state and answers the
/// notice so. Gives what it was posted, too.
async fn tell(status: &str, answer: &str) -> (Result<(), ProviderError>, Vec<Value>) {
    let donation = DonationId::random();
    let posted = Arc::new(Mutex::new(Vec::new()));
    let (heard, answer) = (Arc::clone(&posted), answer.to_owned());
    let known = success(&trade(&donation.to_string(), status));
    let partner = partner(move |received| {
        if received.path != RELEASE {
            return Some(known.clone().into_response());
        }
        let sign = secret().sign_call(APP_ID, &NOW.0.to_string());
        assert_eq!(received.headers["sign"], *sign);
        assert_eq!(received.headers["content-type"], "application/json");
        let body = serde_json::from_slice(&received.body).unwrap();
        heard.lock().unwrap().push(body);
        Some(answer.clone().into_response())
    });
    let partner = partner.await;
    let mut outcome = partner.release(donation, NOW).await;
    if outcome.is_ok() {
        outcome = partner.release(donation, NOW).await;
    }
    let expected = json!({"merchantOrderNo": donation.to_string(),
        "orderNo": "994864610797428736", "releaseStatus": "SUCCESS",
        "releaseTime": "1763776800123"});
    let posted = posted.lock().unwrap().clone();
    assert!(posted.iter().all(|body| *body == expected), "{posted:?}");
    (outcome, posted)
}

#[tokio::test]
async fn a_paid_order_is_released_and_a_repetition_says_the_same() {
    let (outcome, posted) = tell("PAY_SUCCESS", &success(&Value::Null)).await;
    assert!(outcome.is_ok() && posted.len() == 2, "{outcome:?}");
}

#[tokio::test]
async fn only_a_success_is_an_acknowledgement() {
    for (answer, rate_limited) in [
        (failure("9999", "FOREIGN"), false),
        (failure("8100", "request frequency limit"), true),
        (failure("8029", UNKNOWN), false),
        ("<html>".to_owned(), false),
        (String::new(), false),
    ] {
        let (outcome, posted) = tell("PAY_SUCCESS", &answer).await;
        let error = outcome.unwrap_err();
        assert_eq!(posted.len(), 1);
        assert_eq!(matches!(error, ProviderError::RateLimited(_)), rate_limited);
        assert!(!error.to_string().contains("FOREIGN"), "{error}");
    }
}

#[tokio::test]
async fn what_the_provider_does_not_call_paid_is_not_released() {
    for status in ["NEW", "PAY_FAIL", "TIMEOUT"] {
        let (outcome, posted) = tell(status, &success(&Value::Null)).await;
        assert!(outcome.is_err() && posted.is_empty(), "{status}");
    }
}
