//! The budget: how often one provider is called, and whose turn it is.
//!
//! Priority rate limiter: owns one pace, one pause and three lanes. A call that
//! an authentic webhook needs goes before all others, since no stranger can forge
//! one. Of the rest, one in four is the sweep's, and those of polls go in
//! turns by client. Each provider has a budget of its own, so that none holds
//! up another.

mod pace;
mod turns;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, sleep_until};

use self::turns::{Turns, Waiter};
use crate::client::Client;
use crate::clock::Millis;

pub use self::pace::Pace;

/// Pause after the provider's "rate limited", where it names no other.
const PAUSE: Duration = Duration::from_mins(1);
/// The longest pause that a provider may ask for.
pub const LONGEST_PAUSE: Duration = Duration::from_hours(24);
/// The sweep's share: one call in so many that no webhook needs.
const SHARE: u32 = 4;

/// Who wants to call.
#[derive(Clone, Copy, Debug)]
pub enum Lane {
    /// An authentic webhook waits for the answer.
    Webhook,
    /// A client's page, and when its donation was created.
    Client(Client, Millis),
    /// The sweep.
    Sweep,
}

/// There is no place left to wait in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Full;

/// Calls that may be made to one provider. [`Budget::run`] hands them out.
#[derive(Debug)]
pub struct Budget {
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Debug)]
struct State {
    pace: Pace,
    /// Calls that may follow each other at once after a rest.
    burst: u32,
    /// When the next call is due at this pace.
    due: Instant,
    paused_until: Instant,
    webhooks: VecDeque<Grant>,
    clients: Turns<Grant>,
    sweep: VecDeque<Grant>,
    /// Calls granted that no webhook needed.
    granted: u32,
}

type Grant = oneshot::Sender<()>;

impl Waiter for Grant {
    fn is_gone(&self) -> bool {
        self.is_closed()
    }
}

impl Budget {
    /// A budget at this pace, of which `burst` calls may follow each other at once.
    pub fn new(pace: Pace, burst: u32) -> Self {
        let now = Instant::now();
        let state = State {
            pace,
            burst,
            due: now,
            paused_until: now,
            webhooks: VecDeque::new(),
            clients: Turns::default(),
            sweep: VecDeque::new(),
            granted: 0,
        };
        Self {
            state: Mutex::new(state),
            arrived: Notify::new(),
        }
    }

    /// Waits for a call that may be made. Dropping the future gives the place up.
    pub async fn draw(&self, lane: Lane) -> Result<(), Full> {
        let (grant, granted) = oneshot::channel();
        if !self.lock().queue(lane, grant) {
            return Err(Full);
        }
        self.arrived.notify_one();
        // An error means that the program ends.
        granted.await.map_err(|_| Full)
    }

    /// Whether a call could be made at once.
    pub fn is_free(&self) -> bool {
        let state = self.lock();
        !state.is_wanted() && state.next() <= Instant::now()
    }

    /// Counts a call that had to follow another at once: the next one waits
    /// that much longer.
    pub fn overdraw(&self) {
        self.lock().spend(Instant::now());
    }

    /// Notes an answer: the pace rises.
    pub fn answered(&self) {
        self.lock().pace.rise();
    }

    /// Notes that the provider's trouble grows: the pace is halved.
    pub fn troubled(&self) {
        self.lock().pace.halve(Instant::now());
    }

    /// The provider wants fewer calls: the pace is halved, and none is made for
    /// as long as it asks for, or a minute.
    pub fn pause(&self, wait: Option<Duration>) {
        let now = Instant::now();
        let wait = wait.unwrap_or(PAUSE).min(LONGEST_PAUSE);
        let mut state = self.lock();
        state.pace.halve(now);
        state.paused_until = state.paused_until.max(now + wait);
    }

    /// Hands out calls until the end of the program.
    pub async fn run(&self) {
        loop {
            let step = self.lock().step(Instant::now());
            match step {
                Step::Granted => {}
                // A pause may begin meanwhile, so it is looked at again.
                Step::NotBefore(next) => sleep_until(next).await,
                Step::Idle => self.arrived.notified().await,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Step {
    Granted,
    NotBefore(Instant),
    Idle,
}

impl State {
    fn queue(&mut self, lane: Lane, grant: Grant) -> bool {
        match lane {
            Lane::Webhook => self.webhooks.push_back(grant),
            Lane::Sweep => self.sweep.push_back(grant),
            Lane::Client(client, created_at) => {
                return self.clients.push(client, created_at.0, grant);
            }
        }
        true
    }

    fn is_wanted(&self) -> bool {
        self.webhooks.len() + self.clients.len() + self.sweep.len() > 0
    }

    /// When the next call may be made.
    fn next(&self) -> Instant {
        let ahead = self.pace.interval().saturating_mul(self.burst);
        let due = self.due.checked_sub(ahead).unwrap_or(self.due);
        due.max(self.paused_until)
    }

    fn spend(&mut self, now: Instant) {
        self.due = self.due.max(now) + self.pace.interval();
    }

    /// Grants a call where one may be made and is wanted.
    fn step(&mut self, now: Instant) -> Step {
        if !self.is_wanted() {
            return Step::Idle;
        }
        let next = self.next();
        if next > now {
            return Step::NotBefore(next);
        }
        while let Some(grant) = self.turn() {
            if grant.send(()).is_ok() {
                self.spend(now);
                return Step::Granted;
            }
        }
        Step::Idle
    }

    fn turn(&mut self) -> Option<Grant> {
        if let Some(webhook) = self.webhooks.pop_front() {
            return Some(webhook);
        }
        self.granted = self.granted.wrapping_add(1);
        if self.granted.is_multiple_of(SHARE) {
            self.sweep.pop_front().or_else(|| self.clients.pop())
        } else {
            self.clients.pop().or_else(|| self.sweep.pop_front())
        }
    }
}

#[cfg(test)]
mod tests;
