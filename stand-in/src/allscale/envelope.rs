//! The envelope around every answer, and the provider's error codes.
//!
//! Source: the guide's "Basics" and "Error codes".

use axum::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

/// A number of the guide's "Error codes".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Code(pub(super) i64);

impl Code {
    pub(super) const VALIDATION: Self = Self(10001);
    pub(super) const MISSING_HEADERS: Self = Self(20001);
    pub(super) const BAD_SIGNATURE: Self = Self(20002);
    pub(super) const FORBIDDEN: Self = Self(30001);
    pub(super) const RATE_LIMITED: Self = Self(40001);
    pub(super) const INTENT_NOT_FOUND: Self = Self(50001);
    pub(super) const INTENT_NOT_CREATED: Self = Self(50002);
    pub(super) const INTERNAL: Self = Self(90000);
    pub(super) const UNKNOWN: Self = Self(99999);

    /// The HTTP status it travels with; a client must not rely on it.
    const fn http(self) -> StatusCode {
        match self {
            Self::VALIDATION => StatusCode::BAD_REQUEST,
            Self::MISSING_HEADERS | Self::BAD_SIGNATURE => StatusCode::UNAUTHORIZED,
            Self::FORBIDDEN => StatusCode::FORBIDDEN,
            Self::RATE_LIMITED => StatusCode::TOO_MANY_REQUESTS,
            Self::INTENT_NOT_FOUND | Self::UNKNOWN => StatusCode::NOT_FOUND,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// A call that failed.
#[derive(Debug)]
pub(super) struct ApiError {
    pub(super) code: Code,
    pub(super) message: String,
}

impl ApiError {
    pub(super) fn new(code: Code, message: &str) -> Self {
        let message = message.to_owned();
        Self { code, message }
    }
}

/// An answer, ready to be signed and sent.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) request_id: String,
    pub(super) body: Vec<u8>,
}

impl From<Result<Value, ApiError>> for Reply {
    fn from(result: Result<Value, ApiError>) -> Self {
        let (status, code, payload, error) = match result {
            Ok(payload) => (StatusCode::OK, 0, payload, Value::Null),
            Err(ApiError { code, message }) => {
                let error = json!({ "message": message });
                (code.http(), code.0, Value::Null, error)
            }
        };
        let request_id = format!("req_{}", Uuid::new_v4().simple());
        let envelope = json!({
            "code": code,
            "payload": payload,
            "error": error,
            "request_id": request_id,
        });
        Self {
            status,
            request_id,
            body: envelope.to_string().into_bytes(),
        }
    }
}
