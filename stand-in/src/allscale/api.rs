//! The provider's API: reads a call, verifies it, does it, signs the answer.
//!
//! The one path every call takes; a fault bends it at the step it names.
//! Source: the guide's "Calls".

use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Allscale;
use super::envelope::{ApiError, Code, Reply};
use super::response::{self, Answered};
use super::{create, payload, verifier};
use crate::desk::Desk;
use crate::faults::{Call, FaultKind};
use crate::transport;

const INTENTS: &str = "/v1/checkout_intents/";
const BODY_LIMIT: usize = 64 * 1024;

/// A call as it came.
struct Asked {
    head: Parts,
    body: Bytes,
}

impl Asked {
    fn path(&self) -> &str {
        self.head.uri.path()
    }

    fn nonce(&self) -> &str {
        let nonce = self.head.headers.get("x-nonce");
        nonce.and_then(|nonce| nonce.to_str().ok()).unwrap_or("")
    }

    /// The intent a status or intent call is about.
    fn intent_id(&self) -> &str {
        let id = self.path().strip_prefix(INTENTS).unwrap_or("");
        id.strip_suffix("/status").unwrap_or(id)
    }
}

/// Answers everything that is neither a pay page nor a lever.
pub(crate) async fn answer(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let call = call(&head.method, head.uri.path());
    desk.journal.note(call, &head);
    let read = to_bytes(body, BODY_LIMIT).await;
    let body = read.as_ref().cloned().unwrap_or_default();
    let asked = Asked { head, body };
    let checked = match read {
        Ok(_) => verify(&desk, &asked),
        Err(_) => Err(ApiError::new(Code::VALIDATION, "the body is too long")),
    };
    let fault = match &checked {
        Ok(()) => desk.faults.take(call),
        Err(_) => None,
    };
    let fault = fault.as_ref();
    transport::answer(fault, &desk.stop, || {
        let result = checked.and_then(|()| spoilt(&desk, call, &asked, fault));
        let reply = Reply::from(result);
        seal(&desk, &asked, reply, fault)
    })
    .await
}

fn call(method: &Method, path: &str) -> Call {
    match (method.as_str(), path) {
        ("GET", "/v1/test/ping") => Call::Ping,
        ("GET", "/v1/test/fail") => Call::Fail,
        ("POST", "/v1/test/post") => Call::Post,
        ("POST", INTENTS) => Call::Create,
        ("GET", path) => match path.strip_prefix(INTENTS) {
            Some("") | None => Call::Any,
            Some(id) if id.ends_with("/status") => Call::Status,
            Some(_) => Call::Intent,
        },
        _ => Call::Any,
    }
}

fn verify(desk: &Desk, asked: &Asked) -> Result<(), ApiError> {
    let request = verifier::Unverified {
        method: asked.head.method.as_str(),
        path: asked.path(),
        query: asked.head.uri.query().unwrap_or(""),
        headers: &asked.head.headers,
        body: &asked.body,
    };
    verifier::check(&request, &desk.allscale, desk.now()).inspect_err(|_| desk.journal.refused())
}

fn perform(desk: &Desk, call: Call, asked: &Asked) -> Result<Value, ApiError> {
    let found = || {
        let intent = desk.intents.get(&Allscale, asked.intent_id());
        intent.ok_or_else(|| ApiError::new(Code::INTENT_NOT_FOUND, "no such checkout intent"))
    };
    match call {
        Call::Ping => Ok(json!({ "pong": "ok" })),
        Call::Fail => Err(ApiError::new(Code::INTERNAL, "this call always fails")),
        Call::Post => serde_json::from_slice(&asked.body)
            .map_err(|_| ApiError::new(Code::VALIDATION, "the body is not JSON")),
        Call::Create => open(desk, &asked.body),
        Call::Status => Ok(json!(found()?.status)),
        Call::Intent => Ok(payload::whole(&found()?)),
        Call::Any if asked.path() == INTENTS.trim_end_matches('/') => {
            let hint = "not found: creating an intent needs the trailing slash";
            Err(ApiError::new(Code::UNKNOWN, hint))
        }
        _ => Err(ApiError::new(Code::UNKNOWN, "not found")),
    }
}

fn open(desk: &Desk, body: &[u8]) -> Result<Value, ApiError> {
    let intent = create::intent(body)?;
    let created = payload::created(&intent, &desk.public_url);
    if desk.intents.add(intent) {
        Ok(created)
    } else {
        let full = "the stand-in has taken all the intents it can hold";
        Err(ApiError::new(Code::INTENT_NOT_CREATED, full))
    }
}

/// What the call came to; a fault refuses it undone, or bends its payload.
fn spoilt(
    desk: &Desk,
    call: Call,
    asked: &Asked,
    fault: Option<&FaultKind>,
) -> Result<Value, ApiError> {
    match fault {
        Some(FaultKind::Error { code, message }) => Err(ApiError::new(Code(*code), message)),
        Some(fault) => Ok(fault.alter(perform(desk, call, asked)?)),
        None => perform(desk, call, asked),
    }
}

/// Signs the answer where that is switched on, and dates it by our own clock.
fn seal(desk: &Desk, asked: &Asked, reply: Reply, fault: Option<&FaultKind>) -> Response {
    let mut headers = axum::http::HeaderMap::new();
    if desk.signed_responses || fault.is_some_and(response::needs_signature) {
        let answered = Answered {
            path: asked.path(),
            nonce: asked.nonce(),
            body: &asked.body,
        };
        headers = response::headers(
            &reply,
            &answered,
            &desk.allscale.credentials,
            desk.now(),
            fault,
        );
    }
    headers.extend(desk.wrong_date().map(|date| (header::DATE, date)));
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (reply.status, headers, kind, reply.body).into_response()
}
