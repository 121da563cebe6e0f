//! One call to a provider, by the rules of [`crate::outward`].
//!
//! Owns what the calls to each provider have in common: what is sent, the one
//! line about it in the log, which has none of the provider's words, and how
//! the clocks compare. Signatures carry the time, so both clocks must agree:
//! when they do not, every genuine webhook looks stale, and [`Watch`] tells the
//! log why.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::time::Instant;
use tracing::{debug, warn};

use super::{Finding, ProviderError};
use crate::clock::Clock;
use crate::ids::ForeignId;
use crate::outward::{self, Answer, CallError};

/// Beyond this many seconds signatures and webhooks are refused.
const MOST: u64 = 300;
/// A difference of so many seconds is harmless.
const FINE: u64 = 30;
/// From one warning in the log to the next.
const PAUSE: Duration = Duration::from_mins(10);

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

    /// Whether nothing is wrong.
    fn is_expected(&self) -> bool {
        false
    }
}

/// Sends `request` and takes the answer out of its envelope by `open`. A
/// failure that the provider names is an outcome here.
pub(super) async fn call<F: Failure>(
    http: &reqwest::Client,
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
    reply
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

/// How this machine's clock compares with a provider's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Skew {
    /// The provider, as it writes its own name.
    pub(super) whose: &'static str,
    /// How many seconds this machine is ahead.
    pub(super) ahead: i64,
}

impl Skew {
    /// By the clock that `whose` answer tells (its `Date` header).
    pub(super) fn told(answer: &Answer, whose: &'static str, clock: &Clock) -> Option<Self> {
        let text = answer.headers.get(header::DATE)?.to_str().ok()?;
        // A header's date is one of e-mail's, with GMT as its zone.
        let parser = jiff::fmt::rfc2822::DateTimeParser::new();
        let theirs = parser.parse_timestamp(text).ok()?.as_second();
        let ahead = clock.now().seconds().saturating_sub(theirs);
        Some(Self { whose, ahead })
    }

    /// The clock as one of the things that a refused signature can be.
    pub(super) fn suspected(skew: Option<Self>) -> String {
        match skew {
            Some(skew) if skew.is_fatal() => format!("{skew}: THIS IS IT, set it right (NTP)"),
            Some(skew) => skew.to_string(),
            None => "compare this machine's clock with `date -u` elsewhere".to_owned(),
        }
    }

    /// Whether signatures are refused for it.
    pub(super) fn is_fatal(self) -> bool {
        self.ahead.unsigned_abs() > MOST
    }

    /// With what to do about it.
    pub(super) fn judged(self) -> Finding {
        if self.is_fatal() {
            Finding::Bad(format!(
                "{self}. Set it right (NTP): signatures are refused and webhooks look stale"
            ))
        } else if self.ahead.unsigned_abs() > FINE {
            Finding::Warning(format!(
                "{self}. Set it right (NTP): beyond {MOST} s nothing works"
            ))
        } else {
            Finding::Good(self.to_string())
        }
    }
}

impl fmt::Display for Skew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { whose, ahead } = self;
        match ahead {
            -5..=5 => write!(f, "This machine's clock agrees with {whose}'s"),
            6.. => write!(f, "This machine's clock is {ahead} s ahead of {whose}'s"),
            _ => {
                let behind = ahead.unsigned_abs();
                write!(f, "This machine's clock is {behind} s behind {whose}'s")
            }
        }
    }
}

/// Is shown every comparison, and remembers when it last warned.
#[derive(Debug, Default)]
pub(super) struct Watch(Mutex<Option<Instant>>);

impl Watch {
    /// Warns of clocks that differ, though not each time; true when it did.
    pub(super) fn see(&self, skew: Skew) -> bool {
        let warns = skew.ahead.unsigned_abs() > FINE && self.is_due();
        if warns {
            warn!(
                "is the clock right? {skew}. Set it right (NTP): webhooks look stale beyond \
                 {MOST} s, and signatures are refused"
            );
        }
        warns
    }

    fn is_due(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| last.elapsed() >= PAUSE);
        if due {
            *last = Some(Instant::now());
        }
        due
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

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_wrong_is_told_now_and_then() {
        let watch = Watch::default();
        let see = |ahead| {
            let whose = "Allscale";
            watch.see(Skew { whose, ahead })
        };
        assert!(!see(30), "nothing to do about");
        assert!(see(360));
        assert!(!see(360), "the log knows");
        tokio::time::advance(PAUSE).await;
        assert!(see(-31));
    }
}
