//! [`Notification`]: what the creator hears of a donation, and [`Wording`]: the
//! sentences for it.

use crate::clock::Millis;
use crate::donation::{DonationId, Payment};
use crate::explorer;
use crate::ledger::{NotificationId, Occasion, Queued};
use crate::money::{Cents, Currency, Money};
use crate::provider::Providers;
use crate::supporter::{Message, SupporterName, Visibility};

/// What the creator hears. Holds no donation id: with that one can open the
/// donation's page.
#[derive(Clone, Debug)]
pub struct Notification {
    pub id: NotificationId,
    /// `None` for a sample, with which the creator tries a target.
    pub occasion: Option<Occasion>,
    /// When it was settled.
    pub at: Millis,
    /// What was counted, and before that what was asked.
    pub amount: Money,
    pub name: Option<SupporterName>,
    pub message: Option<Message>,
    /// What of it may be shown in public; the creator sees all.
    pub visibility: Visibility,
    /// The provider's name, as [`crate::provider::Provider::name`] says it.
    pub provider: String,
    /// As the provider writes its own name.
    pub provider_title: String,
    pub payment: Payment,
    /// The transaction on a public explorer.
    pub link: Option<explorer::Link>,
    /// Why the creator has to look, when it is for review.
    pub review_reason: Option<String>,
    /// What arrived, as the provider wrote it.
    pub arrived: Option<String>,
}

impl Notification {
    /// The notification of a donation that was paid through one of `providers`.
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
            amount: donation.counted().unwrap_or(donation.request.asked),
            arrived: donation.arrived(),
            name: donation.request.name,
            message: donation.request.message,
            visibility: donation.request.visibility,
            provider_title: title.unwrap_or(&donation.provider).to_owned(),
            provider: donation.provider,
            payment: donation.payment,
            link,
            review_reason: donation.review_reason.as_deref().map(without_ids),
        }
    }

    /// A sample without a donation, with which the creator tries a target.
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
            arrived: None,
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

/// The sentences that every target shows.
///
/// Nothing in them is escaped: each target does that its own way. The message
/// stands in lines of its own, which each target marks, so that it cannot pass
/// for ours.
pub(super) struct Wording {
    /// Who gave what, in one line.
    pub(super) headline: String,
    /// The lines of the supporter's message.
    pub(super) message: Vec<String>,
    /// What else there is to know or to do.
    pub(super) note: String,
    pub(super) link: Option<explorer::Link>,
}

impl From<&Notification> for Wording {
    fn from(notification: &Notification) -> Self {
        let message = notification.message.as_ref().map_or("", Message::as_str);
        Self {
            headline: headline(notification),
            message: message.lines().map(str::to_owned).collect(),
            note: note(notification),
            link: notification.link.clone(),
        }
    }
}

impl Wording {
    /// All below the headline, as plain text.
    pub(super) fn body(&self) -> String {
        let quoted = self.message.iter().map(|line| format!("> {line}"));
        let own = [&self.note]
            .into_iter()
            .chain(self.link.as_ref().map(|it| &it.url));
        let lines: Vec<_> = quoted.chain(own.cloned()).collect();
        lines.join("\n")
    }
}

fn headline(notification: &Notification) -> String {
    let amount = notification.amount;
    let name = notification.name.as_ref().map(SupporterName::as_str);
    let by = name.map_or(String::new(), |name| format!(" by {name}"));
    match notification.occasion {
        Some(Occasion::Confirmed) => format!("{} gave {amount}", name.unwrap_or("Somebody")),
        None => format!("Sample: {} gave {amount}", name.unwrap_or("Somebody")),
        Some(Occasion::Review) => format!("A payment of {amount}{by} needs your decision"),
        Some(Occasion::Underpaid) => format!("A payment of {amount}{by} fell short"),
    }
}

fn note(notification: &Notification) -> String {
    let provider = &notification.provider_title;
    match (notification.occasion, &notification.review_reason) {
        (Some(Occasion::Review), reason) => format!(
            "Paid through {provider}: {}. See: bagel donations list --status REVIEW",
            reason.as_deref().unwrap_or("not as asked")
        ),
        (Some(Occasion::Underpaid), _) => format!(
            "Paid through {provider}: {} arrived, which is not counted. See: bagel donations list \
             --status UNDERPAID",
            notification
                .arrived
                .as_deref()
                .unwrap_or("less than was asked")
        ),
        (None, _) => "`bagel notifications test` sent this.".to_owned(),
        (Some(Occasion::Confirmed), _) => format!("Paid through {provider}."),
    }
}
