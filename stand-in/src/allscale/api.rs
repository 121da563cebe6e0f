//! The provider's API: which call a request is, and what it does.
//!
//! Source: the guide's "Calls".

use axum::response::Response;
use serde_json::{Value, json};

use super::answer::{self, ApiError, Code};
use super::{Allscale, create, payload, verifier};
use crate::api::{Api, Asked};
use crate::faults::{Call, FaultKind};
use crate::state::State;

const INTENTS: &str = "/v1/checkout_intents/";

impl Api for Allscale {
    type Error = ApiError;

    fn call(method: &str, path: &str) -> Call {
        match (method, path) {
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

    fn verify(state: &State, asked: &Asked) -> Result<(), ApiError> {
        verifier::check(asked, &state.allscale, state.now())
    }

    fn perform(state: &State, asked: &Asked, _: Option<&FaultKind>) -> Result<Value, ApiError> {
        let found = || {
            let id = asked.path().strip_prefix(INTENTS).unwrap_or("");
            let id = id.strip_suffix("/status").unwrap_or(id);
            let intent = state.intents.get(&Allscale, id);
            intent.ok_or_else(|| ApiError::new(Code::INTENT_NOT_FOUND, "no such checkout intent"))
        };
        match asked.call {
            Call::Ping => Ok(json!({ "pong": "ok" })),
            Call::Fail => Err(ApiError::new(Code::INTERNAL, "this call always fails")),
            Call::Post => serde_json::from_slice(&asked.body)
                .map_err(|_| ApiError::new(Code::VALIDATION, "the body is not JSON")),
            Call::Create => open(state, &asked.body),
            Call::Status => Ok(json!(found()?.status)),
            Call::Intent => Ok(payload::whole(&found()?)),
            _ if asked.path() == INTENTS.trim_end_matches('/') => {
                let hint = "not found: creating an intent needs the trailing slash";
                Err(ApiError::new(Code::UNKNOWN, hint))
            }
            _ => Err(ApiError::new(Code::UNKNOWN, "not found")),
        }
    }

    fn failure(code: i64, message: &str) -> ApiError {
        ApiError::new(Code(code), message)
    }

    fn respond(
        state: &State,
        asked: &Asked,
        result: Result<Value, ApiError>,
        fault: Option<&FaultKind>,
    ) -> Response {
        answer::respond(state, asked, result, fault)
    }
}

fn open(state: &State, body: &[u8]) -> Result<Value, ApiError> {
    let intent = create::intent(body)?;
    let created = payload::created(&intent, state.public_url());
    if state.intents.add(intent) {
        Ok(created)
    } else {
        let full = "the stand-in has taken all the intents it can hold";
        Err(ApiError::new(Code::INTENT_NOT_CREATED, full))
    }
}
