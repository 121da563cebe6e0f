//! Where a payment stands, by the provider's numbers.
//!
//! Any number can be held: a test may answer one that nobody has listed.

use std::fmt;

use serde::{Deserialize, Serialize};

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

    /// Whether the payer gave up or was turned away.
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
