//! The calls, and the envelope around every answer.
//!
//! Source: the documentation's "Query order", and its error codes.

use std::collections::HashMap;

use axum::Json;
use axum::extract::Query;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::webhook::{self, signature_of};
use super::{API, AlchemyPay, fiats, merchant, release};
use crate::api::{Api, Asked};
use crate::faults::{Call, FaultKind};
use crate::state::State;

impl Api for AlchemyPay {
    type Error = ApiError;

    fn call(method: &str, path: &str) -> Call {
        match (method, path.strip_prefix(API)) {
            ("GET", Some("/nft/openapi/query/trade")) => Call::Query,
            ("POST", Some("/nft/openapi/merchant/notice")) => Call::Release,
            ("GET", Some("/nft/openapi/fiat/list")) => Call::Fiats,
            _ => Call::Any,
        }
    }

    fn verify(state: &State, asked: &Asked) -> Result<(), ApiError> {
        merchant::check(&asked.head.headers, &state.alchemy_pay, state.now_millis())
    }

    fn perform(state: &State, asked: &Asked, fault: Option<&FaultKind>) -> Result<Value, ApiError> {
        match asked.call {
            Call::Query => Ok(sealed(state, query(state, &asked.head.uri)?, fault).into()),
            Call::Release => {
                let answered = fault.is_none_or(FaultKind::lets_answer_through);
                release::take(state, &asked.body, answered)
            }
            Call::Fiats => Ok(fiats::list()),
            _ => Err(ApiError::new("404", "there is no such call")),
        }
    }

    fn failure(code: i64, message: &str) -> ApiError {
        ApiError::new(&code.to_string(), message)
    }

    fn respond(
        _: &State,
        _: &Asked,
        result: Result<Value, ApiError>,
        _: Option<&FaultKind>,
    ) -> Response {
        envelope(result)
    }
}

/// The order of either number; where both are given they must agree.
fn query(state: &State, uri: &Uri) -> Result<Map<String, Value>, ApiError> {
    let asked = Query::<HashMap<String, String>>::try_from_uri(uri);
    let asked = asked.map_err(|_| ApiError::invalid("the query cannot be read"))?;
    let asked = |name: &str| asked.get(name).map(String::as_str);
    let (merchants, ours) = (asked("merchantOrderNo"), asked("orderNo"));
    let number = merchants.or(ours);
    let number = number.ok_or_else(|| ApiError::invalid("one of the order's numbers is needed"))?;
    let order = state.intents.get(&AlchemyPay, number);
    let order = order
        .filter(|order| merchants.is_none_or(|number| order.order_id.as_deref() == Some(number)))
        .filter(|order| ours.is_none_or(|number| order.id == number));
    let order = order.ok_or_else(ApiError::unknown_order)?;
    Ok(webhook::data(&order))
}

/// Signed where that is switched on, or where a fault spoils the signature.
fn sealed(
    state: &State,
    mut data: Map<String, Value>,
    fault: Option<&FaultKind>,
) -> Map<String, Value> {
    let secret = match fault {
        Some(FaultKind::WrongResponseSignature) => "another secret",
        _ if state.options.signed_responses => state.alchemy_pay.secret(),
        _ => return data,
    };
    let signature = signature_of(secret, &data, true).base64();
    data.insert("signature".to_owned(), signature.into());
    data
}

/// A call that failed.
#[derive(Debug)]
pub(crate) struct ApiError {
    code: String,
    message: String,
}

impl ApiError {
    fn new(code: &str, message: &str) -> Self {
        let (code, message) = (code.to_owned(), message.to_owned());
        Self { code, message }
    }

    /// The caller is not the merchant.
    pub(super) fn unsigned(message: &str) -> Self {
        Self::new("8007", message)
    }

    /// Its parameters are wrong.
    pub(super) fn invalid(message: &str) -> Self {
        Self::new("10005", message)
    }

    /// There is no such order: its link was never opened.
    pub(super) fn unknown_order() -> Self {
        Self::new("8029", "the order does not exist")
    }
}

/// Always with HTTP 200; the code says whether the call succeeded.
fn envelope(result: Result<Value, ApiError>) -> Response {
    let success = result.is_ok();
    let (code, message, data) = match result {
        Ok(data) => ("0000".to_owned(), "SUCCESS".to_owned(), data),
        Err(error) => (error.code, error.message, Value::Null),
    };
    Json(json!({
        "success": success,
        "returnCode": code,
        "returnMsg": message,
        "extend": "",
        "data": data,
        "traceId": Uuid::new_v4().simple().to_string(),
    }))
    .into_response()
}
