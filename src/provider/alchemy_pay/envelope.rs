//! The envelope every reply of Alchemy Pay's API comes in.
//!
//! Success is `returnCode` "0000", whatever the HTTP status. No list of the
//! other codes is published, so the provider's words are looked at for three
//! purposes: to know an order that is not known, a call that is not let in, and
//! a limit. They go no further.

use axum::http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::signature::{AppSecret, Parameters};
use crate::ids::ForeignId;
use crate::provider::ProviderError;
use crate::provider::call::{Failure, no_envelope};

/// A failure the provider told us about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ApiFailure {
    pub(super) kind: Kind,
    /// Its code, as far as it is harmless.
    pub(super) code: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    UnknownOrder,
    NotLetIn,
    TooMany,
    Other,
}

impl Failure for ApiFailure {
    fn code(&self) -> &dyn tracing::Value {
        &self.code
    }

    fn explanation(&self) -> String {
        ProviderError::from(self.clone()).to_string()
    }

    fn is_too_many(&self) -> bool {
        self.kind == Kind::TooMany
    }

    /// An order is not known before its link is opened.
    fn is_expected(&self) -> bool {
        self.kind == Kind::UnknownOrder
    }
}

impl From<ApiFailure> for ProviderError {
    fn from(failure: ApiFailure) -> Self {
        let code = failure.code;
        match failure.kind {
            Kind::UnknownOrder => Self::NotFound,
            Kind::TooMany => Self::RateLimited(None),
            Kind::NotLetIn => Self::Denied(format!(
                "{code}: check app id, app secret, ALCHEMY_PAY_ENV and this machine's clock; \
                 `bagel doctor` tells more"
            )),
            Kind::Other => Self::Refused(format!("{code}, a code that is not documented")),
        }
    }
}

/// A reply, read as far as it is the same for every call.
pub(super) type Outcome = Result<Option<Box<RawValue>>, ApiFailure>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    return_code: String,
    #[serde(default)]
    return_msg: Value,
    data: Option<Box<RawValue>>,
    #[serde(default)]
    signature: Value,
}

/// Opens the envelope in `body`. Without one, `status` decides what the reply
/// was. A signature that is there has to be right.
pub(super) fn open(
    secret: &AppSecret,
    status: StatusCode,
    body: &[u8],
) -> Result<Outcome, ProviderError> {
    let wire: Wire = object(body).ok_or_else(|| no_envelope(status))?;
    if wire.return_code != "0000" {
        return Ok(Err(wire.failure(status)));
    }
    let data = wire.data.as_ref().map_or("{}", |data| data.get());
    if !is_authentic(secret, &wire.signature, data) {
        return Err(ProviderError::Broken("its signature is wrong"));
    }
    Ok(Ok(wire.data))
}

/// The data of a success, as the call's documentation has it.
pub(super) fn payload<T: DeserializeOwned>(data: &RawValue) -> Result<T, ProviderError> {
    object(data.get().as_bytes()).ok_or(ProviderError::Broken("its data is not what was asked for"))
}

/// Reads a JSON object; `serde` alone would take a list as well.
fn object<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    let is_object = json.trim_ascii_start().starts_with(b"{");
    is_object.then(|| serde_json::from_slice(json).ok())?
}

#[derive(Deserialize, Default)]
struct Signed {
    #[serde(default)]
    signature: Value,
}

/// Whether each signature, beside the data or in it, is one over the data.
fn is_authentic(secret: &AppSecret, beside: &Value, data: &str) -> bool {
    let within = serde_json::from_str::<Signed>(data).unwrap_or_default();
    let told = [beside, &within.signature];
    told.into_iter()
        .filter(|told| !told.is_null() && *told != "")
        .all(|told| told.as_str().is_some_and(|told| covers(secret, told, data)))
}

fn covers(secret: &AppSecret, signature: &str, data: &str) -> bool {
    let Ok(mut parameters) = serde_json::from_str::<Parameters>(data) else {
        return false;
    };
    parameters.take("signature");
    parameters.take("id");
    secret.verifies(&parameters, signature)
}

impl Wire {
    fn failure(&self, status: StatusCode) -> ApiFailure {
        let text = self.return_msg.as_str().unwrap_or_default();
        let code = ForeignId::clean(&self.return_code);
        ApiFailure {
            kind: kind(status, &text.to_ascii_lowercase()),
            code: code.map_or_else(|| "no code".to_owned(), |code| code.to_string()),
        }
    }
}

/// What a failure is about; `text` is in lower case.
fn kind(status: StatusCode, text: &str) -> Kind {
    let says = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    let denied = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status);
    let absent = [
        "not exist",
        "not found",
        "no such",
        "no order",
        "unknown order",
        "no payment record",
    ];
    if status == StatusCode::TOO_MANY_REQUESTS || says(&["too many", "too frequent", "frequency"]) {
        Kind::TooMany
    } else if denied || says(&["sign", "appid", "app id", "timestamp", "ip address"]) {
        Kind::NotLetIn
    } else if says(&["order", "trade", "record", "data"]) && says(&absent) {
        Kind::UnknownOrder
    } else {
        Kind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(status: u16, body: &str) -> Result<Outcome, ProviderError> {
        let secret = AppSecret::new("secret".into());
        open(
            &secret,
            StatusCode::from_u16(status).unwrap(),
            body.as_bytes(),
        )
    }

    fn failure(status: u16, text: &str) -> ApiFailure {
        let body = serde_json::json!({"success": false, "returnCode": "8/029", "returnMsg": text,
            "extend": "", "data": null});
        opened(status, &body.to_string()).unwrap().unwrap_err()
    }

    #[test]
    fn the_words_of_a_failure_tell_three_kinds() {
        for (status, text, kind) in [
            (
                200,
                "Merchant payment order number does not exist",
                Kind::UnknownOrder,
            ),
            (404, "Order not found", Kind::UnknownOrder),
            (200, "Signature error", Kind::NotLetIn),
            (200, "timestamp expired", Kind::NotLetIn),
            (200, "appId does not exist", Kind::NotLetIn),
            (401, "the order is unknown", Kind::NotLetIn),
            (200, "request frequency limit", Kind::TooMany),
            (429, "", Kind::TooMany),
            (200, "system error", Kind::Other),
            (404, "not found", Kind::Other),
            (200, "", Kind::Other),
        ] {
            assert_eq!(failure(status, text).kind, kind, "{text}");
        }
    }

    #[test]
    fn the_providers_words_go_no_further() {
        for text in ["CANARY", "CANARY sign", "order CANARY not found"] {
            let failure = failure(200, text);
            assert_eq!(failure.code, "8029");
            let error = ProviderError::from(failure);
            assert!(!format!("{error} {error:?}").contains("CANARY"), "{error}");
        }
    }

    #[test]
    fn what_is_no_envelope_is_broken_or_refused() {
        for body in [
            "",
            "null",
            "[]",
            r#"["0000"]"#,
            "<html>",
            "{}",
            r#"{"returnCode":0}"#,
            r#"{"returnCode":"0000","returnCode":"0000"}"#,
        ] {
            for status in [200, 502, 503] {
                let error = opened(status, body).err().unwrap();
                assert!(matches!(error, ProviderError::Broken(_)), "{body}");
            }
            let error = opened(500, body).err().unwrap();
            assert!(matches!(error, ProviderError::Failed), "{body}");
            let error = opened(404, body).err().unwrap();
            assert!(matches!(error, ProviderError::Refused(_)), "{body}");
        }
    }

    #[test]
    fn success_is_the_return_code_alone() {
        let body = r#"{"success":false,"returnCode":"0000","data":{"a":"1"}}"#;
        assert_eq!(
            opened(500, body).unwrap().unwrap().unwrap().get(),
            r#"{"a":"1"}"#
        );
        let body = r#"{"success":true,"returnCode":"0001","data":{"a":"1"}}"#;
        assert!(opened(200, body).unwrap().is_err());
    }

    #[test]
    fn a_signature_that_is_there_has_to_be_right() {
        let signed = Parameters::from_iter([("a", "1".to_owned())]);
        let good = AppSecret::new("secret".into()).sign(&signed);
        for (body, right) in [
            (
                format!(r#"{{"returnCode":"0000","data":{{"a":"1","signature":"{good}"}}}}"#),
                true,
            ),
            (
                format!(r#"{{"returnCode":"0000","data":{{"a":"1"}},"signature":"{good}"}}"#),
                true,
            ),
            (
                format!(r#"{{"returnCode":"0000","data":{{"a":"2","signature":"{good}"}}}}"#),
                false,
            ),
            (
                format!(r#"{{"returnCode":"0000","data":{{"a":"2"}},"signature":"{good}"}}"#),
                false,
            ),
            (
                format!(r#"{{"returnCode":"0000","data":{{"a":1}},"signature":"{good}"}}"#),
                true,
            ),
            (
                format!(r#"{{"returnCode":"0000","data":{{"a":[1]}},"signature":"{good}"}}"#),
                false,
            ),
            (
                format!(r#"{{"returnCode":"0000","data":null,"signature":"{good}"}}"#),
                false,
            ),
            (
                r#"{"returnCode":"0000","data":{"a":"1","signature":7}}"#.to_owned(),
                false,
            ),
            (
                r#"{"returnCode":"0000","data":{"a":"1","signature":null}}"#.to_owned(),
                true,
            ),
        ] {
            assert_eq!(opened(200, &body).is_ok(), right, "{body}");
        }
    }
}
