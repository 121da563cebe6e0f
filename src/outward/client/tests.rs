use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::*;
use crate::outward::BaseUrl;
use crate::outward::scripted::{self, Flow, Received};

async fn ask(base: &BaseUrl, client: &reqwest::Client) -> Result<Answer, CallError> {
    send(
        client,
        client
            .post(base.join("/x?CANARY"))
            .header("x-signature", "CANARY"),
    )
    .await
}

fn hasty() -> reqwest::Client {
    client_with(Timeouts {
        connect: Duration::from_millis(200),
        total: Duration::from_millis(400),
    })
    .unwrap()
}

async fn asking(
    script: impl Fn(Received) -> Option<Response> + Clone + Send + Sync + 'static,
) -> Result<Answer, CallError> {
    ask(&scripted::serve(script).await, &hasty()).await
}

#[tokio::test]
async fn a_hanging_other_side_is_left_after_five_seconds() {
    let base = scripted::serve(|_| None).await;
    let begun = Instant::now();
    let failure = ask(&base, &client().unwrap()).await.err();
    assert!(matches!(failure, Some(CallError::TooSlow)), "{failure:?}");
    assert!((4..7).contains(&begun.elapsed().as_secs()));
}

#[tokio::test]
async fn a_dripping_answer_is_left_too() {
    let drip = |_| Some(Body::new(Flow::drip(Duration::from_millis(50))).into_response());
    let failure = asking(drip).await.err();
    assert!(matches!(failure, Some(CallError::TooSlow)), "{failure:?}");
}

#[tokio::test]
async fn a_cut_answer_is_broken() {
    let failure = asking(|_| Some(Body::new(Flow::cut()).into_response()))
        .await
        .err();
    assert!(matches!(failure, Some(CallError::Cut(_))), "{failure:?}");
}

#[tokio::test]
async fn an_endless_answer_is_read_to_the_cap_only() {
    let taken = Arc::<AtomicUsize>::default();
    let counter = taken.clone();
    let answer = move |_| Some(Body::new(Flow::endless(counter.clone())).into_response());
    let failure = asking(answer).await.err();
    assert!(matches!(failure, Some(CallError::TooLong)), "{failure:?}");
    // What the sockets between hold comes on top of the cap.
    assert!(taken.load(Ordering::SeqCst) < 16 * 1024 * 1024);
}

#[tokio::test]
async fn the_cap_itself_is_still_read() {
    let answer = |_| Some(vec![b'a'; MAX_ANSWER_BYTES].into_response());
    assert_eq!(asking(answer).await.unwrap().body.len(), MAX_ANSWER_BYTES);
    let longer = |_| Some(vec![b'a'; MAX_ANSWER_BYTES + 1].into_response());
    assert!(matches!(asking(longer).await, Err(CallError::TooLong)));
}

#[tokio::test]
async fn a_redirect_is_a_refusal_and_followed_nowhere() {
    for status in [301, 302, 303, 307, 308] {
        let answer = move |received: Received| {
            assert_ne!(received.path, "/elsewhere");
            let status = StatusCode::from_u16(status).unwrap();
            Some((status, [(header::LOCATION, "/elsewhere")]).into_response())
        };
        let failure = asking(answer).await.err();
        assert!(
            matches!(failure, Some(CallError::Redirect(_))),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let nobody = scripted::nobody().await;
    let no_tls = scripted::serve(|_| Some(().into_response())).await;
    let no_tls = BaseUrl::parse(&no_tls.as_str().replace("http:", "https:")).unwrap();
    for base in [nobody, no_tls] {
        let failure = ask(&base, &hasty()).await.err();
        assert!(
            matches!(failure, Some(CallError::Unreachable(_))),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn a_name_nobody_has_is_unreachable() {
    let base = BaseUrl::parse("https://nobody.invalid").unwrap();
    let failure = ask(&base, &hasty()).await.err();
    assert!(
        matches!(failure, Some(CallError::Unreachable(_))),
        "{failure:?}"
    );
}
