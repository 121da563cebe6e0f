//! Outbox: the notifications still to be delivered.
//!
//! [`super::Settling::settle`] and [`super::Settling::resolve`] write it in the
//! transaction that settles a donation, one row for each target and occasion.
//! A row ends acknowledged, or parked after three days without.

use std::fmt;

use async_trait::async_trait;

use super::LedgerError;
use crate::clock::Millis;
use crate::donation::Donation;
use crate::ids::random_id;

random_id! {
    /// The handle of one notification to one target; the same at every attempt,
    /// so a target recognises a repetition.
    NotificationId
}

/// Why the creator is notified of a donation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Occasion {
    /// It was paid as asked, and counted.
    Confirmed,
    /// What was paid is not what was asked: the creator has to look.
    Review,
    /// Money came, and less than was asked: the provider does not count it.
    Underpaid,
}

impl Occasion {
    const ALL: [Self; 3] = [Self::Confirmed, Self::Review, Self::Underpaid];

    /// Its name in the ledger and in webhooks.
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "donation.confirmed",
            Self::Review => "donation.review",
            Self::Underpaid => "donation.underpaid",
        }
    }

    /// The occasion of that name in the ledger.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// A notification that is to be delivered now.
#[derive(Clone, Debug)]
pub struct Queued {
    pub id: NotificationId,
    pub occasion: Occasion,
    pub queued_at: Millis,
    /// No attempt is made after this.
    pub give_up_at: Millis,
    /// How many attempts failed.
    pub attempts: u32,
    pub donation: Donation,
}

/// A notification as `bagel notifications` lists it.
#[derive(Clone, Debug)]
pub struct OutboxEntry {
    pub id: NotificationId,
    pub target: String,
    pub occasion: Occasion,
    pub queued_at: Millis,
    pub attempts: u32,
    pub state: State,
    /// What the last failed attempt said.
    pub last_error: Option<String>,
}

/// Names of the targets to notify of a donation, by occasion.
#[derive(Clone, Default, Debug)]
pub struct Audience {
    pub confirmed: Vec<&'static str>,
    /// Of what the creator alone hears.
    pub creator: Vec<&'static str>,
}

/// How far a notification is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Tried, or tried again, at that time.
    Waiting(Millis),
    /// Acknowledged at that time.
    Delivered(Millis),
    /// Given up until it is replayed.
    Parked,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting(at) => write!(f, "waiting until {at}"),
            Self::Delivered(at) => write!(f, "delivered {at}"),
            Self::Parked => f.write_str("parked"),
        }
    }
}

/// What the outbox's workers and `bagel notifications` need.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Lease: takes the notification due first for `target` until `until`; no
    /// other caller gets it before.
    async fn claim_queued(
        &self,
        target: &'static str,
        now: Millis,
        until: Millis,
    ) -> Result<Option<Queued>, LedgerError>;

    /// Notes that its target acknowledged it: it is never claimed again.
    async fn note_delivered(&self, id: NotificationId, now: Millis) -> Result<(), LedgerError>;

    /// Notes a failed attempt and when the next is; `None` parks it. One that
    /// was acknowledged meanwhile stays so.
    async fn note_undelivered(
        &self,
        id: NotificationId,
        next: Option<Millis>,
        why: String,
    ) -> Result<(), LedgerError>;

    /// Notifications, newest first; without `all` only those not delivered.
    async fn outbox(&self, all: bool) -> Result<Vec<OutboxEntry>, LedgerError>;

    /// Queues one again as if it were new, also one that was delivered;
    /// `false` when there is none of that id.
    async fn replay(&self, id: NotificationId, now: Millis) -> Result<bool, LedgerError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occasions_have_names() {
        for occasion in Occasion::ALL {
            assert_eq!(Occasion::from_name(occasion.name()), Some(occasion));
        }
        for other in ["donation.other", "donation.sample"] {
            assert_eq!(Occasion::from_name(other), None);
        }
    }
}
