//! One call to Alchemy Pay's API: sign, send, take out of the envelope.
//!
//! The headers `appId`, `timestamp` and `sign` are all that proves who calls;
//! neither path nor body is signed.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use serde::Serialize;

use super::envelope;
use super::failure::ApiFailure;
use super::signature::AppSecret;
use crate::clock::Clock;
use crate::outward::{Answer, BaseUrl};
use crate::provider::ProviderError;
use crate::provider::call;
use crate::provider::skew::Skew;

const APP_ID: HeaderName = HeaderName::from_static("appid");
const TIMESTAMP: HeaderName = HeaderName::from_static("timestamp");
const SIGN: HeaderName = HeaderName::from_static("sign");

/// What a call came to.
pub(super) type Reply = call::Reply<ApiFailure>;

/// Calls Alchemy Pay in one partner's name.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) http: reqwest::Client,
    pub(super) api_url: BaseUrl,
    pub(super) app_id: String,
    pub(super) secret: AppSecret,
    pub(super) clock: Clock,
}

impl Client {
    /// An error the provider names is an outcome here.
    pub(super) async fn get(
        &self,
        path: &str,
        query: Option<&str>,
    ) -> Result<Reply, ProviderError> {
        let mut url = self.api_url.join(path);
        url.set_query(query);
        self.call(self.http.get(url)).await
    }

    /// Like [`Client::get`], with a body.
    pub(super) async fn post(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Reply, ProviderError> {
        let json = HeaderValue::from_static("application/json");
        let request = self.http.post(self.api_url.join(path));
        self.call(
            request
                .header(header::CONTENT_TYPE, json)
                .body(call::json(body)?),
        )
        .await
    }

    async fn call(&self, request: reqwest::RequestBuilder) -> Result<Reply, ProviderError> {
        let request = request.headers(self.headers()?);
        let open = |answer: &Answer| {
            Ok(Reply {
                outcome: envelope::open(&self.secret, answer.status, &answer.body)?,
                request_id: None,
                skew: Skew::told(answer, super::ABOUT.title, &self.clock),
            })
        };
        call::call(&self.http, &self.clock, request, open).await
    }

    fn headers(&self) -> Result<HeaderMap, ProviderError> {
        let timestamp = self.clock.now().0.to_string();
        let sign = self.secret.sign_call(&self.app_id, &timestamp);
        let sensitive = |value| call::sensitive(value, "app id");
        Ok(HeaderMap::from_iter([
            (APP_ID, sensitive(&self.app_id)?),
            (TIMESTAMP, sensitive(&timestamp)?),
            (SIGN, sensitive(&sign)?),
        ]))
    }
}
