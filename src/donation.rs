//! [`Donation`]: the one record this program keeps the truth of.
//!
//! Owns the public handle, [`DonationId`]. Nothing here changes a donation:
//! that is [`crate::settle`] alone, but for what its supporter may change.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};

use crate::client::Client;
use crate::clock::Millis;
use crate::ids::{ForeignId, random_id};
use crate::language::Language;
use crate::money::{Cents, Money};
use crate::status::Status;
use crate::supporter::{Message, SupporterName, Visibility};

random_id! {
    /// Our own random handle of a donation; `intent_id` in our API, `order_id`
    /// at the provider. Whoever has it may see the donation's status page.
    DonationId
}

impl DonationId {
    /// What a supporter may quote and a receipt may carry.
    pub fn reference(self) -> Reference {
        Reference(self.0.as_fields().0)
    }
}

/// Origin: a keyed hash of the network that a donation was asked for from. It
/// shares out looks among clients, and says nothing once its key is gone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Origin(pub i64);

impl Origin {
    /// Before all others.
    pub const FIRST: Self = Self(i64::MIN);

    /// Of the widest network of `client`, by the key that `keys` holds.
    pub fn of(client: Client, keys: &RandomState) -> Self {
        let [.., widest] = client.networks();
        Self(keys.hash_one(widest).cast_signed())
    }
}

/// Our own id, at a provider that makes none.
impl From<DonationId> for ForeignId {
    fn from(id: DonationId) -> Self {
        Self::of_uuid(id.0)
    }
}

/// Reference: the first eight digits of a donation's id. The creator finds the
/// donation with it; it does not open the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reference(u32);

impl Reference {
    /// Reads eight hexadecimal digits, large or small.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 8 && text.bytes().all(|c| c.is_ascii_hexdigit());
        digits.then(|| u32::from_str_radix(text, 16).ok().map(Self))?
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// What a supporter asks for, parsed: the same from the order to the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// What the supporter is asked to pay.
    pub asked: Money,
    pub name: Option<SupporterName>,
    pub message: Option<Message>,
    pub visibility: Visibility,
    /// The language it is given in, where that is known.
    pub language: Option<Language>,
}

impl Request {
    /// A request for `asked` without a name or a message, nothing to be shown.
    pub fn anonymous(asked: Money) -> Self {
        Self {
            asked,
            name: None,
            message: None,
            visibility: Visibility::NOTHING,
            language: None,
        }
    }
}

/// A donation to begin; stored before a provider is called.
#[derive(Clone, Debug)]
pub struct NewDonation {
    pub id: DonationId,
    pub created_at: Millis,
    pub request: Request,
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
    pub request: Request,
    pub provider: String,
    /// The provider's id of its intent, once known.
    pub intent: Option<ForeignId>,
    /// The hosted checkout, once made.
    pub checkout_url: Option<String>,
    /// Why the creator has to look, when the status is REVIEW.
    pub review_reason: Option<String>,
    /// What the provider said it charged, amount and currency in its own words.
    pub reported: Option<String>,
    /// What was counted, where that is not what was asked.
    pub counted: Option<Cents>,
    /// When it was counted.
    pub confirmed_at: Option<Millis>,
    pub payment: Payment,
    /// How often the sweep has looked since the donation was last open or
    /// last closed.
    pub looks: u32,
    /// When the sweep looks next, if ever.
    pub next_look: Option<Millis>,
}

impl Donation {
    /// The money that is counted for it, once it is CONFIRMED.
    pub fn counted(&self) -> Option<Money> {
        let asked = self.request.asked;
        (self.status == Status::Confirmed).then(|| Money {
            cents: self.counted.unwrap_or(asked.cents),
            ..asked
        })
    }

    /// What arrived, as the provider wrote it: coins where it was paid in coins.
    pub fn arrived(&self) -> Option<String> {
        let coin = self.payment.coin_symbol.as_ref();
        let coins = |paid: &ForeignId| match coin {
            Some(coin) => format!("{paid} {coin}"),
            None => paid.to_string(),
        };
        let paid = self.payment.paid.as_ref().map(coins);
        paid.or_else(|| self.reported.clone())
    }

    /// Whether the provider may know more than the ledger does.
    pub fn may_be_asked_about(&self) -> bool {
        !self.is_settled() && self.intent.is_some()
    }

    /// Whether no word of a provider's changes it any more.
    pub fn is_settled(&self) -> bool {
        matches!(self.status, Status::Confirmed | Status::Review)
    }

    /// Whether the creator looked at what was paid and turned it down; a
    /// refusal of the provider's never has a reason for review.
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
    pub fn is_complete(&self) -> bool {
        self.tx_hash.is_some() && self.net.is_some()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::money::Currency;

    /// Five dollars asked through Allscale.
    pub(crate) fn donation(status: Status) -> Donation {
        Donation {
            id: DonationId::random(),
            created_at: Millis(0),
            updated_at: Millis(0),
            status,
            request: Request::anonymous(Money {
                cents: Cents(500),
                currency: Currency::Usd,
            }),
            provider: "allscale".into(),
            intent: ForeignId::clean("i1"),
            checkout_url: None,
            review_reason: None,
            reported: None,
            counted: None,
            confirmed_at: None,
            payment: Payment::default(),
            looks: 0,
            next_look: None,
        }
    }

    #[test]
    fn a_reference_is_the_start_of_an_id() {
        let id = DonationId::random();
        let reference = id.reference();
        assert!(id.to_string().starts_with(&format!("{reference}-")));
        let large = reference.to_string().to_uppercase();
        assert_eq!(Reference::parse(&large), Some(reference));
        for other in ["", "0b9f9a5", "0b9f9a5e6", "+b9f9a5e", "0b9f9a5g"] {
            assert_eq!(Reference::parse(other), None, "{other}");
        }
    }
}
