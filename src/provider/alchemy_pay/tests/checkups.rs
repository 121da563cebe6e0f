//! The doctor's call: what it proves, and what it advises.

use axum::http::header;

use super::*;

/// The doctor's findings for this answer to the call.
async fn found(status: u16, body: &str, date: &'static str) -> Vec<Finding> {
    let answer = (StatusCode::from_u16(status).unwrap(), body.to_owned());
    let fiats = json!([{"currency": "USD", "payMin": "0.50", "payMax": "10000"}]);
    let fiats = success(&fiats);
    let partner = partner(move |received| {
        if received.path == "/nft/openapi/fiat/list" {
            return Some(fiats.clone().into_response());
        }
        assert!(
            received
                .path
                .starts_with("/nft/openapi/query/trade?merchantOrderNo=")
        );
        Some(([(header::DATE, date)], answer.clone()).into_response())
    });
    partner.await.checkup().await
}

const ON_TIME: &str = "Sat, 22 Nov 2025 02:00:00 GMT";

#[tokio::test]
async fn an_order_that_is_not_known_proves_app_id_secret_and_clock() {
    for body in [failure("8029", UNKNOWN), success(&Value::Null)] {
        let findings = found(200, &body, ON_TIME).await;
        assert_eq!(findings.len(), 3, "{findings:?}");
        let all_good = findings.iter().all(|it| matches!(it, Finding::Good(_)));
        assert!(all_good, "{findings:?}");
    }
}

#[tokio::test]
async fn a_refused_sign_is_explained() {
    let findings = found(200, &failure("9010", "signature error"), ON_TIME).await;
    let Some(Finding::Bad(text)) = findings.last() else {
        panic!("{findings:?}")
    };
    let order = [
        "9010",
        "ALCHEMY_PAY_ENV",
        "belong together",
        "timestamp is fresh",
    ];
    let places: Vec<_> = order.iter().map(|part| text.find(part).unwrap()).collect();
    assert!(places.is_sorted() && !text.contains("THIS IS IT"), "{text}");
    assert!(!text.contains("CANARY") && !text.contains(APP_ID), "{text}");
}

#[tokio::test]
async fn an_address_that_is_not_allowed_is_the_first_thing_to_check() {
    for (code, first) in [("8012", "allow list"), ("8007", "ALCHEMY_PAY_ENV")] {
        let findings = found(200, &failure(code, ""), ON_TIME).await;
        let Some(Finding::Bad(text)) = findings.last() else {
            panic!("{findings:?}")
        };
        let line = text.lines().find(|line| line.starts_with("1.")).unwrap();
        assert!(line.contains(first), "{text}");
        assert!(text.contains("allow list") && text.contains("4."), "{text}");
    }
}

#[tokio::test]
async fn a_wrong_clock_is_named_as_the_cause() {
    let late = "Sat, 22 Nov 2025 01:00:00 GMT";
    let findings = found(401, &failure("9031", "timestamp expired"), late).await;
    assert!(findings.iter().all(Finding::is_bad), "{findings:?}");
    let told = format!("{findings:?}");
    assert!(
        told.contains("ahead of Alchemy Pay's") && told.contains("THIS IS IT"),
        "{told}"
    );
}

#[tokio::test]
async fn other_answers_have_other_advice() {
    let undocumented = found(200, &failure("9999", "system error"), ON_TIME).await;
    assert!(matches!(&undocumented[1], Finding::Warning(text) if text.contains("9999")));
    let busy = found(429, "", ON_TIME).await;
    assert!(matches!(&busy[..], [Finding::Bad(text)] if text.contains("wait a minute")));
    let wrong = found(404, "<html>", ON_TIME).await;
    assert!(matches!(&wrong[..], [Finding::Bad(text)] if text.contains("ALCHEMY_PAY_API_URL")));
    let nobody = provider(settings(scripted::nobody().await)).checkup().await;
    assert!(matches!(&nobody[..], [Finding::Bad(text)] if text.contains("curl -i")));
}

#[tokio::test]
async fn the_same_value_twice_is_told_before_it_is_sent() {
    let mut settings = settings(scripted::nobody().await);
    settings.app_id = SECRET.to_owned();
    let findings = provider(settings).checkup().await;
    assert!(matches!(&findings[..], [Finding::Bad(text)] if text.contains("same value")));
}
