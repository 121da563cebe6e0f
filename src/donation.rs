//! [`Donation`]: the one record this program keeps the truth of.
//!
//! Owns the public handle, [`DonationId`]. Nothing here changes a donation:
//! that is [`crate::settle`] alone.

use std::fmt;

use uuid::{Uuid, Variant, Version};

use crate::clock::Millis;
use crate::money::Money;
use crate::provider::ForeignId;
use crate::status::Status;
use crate::supporter::{Message, SupporterName};

/// Our own random handle of a donation; `intent_id` in our API, `order_id` at
/// the provider. Whoever has it may see the donation's status page.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DonationId(Uuid);

impl DonationId {
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

impl fmt::Display for DonationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A random UUID in its canonical spelling. `Uuid::parse_str` alone takes five
/// spellings and any version, so one id would have many names.
#[must_use]
pub(crate) fn parse_random_uuid(text: &str) -> Option<Uuid> {
    let uuid = Uuid::parse_str(text).ok()?;
    let random = uuid.get_version() == Some(Version::Random);
    let ours = random && uuid.get_variant() == Variant::RFC4122;
    (ours && uuid.to_string() == text).then_some(uuid)
}

/// What a supporter asks for, parsed; stored before anybody outside is asked.
#[derive(Clone, Debug)]
pub struct NewDonation {
    pub id: DonationId,
    pub created_at: Millis,
    pub asked: Money,
    pub name: Option<SupporterName>,
    pub message: Option<Message>,
    /// The provider's name, as [`crate::provider::Provider::name`] says it.
    pub provider: &'static str,
}

/// A donation as the ledger knows it.
#[derive(Clone, Debug)]
pub struct Donation {
    pub id: DonationId,
    pub created_at: Millis,
    pub updated_at: Millis,
    pub status: Status,
    /// What the supporter was asked to pay.
    pub asked: Money,
    pub name: Option<SupporterName>,
    pub message: Option<Message>,
    pub provider: String,
    /// The provider's id of its intent, once known.
    pub intent: Option<ForeignId>,
    /// The hosted checkout, once made.
    pub checkout_url: Option<String>,
    /// Why the creator has to look, when the status is REVIEW.
    pub review_reason: Option<String>,
    pub payment: Payment,
    /// How often the sweep has looked since the donation was last open or
    /// last closed.
    pub looks: u32,
    /// When the sweep looks next, if ever.
    pub next_look: Option<Millis>,
}

impl Donation {
    /// Whether the provider may know more than the ledger does.
    #[must_use]
    pub fn may_be_asked_about(&self) -> bool {
        !self.is_settled() && self.intent.is_some()
    }

    /// Whether no word of a provider's changes it any more.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        matches!(self.status, Status::Confirmed | Status::Review)
    }

    /// Whether the creator looked at what was paid and turned it down; a
    /// refusal of the provider's never has a reason for review.
    #[must_use]
    pub fn is_rejected_by_creator(&self) -> bool {
        self.status == Status::Rejected && self.review_reason.is_some()
    }
}

/// What is known of the payment itself; all of it may come late.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Payment {
    pub tx_hash: Option<ForeignId>,
    /// EIP-155 chain id.
    pub chain_id: Option<i64>,
    pub coin_symbol: Option<ForeignId>,
    /// Decimal strings, as the provider wrote them.
    pub coin_amount: Option<ForeignId>,
    pub paid: Option<ForeignId>,
    pub fee: Option<ForeignId>,
    pub net: Option<ForeignId>,
}

impl Payment {
    /// Whether every detail is there that a provider may tell late.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.tx_hash.is_some() && self.net.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = DonationId::random();
        let text = id.to_string();
        assert_eq!(DonationId::parse(&text), Some(id));
        for other in [
            text.to_uppercase(),
            text.replace('-', ""),
            format!("{{{text}}}"),
            format!("urn:uuid:{text}"),
            format!("{text} "),
        ] {
            assert_eq!(DonationId::parse(&other), None, "{other}");
        }
    }

    #[test]
    fn only_random_uuids_are_ids() {
        for text in [
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "0b9f9a5e-6f0f-1c5c-9f1f-3c1f6b1c7a01",
            "order_123",
            "",
        ] {
            assert_eq!(DonationId::parse(text), None, "{text}");
        }
    }
}
