//! The two calls: verified, done, answered; a fault bends them at the step it
//! names.
//!
//! Source: the documentation's "Query order".

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Uri, header};
use axum::response::Response;
use serde_json::{Map, Value};

use super::reply::{ApiError, envelope};
use super::webhook::sign;
use super::{API, AlchemyPay, caller, notice, payload};
use crate::desk::Desk;
use crate::faults::{Call, FaultKind};
use crate::transport;

const BODY_LIMIT: usize = 64 * 1024;

/// Answers everything below the address of the calls.
pub(super) async fn answer(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let call = call(&head.method, head.uri.path());
    desk.journal.note(call, &head);
    // Too long a body is an empty one, and refused as that.
    let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let checked = caller::check(&head.headers, &desk.alchemy_pay, desk.now_millis());
    let fault = match &checked {
        Ok(()) => desk.faults.take(call),
        Err(_) => None,
    };
    if checked.is_err() {
        desk.journal.refused();
    }
    let fault = fault.as_ref();
    transport::answer(fault, &desk.stop, || {
        let result = checked.and_then(|()| perform(&desk, call, &head, &body, fault));
        let mut response = envelope(spoil(result, fault));
        let date = desk.wrong_date().map(|date| (header::DATE, date));
        response.headers_mut().extend(date);
        response
    })
    .await
}

fn call(method: &Method, path: &str) -> Call {
    match (method.as_str(), path.strip_prefix(API)) {
        ("GET", Some("/nft/openapi/query/trade")) => Call::Query,
        ("POST", Some("/nft/openapi/merchant/notice")) => Call::Notice,
        _ => Call::Any,
    }
}

fn perform(
    desk: &Desk,
    call: Call,
    head: &Parts,
    body: &[u8],
    fault: Option<&FaultKind>,
) -> Result<Value, ApiError> {
    match call {
        Call::Query => {
            let mut data = query(desk, &head.uri)?;
            if desk.signed_responses || matches!(fault, Some(FaultKind::WrongResponseSignature)) {
                let secret = match fault {
                    Some(FaultKind::WrongResponseSignature) => "another secret",
                    _ => desk.alchemy_pay.secret(),
                };
                let signature = sign(secret, &data, true).base64();
                data.insert("signature".to_owned(), signature.into());
            }
            Ok(data.into())
        }
        Call::Notice => notice::take(desk, body, fault.is_none_or(FaultKind::lets_answer_through)),
        _ => Err(ApiError::new("404", "there is no such call")),
    }
}

/// The order of either number; where both are given they must agree.
fn query(desk: &Desk, uri: &Uri) -> Result<Map<String, Value>, ApiError> {
    let asked = Query::<HashMap<String, String>>::try_from_uri(uri);
    let asked = asked.map_err(|_| ApiError::invalid("the query cannot be read"))?;
    let asked = |name: &str| asked.get(name).map(String::as_str);
    let (merchants, ours) = (asked("merchantOrderNo"), asked("orderNo"));
    let number = merchants.or(ours);
    let number = number.ok_or_else(|| ApiError::invalid("one of the order's numbers is needed"))?;
    let order = desk.intents.get(&AlchemyPay, number);
    let order = order
        .filter(|order| merchants.is_none_or(|number| order.order_id.as_deref() == Some(number)))
        .filter(|order| ours.is_none_or(|number| order.id == number));
    let order = order.ok_or_else(ApiError::unknown_order)?;
    Ok(payload::data(&order))
}

/// Faults that tell an untruth.
fn spoil(result: Result<Value, ApiError>, fault: Option<&FaultKind>) -> Result<Value, ApiError> {
    match fault {
        Some(FaultKind::Error { code, message }) => Err(ApiError::new(&code.to_string(), message)),
        Some(fault) => result.map(|data| fault.alter(data)),
        None => result,
    }
}
