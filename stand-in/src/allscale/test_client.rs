//! For the tests of the stand-in: a merchant at Allscale, and a browser.

use std::time::Duration;

use axum::http::HeaderMap;
use serde_json::Value;
use uuid::Uuid;

use super::signer::{RequestParts, sign};
use crate::StandIn;
use crate::state::{loopback_client, system_millis};

pub(crate) struct Client {
    http: reqwest::Client,
    base_url: String,
    key: String,
    secret: String,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

impl Client {
    pub(crate) fn of(stand_in: &StandIn) -> Self {
        Self {
            http: loopback_client().unwrap(),
            base_url: stand_in.base_url(),
            key: stand_in.allscale.key().to_owned(),
            secret: stand_in.allscale.secret().to_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        answer(self.signed("GET", path, "")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        answer(self.signed("POST", path, body)).await
    }

    /// `None` when no whole answer came in time.
    pub(crate) async fn try_post(&self, path: &str, body: &str, millis: u64) -> Option<String> {
        let request = self.signed("POST", path, body);
        let request = request.timeout(Duration::from_millis(millis));
        request.send().await.ok()?.text().await.ok()
    }

    pub(crate) async fn try_get(&self, path: &str) -> reqwest::Result<reqwest::Response> {
        self.signed("GET", path, "").send().await
    }

    /// As a browser: unsigned.
    pub(crate) async fn browse(&self, path: &str) -> Answer {
        answer(self.http.get(format!("{}{path}", self.base_url))).await
    }

    pub(crate) async fn press(&self, path: &str) -> Answer {
        answer(self.http.post(format!("{}{path}", self.base_url))).await
    }

    pub(crate) async fn control(&self, path: &str, json: &str) -> Answer {
        let request = self.http.post(format!("{}{path}", self.base_url));
        let request = request.header("content-type", "application/json");
        answer(request.body(json.to_owned())).await
    }

    fn signed(&self, method: &str, path: &str, body: &str) -> reqwest::RequestBuilder {
        let timestamp = (system_millis() / 1000).to_string();
        let nonce = Uuid::new_v4().to_string();
        let canonical = RequestParts {
            method,
            path,
            query: "",
            timestamp: &timestamp,
            nonce: &nonce,
            body: body.as_bytes(),
        }
        .canonical();
        self.http
            .request(method.parse().unwrap(), format!("{}{path}", self.base_url))
            .header("x-api-key", &self.key)
            .header("x-timestamp", timestamp)
            .header("x-nonce", nonce)
            .header("x-signature", sign(&self.secret, &canonical))
            .body(body.to_owned())
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}
