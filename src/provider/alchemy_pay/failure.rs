//! Failures that Alchemy Pay names: its codes, and what each means for a call.
//!
//! Owns "Error codes" of its documentation. Where that does not list a code, or
//! does not explain it, the provider's words are looked at for three purposes: to
//! know an order that is not known, a call that is not let in, and a limit. They go
//! no further.

use axum::http::StatusCode;

use crate::ids::ForeignId;
use crate::provider::ProviderError;
use crate::provider::call::Failure;

/// A failure the provider told us about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ApiFailure {
    pub(super) kind: Kind,
    /// Its code, as far as it is harmless.
    pub(super) code: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// No such order, or nothing is known of its payment.
    UnknownOrder,
    NotLetIn,
    /// This server's address is not on the merchant's allow list.
    NotOnTheList,
    Currency,
    Invalid,
    TooMany,
    Other,
}

/// The codes that are documented. 8011 is too, without a meaning.
const CODES: [(&str, Kind); 9] = [
    ("8000", Kind::Invalid),
    ("8003", Kind::NotLetIn),
    ("8004", Kind::NotLetIn),
    ("8007", Kind::NotLetIn),
    ("8012", Kind::NotOnTheList),
    ("8013", Kind::Currency),
    ("8029", Kind::UnknownOrder),
    ("8031", Kind::UnknownOrder),
    ("10005", Kind::Invalid),
];

impl Kind {
    fn of(status: StatusCode, code: &str, text: &str) -> Self {
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Self::TooMany;
        }
        let known = CODES.into_iter().find(|(known, _)| *known == code);
        known.map_or_else(|| by_words(status, text), |(_, kind)| kind)
    }

    /// What it means, and what the operator can do about it.
    pub(super) fn explanation(self) -> &'static str {
        match self {
            Self::UnknownOrder => "no such order, or no payment of it yet",
            Self::NotLetIn => {
                "check app id, app secret, ALCHEMY_PAY_ENV and this machine's clock; \
                 `bagel doctor` tells more"
            }
            Self::NotOnTheList => {
                "this server's address is not on the merchant's allow list: have Alchemy Pay's \
                 operations team put it there"
            }
            Self::Currency => "the currency is not supported",
            Self::Invalid => "the request was found invalid",
            Self::TooMany => "too many calls",
            Self::Other => "a code that the documentation does not explain",
        }
    }
}

/// What a failure is about by the provider's words.
fn by_words(status: StatusCode, text: &str) -> Kind {
    let text = text.to_ascii_lowercase();
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
    if says(&["too many", "too frequent", "frequency"]) {
        Kind::TooMany
    } else if denied || says(&["sign", "appid", "app id", "timestamp", "ip address"]) {
        Kind::NotLetIn
    } else if says(&["order", "trade", "record", "data"]) && says(&absent) {
        Kind::UnknownOrder
    } else {
        Kind::Other
    }
}

impl ApiFailure {
    /// The failure of an answer with this `returnCode` and `returnMsg`.
    pub(super) fn told(status: StatusCode, code: &str, text: &str) -> Self {
        let clean = ForeignId::clean(code);
        Self {
            kind: Kind::of(status, code, text),
            code: clean.map_or_else(|| "no code".to_owned(), |code| code.to_string()),
        }
    }
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
        let text = || format!("{}: {}", failure.code, failure.kind.explanation());
        match failure.kind {
            Kind::UnknownOrder => Self::NotFound,
            Kind::TooMany => Self::RateLimited(None),
            Kind::NotLetIn | Kind::NotOnTheList => Self::Denied(text()),
            Kind::Currency | Kind::Invalid | Kind::Other => Self::Refused(text()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, code: &str, text: &str) -> ApiFailure {
        ApiFailure::told(StatusCode::from_u16(status).unwrap(), code, text)
    }

    #[test]
    fn every_documented_code_has_its_kind_whatever_the_words() {
        for (code, kind) in [
            ("8000", Kind::Invalid),
            ("8003", Kind::NotLetIn),
            ("8004", Kind::NotLetIn),
            ("8007", Kind::NotLetIn),
            ("8011", Kind::Other),
            ("8012", Kind::NotOnTheList),
            ("8013", Kind::Currency),
            ("8029", Kind::UnknownOrder),
            ("8031", Kind::UnknownOrder),
            ("10005", Kind::Invalid),
        ] {
            assert_eq!(failure(200, code, "错误").kind, kind, "{code}");
            assert_eq!(failure(429, code, "").kind, Kind::TooMany, "{code}");
        }
        assert_eq!(failure(200, "8011", "sign error").kind, Kind::NotLetIn);
        assert_eq!(failure(200, "8029", "sign error").kind, Kind::UnknownOrder);
    }

    #[test]
    fn each_kind_ends_in_its_error() {
        let error = |code| ProviderError::from(failure(200, code, ""));
        for code in ["8003", "8004", "8007", "8012"] {
            let error = error(code);
            assert!(matches!(&error, ProviderError::Denied(text) if text.contains(code)));
            assert!(error.is_general(), "no other donation can be asked about");
        }
        for code in ["8000", "8011", "8013", "10005", "9999"] {
            let error = error(code);
            assert!(matches!(&error, ProviderError::Refused(text) if text.contains(code)));
        }
        for code in ["8029", "8031"] {
            assert!(matches!(error(code), ProviderError::NotFound), "{code}");
        }
        assert!(error("8012").to_string().contains("allow list"));
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
            assert_eq!(failure(status, "9000", text).kind, kind, "{text}");
        }
    }

    #[test]
    fn the_providers_words_go_no_further() {
        for text in ["CANARY", "CANARY sign", "order CANARY not found"] {
            let failure = failure(200, "9/000", text);
            assert_eq!(failure.code, "9000");
            let error = ProviderError::from(failure);
            assert!(!format!("{error} {error:?}").contains("CANARY"), "{error}");
        }
    }
}
