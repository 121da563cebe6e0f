//! [`Trade`]: an order as Alchemy Pay knows it. The query call asks for it, the
//! notice call reports the release of its item.
//!
//! The query's answer is foreign data: unknown fields are ignored, and a value
//! of an unexpected kind is unreadable, never a guess and never a reason to
//! drop the rest. The hosted page sells an item, so the provider waits for its
//! release; a donation hands over its thank-you at once.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::client::{Client, Reply};
use super::envelope;
use crate::clock::Millis;
use crate::donation::{DonationId, Payment};
use crate::ids::ForeignId;
use crate::money::{Cents, Currency, Money};
use crate::provider::ProviderError;
use crate::report::{Charged, Report};
use crate::status::Status;

const QUERY: &str = "/nft/openapi/query/trade";
const NOTICE: &str = "/nft/openapi/merchant/notice";

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

/// The notice of a release, the same at every attempt.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReleaseNotice<'a> {
    merchant_order_no: &'a str,
    order_no: &'a str,
    release_status: &'static str,
    /// When the donation was settled, in milliseconds.
    release_time: String,
}

impl Client {
    /// The query call itself.
    pub(super) async fn query(&self, intent: &ForeignId) -> Result<Reply, ProviderError> {
        let query = format!("merchantOrderNo={intent}");
        self.get(QUERY, Some(&query)).await
    }

    /// Asks about the order of `intent`; `None` when the provider does not know
    /// it, which is so until the link is opened.
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

    /// Reports that the item of a paid order was handed over.
    pub(super) async fn release(
        &self,
        intent: &ForeignId,
        settled_at: Millis,
    ) -> Result<(), ProviderError> {
        let trade = self.trade(intent).await?;
        let not_paid = ProviderError::Broken("it does not tell the number of a paid order");
        let release = ReleaseNotice {
            merchant_order_no: intent.as_str(),
            order_no: trade.as_ref().and_then(Trade::paid).ok_or(not_paid)?,
            release_status: "SUCCESS",
            release_time: settled_at.0.to_string(),
        };
        let reply = self.post(NOTICE, &release).await?;
        reply.outcome.map_err(ProviderError::from)?;
        Ok(())
    }
}

impl Trade {
    /// Both fields are optional; one that is present must be ours.
    fn is_ours(&self, app_id: &str, intent: &ForeignId) -> bool {
        let is = |given: &Value, ours: &str| given.is_null() || given == ours;
        is(&self.app_id, app_id) && is(&self.merchant_order_no, intent.as_str())
    }

    /// The provider's own number of the order, once it is paid.
    fn paid(&self) -> Option<&str> {
        let number = self.order_no.as_str().filter(|number| !number.is_empty());
        number.filter(|_| self.status() == Status::Confirmed)
    }

    fn status(&self) -> Status {
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
            Status::Confirmed => match (told(&self.amount), told(&self.fiat)) {
                (Ok(amount), Ok(fiat)) => charged(amount, fiat),
                (amount, fiat) => {
                    let raw = |text: Result<Option<&str>, String>| match text {
                        Ok(text) => text.unwrap_or("?").to_owned(),
                        Err(raw) => raw,
                    };
                    Charged::other(&raw(amount), &raw(fiat))
                }
            },
            _ => Charged::Absent,
        }
    }
}

/// A text, or nothing; the error is any other value as it was told.
fn told(value: &Value) -> Result<Option<&str>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        other => Err(other.to_string()),
    }
}

/// An amount in units, read digit by digit, in a currency we know.
pub(super) fn charged(amount: Option<&str>, fiat: Option<&str>) -> Charged {
    let read = amount
        .and_then(Cents::parse_coins)
        .zip(fiat.and_then(Currency::from_code));
    match (amount, fiat, read) {
        (None, None, _) => Charged::Absent,
        (_, _, Some((cents, currency))) => Charged::Amount(Money { cents, currency }),
        _ => Charged::other(amount.unwrap_or("?"), fiat.unwrap_or("?")),
    }
}

/// Paid after the time-out is paid. An unlisted state is pending: it must never
/// confirm anything.
pub(super) fn read_status(state: Option<&str>) -> Status {
    match state {
        Some("NEW") => Status::Created,
        Some("PAY_SUCCESS" | "TIMEOUT_SUCCESS") => Status::Confirmed,
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
        charged: Charged::Absent,
        payment: Payment::default(),
        details_may_follow: false,
    }
}
