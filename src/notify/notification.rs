//! [`Notification`]: what the creator hears of a donation.

use crate::clock::Millis;
use crate::donation::{DonationId, Payment};
use crate::explorer;
use crate::ledger::{NotificationId, Occasion, Queued};
use crate::money::{Cents, Currency, Money};
use crate::provider::Providers;
use crate::supporter::{Message, SupporterName};
use crate::visibility::Visibility;

/// What the creator is told. Holds no donation id: whoever has that may see
/// the donation's page.
#[derive(Clone, Debug)]
pub struct Notification {
    pub id: NotificationId,
    /// `None` for a sample, with which the creator tries a target.
    pub occasion: Option<Occasion>,
    /// When it was settled.
    pub at: Millis,
    pub amount: Money,
    pub name: Option<SupporterName>,
    pub message: Option<Message>,
    /// What of it may be passed on to everybody; the creator sees all.
    pub visibility: Visibility,
    /// The provider's name, as [`crate::provider::Provider::name`] says it.
    pub provider: String,
    /// As the provider writes its own name.
    pub provider_title: String,
    pub payment: Payment,
    /// The transaction, where everybody can see it.
    pub link: Option<explorer::Link>,
    /// Why the creator has to look, when it is for review.
    pub review_reason: Option<String>,
}

impl Notification {
    /// What is to be told of a donation that one of `providers` was paid.
    pub fn new(queued: &Queued, providers: &Providers) -> Self {
        let donation = queued.donation.clone();
        let link = explorer::transaction(&donation, providers);
        let title = providers
            .find(&donation.provider)
            .map(|it| it.about().title);
        Self {
            id: queued.id,
            occasion: Some(queued.occasion),
            at: queued.queued_at,
            amount: donation.asked,
            name: donation.name,
            message: donation.message,
            visibility: donation.visibility,
            provider_title: title.unwrap_or(&donation.provider).to_owned(),
            provider: donation.provider,
            payment: donation.payment,
            link,
            review_reason: donation.review_reason.as_deref().map(without_ids),
        }
    }

    /// One of a donation that nobody gave, to try a target with.
    pub fn sample(now: Millis) -> Self {
        let message = "This is a sample: nobody paid anything.";
        Self {
            id: NotificationId::random(),
            occasion: None,
            at: now,
            amount: Money {
                cents: Cents(525),
                currency: Currency::Usd,
            },
            name: SupporterName::parse("Ada").ok().flatten(),
            message: Message::parse(message).ok().flatten(),
            visibility: Visibility::NOTHING,
            provider: "sample".to_owned(),
            provider_title: "nobody".to_owned(),
            payment: Payment::default(),
            link: None,
            review_reason: None,
        }
    }
}

/// A reason for review may name another donation.
fn without_ids(reason: &str) -> String {
    let word = |word| match DonationId::parse(word) {
        Some(_) => "(see `bagel donations`)",
        None => word,
    };
    reason.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use super::*;
    use crate::clock::Clock;
    use crate::donation::Donation;
    use crate::provider;
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
                visibility: Visibility::NOTHING,
                language: None,
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

    fn nobody() -> Providers {
        Providers::from_settings(&provider::Settings::default(), &Clock::System).unwrap()
    }

    #[test]
    fn no_donation_id_is_in_a_notification() {
        let (own, other) = (DonationId::random(), DonationId::random());
        let mut queued = queued();
        queued.donation.id = own;
        queued.donation.review_reason = Some(format!("reported for donation {other}"));
        let told = format!("{:?}", Notification::new(&queued, &nobody()));
        assert!(told.contains("reported for donation (see"), "{told}");
        for id in [own, other] {
            assert!(!told.contains(&id.to_string()), "{told}");
        }
    }
}
