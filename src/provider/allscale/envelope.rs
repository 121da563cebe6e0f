//! The envelope every reply comes in, and the codes of failures.
//!
//! Owns "Error codes" and its part of "Basics" of Allscale's guide. Success is `code` 0; any
//! other code is a failure whatever the HTTP status. The provider's own words
//! are looked at for one purpose, to know an amount that is too small, and go
//! no further.

use std::fmt;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::ids::ForeignId;
use crate::provider::ProviderError;
use crate::provider::call::{Failure, no_envelope};

/// A number of the guide's "Error codes", or one that it does not list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ApiCode(i64);

impl ApiCode {
    const VALIDATION: Self = Self(10001);
    const MISSING_HEADERS: Self = Self(20001);
    pub(super) const BAD_SIGNATURE: Self = Self(20002);
    const FORBIDDEN: Self = Self(30001);
    const RATE_LIMITED: Self = Self(40001);
    const INTENT_NOT_FOUND: Self = Self(50001);
    const INTENT_NOT_CREATED: Self = Self(50002);
    const INTERNAL: Self = Self(90000);
    /// The provider itself calls it unknown.
    pub(super) const UNSPECIFIED: Self = Self(99999);

    /// What it means, and what the operator can do about it.
    pub(super) fn explanation(self) -> &'static str {
        match self {
            Self::VALIDATION => "the request was found invalid",
            Self::MISSING_HEADERS => {
                "authentication headers did not arrive: does something on the way strip them?"
            }
            Self::BAD_SIGNATURE => {
                "bad signature: check the API secret for a wrong store or stray white space, \
                 and this machine's clock; `bagel doctor` tells more"
            }
            Self::FORBIDDEN => {
                "forbidden: allow this server's address in the store's settings in the \
                 provider's dashboard"
            }
            Self::RATE_LIMITED => "too many calls",
            Self::INTENT_NOT_FOUND => "no such checkout intent",
            Self::INTENT_NOT_CREATED => "the checkout intent could not be created",
            Self::INTERNAL => "an error inside the provider",
            Self::UNSPECIFIED => "an error the provider calls unknown",
            _ => "an error code that is not documented",
        }
    }
}

impl fmt::Display for ApiCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A failure the provider told us about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ApiFailure {
    pub(super) code: ApiCode,
    /// Whether its text is about an amount below the minimum.
    too_small: bool,
}

impl Failure for ApiFailure {
    fn code(&self) -> &dyn tracing::Value {
        &self.code.0
    }

    fn explanation(&self) -> String {
        self.code.explanation().to_owned()
    }

    fn is_too_many(&self) -> bool {
        self.code == ApiCode::RATE_LIMITED
    }
}

impl From<ApiFailure> for ProviderError {
    fn from(failure: ApiFailure) -> Self {
        let code = failure.code;
        let text = || format!("{code} {}", code.explanation());
        match code {
            ApiCode::VALIDATION | ApiCode::INTENT_NOT_CREATED if failure.too_small => {
                Self::AmountTooSmall
            }
            ApiCode::RATE_LIMITED => Self::RateLimited(None),
            ApiCode::INTENT_NOT_FOUND => Self::NotFound,
            ApiCode::MISSING_HEADERS | ApiCode::BAD_SIGNATURE | ApiCode::FORBIDDEN => {
                Self::Denied(text())
            }
            _ => Self::Refused(text()),
        }
    }
}

/// A reply taken out of its envelope.
pub(super) struct Envelope {
    pub(super) request_id: Option<ForeignId>,
    pub(super) outcome: Result<Option<Box<RawValue>>, ApiFailure>,
}

#[derive(Deserialize)]
struct Wire {
    code: Option<i64>,
    payload: Option<Box<RawValue>>,
    #[serde(default)]
    error: Value,
    #[serde(default)]
    error_message: Value,
    #[serde(default)]
    error_code: Value,
    #[serde(default)]
    request_id: Value,
}

impl Envelope {
    /// Opens the envelope in `body`. Without one, `status` decides what the
    /// reply was.
    pub(super) fn open(status: StatusCode, body: &[u8]) -> Result<Self, ProviderError> {
        let wire: Wire = serde_json::from_slice(body).map_err(|_| no_envelope(status))?;
        // Older replies wrote the code under another name.
        let code = wire.code.or(wire.error_code.as_i64());
        let outcome = match (wire.code, code) {
            (Some(0), _) => Ok(wire.payload),
            (_, Some(code)) if code != 0 => Err(wire.failure(code)),
            _ => return Err(no_envelope(status)),
        };
        let request_id = wire.request_id.as_str().and_then(ForeignId::clean);
        Ok(Self {
            request_id,
            outcome,
        })
    }
}

impl Wire {
    fn failure(&self, code: i64) -> ApiFailure {
        let texts = [&self.error, &self.error["message"], &self.error_message];
        ApiFailure {
            code: ApiCode(code),
            too_small: texts
                .into_iter()
                .filter_map(Value::as_str)
                .any(says_too_small),
        }
    }
}

fn says_too_small(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let too_large = ["must be less than", "should be less than"];
    let too_small = [
        "small",
        "minimum",
        "at least",
        "less than",
        "be greater than",
    ];
    let says = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    text.contains("amount") && says(&too_small) && !says(&too_large)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(body: &str) -> ProviderError {
        match Envelope::open(StatusCode::OK, body.as_bytes()) {
            Ok(envelope) => envelope.outcome.unwrap_err().into(),
            Err(error) => error,
        }
    }

    #[test]
    fn an_error_may_be_text_object_or_null() {
        for error in [
            r#""error":"amount_cents too small""#,
            r#""error":{"message":"Amount is below the MINIMUM"}"#,
            r#""error":null,"error_message":"amount must be at least 10""#,
            r#""error":"amount is less than 0.1 USDT""#,
            r#""error":{"message":"amount must be greater than 0.1"}"#,
        ] {
            for code in [10001, 50002] {
                let body = format!(r#"{{"code":{code},{error}}}"#);
                assert!(
                    matches!(failure(&body), ProviderError::AmountTooSmall),
                    "{body}"
                );
            }
        }
        for error in [
            r#""error":null"#,
            r#""error":"order_id too small""#,
            r#""error":"amount_cents must be less than 1000000""#,
            r#""error":[1]"#,
        ] {
            for code in [10001, 50002] {
                let body = format!(r#"{{"code":{code},{error}}}"#);
                assert!(
                    matches!(failure(&body), ProviderError::Refused(_)),
                    "{body}"
                );
            }
        }
    }

    #[test]
    fn each_code_ends_in_its_error() {
        let of = |code| {
            failure(&format!(
                r#"{{"code":{code},"error":"<b>SECRET amount small</b>"}}"#
            ))
        };
        assert!(matches!(of(40001), ProviderError::RateLimited(_)));
        assert!(matches!(of(50001), ProviderError::NotFound));
        for code in [20001, 20002, 30001, 90000, 99999, 77, -1] {
            let error = of(code);
            let denied = matches!(error, ProviderError::Denied(_));
            assert!(
                denied || matches!(error, ProviderError::Refused(_)),
                "{code}"
            );
            assert_eq!(denied, (20001..=30001).contains(&code), "{code}");
            let text = format!("{error} {error:?}");
            assert!(
                text.contains(&code.to_string()) && !text.contains("SECRET"),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_envelope_is_broken_or_refused() {
        let open = |status: u16, body: &str| {
            let status = StatusCode::from_u16(status).unwrap();
            Envelope::open(status, body.as_bytes())
                .map(|_| ())
                .unwrap_err()
        };
        for body in [
            "",
            "null",
            "[]",
            "20",
            "<html>",
            "{}",
            r#"{"code":"0"}"#,
            r#"{"code":null}"#,
            r#"{"code":0.0}"#,
            r#"{"code":0,"code":0}"#,
            r#"{"error_code":0}"#,
            "{\"code\":0",
        ] {
            for status in [200, 502, 503, 504, 408] {
                assert!(
                    matches!(open(status, body), ProviderError::Broken(_)),
                    "{body}"
                );
            }
            assert!(matches!(open(500, body), ProviderError::Failed), "{body}");
            assert!(
                matches!(open(429, body), ProviderError::RateLimited(_)),
                "{body}"
            );
            assert!(
                matches!(open(404, body), ProviderError::Refused(_)),
                "{body}"
            );
        }
    }

    #[test]
    fn an_envelope_counts_whatever_the_http_status() {
        let body = br#"{"code":0,"payload":20,"error":null,"request_id":"req/1"}"#;
        let envelope = Envelope::open(StatusCode::IM_A_TEAPOT, body).unwrap();
        assert_eq!(envelope.request_id.unwrap().as_str(), "req1");
        assert_eq!(envelope.outcome.unwrap().unwrap().get(), "20");
        assert!(matches!(
            failure(r#"{"error_code":50001,"error_message":"gone"}"#),
            ProviderError::NotFound
        ));
    }
}
