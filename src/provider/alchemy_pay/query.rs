//! The query call: a [`Trade`] is an order as it tells it, and our words for it.
//!
//! What is read here comes from outside: fields nobody has listed are passed
//! over, and a value of an unexpected kind is unreadable, never a guess and
//! never a reason to drop the rest.

use serde::Deserialize;
use serde_json::Value;

use super::client::{Client, Reply};
use super::envelope;
use crate::donation::{DonationId, Payment};
use crate::ids::ForeignId;
use crate::money::{Cents, Currency, Money};
use crate::provider::ProviderError;
use crate::report::{Charged, Report};
use crate::status::Status;

const PATH: &str = "/nft/openapi/query/trade";

/// The data of a query. Absent and null are the same.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Trade {
    amount: Value,
    fiat: Value,
    order_no: Value,
    app_id: Value,
    merchant_order_no: Value,
    status: Value,
}

impl Client {
    /// The query call itself.
    pub(super) async fn query(&self, intent: &ForeignId) -> Result<Reply, ProviderError> {
        self.get(PATH, &format!("merchantOrderNo={intent}")).await
    }

    /// Asks about the order of `intent`; `None` when it is not known, which it
    /// is not before somebody opens its link.
    pub(super) async fn trade(&self, intent: &ForeignId) -> Result<Option<Trade>, ProviderError> {
        let reply = self.query(intent).await?;
        let data = match reply.outcome.map_err(ProviderError::from) {
            Ok(data) => data,
            Err(ProviderError::NotFound) => None,
            Err(error) => return Err(error),
        };
        let trade: Option<Trade> = data.as_deref().map(envelope::payload).transpose()?;
        match trade {
            Some(trade) if !trade.is_ours(&self.app_id, intent) => {
                Err(ProviderError::Broken("it is about another order"))
            }
            trade => Ok(trade),
        }
    }
}

impl Trade {
    /// Neither field is promised; where it is told it has to be the one asked
    /// about.
    fn is_ours(&self, app_id: &str, intent: &ForeignId) -> bool {
        let is = |told: &Value, ours: &str| told.is_null() || told == ours;
        is(&self.app_id, app_id) && is(&self.merchant_order_no, intent.as_str())
    }

    /// The provider's own number of the order.
    pub(super) fn order_no(&self) -> Option<&str> {
        self.order_no.as_str().filter(|number| !number.is_empty())
    }

    pub(super) fn status(&self) -> Status {
        read_status(self.status.as_str())
    }

    /// What it reports of `intent`.
    pub(super) fn report(&self, intent: &ForeignId) -> Report {
        Report {
            charged: self.charged(),
            ..bare(intent, self.status())
        }
    }

    /// What was paid. Before it is, the payer may still choose another
    /// currency, and nothing is charged.
    fn charged(&self) -> Charged {
        match self.status() {
            Status::Confirmed => charged(self.amount.as_str(), self.fiat.as_str()),
            _ => Charged::NotTold,
        }
    }
}

/// An amount in units, read digit by digit, in a currency we know.
pub(super) fn charged(amount: Option<&str>, fiat: Option<&str>) -> Charged {
    let (Some(amount), Some(fiat)) = (amount, fiat) else {
        let told = amount.or(fiat).is_some();
        return if told {
            Charged::Unreadable
        } else {
            Charged::NotTold
        };
    };
    let read = Cents::parse_coins(amount).zip(Currency::from_code(fiat));
    read.map_or(Charged::Unreadable, |(cents, currency)| {
        Charged::Told(Money { cents, currency })
    })
}

/// Whatever is not listed is pending: it must never confirm anything.
pub(super) fn read_status(told: Option<&str>) -> Status {
    match told {
        Some("NEW") => Status::Created,
        Some("PAY_SUCCESS") => Status::Confirmed,
        Some("PAY_FAIL") => Status::Failed,
        Some("TIMEOUT" | "TIME_OUT") => Status::Timeout,
        _ => Status::Pending,
    }
}

/// A report of nothing but a state.
pub(super) fn bare(intent: &ForeignId, status: Status) -> Report {
    Report {
        provider: super::NAME,
        intent: intent.clone(),
        order: DonationId::parse(intent.as_str()),
        status,
        charged: Charged::NotTold,
        payment: Payment::default(),
        details_may_follow: false,
    }
}
