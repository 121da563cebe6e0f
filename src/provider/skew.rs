//! The clocks: how this machine's compares with a provider's.
//!
//! Signatures carry the time, so both must agree: when they do not, every genuine
//! webhook looks stale, and [`Watch`] tells the log why.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, header};
use tokio::time::Instant;
use tracing::warn;

use super::Finding;
use crate::clock::Clock;
use crate::outward::Answer;

/// Beyond this many seconds signatures and webhooks are refused.
const MOST: u64 = 300;
/// A difference of so many seconds is harmless.
const FINE: u64 = 30;
/// From one warning in the log to the next.
const PAUSE: Duration = Duration::from_mins(10);

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
        let theirs = date(&answer.headers, &header::DATE)?;
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

/// A header's date, in seconds since 1970: one of e-mail's, with GMT as its zone.
pub(super) fn date(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    let text = headers.get(name)?.to_str().ok()?;
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    Some(parser.parse_timestamp(text).ok()?.as_second())
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
