//! A pause that a provider asked for: until it is over, it is not called.
//!
//! Owns the one time it ends at. Nobody waits in it: who comes meanwhile hears how
//! much of it is left.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// None has begun, or it ends at this time.
#[derive(Debug, Default)]
pub(super) struct Pause(Mutex<Option<Instant>>);

impl Pause {
    /// Begins, or goes on where it would have ended before.
    pub(super) fn begin(&self, wait: Duration) {
        let mut ends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *ends = (*ends).max(Some(Instant::now() + wait));
    }

    /// How much of it is left; `None` where it is over.
    pub(super) fn left(&self) -> Option<Duration> {
        let ends = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = ends?.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_lasts_as_long_as_the_longest_that_was_asked_for() {
        let (pause, second) = (Pause::default(), Duration::from_secs(1));
        assert_eq!(pause.left(), None);
        pause.begin(second * 3);
        pause.begin(second);
        assert_eq!(pause.left(), Some(second * 3));
        tokio::time::advance(second * 2).await;
        assert_eq!(pause.left(), Some(second));
        tokio::time::advance(second).await;
        assert_eq!(pause.left(), None);
    }
}
