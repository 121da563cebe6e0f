//! What a provider brings to the stand-in, and where a payment can stand.
//!
//! Intents, the pay page and the payer's actions know a provider by [`Protocol`]
//! alone, so another provider is another folder. Any status number can be held,
//! listed or not, because a test may want an unlisted one.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Options;
use super::intents::Intent;
use super::payment::Action;
use super::state::State;
use super::webhook::{Headers, WebhookDraft};

pub(crate) trait Protocol: fmt::Debug + Send + Sync {
    /// The provider's name, as in the app: `allscale`.
    fn name(&self) -> &'static str;

    /// The buttons that pay, the plain one first.
    fn paying(&self) -> &'static [Action];

    /// The buttons that do not pay, or not in full.
    fn ending(&self) -> &'static [Action];

    /// The provider's word for how an intent stands.
    fn status_name(&self, intent: &Intent) -> String;

    /// How the amount is paid, for the line below it.
    fn due(&self, intent: &Intent) -> Option<String>;

    /// Whether this status sends a webhook.
    fn sends_webhook(&self, status: Status) -> bool;

    /// The webhook of an intent as it stands now.
    fn draft(&self, state: &State, intent: &Intent) -> WebhookDraft;

    /// Headers and body of a webhook, signed.
    fn sign(&self, draft: &WebhookDraft) -> (Headers, Vec<u8>);

    /// The pause before each attempt to deliver a webhook.
    fn pauses(&self, options: &Options) -> Vec<Duration>;

    /// Whether its page has this button.
    fn offers(&self, action: Action) -> bool {
        self.paying().contains(&action) || self.ending().contains(&action)
    }
}

/// A status number of the protocol's table "Status".
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Status(pub i64);

impl Status {
    pub const TIMEOUT: Self = Self(-5);
    pub const CANCELED: Self = Self(-4);
    pub const UNDERPAID: Self = Self(-3);
    pub const REJECTED: Self = Self(-2);
    pub const FAILED: Self = Self(-1);
    pub const CREATED: Self = Self(1);
    pub const VIEWED: Self = Self(2);
    pub const TEMP_WALLET_RECEIVED: Self = Self(3);
    pub const MANUAL_OPERATION: Self = Self(4);
    pub const SEND_BACK: Self = Self(5);
    pub const ON_CHAIN: Self = Self(10);
    pub const CONFIRMED: Self = Self(20);

    /// Whether the payment failed, was refused or was given up.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// What the pay page says.
    pub(super) const fn sentence(self) -> &'static str {
        match self {
            Self::TIMEOUT => "This payment request expired.",
            Self::CANCELED => "You cancelled this payment.",
            Self::UNDERPAID => "Less than the full amount arrived.",
            Self::REJECTED => "The payment failed the compliance check.",
            Self::FAILED => "Something went wrong with this payment.",
            Self::CREATED | Self::VIEWED => "Waiting for your payment.",
            Self::TEMP_WALLET_RECEIVED => "A deposit wallet is ready.",
            Self::MANUAL_OPERATION => "Somebody is looking at this payment.",
            Self::SEND_BACK => "The money is on its way back.",
            Self::ON_CHAIN => "Payment seen, waiting for confirmation…",
            Self::CONFIRMED => "Paid. You can close this page.",
            _ => "This payment is in an unlisted state.",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match *self {
            Self::TIMEOUT => "TIMEOUT",
            Self::CANCELED => "CANCELED",
            Self::UNDERPAID => "UNDERPAID",
            Self::REJECTED => "REJECTED",
            Self::FAILED => "FAILED",
            Self::CREATED => "CREATED",
            Self::VIEWED => "VIEWED",
            Self::TEMP_WALLET_RECEIVED => "TEMP_WALLET_RECEIVED",
            Self::MANUAL_OPERATION => "MANUAL_OPERATION",
            Self::SEND_BACK => "SEND_BACK",
            Self::ON_CHAIN => "ON_CHAIN",
            Self::CONFIRMED => "CONFIRMED",
            Self(other) => return write!(f, "{other}"),
        };
        f.write_str(name)
    }
}
