//! A merchant for the tests of the stand-in, and a browser beside it.

use std::time::Duration;

use axum::http::HeaderMap;
use serde_json::Value;
use uuid::Uuid;

use super::credentials::Credentials;
use super::signer::{RequestParts, ResponseParts, sign, verify};
use crate::StandIn;
use crate::desk::system_millis;

pub(crate) struct Client {
    http: reqwest::Client,
    base_url: String,
    credentials: Credentials,
}

/// An answer, with what is needed to check its signature.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    asked: (String, String, String),
    secret: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// Fresh, for the nonce asked with, and rightly signed.
    pub(crate) fn is_genuine(&self) -> bool {
        let header = |name| self.headers.get(name).map_or("", |v| v.to_str().unwrap());
        let (path, nonce, body) = &self.asked;
        let timestamp = header("x-response-timestamp");
        let canonical = ResponseParts {
            status: self.status,
            path,
            request_nonce: nonce,
            request_body: body.as_bytes(),
            timestamp,
            nonce: header("x-response-nonce"),
            body: self.text.as_bytes(),
        }
        .canonical();
        let age = (system_millis() / 1000) - timestamp.parse::<i64>().unwrap_or(0);
        let signed = verify(&self.secret, &canonical, header("x-response-signature"));
        signed && age.abs() < 60 && header("x-request-nonce") == nonce
    }
}

impl Client {
    pub(crate) fn of(stand_in: &StandIn) -> Self {
        Self {
            http: crate::desk::loopback_client().unwrap(),
            base_url: stand_in.base_url(),
            credentials: Credentials::new(stand_in.api_key(), stand_in.api_secret()),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.signed("GET", path, "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.signed("POST", path, body).await
    }

    async fn signed(&self, method: &str, path: &str, body: &str) -> Answer {
        let nonce = Uuid::new_v4().to_string();
        let secret = self.credentials.secret();
        let request = self.request(method, path, body, &nonce, secret);
        self.answer(request, (path, &nonce, body)).await
    }

    /// Signed with another secret.
    pub(crate) async fn forged(&self, path: &str) -> Answer {
        let nonce = Uuid::new_v4().to_string();
        let request = self.request("GET", path, "", &nonce, "st_other");
        self.answer(request, (path, &nonce, "")).await
    }

    /// `None` when no whole answer came in time.
    pub(crate) async fn try_post(&self, path: &str, body: &str, millis: u64) -> Option<String> {
        let nonce = Uuid::new_v4().to_string();
        let request = self.request("POST", path, body, &nonce, self.credentials.secret());
        let request = request.timeout(Duration::from_millis(millis));
        request.send().await.ok()?.text().await.ok()
    }

    pub(crate) async fn try_get(&self, path: &str) -> reqwest::Result<reqwest::Response> {
        let nonce = Uuid::new_v4().to_string();
        let secret = self.credentials.secret();
        self.request("GET", path, "", &nonce, secret).send().await
    }

    /// As a browser: unsigned.
    pub(crate) async fn browse(&self, path: &str) -> Answer {
        let request = self.http.get(format!("{}{path}", self.base_url));
        self.answer(request, (path, "", "")).await
    }

    pub(crate) async fn press(&self, path: &str) -> Answer {
        let request = self.http.post(format!("{}{path}", self.base_url));
        self.answer(request, (path, "", "")).await
    }

    pub(crate) async fn control(&self, path: &str, json: &str) -> Answer {
        let request = self.http.post(format!("{}{path}", self.base_url));
        let request = request
            .header("content-type", "application/json")
            .body(json.to_owned());
        self.answer(request, (path, "", "")).await
    }

    fn request(
        &self,
        method: &str,
        path: &str,
        body: &str,
        nonce: &str,
        secret: &str,
    ) -> reqwest::RequestBuilder {
        let timestamp = (system_millis() / 1000).to_string();
        let canonical = RequestParts {
            method,
            path,
            query: "",
            timestamp: &timestamp,
            nonce,
            body: body.as_bytes(),
        }
        .canonical();
        self.http
            .request(method.parse().unwrap(), format!("{}{path}", self.base_url))
            .header("x-api-key", self.credentials.key())
            .header("x-timestamp", timestamp)
            .header("x-nonce", nonce)
            .header("x-signature", sign(secret, &canonical))
            .body(body.to_owned())
    }

    async fn answer(
        &self,
        request: reqwest::RequestBuilder,
        (path, nonce, body): (&str, &str, &str),
    ) -> Answer {
        let response = request.send().await.unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
            asked: (path.to_owned(), nonce.to_owned(), body.to_owned()),
            secret: self.credentials.secret().to_owned(),
        }
    }
}
