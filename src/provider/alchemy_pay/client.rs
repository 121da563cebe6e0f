//! One call to Alchemy Pay's API: sign, send, take out of the envelope.
//!
//! The headers `appId`, `timestamp` and `sign` are all that proves who calls;
//! neither path nor body is signed. Every failed call is logged once, with the
//! provider's code and none of its words.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use super::envelope::{self, Outcome};
use super::signature::AppSecret;
use crate::clock::Clock;
use crate::outward::{self, BaseUrl};
use crate::provider::{ProviderError, call};

const APP_ID: HeaderName = HeaderName::from_static("appid");
const TIMESTAMP: HeaderName = HeaderName::from_static("timestamp");
const SIGN: HeaderName = HeaderName::from_static("sign");

/// What a call came to.
pub(super) struct Reply {
    pub(super) outcome: Outcome,
    /// The provider's clock, in Unix seconds, where it told it.
    pub(super) date: Option<i64>,
}

/// Whoever can call Alchemy Pay in one partner's name.
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
    pub(super) async fn get(&self, path: &str, query: &str) -> Result<Reply, ProviderError> {
        let mut url = self.api_url.join(path);
        url.set_query(Some(query));
        self.call(self.http.get(url)).await
    }

    /// Like [`Client::get`], with a body.
    pub(super) async fn post(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<Reply, ProviderError> {
        let body = serde_json::to_vec(body)
            .map_err(|_| ProviderError::Refused("the request is no JSON".to_owned()))?;
        let json = HeaderValue::from_static("application/json");
        let request = self.http.post(self.api_url.join(path));
        self.call(request.header(header::CONTENT_TYPE, json).body(body))
            .await
    }

    async fn call(&self, request: reqwest::RequestBuilder) -> Result<Reply, ProviderError> {
        let request = request.headers(self.headers()?);
        let answer = call::send(&self.http, request).await?;
        let outcome = envelope::open(&self.secret, answer.status, &answer.body);
        log(answer.status, &outcome);
        Ok(Reply {
            outcome: outcome?,
            date: call::date(&answer.headers),
        })
    }

    fn headers(&self) -> Result<HeaderMap, ProviderError> {
        let timestamp = self.clock.now().0.to_string();
        let sign = self.secret.sign_call(&self.app_id, &timestamp);
        Ok(HeaderMap::from_iter([
            (APP_ID, sensitive(&self.app_id)?),
            (TIMESTAMP, sensitive(&timestamp)?),
            (SIGN, sensitive(&sign)?),
        ]))
    }
}

fn sensitive(value: &str) -> Result<HeaderValue, ProviderError> {
    outward::sensitive(value).ok_or_else(|| {
        ProviderError::Refused("the app id has characters that no header carries".to_owned())
    })
}

fn log(status: StatusCode, outcome: &Result<Outcome, ProviderError>) {
    let status = status.as_u16();
    match outcome {
        Ok(Ok(_)) => tracing::debug!(http.status = status, "call answered"),
        // An order is not known before its link is opened: nothing is wrong.
        Ok(Err(failure)) if failure.kind == envelope::Kind::UnknownOrder => {
            tracing::debug!(http.status = status, code = failure.code, "order not known");
        }
        Ok(Err(failure)) => tracing::warn!(
            http.status = status,
            code = failure.code,
            "call failed: {}",
            ProviderError::from(failure.clone())
        ),
        Err(failure) => tracing::warn!(http.status = status, "call failed: {failure}"),
    }
}
