//! One call to a provider, by the rules of [`crate::outward`].
//!
//! Owns what the calls to each provider have in common: what is sent, the one
//! line about it in the log, which has none of the provider's words, and how long
//! a provider that wants fewer calls wants to be left alone.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::value::RawValue;
use tracing::{debug, warn};

use super::ProviderError;
use super::skew::{Skew, date};
use crate::budget::LONGEST_PAUSE;
use crate::clock::{Clock, Millis};
use crate::ids::ForeignId;
use crate::outward::{self, Answer, CallError};

/// What a call came to, once it is out of its envelope.
pub(super) struct Reply<F> {
    pub(super) outcome: Result<Option<Box<RawValue>>, F>,
    pub(super) request_id: Option<ForeignId>,
    /// How the clocks compare, where the provider told its own.
    pub(super) skew: Option<Skew>,
}

/// A failure that the provider names in its envelope.
pub(super) trait Failure {
    /// Its code, as a field of the log.
    fn code(&self) -> &dyn tracing::Value;

    /// What it means, in our own words.
    fn explanation(&self) -> String;

    /// Whether the provider wants fewer calls.
    fn is_too_many(&self) -> bool;

    /// Whether nothing is wrong.
    fn is_expected(&self) -> bool {
        false
    }
}

/// Sends `request` and takes the answer out of its envelope by `open`. A
/// failure that the provider names is an outcome here, but for one: where it
/// wants fewer calls, its `Retry-After` goes into the error.
pub(super) async fn call<F: Failure>(
    http: &reqwest::Client,
    clock: &Clock,
    request: reqwest::RequestBuilder,
    open: impl FnOnce(&Answer) -> Result<Reply<F>, ProviderError>,
) -> Result<Reply<F>, ProviderError> {
    let answer = outward::send(http, request).await.map_err(|error| {
        let cause = error.cause().map(tracing::field::display);
        let failure = ProviderError::from(error);
        warn!(cause, "call failed: {failure}");
        failure
    })?;
    let reply = open(&answer);
    log(answer.status, &reply);
    let too_many = match &reply {
        Ok(reply) => reply.outcome.as_ref().is_err_and(F::is_too_many),
        Err(failure) => matches!(failure, ProviderError::RateLimited(_)),
    };
    if too_many {
        return Err(ProviderError::RateLimited(retry_after(
            &answer.headers,
            clock.now(),
        )));
    }
    reply
}

/// `Retry-After` (RFC 9110, 10.2.3): seconds, or a date, by the clock of the
/// answer's own `Date`, or by ours. No pause is longer than a day.
fn retry_after(headers: &HeaderMap, now: Millis) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = if is_number {
        text.parse().unwrap_or(u64::MAX)
    } else {
        let theirs = date(headers, &header::DATE).unwrap_or(now.seconds());
        let until = date(headers, &header::RETRY_AFTER)?;
        u64::try_from(until.saturating_sub(theirs)).ok()?
    };
    Some(Duration::from_secs(seconds).min(LONGEST_PAUSE))
}

fn log<F: Failure>(status: StatusCode, reply: &Result<Reply<F>, ProviderError>) {
    let status = status.as_u16();
    let reply = match reply {
        Ok(reply) => reply,
        Err(failure) => return warn!(http.status = status, "call failed: {failure}"),
    };
    let id = reply.request_id.as_ref().map(ForeignId::as_str);
    match &reply.outcome {
        Ok(_) => debug!(
            http.status = status,
            provider.request_id = id,
            "call answered"
        ),
        Err(failure) if failure.is_expected() => debug!(
            http.status = status,
            provider.request_id = id,
            code = failure.code(),
            "{}",
            failure.explanation()
        ),
        Err(failure) => warn!(
            http.status = status,
            provider.request_id = id,
            code = failure.code(),
            "call failed: {}",
            failure.explanation()
        ),
    }
}

/// The body of a call.
pub(super) fn json(body: &impl Serialize) -> Result<Vec<u8>, ProviderError> {
    let no_json = |_| ProviderError::Refused("the request is no JSON".to_owned());
    serde_json::to_vec(body).map_err(no_json)
}

/// A header that no `Debug` output shows; `what` of the creator's is in it.
pub(super) fn sensitive(value: &str, what: &str) -> Result<HeaderValue, ProviderError> {
    let refused = || format!("the {what} has characters that no header carries");
    outward::sensitive(value).ok_or_else(|| ProviderError::Refused(refused()))
}

/// What an answer of `status` was that is not in the provider's envelope.
pub(super) fn no_envelope(status: StatusCode) -> ProviderError {
    match status {
        StatusCode::TOO_MANY_REQUESTS => ProviderError::RateLimited(None),
        StatusCode::REQUEST_TIMEOUT => ProviderError::Broken("it is a timeout"),
        status if status.is_client_error() => ProviderError::Refused(format!(
            "HTTP {} without an envelope: is the base URL right?",
            status.as_u16()
        )),
        StatusCode::INTERNAL_SERVER_ERROR => ProviderError::Failed,
        status if status.is_server_error() => ProviderError::Broken("it is a server error"),
        _ => ProviderError::Broken("it is no envelope"),
    }
}

impl From<CallError> for ProviderError {
    fn from(error: CallError) -> Self {
        match error {
            // A redirect was not processed, so it refuses.
            CallError::NotBuilt | CallError::Redirect(_) => Self::Refused(error.to_string()),
            CallError::Unreachable(_) => Self::Unreachable,
            CallError::TooSlow => Self::TooSlow,
            CallError::Cut(_) => Self::Broken("it ended in the middle"),
            CallError::TooLong => Self::Broken("it is longer than 256 KiB"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_have_been_done_leaves_the_outcome_open() {
        for (error, open) in [
            (CallError::NotBuilt, false),
            (CallError::Redirect(307), false),
            (CallError::Unreachable(None), false),
            (CallError::TooSlow, true),
            (CallError::Cut(None), true),
            (CallError::TooLong, true),
        ] {
            let failure = ProviderError::from(error);
            assert_eq!(failure.leaves_outcome_open(), open, "{error:?}");
        }
    }

    #[test]
    fn a_provider_says_how_long_to_wait_in_seconds_or_by_a_date() {
        let date = "Tue, 01 Dec 2026 08:00:00 GMT";
        let a_day = 24 * 60 * 60;
        for (text, seconds) in [
            ("86401", Some(a_day)),
            ("99999999999999999999", Some(a_day)),
            ("Tue, 01 Dec 2099 08:00:00 GMT", Some(a_day)),
            ("+7", None),
            ("", None),
            ("7", Some(7)),
            ("0", Some(0)),
            ("Tue, 01 Dec 2026 08:01:30 GMT", Some(90)),
            ("Tue, 01 Dec 2026 07:00:00 GMT", None),
            ("-1", None),
            ("soon", None),
            ("1.5", None),
        ] {
            let headers = [(header::DATE, date), (header::RETRY_AFTER, text)];
            let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
            let wait = retry_after(&HeaderMap::from_iter(headers), Millis(0));
            assert_eq!(wait, seconds.map(Duration::from_secs), "{text}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), Millis(0)), None);
        // Without a date of its own, by our clock: a minute before.
        let until = HeaderValue::from_static("Tue, 01 Dec 2026 08:00:00 GMT");
        let headers = HeaderMap::from_iter([(header::RETRY_AFTER, until)]);
        let wait = retry_after(&headers, Millis(1_796_111_940_000));
        assert_eq!(wait, Some(Duration::from_mins(1)));
    }
}
