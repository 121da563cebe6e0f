//! Alchemy Pay: signatures by the vectors, links, webhooks, and the client
//! against scripted answers on loopback.

mod checkups;
mod links;
mod notices;
mod queries;
mod vectors;
mod webhooks;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::signature::Parameters;
use super::*;
use crate::donation::{DonationId, Request};
use crate::money::{Cents, Money};
use crate::outward::scripted::{self, Received};
use crate::report::Charged;

const APP_ID: &str = "app0id";
const SECRET: &str = "app_secret_CANARY";
const NOW: Millis = Millis(1_763_776_800_123);

fn settings(api_url: BaseUrl) -> Settings {
    Settings {
        app_id: APP_ID.to_owned(),
        app_secret: SECRET.into(),
        checkout_url: BaseUrl::parse("https://checkout.example").unwrap(),
        api_url,
        public_url: PublicUrl::parse("https://bagel.example/tips").unwrap(),
        merchant: "Ada".to_owned(),
        currency: Currency::Usd,
        bounds: Currency::Usd.default_bounds(),
    }
}

fn provider(settings: Settings) -> AlchemyPay {
    let http = crate::outward::client().unwrap();
    AlchemyPay::new(settings, Clock::manual(NOW), http)
}

/// A partner whose provider is never called.
fn uncalled() -> AlchemyPay {
    provider(settings(BaseUrl::parse("https://api.example").unwrap()))
}

/// A partner whose provider answers as `script` says.
async fn partner(
    script: impl Fn(Received) -> Option<Response> + Clone + Send + Sync + 'static,
) -> AlchemyPay {
    provider(settings(scripted::serve(script).await))
}

/// A partner whose every call gets this answer.
async fn answering(status: u16, body: &str) -> AlchemyPay {
    let answer = (StatusCode::from_u16(status).unwrap(), body.to_owned());
    partner(move |_| Some(answer.clone().into_response())).await
}

/// A success with this data.
fn success(data: &Value) -> String {
    json!({"success": true, "returnCode": "0000", "returnMsg": "SUCCESS", "extend": "",
        "data": data})
    .to_string()
}

/// A failure in these words.
fn failure(code: &str, text: &str) -> String {
    json!({"success": false, "returnCode": code, "returnMsg": text, "extend": "", "data": null})
        .to_string()
}

const UNKNOWN: &str = "order does not exist";

/// What the query tells of five dollars for `order`, in this state.
fn trade(order: &str, status: &str) -> Value {
    json!({"amount": "5.00", "fiat": "USD", "orderNo": "994864610797428736",
        "payTime": "2025-11-22 02:01:00", "payType": "CREDIT_CARD", "type": "MARKET",
        "name": "Buy Ada a bagel", "quantity": "1", "uniqueId": order, "appId": APP_ID,
        "merchantOrderNo": order, "message": "", "status": status})
}

fn secret() -> AppSecret {
    AppSecret::new(SECRET.into())
}

/// The body of a webhook that says `fields` and is signed.
fn signed(fields: &Value) -> Value {
    let parameters: Parameters = serde_json::from_value(fields.clone()).unwrap();
    let mut body = fields.clone();
    body["signature"] = secret().sign(&parameters).into();
    body
}

/// What becomes of a webhook with this body.
fn judge(body: &[u8]) -> Result<Event, WebhookRefusal> {
    webhook::verify(&secret(), APP_ID, body)
}

fn five(currency: Currency) -> Money {
    Money {
        cents: Cents(500),
        currency,
    }
}

fn donation(currency: Currency) -> NewDonation {
    NewDonation {
        id: DonationId::random(),
        created_at: NOW,
        request: Request::anonymous(five(currency)),
        provider: NAME,
    }
}

#[test]
fn settings_show_no_credentials() {
    let settings = settings(BaseUrl::parse("https://api.example").unwrap());
    let shown = format!("{settings:?}");
    assert!(
        !shown.contains("CANARY") && !shown.contains(APP_ID),
        "{shown}"
    );
    assert!(!format!("{:?}", secret()).contains("CANARY"));
}
