//! Alchemy Pay's protocol, from the provider's side: the hosted page behind a
//! signed link, the two calls, the webhook.
//!
//! Written from the provider's documentation alone; must never share a line with
//! the project's own client, so that a test fails where the two disagree. Source
//! of this file: the documentation's "Query order" and "Webhooks".

mod api;
mod fiats;
mod link;
pub(crate) mod merchant;
pub(crate) mod page;
pub(crate) mod release;
pub(crate) mod signature;
mod webhook;

use std::time::Duration;

use crate::Options;
use crate::intents::Intent;
use crate::payment::Action;
use crate::protocol::{Protocol, Status};
use crate::state::State;
use crate::webhook::{Headers, WebhookDraft};

/// Where the hosted page and the calls are, on the stand-in's one port.
pub(crate) const CHECKOUT: &str = "/alchemy-pay/checkout";
pub(crate) const API: &str = "/alchemy-pay/api";

#[derive(Debug)]
pub(crate) struct AlchemyPay;

impl Protocol for AlchemyPay {
    fn name(&self) -> &'static str {
        "alchemy_pay"
    }

    fn paying(&self) -> &'static [Action] {
        &[
            Action::Pay,
            Action::PayLost,
            Action::PayTwice,
            Action::PayLate,
            Action::PayStale,
            Action::PayOther,
        ]
    }

    fn ending(&self) -> &'static [Action] {
        &[Action::Fail, Action::Expire]
    }

    /// The provider has five words; any other status keeps the stand-in's name.
    fn status_name(&self, intent: &Intent) -> String {
        let late = intent.payment.as_ref().is_some_and(|paid| paid.late);
        match intent.status {
            Status::CREATED | Status::VIEWED | Status::ON_CHAIN => "NEW".to_owned(),
            Status::CONFIRMED if late => "TIMEOUT_SUCCESS".to_owned(),
            Status::CONFIRMED => "PAY_SUCCESS".to_owned(),
            Status::FAILED => "PAY_FAIL".to_owned(),
            other => other.to_string(),
        }
    }

    fn due(&self, _: &Intent) -> Option<String> {
        Some("to be paid by card".to_owned())
    }

    fn sends_webhook(&self, status: Status) -> bool {
        matches!(status, Status::CONFIRMED | Status::FAILED | Status::TIMEOUT)
    }

    fn draft(&self, state: &State, intent: &Intent) -> WebhookDraft {
        webhook::draft(&state.alchemy_pay, intent)
    }

    fn sign(&self, draft: &WebhookDraft) -> (Headers, Vec<u8>) {
        webhook::sign(draft)
    }

    /// Three attempts in all.
    fn pauses(&self, options: &Options) -> Vec<Duration> {
        vec![
            Duration::ZERO,
            options.callback_pause,
            options.callback_pause,
        ]
    }
}
