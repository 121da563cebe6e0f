//! The time, as a value passed in.
//!
//! Owns the only read of the system clock. Wall time is untrusted: it may jump
//! either way, so arithmetic on it saturates, and timeouts and limits run on
//! the runtime's monotonic clock instead.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch, as every time is stored.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Millis(pub i64);

impl Millis {
    /// Whole seconds since the epoch, as Allscale signs them.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This time and `duration` after it.
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(millis(duration)))
    }

    /// This time and `duration` before it.
    pub fn before(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(millis(duration)))
    }

    /// For people, to the minute: `2025-11-22 02:00 UTC`.
    pub fn minute(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            Err(_) => self.to_string(),
        }
    }
}

/// ISO 8601 in UTC, to the millisecond.
impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(time) => write!(f, "{time:.3}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Where the time comes from: the system, or a test's hand.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    #[default]
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `start` until [`Clock::advance`] moves it.
    pub fn manual(start: Millis) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(start.0)))
    }

    /// The time now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one read of the system clock"
    )]
    pub fn now(&self) -> Millis {
        match self {
            Self::System => Millis(
                SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .map_or(0, millis),
            ),
            Self::Manual(time) => Millis(time.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock on; the system's clock is not ours to move.
    pub fn advance(&self, by: Duration) {
        if let Self::Manual(time) = self {
            time.fetch_add(millis(by), Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_iso_dates() {
        assert_eq!(
            Millis(1_763_776_800_500).to_string(),
            "2025-11-22T02:00:00.500Z"
        );
    }

    #[test]
    fn shows_minutes() {
        let at = Millis(1_763_776_800_500);
        assert_eq!(at.minute(), "2025-11-22 02:00 UTC");
        assert_eq!(Millis(i64::MAX).minute(), Millis(i64::MAX).to_string());
    }

    #[test]
    fn saturates_at_the_ends_of_time() {
        assert_eq!(Millis(i64::MAX).after(Duration::MAX), Millis(i64::MAX));
        assert_eq!(Millis(i64::MIN).before(Duration::MAX), Millis(i64::MIN));
    }
}
