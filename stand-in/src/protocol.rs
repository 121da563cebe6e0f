//! What a provider brings to the stand-in: its buttons, its words for a
//! status, its webhook, and how often it sends one.
//!
//! The books, the pay page and the payer's actions know a provider by this
//! alone, so another one is another folder.

use std::fmt;
use std::time::Duration;

use super::desk::Desk;
use super::intents::Intent;
use super::payment::Action;
use super::signed_webhook::SignedWebhook;
use super::status::Status;

pub(super) trait Protocol: fmt::Debug + Send + Sync {
    /// As the app names it: `allscale`.
    fn name(&self) -> &'static str;

    /// The buttons that pay, the plain one first.
    fn paying(&self) -> &'static [Action];

    /// The buttons that do not, or not rightly.
    fn ending(&self) -> &'static [Action];

    /// How it calls a status.
    fn state(&self, status: Status) -> String;

    /// How the amount is paid, for the line below it.
    fn due(&self, intent: &Intent) -> Option<String>;

    /// Whether a webhook follows on this status.
    fn tells_of(&self, status: Status) -> bool;

    /// The webhook of this intent as it stands, made and signed now.
    fn webhook(&self, desk: &Desk, intent: &Intent) -> SignedWebhook;

    /// How long it waits before each try to deliver a webhook.
    fn pauses(&self, desk: &Desk) -> Vec<Duration>;

    /// Whether its page has this button.
    fn offers(&self, action: Action) -> bool {
        self.paying().contains(&action) || self.ending().contains(&action)
    }
}
