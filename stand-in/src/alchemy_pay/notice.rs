//! Notices of release: the merchant says that an order was handed over.
//!
//! Source: the documentation's "Merchant notification for NFT release status".

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::AlchemyPay;
use super::link::millis;
use super::reply::ApiError;
use crate::desk::{Desk, lock};
use crate::status::Status;

/// What the merchant has said about one order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Notice {
    /// The merchant's number of the order.
    pub order_id: String,
    pub order_no: String,
    /// `SUCCESS` or `FAIL`, as it was said last.
    pub release_status: String,
    /// How often a genuine notice came, answered or not.
    pub received: u32,
    /// How often one was answered with success, and no fault kept the answer.
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

/// One line an order, by the merchant's number; no more than there are orders.
#[derive(Default)]
pub(crate) struct Notices(Mutex<BTreeMap<String, Notice>>);

impl Notices {
    pub(crate) fn all(&self) -> Vec<Notice> {
        lock(&self.0).values().cloned().collect()
    }

    fn receive(&self, body: Body, answered: bool) {
        let mut notices = lock(&self.0);
        let order_id = body.merchant_order_no;
        let notice = notices.entry(order_id.clone()).or_insert(Notice {
            order_id,
            order_no: body.order_no,
            release_status: String::new(),
            received: 0,
            acknowledged: 0,
        });
        notice.release_status = body.release_status;
        notice.received += 1;
        notice.acknowledged += u32::from(answered);
    }
}

/// Takes a notice; `answered`: the merchant will read the answer.
pub(super) fn take(desk: &Desk, body: &[u8], answered: bool) -> Result<Value, ApiError> {
    let body: Body =
        serde_json::from_slice(body).map_err(|error| ApiError::invalid(&error.to_string()))?;
    let order = desk.intents.get(&AlchemyPay, &body.merchant_order_no);
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
    desk.alchemy_pay.notices.receive(body, answered);
    Ok(Value::Null)
}
