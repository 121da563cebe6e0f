//! A provider's word: what it says of one payment, and where that came from.
//!
//! Plain data between a [`crate::provider`], the [`crate::rules`] and the
//! [`crate::ledger`]. Decides nothing.

use crate::donation::{DonationId, Payment};
use crate::ids::ForeignId;
use crate::money::Money;
use crate::status::Status;

/// A checkout that was made.
#[derive(Clone, Debug)]
pub struct Opened {
    pub checkout_url: String,
    pub intent: ForeignId,
}

/// Where a report came from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    Webhook,
    Poll,
    Sweep,
}

/// A provider's word about one payment.
#[derive(Clone, Debug)]
pub struct Report {
    pub provider: &'static str,
    pub intent: ForeignId,
    /// Our id, where the provider repeats it.
    pub order: Option<DonationId>,
    pub status: Status,
    pub charged: Charged,
    pub payment: Payment,
    /// Whether this provider tells the details of a payment at all
    /// (transaction, fee, net), perhaps later than that it was paid.
    pub details_may_follow: bool,
}

/// What the provider says it asked the supporter for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Charged {
    /// This kind of answer does not say.
    Absent,
    Amount(Money),
    /// It said something that is no amount in a currency we know.
    Unreadable,
}

/// What tells one delivery of a webhook from another.
#[derive(Clone, Debug)]
pub struct Identity {
    pub webhook_id: ForeignId,
    /// The nonce as signed, hashed so that any length fits a column.
    pub nonce_sha256: String,
    pub body_sha256: String,
}
