//! Allscale's protocol, from the provider's side.
//!
//! Written from the provider's guide alone; must never share a line with the
//! project's own client, so that a test fails where the two disagree. Source of
//! this file: the guide's "Status" and "Webhooks".

mod answer;
mod api;
mod create;
mod payload;
mod signer;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod test_client;
mod verifier;
mod webhook;

use std::iter;
use std::time::Duration;

use self::payload::due;
use crate::Options;
use crate::intents::Intent;
use crate::payment::Action;
use crate::protocol::{Protocol, Status};
use crate::state::State;
use crate::webhook::{Headers, WebhookDraft};

/// How far the clocks may differ, either way.
pub(crate) const TOLERANCE: Duration = Duration::from_mins(5);
/// Attempts to deliver a webhook after the first one.
const RETRIES: u32 = 4;

#[derive(Debug)]
pub(crate) struct Allscale;

impl Protocol for Allscale {
    fn name(&self) -> &'static str {
        "allscale"
    }

    fn paying(&self) -> &'static [Action] {
        &[
            Action::Pay,
            Action::PayLost,
            Action::PayTwice,
            Action::PayLate,
        ]
    }

    fn ending(&self) -> &'static [Action] {
        &[
            Action::Underpay,
            Action::Cancel,
            Action::Reject,
            Action::Expire,
            Action::SendBack,
        ]
    }

    fn status_name(&self, intent: &Intent) -> String {
        intent.status.to_string()
    }

    fn due(&self, intent: &Intent) -> Option<String> {
        intent.fiat.as_ref()?;
        let symbol = payload::symbol(intent);
        Some(format!("{} {symbol} to be paid", due(intent)))
    }

    fn sends_webhook(&self, status: Status) -> bool {
        status == Status::CONFIRMED
    }

    fn draft(&self, state: &State, intent: &Intent) -> WebhookDraft {
        webhook::draft(&state.allscale, state.now(), intent)
    }

    fn sign(&self, draft: &WebhookDraft) -> (Headers, Vec<u8>) {
        webhook::sign(draft)
    }

    /// Back-off: each pause is twice the one before.
    fn pauses(&self, options: &Options) -> Vec<Duration> {
        let growing = (0..RETRIES).map(|retry| options.retry_pause.saturating_mul(1 << retry));
        iter::once(Duration::ZERO).chain(growing).collect()
    }
}
