//! Calls to a provider, by the rules of [`crate::outward`].
//!
//! What goes wrong with one is logged once here and leaves as a
//! [`ProviderError`].

use axum::http::{HeaderMap, StatusCode, header};

use super::ProviderError;
use crate::outward::{self, Answer, CallError};

/// Sends `request` and reads the answer.
pub(super) async fn send(
    client: &reqwest::Client,
    request: reqwest::RequestBuilder,
) -> Result<Answer, ProviderError> {
    outward::send(client, request).await.map_err(|error| {
        let cause = error.cause().map(tracing::field::display);
        let failure = ProviderError::from(error);
        tracing::warn!(cause, "call failed: {failure}");
        failure
    })
}

/// The other side's clock (its `Date` header), in Unix seconds.
pub(super) fn date(headers: &HeaderMap) -> Option<i64> {
    let text = headers.get(header::DATE)?.to_str().ok()?;
    // A header's date is one of e-mail's, with GMT as its zone.
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    parser
        .parse_timestamp(text)
        .ok()
        .map(jiff::Timestamp::as_second)
}

/// What an answer of `status` was that is not in the provider's envelope.
pub(super) fn no_envelope(status: StatusCode) -> ProviderError {
    match status {
        StatusCode::TOO_MANY_REQUESTS => ProviderError::RateLimited,
        StatusCode::REQUEST_TIMEOUT => ProviderError::Broken("it is a timeout"),
        status if status.is_client_error() => ProviderError::Refused(format!(
            "HTTP {} without an envelope: is the base URL right?",
            status.as_u16()
        )),
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
}
