//! What people were answered, and how long they waited for it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::Town;

/// What one request came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    /// 0: none.
    pub(crate) status: u16,
    pub(crate) took: Duration,
}

impl Town {
    /// Sends a request, notes what came of it, and gives the body of a 200.
    pub(super) async fn ask(&self, request: reqwest::RequestBuilder) -> Option<String> {
        let asked = Instant::now();
        let response = request.send().await;
        let status = response
            .as_ref()
            .map_or(0, |response| response.status().as_u16());
        let took = asked.elapsed();
        self.answers.lock().unwrap().push(Answer { status, took });
        match response {
            Ok(response) if status == 200 => response.text().await.ok(),
            _ => None,
        }
    }

    /// How often each status was answered; 0 is no answer.
    pub(crate) fn statuses(&self) -> BTreeMap<u16, usize> {
        let mut statuses = BTreeMap::new();
        for answer in self.answers.lock().unwrap().iter() {
            *statuses.entry(answer.status).or_default() += 1;
        }
        statuses
    }

    /// The longest anybody waited for an answer.
    pub(crate) fn longest(&self) -> Duration {
        let answers = self.answers.lock().unwrap();
        let answered = answers.iter().filter(|answer| answer.status > 0);
        answered.map(|answer| answer.took).max().unwrap_or_default()
    }
}
