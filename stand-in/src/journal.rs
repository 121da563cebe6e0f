//! What was asked of the stand-in and what became of its webhooks, for tests
//! to look at. Bounded; holds no signature and no body.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::http::request::Parts;
use serde::Serialize;

use super::delivery::Delivery;
use super::desk::lock;
use super::faults::Call;

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
    pub notice: u64,
    /// How often somebody followed a link to Alchemy Pay's hosted page.
    pub visits: u64,
    /// Addresses no call has.
    pub other: u64,
    /// Of all these, those the verifier turned away.
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

#[derive(Default)]
pub(super) struct Journal(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    calls: Calls,
    all: Window,
    lookups: Window,
    requests: VecDeque<RecordedRequest>,
    deliveries: VecDeque<Delivery>,
}

impl Journal {
    pub(super) fn note(&self, call: Call, head: &Parts) {
        let now = Instant::now();
        let pages = &mut *lock(&self.0);
        match call {
            Call::Ping => pages.calls.ping += 1,
            Call::Fail => pages.calls.fail += 1,
            Call::Post => pages.calls.post += 1,
            Call::Create => pages.calls.create += 1,
            Call::Status => pages.calls.status += 1,
            Call::Intent => pages.calls.intent += 1,
            Call::Query => pages.calls.query += 1,
            Call::Notice => pages.calls.notice += 1,
            Call::Any => pages.calls.other += 1,
        }
        pages.calls.peak_per_second = pages.all.note(now);
        if matches!(call, Call::Status | Call::Intent | Call::Query) {
            pages.calls.peak_lookups_per_second = pages.lookups.note(now);
        }
        let request = RecordedRequest {
            method: head.method.to_string(),
            target: head.uri.to_string(),
            signed: SIGNATURES
                .iter()
                .any(|name| head.headers.contains_key(*name)),
        };
        keep(&mut pages.requests, request);
    }

    pub(super) fn visited(&self) {
        lock(&self.0).calls.visits += 1;
    }

    pub(super) fn refused(&self) {
        lock(&self.0).calls.refused += 1;
    }

    pub(super) fn delivered(&self, delivery: Delivery) {
        keep(&mut lock(&self.0).deliveries, delivery);
    }

    pub(super) fn calls(&self) -> Calls {
        lock(&self.0).calls.clone()
    }

    pub(super) fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.0).requests.iter().cloned().collect()
    }

    pub(super) fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.0).deliveries.iter().cloned().collect()
    }
}

fn keep<T>(pages: &mut VecDeque<T>, page: T) {
    if pages.len() == LAST {
        pages.pop_front();
    }
    pages.push_back(page);
}

/// The calls of the last second, and the most there ever were.
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
