//! Checkout intents: making one, and asking how it stands.
//!
//! Owns the bodies of "Creating an intent" and "Whole intent" in Allscale's
//! guide. A visitor's text travels in the signed body alone, never in a path.

use serde::{Deserialize, Serialize};

use super::wire::{self, PaymentFields, Price};
use crate::donation::{DonationId, NewDonation, Payment};
use crate::ids::ForeignId;
use crate::outward::BaseUrl;
use crate::provider::ProviderError;
use crate::report::{Charged, Opened, Report};
use crate::status::Status;
use crate::supporter::SupporterName;

/// The trailing slash is part of the signed path.
pub(super) const PATH: &str = "/v1/checkout_intents/";

/// How much of a message is shown to the payer, in characters.
const MAX_DESCRIPTION: usize = 200;

#[derive(Serialize)]
pub(super) struct CreateIntent<'a> {
    #[serde(flatten)]
    price: Price,
    order_id: String,
    order_description: Option<String>,
    user_name: Option<&'a str>,
    redirect_url: Option<&'a str>,
    extra: Extra,
}

#[derive(Serialize)]
struct Extra {
    source: &'static str,
}

impl<'a> CreateIntent<'a> {
    /// What is asked of the provider for `donation`.
    pub(super) fn new(donation: &'a NewDonation, return_to: Option<&'a str>) -> Self {
        let message = donation.request.message.as_ref();
        Self {
            price: donation.request.asked.into(),
            order_id: donation.id.to_string(),
            order_description: message
                .map(|message| message.as_str().chars().take(MAX_DESCRIPTION).collect()),
            user_name: donation.request.name.as_ref().map(SupporterName::as_str),
            redirect_url: return_to,
            extra: Extra {
                source: "buy-me-a-bagel",
            },
        }
    }
}

#[derive(Deserialize)]
pub(super) struct CreatedIntent {
    checkout_url: String,
    allscale_checkout_intent_id: String,
}

impl CreatedIntent {
    /// The checkout, if a visitor may be sent there by a provider at `base`.
    pub(super) fn opened(self, base: &BaseUrl) -> Result<Opened, ProviderError> {
        let intent = ForeignId::exact(&self.allscale_checkout_intent_id)
            .ok_or(ProviderError::Broken("its intent id cannot be used"))?;
        match base.safe_link(&self.checkout_url) {
            Some(url) => Ok(Opened {
                checkout_url: url.into(),
                intent,
            }),
            None => Err(ProviderError::UnsafeCheckout(intent)),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct WholeIntent {
    status: i64,
    /// Optional; where it is present it must be the intent asked about.
    allscale_checkout_intent_id: Option<String>,
    #[serde(flatten)]
    fields: PaymentFields,
}

impl WholeIntent {
    /// What the whole of `intent` reports, its own state included.
    pub(super) fn report(self, intent: &ForeignId) -> Result<Report, ProviderError> {
        let told = self.allscale_checkout_intent_id;
        if told.is_some_and(|told| told != intent.as_str()) {
            return Err(ProviderError::Broken("it is about another intent"));
        }
        Ok(Report {
            order: self.fields.order_id.as_str().and_then(DonationId::parse),
            charged: self.fields.charged(),
            payment: self.fields.payment(),
            ..bare(intent, wire::status_of(self.status))
        })
    }
}

/// A report of nothing but a state.
pub(super) fn bare(intent: &ForeignId, status: Status) -> Report {
    Report {
        provider: super::NAME,
        intent: intent.clone(),
        order: None,
        status,
        charged: Charged::Absent,
        payment: Payment::default(),
        details_may_follow: true,
    }
}
