//! Releases: the merchant reports that an order was handed over.
//!
//! Source: the documentation's "Merchant notification for NFT release status".

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::AlchemyPay;
use super::api::ApiError;
use super::link::millis;
use crate::protocol::Status;
use crate::state::{State, lock};

/// What the merchant has reported about one order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Release {
    /// The merchant's number of the order.
    pub order_id: String,
    pub order_no: String,
    /// `SUCCESS` or `FAIL`, as it was reported last.
    pub status: String,
    /// Genuine reports, answered or not.
    pub received: u32,
    /// Reports answered with success, and with no fault in the answer.
    pub acknowledged: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    merchant_order_no: String,
    order_no: String,
    release_status: String,
    release_time: Value,
}

/// One line per order, by the merchant's number; bounded by the orders.
#[derive(Default, Debug)]
pub(super) struct Releases(Mutex<BTreeMap<String, Release>>);

impl Releases {
    pub(super) fn all(&self) -> Vec<Release> {
        lock(&self.0).values().cloned().collect()
    }

    fn receive(&self, body: Body, answered: bool) {
        let mut releases = lock(&self.0);
        let order_id = body.merchant_order_no;
        let release = releases.entry(order_id.clone()).or_insert(Release {
            order_id,
            order_no: body.order_no,
            status: String::new(),
            received: 0,
            acknowledged: 0,
        });
        release.status = body.release_status;
        release.received += 1;
        release.acknowledged += u32::from(answered);
    }
}

/// Takes a report; `answered`: the merchant can read the answer.
pub(super) fn take(state: &State, body: &[u8], answered: bool) -> Result<Value, ApiError> {
    let body: Body =
        serde_json::from_slice(body).map_err(|error| ApiError::invalid(&error.to_string()))?;
    let order = state.intents.get(&AlchemyPay, &body.merchant_order_no);
    let order = order.ok_or_else(ApiError::unknown_order)?;
    if order.id != body.order_no {
        return Err(ApiError::invalid("orderNo is not this order's"));
    }
    if !matches!(body.release_status.as_str(), "SUCCESS" | "FAIL") {
        return Err(ApiError::invalid(
            "releaseStatus is neither SUCCESS nor FAIL",
        ));
    }
    let time = body.release_time.as_str().map(str::to_owned);
    let time = time.unwrap_or_else(|| body.release_time.to_string());
    millis("releaseTime", &time).map_err(|refusal| ApiError::invalid(&refusal.to_string()))?;
    if order.status != Status::CONFIRMED {
        return Err(ApiError::invalid("the order is not paid"));
    }
    state.alchemy_pay.releases.receive(body, answered);
    Ok(Value::Null)
}
