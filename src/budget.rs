//! The one budget of outgoing status calls, shared by polls and sweep.
//!
//! Priority rate limiter: owns how often a provider may be asked: so many a second, the newest
//! donation first, so that strangers' abandoned checkouts cannot drown real
//! payments; one call in four for the longest waiter, so that many open
//! pages cannot stop the sweep; and the pause after the provider asked for one.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::clock::Millis;

/// Pause after the provider's "rate limited" (40001).
const PAUSE: Duration = Duration::from_mins(1);
/// One call in so many is for the longest waiter.
const TURN: u32 = 4;
/// More waiters than this would be answered too late to matter.
const MAX_WAITING: usize = 10_000;

/// Calls that may be made, so many a second. [`Budget::run`] hands them out.
#[derive(Debug)]
pub struct Budget {
    every: Duration,
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// In the order they came.
    waiting: Vec<Waiter>,
    granted: u32,
    /// A call may be made and none waits for it.
    idle: bool,
    paused_until: Option<Instant>,
    /// Overdraft: calls that were made without drawing.
    overdrawn: u32,
}

impl Budget {
    /// A budget of `per_second` calls (at least one).
    pub fn per_second(per_second: u32) -> Self {
        Self {
            every: Duration::from_secs(1) / per_second.max(1),
            state: Mutex::default(),
            arrived: Notify::new(),
        }
    }

    /// Waits for a call that may be made about a donation created at
    /// `created_at`. Dropping the future gives the place up.
    pub async fn draw(&self, created_at: Millis) {
        let (grant, granted) = oneshot::channel();
        {
            let mut state = self.lock();
            if state.waiting.len() >= MAX_WAITING {
                state.waiting.retain(|waiter| !waiter.grant.is_closed());
            }
            if state.waiting.len() < MAX_WAITING {
                state.waiting.push(Waiter { created_at, grant });
            }
        }
        self.arrived.notify_one();
        // An error means the table is full or the program ends: never granted.
        if granted.await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether a call could be made at once.
    pub fn is_free(&self) -> bool {
        let state = self.lock();
        let paused = state
            .paused_until
            .is_some_and(|until| until > Instant::now());
        state.idle && !paused
    }

    /// Counts a call that had to follow another at once: the next one waits
    /// that much longer.
    pub fn overdraw(&self) {
        let mut state = self.lock();
        state.overdrawn = state.overdrawn.saturating_add(1);
    }

    /// Makes no more calls for a minute.
    pub fn pause(&self) {
        self.lock().paused_until = Some(Instant::now() + PAUSE);
    }

    /// Hands out calls until the end of the program.
    pub async fn run(&self) {
        let mut tick = interval(self.every);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            if self.pay_back() {
                continue;
            }
            loop {
                // A pause may begin while no call waits.
                let paused_until = self.lock().paused_until;
                if let Some(until) = paused_until {
                    sleep_until(until).await;
                }
                if self.grant_next() {
                    break;
                }
                self.arrived.notified().await;
            }
        }
    }

    /// Whether this tick belongs to a call made before.
    fn pay_back(&self) -> bool {
        let mut state = self.lock();
        let owed = state.overdrawn > 0;
        state.overdrawn = state.overdrawn.saturating_sub(1);
        owed
    }

    /// Grants the next waiter that is still there; false when none is.
    fn grant_next(&self) -> bool {
        let mut state = self.lock();
        while let Some(waiter) = state.next() {
            if waiter.grant.send(()).is_ok() {
                state.granted = state.granted.wrapping_add(1);
                state.idle = false;
                return true;
            }
        }
        state.idle = true;
        false
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug)]
struct Waiter {
    created_at: Millis,
    grant: oneshot::Sender<()>,
}

impl State {
    fn next(&mut self) -> Option<Waiter> {
        let newest = || {
            let waiting = self.waiting.iter().enumerate();
            waiting.max_by_key(|(_, waiter)| waiter.created_at)
        };
        let place = match self.granted % TURN {
            0 => 0,
            _ => newest()?.0,
        };
        (place < self.waiting.len()).then(|| self.waiting.remove(place))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::mpsc;

    use super::*;

    fn running() -> Arc<Budget> {
        let budget = Arc::new(Budget::per_second(2));
        let worker = Arc::clone(&budget);
        tokio::spawn(async move { worker.run().await });
        budget
    }

    #[tokio::test(start_paused = true)]
    async fn two_a_second_newest_first() {
        let budget = running();
        budget.draw(Millis(0)).await;
        let start = Instant::now();
        let (sender, mut order) = mpsc::unbounded_channel();
        for created_at in [1, 3, 2] {
            let (budget, sender) = (Arc::clone(&budget), sender.clone());
            tokio::spawn(async move {
                budget.draw(Millis(created_at)).await;
                sender.send(created_at)
            });
        }
        let mut seen = Vec::new();
        for _ in 0..3 {
            seen.push(order.recv().await.unwrap());
        }
        assert_eq!(seen, [3, 2, 1]);
        let spent = start.elapsed().as_millis();
        assert!((1500..1600).contains(&spent), "{spent}");
    }

    #[tokio::test(start_paused = true)]
    async fn newer_ones_without_end_do_not_keep_an_old_one_waiting() {
        let budget = running();
        for created_at in 1..10 {
            let crowd = Arc::clone(&budget);
            tokio::spawn(async move { crowd.draw(Millis(created_at)).await });
        }
        tokio::task::yield_now().await;
        let old = tokio::spawn({
            let budget = Arc::clone(&budget);
            async move { budget.draw(Millis(0)).await }
        });
        for created_at in 10..400 {
            let crowd = Arc::clone(&budget);
            tokio::spawn(async move { crowd.draw(Millis(created_at)).await });
        }
        let start = Instant::now();
        old.await.unwrap();
        // One call in four, and nine came before it.
        assert!(start.elapsed() <= Duration::from_secs(20));
        assert!(budget.lock().waiting.len() > 100, "newer ones still wait");
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_everybody_for_a_minute() {
        let budget = running();
        budget.pause();
        let start = Instant::now();
        budget.draw(Millis(0)).await;
        assert!(start.elapsed() >= PAUSE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_that_begins_while_no_call_waits_holds_the_next_one() {
        let budget = running();
        budget.draw(Millis(0)).await;
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert!(budget.is_free());
        budget.pause();
        assert!(!budget.is_free());
        let start = Instant::now();
        budget.draw(Millis(0)).await;
        assert!(start.elapsed() >= PAUSE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_followed_at_once_is_paid_back() {
        let budget = running();
        budget.draw(Millis(0)).await;
        budget.overdraw();
        let start = Instant::now();
        budget.draw(Millis(0)).await;
        assert!(start.elapsed() >= Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_given_up_costs_nothing() {
        let budget = running();
        budget.draw(Millis(0)).await;
        let hurried = tokio::time::timeout(Duration::from_millis(10), budget.draw(Millis(9)));
        assert!(hurried.await.is_err());
        let start = Instant::now();
        budget.draw(Millis(1)).await;
        assert!(start.elapsed() < Duration::from_millis(600));
    }
}
