//! The stand-in as its clients meet it: over HTTP, on a port of its own.

mod cards;
mod misbehaviour;
mod payments;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{self, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::allscale::test_client::{Answer, Client};
use super::state::loopback_client;
use super::*;

const FIVE_DOLLARS: &str = r#"{"currency":1,"amount_cents":500,"order_id":"o-1","order_description":"<b>Bagel</b>","user_name":"Ada <3","redirect_url":"http://127.0.0.1:9/thanks/1","extra":{"source":"web"}}"#;

fn quick() -> Options {
    Options {
        step: Duration::ZERO,
        late: Duration::ZERO,
        retry_pause: Duration::ZERO,
        callback_pause: Duration::ZERO,
        ..Options::default()
    }
}

async fn start() -> (StandIn, Client) {
    let stand_in = StandIn::start(quick()).await.unwrap();
    let client = Client::of(&stand_in);
    (stand_in, client)
}

async fn open(client: &Client) -> String {
    let reply = client.post("/v1/checkout_intents/", FIVE_DOLLARS).await;
    let id = &reply.json()["payload"]["allscale_checkout_intent_id"];
    id.as_str().unwrap().to_owned()
}

type Webhooks = mpsc::UnboundedReceiver<http::Request<Bytes>>;

/// A merchant that answers webhooks with these statuses, then with 200.
async fn merchant(stand_in: &StandIn, answers: &'static [u16]) -> Webhooks {
    let (sender, received) = mpsc::unbounded_channel();
    let answers = Arc::new(Mutex::new(answers.iter().copied()));
    let answer = async move |request: Request| {
        let (head, body) = request.into_parts();
        let body = to_bytes(body, 65536).await.unwrap();
        sender.send(http::Request::from_parts(head, body)).ok();
        let status = answers.lock().unwrap().next().unwrap_or(200);
        StatusCode::from_u16(status).unwrap()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks/a?x=1", listener.local_addr().unwrap());
    let url = Some(url.parse().unwrap());
    stand_in.alchemy_pay.set_callback(url.clone());
    stand_in.allscale.set_webhook_url(url);
    let app = Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, app).await });
    received
}
