//! One signed call to Allscale: sign, send, verify, take out of the envelope.
//!
//! Owns "Signing a request" and "Basics" of Allscale's guide. The body is
//! serialised once; those bytes are hashed and sent. Every failed call is
//! logged once, with the provider's request id and none of its words.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::envelope::{ApiFailure, Envelope};
use super::headers;
use super::response::{self, Asked};
use super::signature::{RequestParts, SigningKey};
use crate::clock::Clock;
use crate::ids::ForeignId;
use crate::outward::{self, Answer, BaseUrl};
use crate::provider::skew::{Skew, Watch};
use crate::provider::{ProviderError, call};

/// What is sent: a path below the base URL, and JSON where there is any.
pub(super) struct Call {
    method: Method,
    path: String,
    body: Bytes,
}

impl Call {
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            body: Bytes::new(),
        }
    }

    pub(super) fn post(path: &str, body: &impl Serialize) -> Result<Self, ProviderError> {
        let body = serde_json::to_vec(body)
            .map_err(|_| ProviderError::Refused("the request is no JSON".to_owned()))?;
        Ok(Self {
            method: Method::POST,
            path: path.to_owned(),
            body: body.into(),
        })
    }
}

/// What a call came to.
pub(super) struct Reply {
    pub(super) outcome: Result<Option<Box<RawValue>>, ApiFailure>,
    pub(super) request_id: Option<ForeignId>,
    /// The provider's clock (its `Date` header), in Unix seconds.
    pub(super) date: Option<i64>,
}

impl Reply {
    /// The payload of a success, as the call's documentation has it.
    pub(super) fn payload<T: DeserializeOwned>(self) -> Result<T, ProviderError> {
        let json = self.outcome?;
        json.and_then(|json| serde_json::from_str(json.get()).ok())
            .ok_or(ProviderError::Broken(
                "its payload is not what was asked for",
            ))
    }
}

/// Whoever can call Allscale in one store's name.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) http: reqwest::Client,
    pub(super) base_url: BaseUrl,
    pub(super) api_key: String,
    pub(super) key: SigningKey,
    pub(super) clock: Clock,
    pub(super) watch: Arc<Watch>,
    pub(super) signed_responses: bool,
}

impl Client {
    /// Makes one call; an error the provider names is an outcome here.
    pub(super) async fn call(&self, call: &Call) -> Result<Reply, ProviderError> {
        let url = self.base_url.join(&call.path);
        let asked = Asked {
            path: url.path(),
            nonce: &Uuid::new_v4().to_string(),
            body: &call.body,
        };
        let request = self
            .http
            .request(call.method.clone(), url.clone())
            .headers(self.headers(call, &asked)?)
            .body(call.body.clone());
        let answer = call::send(&self.http, request).await?;
        self.compare_clocks(&answer);
        let reply = self.open(&asked, &answer);
        log(answer.status, &reply);
        reply
    }

    /// A refused call tells the provider's time as well.
    fn compare_clocks(&self, answer: &Answer) {
        if let Some(theirs) = call::date(&answer.headers) {
            self.watch.see(Skew {
                whose: "Allscale",
                ahead: self.clock.now().seconds().saturating_sub(theirs),
            });
        }
    }

    fn headers(&self, call: &Call, asked: &Asked<'_>) -> Result<HeaderMap, ProviderError> {
        let timestamp = self.clock.now().seconds().to_string();
        let parts = RequestParts {
            method: call.method.as_str(),
            path: asked.path,
            query: "",
            timestamp: &timestamp,
            nonce: asked.nonce,
            body: asked.body,
        };
        let signature = self.key.sign(&parts.canonical());
        let json = HeaderValue::from_static("application/json");
        Ok(HeaderMap::from_iter([
            (header::CONTENT_TYPE, json),
            sensitive(headers::API_KEY, &self.api_key)?,
            sensitive(headers::TIMESTAMP, &timestamp)?,
            sensitive(headers::NONCE, asked.nonce)?,
            sensitive(headers::SIGNATURE, &signature)?,
        ]))
    }

    fn open(&self, asked: &Asked<'_>, answer: &Answer) -> Result<Reply, ProviderError> {
        if self.signed_responses {
            response::verify(&self.key, asked, answer, self.clock.now())?;
        }
        let envelope = Envelope::open(answer.status, &answer.body)?;
        Ok(Reply {
            outcome: envelope.outcome,
            request_id: envelope.request_id,
            date: call::date(&answer.headers),
        })
    }
}

/// A header that no `Debug` output shows.
fn sensitive(name: &'static str, value: &str) -> Result<(HeaderName, HeaderValue), ProviderError> {
    let value = outward::sensitive(value).ok_or_else(|| {
        ProviderError::Refused("the API key has characters that no header carries".to_owned())
    })?;
    Ok((HeaderName::from_static(name), value))
}

fn log(status: StatusCode, reply: &Result<Reply, ProviderError>) {
    let status = status.as_u16();
    match reply {
        Ok(reply) => {
            let id = reply.request_id.as_ref().map(ForeignId::as_str);
            match reply.outcome {
                Ok(_) => tracing::debug!(
                    http.status = status,
                    provider.request_id = id,
                    "call answered"
                ),
                Err(failure) => tracing::warn!(
                    http.status = status,
                    provider.request_id = id,
                    code = failure.code.number(),
                    "call failed: {}",
                    failure.code.explanation()
                ),
            }
        }
        Err(failure) => tracing::warn!(http.status = status, "call failed: {failure}"),
    }
}
