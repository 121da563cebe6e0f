//! Alchemy Pay as the rest of the stand-in knows it.
//!
//! Source: the documentation's "Query order" and "Webhooks".

use std::time::Duration;

use super::webhook::WebhookDraft;
use crate::desk::Desk;
use crate::intents::Intent;
use crate::payment::Action;
use crate::protocol::Protocol;
use crate::signed_webhook::SignedWebhook;
use crate::status::Status;

#[derive(Debug)]
pub(super) struct AlchemyPay;

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

    /// It knows four; any other goes by the name the stand-in has for it.
    fn state(&self, status: Status) -> String {
        match status {
            Status::CREATED | Status::VIEWED | Status::ON_CHAIN => "NEW".to_owned(),
            Status::CONFIRMED => "PAY_SUCCESS".to_owned(),
            Status::FAILED => "PAY_FAIL".to_owned(),
            other => other.to_string(),
        }
    }

    fn due(&self, _: &Intent) -> Option<String> {
        Some("to be paid by card".to_owned())
    }

    fn tells_of(&self, status: Status) -> bool {
        matches!(status, Status::CONFIRMED | Status::FAILED | Status::TIMEOUT)
    }

    fn webhook(&self, desk: &Desk, intent: &Intent) -> SignedWebhook {
        WebhookDraft::new(&desk.alchemy_pay, intent).sign()
    }

    /// Three attempts in all.
    fn pauses(&self, desk: &Desk) -> Vec<Duration> {
        vec![Duration::ZERO, desk.callback_pause, desk.callback_pause]
    }
}
