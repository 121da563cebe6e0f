//! A messenger that makes one call: a POST with JSON. Any 2xx acknowledges it.

use std::time::Duration;

use async_trait::async_trait;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;
use url::Url;

use super::Messenger;
use crate::clock::{Clock, Millis};
use crate::notify::{DeliveryError, Notification};
use crate::outward::{self, Answer, NoRootCertificates, client_for};

/// A service that is told by one call.
pub(super) trait OneCall: Send + Sync {
    fn name(&self) -> &'static str;

    /// Whether it is on this machine.
    fn is_loopback(&self) -> bool;

    /// The call that tells it. Pure.
    fn call(&self, notification: &Notification, now: Millis) -> Call;
}

/// What is sent.
pub(super) struct Call {
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Call {
    /// A POST of `body`.
    pub(super) fn new(url: Url, body: &Value) -> Self {
        let json = HeaderValue::from_static("application/json");
        Self {
            url,
            headers: HeaderMap::from_iter([(header::CONTENT_TYPE, json)]),
            body: body.to_string().into_bytes(),
        }
    }

    pub(super) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

/// One such service, and the client to reach it.
pub(super) struct OverHttp<C> {
    service: C,
    http: reqwest::Client,
    clock: Clock,
}

impl<C: OneCall> OverHttp<C> {
    pub(super) fn new(service: C, clock: Clock) -> Result<Self, NoRootCertificates> {
        Ok(Self {
            http: client_for(service.is_loopback())?,
            service,
            clock,
        })
    }
}

#[async_trait]
impl<C: OneCall> Messenger for OverHttp<C> {
    fn name(&self) -> &'static str {
        self.service.name()
    }

    async fn send(&self, notification: &Notification) -> Result<(), DeliveryError> {
        let call = self.service.call(notification, self.clock.now());
        let request = self.http.post(call.url).headers(call.headers);
        let answer = outward::send(&self.http, request.body(call.body)).await?;
        acknowledged(&answer)
    }
}

fn acknowledged(answer: &Answer) -> Result<(), DeliveryError> {
    if answer.status.is_success() {
        return Ok(());
    }
    Err(DeliveryError {
        why: format!("status {}{}", answer.status.as_u16(), advice(answer.status)),
        wait: wait(&answer.headers),
    })
}

fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ": is its token or secret right?",
        StatusCode::NOT_FOUND | StatusCode::GONE => ": is its address still right?",
        _ => "",
    }
}

/// How long to wait, where the answer says so in seconds (some say it in
/// fractions).
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: u64 = seconds.parse().ok()?;
    let more = u64::from(!fraction.trim_matches('0').is_empty());
    Some(Duration::from_secs(whole.saturating_add(more)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: Option<&'static str>) -> Answer {
        let retry_after = retry_after.map(HeaderValue::from_static);
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: retry_after
                .map(|it| (header::RETRY_AFTER, it))
                .into_iter()
                .collect(),
            body: b"CANARY".to_vec(),
        }
    }

    #[test]
    fn any_2xx_acknowledges_and_nothing_else() {
        for status in [200, 201, 202, 204] {
            assert_eq!(acknowledged(&answer(status, None)), Ok(()));
        }
        for status in [304, 400, 401, 404, 410, 429, 500, 503] {
            let error = acknowledged(&answer(status, None)).unwrap_err();
            assert!(
                error.why.starts_with(&format!("status {status}")),
                "{error:?}"
            );
            assert!(!error.why.contains("CANARY"), "{error:?}");
        }
    }

    #[test]
    fn a_wait_is_read_in_seconds_and_never_too_short() {
        for (text, seconds) in [("7", Some(7)), ("0.35", Some(1)), ("2.0", Some(2))] {
            let error = acknowledged(&answer(429, Some(text))).unwrap_err();
            assert_eq!(error.wait, seconds.map(Duration::from_secs), "{text}");
        }
        for odd in ["", "soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT", "1e9"] {
            assert_eq!(
                acknowledged(&answer(429, Some(odd))).unwrap_err().wait,
                None
            );
        }
    }
}
