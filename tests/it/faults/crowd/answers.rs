//! The answers to the crowd, and how long it waited for them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::header::RETRY_AFTER;
use reqwest::{RequestBuilder, Response};
use tokio::time::sleep;

use super::{BREATH, Crowd};

/// What one request came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Answer {
    pub(crate) what: What,
    pub(crate) asked: Instant,
    pub(crate) took: Duration,
    /// 0: none.
    pub(crate) status: u16,
    /// Whether it says when to come again.
    pub(crate) retry_after: bool,
}

/// What was asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum What {
    Checkout,
    Webhook,
    /// A webhook of Alchemy Pay's, which waits for its turn to ask first.
    Hint,
    Look,
}

impl Answer {
    fn to(what: What, asked: Instant, response: Option<&Response>) -> Self {
        Self {
            what,
            asked,
            took: asked.elapsed(),
            status: response.map_or(0, |response| response.status().as_u16()),
            retry_after: response
                .is_some_and(|response| response.headers().contains_key(RETRY_AFTER)),
        }
    }

    /// When it came.
    pub(crate) fn at(&self) -> Instant {
        self.asked + self.took
    }
}

impl Crowd {
    /// Sends a request, notes what came of it, and gives the body of a 200.
    pub(super) async fn ask(&self, what: What, request: RequestBuilder) -> Option<String> {
        let asked = Instant::now();
        let response = request.send().await.ok();
        let answer = Answer::to(what, asked, response.as_ref());
        self.answers.lock().unwrap().push(answer);
        let text = response.filter(|_| answer.status == 200)?.text();
        text.await.ok()
    }

    /// Waits for an answer with `status` to a request sent after `since`; gives
    /// how long after it that was.
    pub(crate) async fn answered(&self, what: What, status: u16, since: Instant) -> Duration {
        loop {
            let answers = self.answers();
            let fits = |it: &&Answer| it.what == what && it.status == status && it.asked > since;
            if let Some(answer) = answers.iter().find(fits) {
                return answer.at().duration_since(since);
            }
            assert!(since.elapsed() < Duration::from_secs(30), "no {status}");
            sleep(BREATH * 4).await;
        }
    }

    /// Every answer so far.
    pub(crate) fn answers(&self) -> Vec<Answer> {
        self.answers.lock().unwrap().clone()
    }

    /// How often each status was answered; 0 is no answer.
    pub(crate) fn statuses(&self) -> BTreeMap<u16, usize> {
        let mut statuses = BTreeMap::new();
        for answer in self.answers() {
            *statuses.entry(answer.status).or_default() += 1;
        }
        statuses
    }

    /// The longest wait for an answer, hints excepted: those wait for a turn to ask.
    pub(crate) fn longest(&self) -> Duration {
        let answers = self.answers().into_iter();
        let answered = answers.filter(|it| it.status > 0 && it.what != What::Hint);
        answered.map(|answer| answer.took).max().unwrap_or_default()
    }
}
