//! The envelope around every answer to a call.
//!
//! Source: the documentation's "Query order". Which code a failure has is not
//! documented for these calls, so a client must know no other than `0000`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use uuid::Uuid;

/// A call that failed.
#[derive(Debug)]
pub(super) struct ApiError {
    code: String,
    message: String,
}

impl ApiError {
    pub(super) fn new(code: &str, message: &str) -> Self {
        let (code, message) = (code.to_owned(), message.to_owned());
        Self { code, message }
    }

    /// The caller is not the merchant.
    pub(super) fn unsigned(message: &str) -> Self {
        Self::new("8007", message)
    }

    /// Its parameters are none.
    pub(super) fn invalid(message: &str) -> Self {
        Self::new("10005", message)
    }

    /// There is no such order: nobody has opened its link yet.
    pub(super) fn unknown_order() -> Self {
        Self::new("8029", "the order does not exist")
    }
}

/// Always with HTTP 200; the code tells.
pub(super) fn envelope(result: Result<Value, ApiError>) -> Response {
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
