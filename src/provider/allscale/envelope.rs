//! The envelope every reply comes in.
//!
//! Owns its part of "Basics" of Allscale's guide. Success is `code` 0; any
//! other code is a failure whatever the HTTP status. The provider's own words
//! are looked at for one purpose, to know an amount that is too small, and go
//! no further.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::api_code::ApiCode;
use crate::ids::ForeignId;
use crate::provider::ProviderError;
use crate::provider::call::no_envelope;

/// A failure the provider told us about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ApiFailure {
    pub(super) code: ApiCode,
    /// Whether its text is about an amount below the minimum.
    too_small: bool,
}

impl From<ApiFailure> for ProviderError {
    fn from(failure: ApiFailure) -> Self {
        match failure.code {
            ApiCode::Validation if failure.too_small => Self::AmountTooSmall,
            ApiCode::RateLimited => Self::RateLimited,
            ApiCode::IntentNotFound => Self::NotFound,
            code @ (ApiCode::MissingAuthHeaders | ApiCode::BadSignature | ApiCode::Forbidden) => {
                Self::Denied(format!("{} {}", code.number(), code.explanation()))
            }
            code => Self::Refused(format!("{} {}", code.number(), code.explanation())),
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
            code: ApiCode::from_number(code),
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
        ] {
            let body = format!(r#"{{"code":10001,{error}}}"#);
            assert!(
                matches!(failure(&body), ProviderError::AmountTooSmall),
                "{body}"
            );
        }
        for error in [
            r#""error":null"#,
            r#""error":"order_id too small""#,
            r#""error":"amount_cents must be less than 1000000""#,
            r#""error":[1]"#,
        ] {
            let body = format!(r#"{{"code":10001,{error}}}"#);
            assert!(
                matches!(failure(&body), ProviderError::Refused(_)),
                "{body}"
            );
        }
    }

    #[test]
    fn each_code_ends_in_its_error() {
        let of = |code| {
            failure(&format!(
                r#"{{"code":{code},"error":"<b>SECRET amount small</b>"}}"#
            ))
        };
        assert!(matches!(of(40001), ProviderError::RateLimited));
        assert!(matches!(of(50001), ProviderError::NotFound));
        for code in [20001, 20002, 30001, 50002, 90000, 99999, 77, -1] {
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
            for status in [200, 500, 503, 408] {
                assert!(
                    matches!(open(status, body), ProviderError::Broken(_)),
                    "{body}"
                );
            }
            assert!(
                matches!(open(429, body), ProviderError::RateLimited),
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
