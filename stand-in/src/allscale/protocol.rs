//! Allscale as the rest of the stand-in knows it.
//!
//! Source: the guide's "Status" and "Webhooks".

use std::iter;
use std::time::Duration;

use super::rates::due;
use super::webhook::WebhookDraft;
use crate::desk::Desk;
use crate::intents::Intent;
use crate::payment::Action;
use crate::protocol::Protocol;
use crate::signed_webhook::SignedWebhook;
use crate::status::Status;

/// Tries to deliver a webhook after the first one.
const RETRIES: u32 = 4;

#[derive(Debug)]
pub(super) struct Allscale;

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

    fn state(&self, status: Status) -> String {
        status.to_string()
    }

    fn due(&self, intent: &Intent) -> Option<String> {
        intent.fiat.as_ref()?;
        Some(format!("{} USDT to be paid", due(intent)))
    }

    fn tells_of(&self, status: Status) -> bool {
        status == Status::CONFIRMED
    }

    fn webhook(&self, desk: &Desk, intent: &Intent) -> SignedWebhook {
        WebhookDraft::new(&desk.allscale, desk.now(), intent).sign()
    }

    /// Growing ones, under the same webhook id.
    fn pauses(&self, desk: &Desk) -> Vec<Duration> {
        let growing = (0..RETRIES).map(|retry| desk.retry_pause.saturating_mul(1 << retry));
        iter::once(Duration::ZERO).chain(growing).collect()
    }
}
