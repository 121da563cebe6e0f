//! One signed call to Allscale: sign, send, verify, take out of the envelope.
//!
//! Owns "Signing a request", "Basics" and "Response signing" of Allscale's
//! guide. The body is serialised once; those bytes are hashed and sent. Where
//! the store has switched response signing on, a reply that is unsigned,
//! wrongly signed, stale or meant for another request is refused, an error's
//! reply as well, and nothing of its body is decoded before.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::envelope::{ApiFailure, Envelope};
use super::signature::{self, RequestParts, ResponseParts, SigningKey, is_fresh, read_timestamp};
use crate::clock::Clock;
use crate::outward::{Answer, BaseUrl};
use crate::provider::ProviderError;
use crate::provider::call;
use crate::provider::skew::{Skew, Watch};

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
        Ok(Self {
            method: Method::POST,
            path: path.to_owned(),
            body: call::json(body)?.into(),
        })
    }
}

/// What a call came to.
pub(super) type Reply = call::Reply<ApiFailure>;

/// The payload of a success, as the call's documentation has it.
pub(super) fn payload<T: DeserializeOwned>(reply: Reply) -> Result<T, ProviderError> {
    let json = reply.outcome?;
    json.and_then(|json| serde_json::from_str(json.get()).ok())
        .ok_or(ProviderError::Broken(
            "its payload is not what was asked for",
        ))
}

/// What a reply has to be an answer to.
struct Asked<'a> {
    path: &'a str,
    nonce: &'a str,
    body: &'a [u8],
}

/// Calls Allscale in one store's name.
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
        let open = |answer: &Answer| self.open(&asked, answer);
        call::call(&self.http, &self.clock, request, open).await
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
            sensitive(signature::API_KEY, &self.api_key)?,
            sensitive(signature::TIMESTAMP, &timestamp)?,
            sensitive(signature::NONCE, asked.nonce)?,
            sensitive(signature::SIGNATURE, &signature)?,
        ]))
    }

    fn open(&self, asked: &Asked<'_>, answer: &Answer) -> Result<Reply, ProviderError> {
        // A refused call tells the provider's time as well.
        let skew = Skew::told(answer, super::ABOUT.title, &self.clock);
        skew.map(|skew| self.watch.see(skew));
        if self.signed_responses {
            self.verify(asked, answer)?;
        }
        let envelope = Envelope::open(answer.status, &answer.body)?;
        Ok(Reply {
            outcome: envelope.outcome,
            request_id: envelope.request_id,
            skew,
        })
    }

    /// Refuses an `answer` that is not signed as the one to `asked`.
    fn verify(&self, asked: &Asked<'_>, answer: &Answer) -> Result<(), ProviderError> {
        let header = |name| {
            signature::single(&answer.headers, name)
                .ok_or(ProviderError::Broken("it is not signed"))
        };
        let timestamp = header(signature::RESPONSE_TIMESTAMP)?;
        let parts = ResponseParts {
            status: answer.status.as_u16(),
            path: asked.path,
            request_nonce: asked.nonce,
            request_body: asked.body,
            timestamp,
            nonce: header(signature::RESPONSE_NONCE)?,
            body: &answer.body,
        };
        // The signature covers our own nonce; the echo only tells the two faults apart.
        let mut echoes = answer.headers.get_all(signature::REQUEST_NONCE).iter();
        if echoes.any(|echo| echo != asked.nonce) {
            return Err(ProviderError::Broken("it answers another request"));
        }
        if !self
            .key
            .verifies(&parts.canonical(), header(signature::RESPONSE_SIGNATURE)?)
        {
            return Err(ProviderError::Broken("its signature is wrong"));
        }
        match read_timestamp(timestamp) {
            Some(at) if is_fresh(at, self.clock.now()) => Ok(()),
            _ => Err(ProviderError::Broken(
                "its signature is stale: is this machine's clock right?",
            )),
        }
    }
}

fn sensitive(name: &'static str, value: &str) -> Result<(HeaderName, HeaderValue), ProviderError> {
    Ok((
        HeaderName::from_static(name),
        call::sensitive(value, "API key")?,
    ))
}
