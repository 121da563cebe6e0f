//! What a visitor is told when something is not done.
//!
//! Owns the one mapping from errors to status, code and sentence. A 4xx says
//! what to fix; a 5xx is a fixed sentence with the request id. No text of a
//! provider, the database or a library gets through here. Handlers return an
//! [`Error`]; [`super::render`] turns it into JSON or a page.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::checkout::CheckoutError;
use crate::language::{Catalog, Fact, Sentence};
use crate::ledger::LedgerError;
use crate::provider::{ProviderError, WebhookRefusal};

/// Everything a route can answer instead of doing what was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Error {
    /// A field cannot be taken; the sentence says what to write instead.
    Invalid(Invalid),
    /// The request as a whole cannot be read; in English, for whoever programs against us.
    Unreadable(&'static str),
    /// The page's own form cannot be read.
    FormUnreadable,
    /// A status was asked for, but not of which donation.
    NoIntentId,
    /// A repeat's key that nobody could have made at random.
    KeyInvalid,
    /// A webhook that is not authentic, or stale.
    NotAuthentic(&'static str),
    /// A form sent from another site.
    CrossSite,
    NotFound,
    MethodNotAllowed,
    /// The request did not arrive in time.
    RequestTooSlow,
    KeyReused,
    TooLarge,
    UnsupportedMediaType,
    TooMany(Duration),
    Internal,
    ProviderRefused,
    LedgerDown,
    ProviderBusy,
    OutcomeUnknown,
    TooSlow,
}

/// A field of the form that cannot be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Invalid {
    pub(crate) field: &'static str,
    pub(crate) code: &'static str,
    pub(crate) sentence: Sentence,
}

impl Error {
    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(invalid) if invalid.code == "amount_too_small" => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Invalid(invalid) if invalid.code == "amount_too_large" => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Invalid(_)
            | Self::Unreadable(_)
            | Self::FormUnreadable
            | Self::NoIntentId
            | Self::KeyInvalid => StatusCode::BAD_REQUEST,
            Self::NotAuthentic(_) => StatusCode::UNAUTHORIZED,
            Self::CrossSite => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::KeyReused => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::ProviderRefused => StatusCode::BAD_GATEWAY,
            Self::LedgerDown | Self::ProviderBusy => StatusCode::SERVICE_UNAVAILABLE,
            Self::OutcomeUnknown | Self::TooSlow => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// The word a program can act on.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Invalid(invalid) => invalid.code,
            Self::Unreadable(_) | Self::FormUnreadable => "unreadable",
            Self::NoIntentId => "intent_id_missing",
            Self::KeyInvalid => "idempotency_key_invalid",
            Self::NotAuthentic(_) => "not_authentic",
            Self::CrossSite => "cross_site",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::RequestTooSlow => "request_timeout",
            Self::KeyReused => "idempotency_key_reused",
            Self::TooLarge => "too_large",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::TooMany(_) => "too_many_requests",
            Self::Internal => "internal",
            Self::ProviderRefused => "provider_refused",
            Self::LedgerDown => "ledger_unavailable",
            Self::ProviderBusy => "provider_busy",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::TooSlow => "provider_too_slow",
        }
    }

    /// The form's field to change, or nothing.
    pub(crate) fn field(&self) -> &'static str {
        match self {
            Self::Invalid(invalid) => invalid.field,
            _ => "",
        }
    }

    /// The sentence for the person, in the language of `words`.
    pub(crate) fn sentence(&self, words: &Catalog) -> String {
        let key = match self {
            Self::Invalid(invalid) => return invalid.sentence.say(words),
            Self::Unreadable(sentence) | Self::NotAuthentic(sentence) => {
                return (*sentence).to_owned();
            }
            Self::TooMany(wait) => return too_many(*wait).say(words),
            Self::FormUnreadable => "error-form",
            Self::NoIntentId => "error-no-intent-id",
            Self::KeyInvalid => "error-key-invalid",
            Self::CrossSite => "error-cross-site",
            Self::NotFound => "error-not-found",
            Self::MethodNotAllowed => "error-method",
            Self::RequestTooSlow => "error-request-slow",
            Self::KeyReused => "error-key-reused",
            Self::TooLarge => "error-too-large",
            Self::UnsupportedMediaType => "error-media-type",
            Self::Internal => "error-internal",
            Self::ProviderRefused => "error-provider-refused",
            Self::LedgerDown => "error-ledger-down",
            Self::ProviderBusy => "error-provider-busy",
            Self::OutcomeUnknown => "error-outcome-unknown",
            Self::TooSlow => "error-provider-slow",
        };
        words.say(key)
    }

    /// The wait to put into `Retry-After`, where waiting helps.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(wait) => Some(wait.as_secs().max(1)),
            Self::LedgerDown => Some(3),
            Self::ProviderBusy => Some(60),
            _ => None,
        }
    }
}

fn too_many(wait: Duration) -> Sentence {
    Sentence::new("error-too-many").with("seconds", Fact::Count(wait.as_secs().max(1)))
}

/// An empty answer that carries the error for [`super::render`].
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

/// Logged here, once: nobody further out sees the cause.
impl From<LedgerError> for Error {
    fn from(error: LedgerError) -> Self {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(%error, cause, "the ledger failed a request");
        match error {
            LedgerError::Unavailable(_) | LedgerError::Unusable(_) | LedgerError::TooSlow => {
                Self::LedgerDown
            }
            LedgerError::Inconsistent(_) | LedgerError::Panicked(_) => Self::Internal,
        }
    }
}

impl From<CheckoutError> for Error {
    fn from(error: CheckoutError) -> Self {
        match error {
            CheckoutError::KeyReused => Self::KeyReused,
            CheckoutError::OutcomeUnknown => Self::OutcomeUnknown,
            CheckoutError::Provider(error) => error.into(),
            CheckoutError::Ledger(error) => error.into(),
        }
    }
}

impl From<ProviderError> for Error {
    fn from(error: ProviderError) -> Self {
        match error {
            ProviderError::AmountTooSmall => Self::Invalid(Invalid {
                field: "amount",
                code: "amount_too_small",
                sentence: Sentence::new("amount-below-provider"),
            }),
            ProviderError::RateLimited => Self::ProviderBusy,
            ProviderError::TooSlow => Self::TooSlow,
            ProviderError::NotFound
            | ProviderError::Denied(_)
            | ProviderError::Refused(_)
            | ProviderError::Unreachable
            | ProviderError::Broken(_)
            | ProviderError::UnsafeCheckout(_) => Self::ProviderRefused,
        }
    }
}

impl From<WebhookRefusal> for Error {
    fn from(refusal: WebhookRefusal) -> Self {
        match refusal {
            WebhookRefusal::NotAuthentic => Self::NotAuthentic("This webhook is not authentic."),
            WebhookRefusal::Stale => Self::NotAuthentic("This webhook is stale."),
            WebhookRefusal::Malformed => Self::Unreadable("This webhook cannot be read."),
        }
    }
}
