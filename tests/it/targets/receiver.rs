//! Receiver: a target over HTTP that records every request, and answers as a
//! test likes.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tower::service_fn;

/// An answer; the usual one is 200.
#[derive(Clone)]
pub(crate) enum Answer {
    Status(u16),
    /// 429, and how long to wait.
    Wait(&'static str),
    Redirect(u16, String),
    Never,
}

/// What was said.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Heard {
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/json");
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Clone, Default)]
pub(crate) struct Receiver {
    /// Without a slash at its end.
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    answers: Arc<Mutex<VecDeque<Answer>>>,
}

impl Receiver {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            ..Self::default()
        };
        let own = receiver.clone();
        let service = service_fn(move |request: Request| {
            let own = own.clone();
            async move { Ok::<_, Infallible>(own.hear(request).await) }
        });
        let app = Router::new().fallback_service(service);
        tokio::spawn(async move { axum::serve(listener, app).await });
        receiver
    }

    async fn hear(&self, request: Request<Body>) -> Response {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        assert_eq!(parts.method, "POST");
        self.heard.lock().unwrap().push(Heard {
            target: parts.uri.to_string(),
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
        let answer = self.answers.lock().unwrap().pop_front();
        match answer.unwrap_or(Answer::Status(200)) {
            Answer::Status(status) => {
                (StatusCode::from_u16(status).unwrap(), "FOREIGN").into_response()
            }
            Answer::Wait(time) => {
                let wait = [(header::RETRY_AFTER, time)];
                (StatusCode::TOO_MANY_REQUESTS, wait).into_response()
            }
            Answer::Redirect(status, to) => {
                let status = StatusCode::from_u16(status).unwrap();
                (status, [(header::LOCATION, to)]).into_response()
            }
            Answer::Never => future::pending().await,
        }
    }

    /// The answers to come, in their order.
    pub(crate) fn will_answer(&self, answers: &[Answer]) {
        self.answers.lock().unwrap().extend(answers.iter().cloned());
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    /// The one thing it was told.
    pub(crate) fn only(&self) -> Heard {
        let heard = self.heard();
        assert_eq!(heard.len(), 1, "{heard:?}");
        heard[0].clone()
    }
}
