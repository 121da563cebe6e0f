//! Pace: how often a provider is asked.
//!
//! Owns the rate: halved when the provider says that it is too much or when its
//! trouble grows, raised while answers come (AIMD), between one call a second and
//! a cap. It counts in thousandths of a call a second.

use std::time::Duration;

use tokio::time::Instant;

/// Calls a second to begin with.
const FIRST: u32 = 10;
/// Never slower than one call a second, in thousandths a second.
const LEAST: u32 = 1000;
/// What an answer adds, in thousandths a second: from 10 to 50 calls a second
/// takes under three minutes. Below the first pace it is half of what there is,
/// so that the end of an outage is soon the end of the wait.
const STEP: u32 = 10;
/// Calls that were under way together and fail together halve it once.
const ONCE_IN: Duration = Duration::from_secs(2);

/// A rate that follows what the provider bears.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Thousandths of a call a second.
    now: u32,
    most: u32,
    halved: Option<Instant>,
}

impl Pace {
    /// Begins at ten calls a second, or at the cap where that is less.
    pub fn up_to(most_per_second: u32) -> Self {
        let most = most_per_second.max(1).saturating_mul(1000);
        Self {
            now: most.min(FIRST * 1000),
            most,
            halved: None,
        }
    }

    /// Begins at the cap.
    pub fn at(per_second: u32) -> Self {
        let pace = Self::up_to(per_second);
        Self {
            now: pace.most,
            ..pace
        }
    }

    /// So many a minute, always.
    pub fn a_minute(count: u32) -> Self {
        let most = (u64::from(count.max(1)) * 1000 / 60).max(1);
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        Self {
            now: most,
            most,
            halved: None,
        }
    }

    /// The time from one call to the next.
    pub(super) fn interval(&self) -> Duration {
        Duration::from_secs(1000) / self.now
    }

    /// An answer came.
    pub(super) fn rise(&mut self) {
        let step = if self.now < FIRST * 1000 {
            self.now / 2
        } else {
            STEP
        };
        self.now = self.now.saturating_add(step).min(self.most);
    }

    /// The provider asked for fewer calls, or its trouble grows.
    pub(super) fn halve(&mut self, now: Instant) {
        let again = |last: Instant| now.saturating_duration_since(last) < ONCE_IN;
        if !self.halved.is_some_and(again) {
            self.halved = Some(now);
            self.now = (self.now / 2).max(LEAST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_at_ten_and_rises_slowly_to_its_cap() {
        let mut pace = Pace::up_to(50);
        assert_eq!(pace.interval(), Duration::from_millis(100));
        let (mut answers, mut took) = (0, Duration::ZERO);
        while pace.interval() > Duration::from_millis(20) {
            took += pace.interval();
            pace.rise();
            answers += 1;
        }
        assert_eq!(answers, 4000);
        assert!((120..180).contains(&took.as_secs()), "{took:?}");
        pace.rise();
        assert_eq!(pace.interval(), Duration::from_millis(20));
    }

    #[test]
    fn it_halves_once_for_what_fails_together_and_never_ends() {
        let (mut pace, mut now) = (Pace::at(4), Instant::now());
        pace.halve(now);
        pace.halve(now);
        assert_eq!(pace.interval(), Duration::from_millis(500));
        for _ in 0..9 {
            now += ONCE_IN;
            pace.halve(now);
        }
        assert_eq!(pace.interval(), Duration::from_secs(1));
        for _ in 0..4 {
            pace.rise();
        }
        assert_eq!(
            pace.interval(),
            Duration::from_millis(250),
            "and it is back soon"
        );
    }

    #[test]
    fn a_cap_below_ten_holds_from_the_beginning() {
        assert_eq!(Pace::up_to(4).interval(), Duration::from_millis(250));
        assert_eq!(Pace::up_to(0).interval(), Duration::from_secs(1));
    }
}
