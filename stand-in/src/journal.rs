//! The calls made to the stand-in and the deliveries of its webhooks, for tests
//! to look at. Bounded; must never hold a signature or a body.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::http::request::Parts;
use serde::Serialize;

use super::faults::Call;
use super::state::lock;
use super::webhook::Delivery;

const LAST: usize = 1000;
/// The headers in which either provider's calls are signed.
const SIGNATURES: [&str; 2] = ["x-signature", "sign"];

/// How often each call was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Calls {
    pub ping: u64,
    pub fail: u64,
    pub post: u64,
    pub create: u64,
    pub status: u64,
    pub intent: u64,
    pub query: u64,
    pub release: u64,
    pub fiats: u64,
    /// How often a link to Alchemy Pay's hosted page was followed.
    pub visits: u64,
    /// Calls to unknown addresses.
    pub other: u64,
    /// Calls of any kind that the verifier refused.
    pub refused: u64,
    /// The most calls within any one second.
    pub peak_per_second: usize,
    /// The most status, intent and query calls within any one second.
    pub peak_lookups_per_second: usize,
}

/// One request, as it came.
#[derive(Clone, Debug, Serialize)]
pub struct RecordedRequest {
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Whether it carried a signature.
    pub signed: bool,
}

/// What happened, by call and by delivery.
#[derive(Default)]
pub struct Journal(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    calls: Calls,
    all: Window,
    lookups: Window,
    requests: VecDeque<RecordedRequest>,
    deliveries: VecDeque<Delivery>,
}

impl Journal {
    pub(crate) fn record(&self, call: Call, head: &Parts) {
        let now = Instant::now();
        let entries = &mut *lock(&self.0);
        match call {
            Call::Ping => entries.calls.ping += 1,
            Call::Fail => entries.calls.fail += 1,
            Call::Post => entries.calls.post += 1,
            Call::Create => entries.calls.create += 1,
            Call::Status => entries.calls.status += 1,
            Call::Intent => entries.calls.intent += 1,
            Call::Query => entries.calls.query += 1,
            Call::Release => entries.calls.release += 1,
            Call::Fiats => entries.calls.fiats += 1,
            Call::Any => entries.calls.other += 1,
        }
        entries.calls.peak_per_second = entries.all.note(now);
        if matches!(call, Call::Status | Call::Intent | Call::Query) {
            entries.calls.peak_lookups_per_second = entries.lookups.note(now);
        }
        let request = RecordedRequest {
            method: head.method.to_string(),
            target: head.uri.to_string(),
            signed: SIGNATURES
                .iter()
                .any(|name| head.headers.contains_key(*name)),
        };
        push(&mut entries.requests, request);
    }

    pub(crate) fn visited(&self) {
        lock(&self.0).calls.visits += 1;
    }

    pub(crate) fn refused(&self) {
        lock(&self.0).calls.refused += 1;
    }

    pub(crate) fn delivered(&self, delivery: Delivery) {
        push(&mut lock(&self.0).deliveries, delivery);
    }

    /// How often each call was made, and how fast.
    pub fn calls(&self) -> Calls {
        lock(&self.0).calls.clone()
    }

    /// The last thousand calls, oldest first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.0).requests.iter().cloned().collect()
    }

    /// The last thousand attempts to deliver a webhook, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.0).deliveries.iter().cloned().collect()
    }
}

fn push<T>(entries: &mut VecDeque<T>, entry: T) {
    if entries.len() == LAST {
        entries.pop_front();
    }
    entries.push_back(entry);
}

/// The calls of the last second, and the most in any second so far.
#[derive(Default)]
struct Window {
    times: VecDeque<Instant>,
    peak: usize,
}

impl Window {
    fn note(&mut self, now: Instant) -> usize {
        let second = Duration::from_secs(1);
        while self.times.front().is_some_and(|time| now - *time >= second) {
            self.times.pop_front();
        }
        self.times.push_back(now);
        self.peak = self.peak.max(self.times.len());
        self.peak
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_over_any_second() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut window = Window::default();
        let peaks = [0, 600, 900, 1000, 1599, 5000].map(|ms| window.note(at(ms)));
        assert_eq!(peaks, [1, 2, 3, 3, 4, 4]);
    }
}
