//! Answers to calls: the envelope, the error codes, and response signing, by
//! which a client knows that an answer is the provider's and answers its own
//! request. Errors are signed too.
//!
//! Source: the guide's "Basics", "Error codes" and "Response signing".

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use super::signer::{ResponseParts, sign};
use crate::api::{Asked, single};
use crate::faults::FaultKind;
use crate::state::State;

/// A number of the guide's "Error codes".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Code(pub(super) i64);

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

    /// The HTTP status of the answer; a client must not rely on it.
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
pub(crate) struct ApiError {
    pub(super) code: Code,
    pub(super) message: String,
}

impl ApiError {
    pub(super) fn new(code: Code, message: &str) -> Self {
        let message = message.to_owned();
        Self { code, message }
    }
}

/// An answer before it is signed.
struct Reply {
    status: StatusCode,
    request_id: String,
    body: Vec<u8>,
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

/// The answer to a call, signed where that is switched on.
pub(super) fn respond(
    state: &State,
    asked: &Asked,
    result: Result<Value, ApiError>,
    fault: Option<&FaultKind>,
) -> Response {
    let reply = Reply::from(result);
    let mut headers = HeaderMap::new();
    if state.options.signed_responses || fault.is_some_and(needs_signature) {
        let secret = state.allscale.secret();
        headers = signature(&reply, asked, secret, state.now(), fault);
    }
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (reply.status, headers, kind, reply.body).into_response()
}

/// The headers of a signed response, or of one that a fault has spoilt.
/// `now` is in Unix seconds.
fn signature(
    reply: &Reply,
    asked: &Asked,
    secret: &str,
    now: i64,
    fault: Option<&FaultKind>,
) -> HeaderMap {
    let foreign = Uuid::new_v4().to_string();
    let request_nonce = match fault {
        Some(FaultKind::UnsignedResponse) => return HeaderMap::new(),
        Some(FaultKind::ForeignNonce) => &foreign,
        _ => single(&asked.head.headers, "x-nonce").unwrap_or(""),
    };
    let age = match fault {
        Some(FaultKind::StaleResponse) => 3600,
        _ => 0,
    };
    let body = match fault {
        Some(FaultKind::WrongResponseSignature) => b"another body",
        _ => reply.body.as_slice(),
    };
    let timestamp = now.saturating_sub(age).to_string();
    let nonce = Uuid::new_v4().to_string();
    let canonical = ResponseParts {
        status: reply.status.as_u16(),
        path: asked.path(),
        request_nonce,
        request_body: &asked.body,
        timestamp: &timestamp,
        nonce: &nonce,
        body,
    }
    .canonical();
    let signature = sign(secret, &canonical);
    [
        ("x-response-timestamp", timestamp.as_str()),
        ("x-response-nonce", &nonce),
        ("x-response-signature", &signature),
        ("x-request-nonce", request_nonce),
        ("x-request-id", &reply.request_id),
    ]
    .into_iter()
    .filter_map(|(name, value)| {
        let value = HeaderValue::from_str(value).ok()?;
        Some((HeaderName::from_static(name), value))
    })
    .collect()
}

/// Whether the fault is in the signature, which then is there whatever the
/// options say.
const fn needs_signature(fault: &FaultKind) -> bool {
    matches!(
        fault,
        FaultKind::WrongResponseSignature | FaultKind::StaleResponse | FaultKind::ForeignNonce
    )
}
