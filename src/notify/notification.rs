//! [`Notification`]: what a creator is told of a donation.

use std::fmt;

use uuid::Uuid;

use crate::clock::Millis;
use crate::donation::{Payment, parse_random_uuid};
use crate::ledger::Queued;
use crate::money::Money;
use crate::supporter::{Message, SupporterName};

/// What a target is told, the same at every attempt. Holds no donation id:
/// whoever has that may see the donation's page and change it.
#[derive(Clone, Debug)]
pub struct Notification {
    pub id: NotificationId,
    pub occasion: Occasion,
    /// When it was settled.
    pub at: Millis,
    pub amount: Money,
    pub name: Option<SupporterName>,
    pub message: Option<Message>,
    /// The provider's name, as [`crate::provider::Provider::name`] says it.
    pub provider: String,
    pub payment: Payment,
    /// Why the creator has to look, when it is for review.
    pub review_reason: Option<String>,
}

impl From<&Queued> for Notification {
    fn from(queued: &Queued) -> Self {
        let donation = queued.donation.clone();
        Self {
            id: queued.id,
            occasion: queued.occasion,
            at: queued.queued_at,
            amount: donation.asked,
            name: donation.name,
            message: donation.message,
            provider: donation.provider,
            payment: donation.payment,
            review_reason: donation.review_reason,
        }
    }
}

/// The handle of one notification to one target; the same at every attempt, so
/// a target can tell a repetition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct NotificationId(Uuid);

impl NotificationId {
    /// A fresh random id (UUID v4).
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }

    /// Reads the one spelling we write: lower case with dashes, version 4.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        parse_random_uuid(text).map(Self)
    }
}

impl fmt::Display for NotificationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What happened to the donation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Occasion {
    /// It was paid as asked, and counted.
    Confirmed,
    /// What was paid is not what was asked: the creator has to look.
    Review,
}

impl Occasion {
    const ALL: [Self; 2] = [Self::Confirmed, Self::Review];

    /// Its name in the ledger and in webhooks.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Confirmed => "donation.confirmed",
            Self::Review => "donation.review",
        }
    }

    /// The occasion of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use super::*;
    use crate::donation::{Donation, DonationId};
    use crate::money::{Cents, Currency};
    use crate::status::Status;

    /// Five dollars from Ada, confirmed just now.
    pub(crate) fn queued() -> Queued {
        Queued {
            id: NotificationId::random(),
            occasion: Occasion::Confirmed,
            queued_at: Millis(0),
            give_up_at: Millis(0).after(Duration::from_hours(72)),
            attempts: 0,
            donation: Donation {
                id: DonationId::random(),
                created_at: Millis(0),
                updated_at: Millis(0),
                status: Status::Confirmed,
                asked: Money {
                    cents: Cents(500),
                    currency: Currency::Usd,
                },
                name: SupporterName::parse("Ada").unwrap(),
                message: Message::parse("Thank you!").unwrap(),
                provider: "allscale".into(),
                intent: None,
                checkout_url: None,
                review_reason: None,
                payment: Payment::default(),
                looks: 0,
                next_look: None,
            },
        }
    }

    #[test]
    fn occasions_have_names() {
        for occasion in Occasion::ALL {
            assert_eq!(Occasion::from_name(occasion.name()), Some(occasion));
        }
        assert_eq!(Occasion::from_name("donation.other"), None);
    }
}
