//! A creator with two targets, a webhook and ntfy, who refuses some attempts and
//! counts what was acknowledged.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use tokio::net::TcpListener;

/// Of so many attempts one is not acknowledged.
const REFUSED: usize = 20;

/// The deliveries to one target.
#[derive(Default)]
pub(crate) struct Ear {
    attempts: AtomicUsize,
    acknowledged: Mutex<Vec<Told>>,
}

struct Told {
    /// The webhook's id, where there is one.
    id: String,
    /// What the supporter wrote, which differs from donation to donation.
    message: String,
}

pub(crate) struct Creator {
    url: String,
    pub(crate) webhook: Arc<Ear>,
    pub(crate) ntfy: Arc<Ear>,
}

impl Creator {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (webhook, ntfy) = (Arc::<Ear>::default(), Arc::<Ear>::default());
        let routes = Router::new()
            .route("/hook", post(hear).with_state(Arc::clone(&webhook)))
            .route("/", post(hear).with_state(Arc::clone(&ntfy)));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, webhook, ntfy }
    }

    /// The settings of programs that notify this creator.
    pub(crate) fn settings(&self) -> [(&'static str, String); 3] {
        let secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
        [
            ("BAGEL_NOTIFY_WEBHOOK_URL", format!("{}/hook", self.url)),
            ("BAGEL_NOTIFY_WEBHOOK_SECRET", secret.to_owned()),
            ("BAGEL_NOTIFY_NTFY_URL", format!("{}/bagels", self.url)),
        ]
    }
}

async fn hear(State(ear): State<Arc<Ear>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if ear.attempts.fetch_add(1, SeqCst) % REFUSED == 1 {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let id = headers.get("webhook-id");
    let body: Value = serde_json::from_slice(&body).unwrap();
    let message = body.pointer("/data/message").unwrap_or(&body["message"]);
    ear.acknowledged.lock().unwrap().push(Told {
        id: id.map_or("", |id| id.to_str().unwrap()).to_owned(),
        message: message.as_str().unwrap().to_owned(),
    });
    StatusCode::NO_CONTENT
}

impl Ear {
    /// How many donations it was notified of.
    pub(crate) fn donations(&self) -> usize {
        let told = self.acknowledged.lock().unwrap();
        let messages: HashSet<_> = told.iter().map(|it| &it.message).collect();
        messages.len()
    }

    /// How many ids they came under.
    pub(crate) fn ids(&self) -> usize {
        let told = self.acknowledged.lock().unwrap();
        let ids: HashSet<_> = told.iter().map(|it| &it.id).collect();
        ids.len()
    }

    /// How often it acknowledged what it had acknowledged before.
    pub(crate) fn repeats(&self) -> usize {
        let acknowledged = self.acknowledged.lock().unwrap().len();
        acknowledged - self.donations()
    }
}
