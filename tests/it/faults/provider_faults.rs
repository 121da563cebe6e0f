//! Whatever the provider does, a visitor gets a clear answer in time, and not
//! one byte of the provider's.

use std::time::{Duration, Instant};

use bagel::outward::BaseUrl;
use bagel::status::Status;
use serde_json::{Value, json};
use stand_in::{Action, Call, Fault, FaultKind};
use tokio::net::TcpListener;

use crate::support::measured::measured;
use crate::support::program::free_port;
use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;
use crate::support::wire::patient;

/// In everything the provider says here, and in nothing we say.
const MARK: &str = "UPSTREAM-MARK";

fn error(code: i64) -> FaultKind {
    let message = format!("{MARK} <script>");
    FaultKind::Error { code, message }
}

/// What a visitor is answered and what the ledger then says.
struct Outcome {
    status: u16,
    answer: Value,
    kept: Status,
    took: Duration,
    retry_after: Option<String>,
}

async fn give(app: &TestApp) -> Outcome {
    let begun = Instant::now();
    let request = patient().post(format!("{}/api/checkout", app.url));
    let request = request.header("content-type", "application/json");
    let response = request.body(r#"{"amount": 5}"#).send().await.unwrap();
    let took = begun.elapsed();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    assert!(!format!("{headers:?}").contains(MARK), "{headers:?}");
    let answer = json_of(response).await;
    assert!(!answer.to_string().contains(MARK), "{answer}");
    let kept = app.ledger.donations(None).await.unwrap()[0].status;
    let retry_after = headers.get("retry-after");
    Outcome {
        status,
        answer,
        kept,
        took,
        retry_after: retry_after.map(|it| it.to_str().unwrap().to_owned()),
    }
}

/// Donates once under the fault, and once more without it.
async fn with_fault(app: &TestApp, fault: FaultKind) -> Outcome {
    // The newest donation is told by its time.
    app.pass(Duration::from_secs(1));
    app.stand_in
        .faults
        .inject(Fault::always(Call::Create, fault));
    let outcome = give(app).await;
    app.stand_in.faults.clear();
    app.donate().await;
    outcome
}

async fn ends(faults: impl IntoIterator<Item = FaultKind>, status: u16, code: &str, kept: Status) {
    let app = TestApp::open().await;
    for fault in faults {
        let label = format!("{fault:?}");
        let outcome = with_fault(&app, fault).await;
        assert_eq!(outcome.status, status, "{label}: {}", outcome.answer);
        assert_eq!(outcome.answer["code"], code, "{label}");
        assert_eq!(outcome.kept, kept, "{label}");
        let sentence = outcome.answer["error"].as_str().unwrap();
        assert!(sentence.ends_with('.'), "{label}: {sentence}");
        let named = outcome.answer["request_id"].is_string();
        assert_eq!(named, status >= 500, "{label}");
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_leaves_the_outcome_unknown() {
    let faults = [
        FaultKind::Http(502),
        FaultKind::Http(503),
        FaultKind::Http(504),
        FaultKind::Http(204),
        FaultKind::Empty,
        FaultKind::Garbage,
        FaultKind::DropAfterCommit,
        FaultKind::Body(MARK.into()),
        FaultKind::Body(format!(r#"{{"code":0,"payload":"{MARK}"}}"#)),
        FaultKind::Body(format!(r#"{{"code":"{MARK}"}}"#)),
        FaultKind::Body("[]".into()),
        FaultKind::Body(format!(r#"{{"code":0,"payload":{}"#, "[".repeat(9000))),
        FaultKind::Payload(Value::Null),
        FaultKind::Payload(json!({"checkout_url": MARK})),
        FaultKind::Field("allscale_checkout_intent_id".into(), json!("../")),
        FaultKind::Field("allscale_checkout_intent_id".into(), json!(7)),
        FaultKind::Field("checkout_url".into(), Value::Null),
    ];
    ends(faults, 504, "outcome_unknown", Status::Unknown).await;
}

#[tokio::test]
async fn a_refusal_is_a_bad_gateway_and_nothing_was_opened() {
    let no = [20001, 20002, 30001, 50001, 50002, 90000, 99999, 12345, -1].map(error);
    let bare = [400, 401, 403, 404, 422, 500].map(FaultKind::Http);
    let faults = no.into_iter().chain(bare).chain([error(10001)]);
    ends(faults, 502, "provider_refused", Status::Failed).await;
}

#[tokio::test]
async fn an_amount_the_provider_finds_too_small_is_for_the_supporter_to_change() {
    let faults = [
        (10001, "amount_cents too small"),
        (50002, "amount must be greater than 0.1"),
    ];
    let faults = faults.map(|(code, why)| {
        let message = format!("{MARK}: {why}");
        FaultKind::Error { code, message }
    });
    ends(faults, 422, "amount_too_small", Status::Failed).await;
    let app = TestApp::build(Setup::with(|config| {
        config.page.bounds.min = bagel::money::Cents(1);
    }))
    .await;
    let response = app.post_checkout(&json!({"amount": 0.05})).await;
    assert_eq!(response.status(), 422);
    assert_eq!(json_of(response).await["code"], "amount_too_small");
}

#[tokio::test]
async fn a_busy_provider_says_when_to_come_back() {
    let app = TestApp::open().await;
    for fault in [error(40001), FaultKind::Http(429)] {
        let outcome = with_fault(&app, fault).await;
        assert_eq!((outcome.status, outcome.kept), (503, Status::Failed));
        assert_eq!(outcome.answer["code"], "provider_busy");
        assert_eq!(outcome.retry_after.as_deref(), Some("60"));
    }
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_safe() {
    let faults = [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "http://evil.example/pay",
        "http://localhost.evil.example/",
        "https://good.example@evil.example/",
        "//evil.example/",
        "/pay",
        "ftp://localhost/",
        "https://",
        "",
        MARK,
    ]
    .map(|url| FaultKind::Field("checkout_url".into(), json!(url)));
    ends(faults, 502, "provider_refused", Status::Failed).await;
}

#[tokio::test]
async fn a_redirect_takes_our_signature_nowhere() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = format!("http://{}/{MARK}", elsewhere.local_addr().unwrap());
    ends(
        [FaultKind::Redirect(to)],
        502,
        "provider_refused",
        Status::Failed,
    )
    .await;
    let visit = tokio::time::timeout(Duration::from_millis(200), elsewhere.accept());
    assert!(visit.await.is_err(), "somebody followed the redirect");
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_opened() {
    let app = TestApp::build(Setup::with(|config| {
        let nobody = format!("http://127.0.0.1:{}", free_port());
        let store = config.providers.allscale.as_mut().unwrap();
        store.base_url = BaseUrl::parse(&nobody).unwrap();
    }))
    .await;
    let outcome = give(&app).await;
    assert_eq!((outcome.status, outcome.kept), (502, Status::Failed));
    assert_eq!(outcome.answer["code"], "provider_refused");
    for path in ["/", "/healthz", "/readyz"] {
        assert_eq!(app.get(path).await.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn nobody_waits_ten_seconds() {
    let slow = [
        FaultKind::Hang,
        FaultKind::HangAfterCommit,
        FaultKind::Drip,
        FaultKind::Huge,
    ];
    let [hang, late, drip, huge] = slow.map(async |fault| {
        let app = TestApp::open().await;
        with_fault(&app, fault).await
    });
    let outcomes: [_; 4] = tokio::join!(hang, late, drip, huge).into();
    let slowest = outcomes.iter().map(|outcome| outcome.took).max().unwrap();
    for outcome in outcomes {
        assert_eq!((outcome.status, outcome.kept), (504, Status::Unknown));
        assert_eq!(outcome.answer["code"], "outcome_unknown");
    }
    measured(
        "U1",
        format!("the slowest answer to a supporter took {slowest:.1?}"),
    );
    assert!(slowest < Duration::from_secs(6), "{slowest:?}");
}

#[tokio::test]
async fn a_payment_is_found_after_the_fault_is_over() {
    let app = TestApp::open().await;
    let given = app.donate().await;
    for fault in [
        FaultKind::Garbage,
        FaultKind::Payload(json!(MARK)),
        error(90000),
    ] {
        app.stand_in.faults.inject(Fault::once(Call::Intent, fault));
    }
    app.press(&given, Action::PayLost).await;
    for _ in 0..4 {
        app.pass(Duration::from_mins(10));
        app.sweep().await;
    }
    assert_eq!(app.status(given.id).await, Status::Confirmed);
}
