//! [`Notice`]: tells Alchemy Pay that what was paid for was handed over.
//!
//! The hosted page sells an item, so the provider waits to hear of its
//! release; a donation hands over its thank-you at once. Told through the
//! outbox: until it is acknowledged, and then never again. Changes nothing
//! about the donation.

use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;

use super::client::Client;
use super::query::Trade;
use crate::ids::ForeignId;
use crate::ledger::Queued;
use crate::notify::{DeliveryError, Target};
use crate::provider::ProviderError;
use crate::status::Status;

const PATH: &str = "/nft/openapi/merchant/notice";
/// How long a provider that finds us too busy is left alone.
const REST: Duration = Duration::from_mins(1);

pub(super) struct Notice {
    pub(super) client: Client,
}

/// The same at every attempt.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    merchant_order_no: &'a str,
    order_no: &'a str,
    release_status: &'static str,
    /// When it was settled, in milliseconds.
    release_time: String,
}

#[async_trait]
impl Target for Notice {
    fn name(&self) -> &'static str {
        super::NAME
    }

    async fn deliver(&self, queued: &Queued) -> Result<(), DeliveryError> {
        let intent = ForeignId::from(queued.donation.id);
        let trade = self.client.trade(&intent).await?;
        let not_paid = ProviderError::Broken("it does not tell the number of a paid order");
        let order_no = paid(trade.as_ref()).ok_or(not_paid)?;
        let told = Told {
            merchant_order_no: intent.as_str(),
            order_no,
            release_status: "SUCCESS",
            release_time: queued.queued_at.0.to_string(),
        };
        let reply = self.client.post(PATH, &told).await?;
        reply.outcome.map_err(ProviderError::from)?;
        Ok(())
    }
}

/// The provider's number of an order that it says is paid.
fn paid(trade: Option<&Trade>) -> Option<&str> {
    trade
        .filter(|trade| trade.status() == Status::Confirmed)
        .and_then(Trade::order_no)
}

impl From<ProviderError> for DeliveryError {
    fn from(error: ProviderError) -> Self {
        Self {
            wait: matches!(error, ProviderError::RateLimited).then_some(REST),
            why: error.to_string(),
        }
    }
}
