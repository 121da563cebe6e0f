//! Checkout intents: making one, the whole of one, and Allscale's words for money
//! and payments.
//!
//! Owns the bodies and the numbers of "Creating an intent" and "Whole intent" in Allscale's guide. A visitor's text travels in the signed body
//! alone, never in a path. What is read comes from outside: fields that are not
//! listed are passed over, and a value of an unexpected kind is unreadable,
//! never a guess and never a reason to drop the rest.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::coins::{self, StableCoin};
use super::states::status_of;
use crate::donation::{DonationId, NewDonation, Payment};
use crate::ids::ForeignId;
use crate::money::{Cents, Currency, Money};
use crate::outward::BaseUrl;
use crate::provider::ProviderError;
use crate::report::{Charged, Opened, Report};
use crate::status::Status;
use crate::supporter::SupporterName;

/// The trailing slash is part of the signed path.
pub(super) const PATH: &str = "/v1/checkout_intents/";

/// How much of a message is shown to the payer, in characters.
const MAX_DESCRIPTION: usize = 200;

/// The provider's numbers of the fiat currencies.
const CURRENCIES: [(i64, Currency); 9] = [
    (1, Currency::Usd),
    (9, Currency::Aud),
    (27, Currency::Cad),
    (31, Currency::Cny),
    (44, Currency::Eur),
    (48, Currency::Gbp),
    (57, Currency::Hkd),
    (72, Currency::Jpy),
    (126, Currency::Sgd),
];

#[derive(Serialize)]
pub(super) struct CreateIntent<'a> {
    #[serde(flatten)]
    price: Price,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted_stable_coins: Option<Vec<i64>>,
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
    /// What is asked of the provider for `donation`. A price in fiat may be paid in
    /// any of `coins`, one in a coin in that coin.
    pub(super) fn new(
        donation: &'a NewDonation,
        return_to: Option<&'a str>,
        coins: &[StableCoin],
    ) -> Self {
        let message = donation.request.message.as_ref();
        let price = Price::from(donation.request.asked);
        Self {
            accepted_stable_coins: price.currency.and_then(|_| coins::accepted(coins)),
            price,
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
    /// Its own id, in either spelling. Both are optional; one that is present must
    /// be the intent asked about.
    all_scale_checkout_intent_id: Option<String>,
    allscale_checkout_intent_id: Option<String>,
    #[serde(flatten)]
    fields: PaymentFields,
}

impl WholeIntent {
    /// What the whole of `intent` reports, its own state included.
    pub(super) fn report(self, intent: &ForeignId) -> Result<Report, ProviderError> {
        let told = [
            self.all_scale_checkout_intent_id,
            self.allscale_checkout_intent_id,
        ];
        if told.iter().flatten().any(|told| told != intent.as_str()) {
            return Err(ProviderError::Broken("it is about another intent"));
        }
        Ok(Report {
            order: self.fields.order_id.as_str().and_then(DonationId::parse),
            charged: self.fields.charged(),
            payment: self.fields.payment(),
            ..bare(intent, status_of(self.status))
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

/// What is asked for, on the wire: exactly one of `currency` and
/// `stable_coin`, and hundredths in either.
#[derive(Serialize)]
pub(super) struct Price {
    amount_cents: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stable_coin: Option<i64>,
}

impl From<Money> for Price {
    fn from(money: Money) -> Self {
        let fiat = CURRENCIES
            .iter()
            .find(|(_, currency)| *currency == money.currency);
        Self {
            amount_cents: money.cents.0,
            currency: fiat.map(|(number, _)| *number),
            stable_coin: fiat.is_none().then_some(StableCoin::Usdt.number()),
        }
    }
}

/// The fields of a payment that webhooks and whole intents share. Absent and
/// null are the same.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct PaymentFields {
    pub(super) amount_cents: Value,
    pub(super) currency: Value,
    pub(super) amount_coins: Value,
    pub(super) coin_symbol: Value,
    pub(super) chain_id: Value,
    pub(super) tx_hash: Value,
    pub(super) order_id: Value,
    pub(super) actual_paid_amount: Value,
    pub(super) service_fee_amount: Value,
    pub(super) net_income_amount: Value,
}

impl PaymentFields {
    /// What the supporter was asked for: cents in fiat; under native pricing,
    /// where there is no currency, coins digit by digit.
    pub(super) fn charged(&self) -> Charged {
        let money = if self.currency.is_null() {
            self.native()
        } else {
            self.fiat()
        };
        money.map_or_else(|| self.other(), Charged::Amount)
    }

    fn other(&self) -> Charged {
        if self.currency.is_null() {
            return Charged::other(&raw(&self.amount_coins), &raw(&self.coin_symbol));
        }
        let currency = format!("cents of currency {}", raw(&self.currency));
        Charged::other(&raw(&self.amount_cents), &currency)
    }

    fn fiat(&self) -> Option<Money> {
        let number = self.currency.as_i64()?;
        let (_, currency) = CURRENCIES.into_iter().find(|known| known.0 == number)?;
        let cents = Cents(self.amount_cents.as_i64()?);
        Some(Money { cents, currency })
    }

    fn native(&self) -> Option<Money> {
        let cents = Cents::parse_coins(self.amount_coins.as_str()?)?;
        let currency = Currency::Usdt;
        let is_usdt = self.coin_symbol == StableCoin::Usdt.symbol();
        is_usdt.then_some(Money { cents, currency })
    }

    pub(super) fn payment(&self) -> Payment {
        Payment {
            tx_hash: self.tx_hash.as_str().and_then(ForeignId::tx_hash),
            chain_id: self.chain_id.as_i64(),
            coin_symbol: clean(&self.coin_symbol),
            coin_amount: clean(&self.amount_coins),
            paid: clean(&self.actual_paid_amount),
            fee: clean(&self.service_fee_amount),
            net: clean(&self.net_income_amount),
        }
    }
}

/// A value as it was told.
fn raw(value: &Value) -> String {
    match value {
        Value::Null => "?".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn clean(value: &Value) -> Option<ForeignId> {
    value.as_str().and_then(ForeignId::clean)
}
