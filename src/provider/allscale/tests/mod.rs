//! Allscale: signatures by the vectors, webhooks, and the client against
//! scripted answers on loopback.

mod intents;
mod numbers;
mod replies;
mod signatures;
mod webhooks;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::*;
use crate::donation::{DonationId, Request};
use crate::money::{Cents, Money};
use crate::outward::scripted::{self, Received};

const SECRET: &str = "st_secret_CANARY";
const NOW: i64 = 1_763_776_800;

fn settings(base_url: BaseUrl) -> Settings {
    Settings {
        base_url,
        api_key: "st_key".to_owned(),
        api_secret: SECRET.to_owned().into(),
        currency: Currency::Usd,
        stable_coins: vec![StableCoin::Usdt],
        signed_responses: false,
    }
}

fn provider(settings: Settings) -> Allscale {
    let clock = Clock::manual(Millis(NOW * 1000));
    Allscale::new(settings, clock, crate::outward::client().unwrap())
}

/// A store whose provider answers as `script` says.
async fn store(
    script: impl Fn(Received) -> Option<Response> + Clone + Send + Sync + 'static,
) -> Allscale {
    provider(settings(scripted::serve(script).await))
}

/// A store whose every call gets this answer.
async fn answering(status: u16, body: &str) -> Allscale {
    let answer = (StatusCode::from_u16(status).unwrap(), body.to_owned());
    store(move |_| Some(answer.clone().into_response())).await
}

/// A success with this payload.
fn success(payload: &Value) -> String {
    json!({"code": 0, "payload": payload, "error": null, "request_id": "req_1"}).to_string()
}

fn intent() -> ForeignId {
    ForeignId::clean("65b2f3d0d2d9c0a1b2c3d4e5").unwrap()
}

fn donation(currency: Currency) -> NewDonation {
    NewDonation {
        id: DonationId::random(),
        created_at: Millis(NOW * 1000),
        request: Request::anonymous(Money {
            cents: Cents(500),
            currency,
        }),
        provider: NAME,
    }
}
