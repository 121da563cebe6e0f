//! Errors at the edge: status, code and sentence for a visitor.
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
    /// The request as a whole cannot be read; in English, for those who program against the API.
    Unreadable(&'static str),
    /// The page's own form cannot be read.
    FormUnreadable,
    /// A status was asked for, but not of which donation.
    NoIntentId,
    /// An idempotency key that is no random UUID.
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
    /// What follows the question mark is longer than any query of ours.
    AddressTooLong,
    UnsupportedMediaType,
    TooMany(Duration),
    Internal,
    ProviderRefused,
    LedgerDown,
    /// The provider cannot be asked now; for so long where it said so.
    ProviderBusy(Option<Duration>),
    OutcomeUnknown,
    TooSlow,
}

/// A field of the form that cannot be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Invalid {
    pub(crate) field: &'static str,
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) sentence: Sentence,
}

/// What a person reads of an error.
enum Says {
    /// A sentence of `locales/`, by its key.
    Key(&'static str),
    /// The same, with something to fill in.
    Filled(Sentence),
    /// English, for those who program against the API.
    Text(&'static str),
}

impl Error {
    /// The one table: HTTP status, the word a program can act on, and what a
    /// person reads.
    #[rustfmt::skip]
    fn facts(&self) -> (StatusCode, &'static str, Says) {
        use Says::{Filled, Key, Text};
        use StatusCode as Http;
        match self {
            Self::Invalid(it) => (it.status, it.code, Filled(it.sentence.clone())),
            Self::Unreadable(text) => (Http::BAD_REQUEST, "unreadable", Text(text)),
            Self::FormUnreadable => (Http::BAD_REQUEST, "unreadable", Key("error-form")),
            Self::NoIntentId => (Http::BAD_REQUEST, "intent_id_missing", Key("error-no-intent-id")),
            Self::KeyInvalid => (Http::BAD_REQUEST, "idempotency_key_invalid", Key("error-key-invalid")),
            Self::NotAuthentic(text) => (Http::UNAUTHORIZED, "not_authentic", Text(text)),
            Self::CrossSite => (Http::FORBIDDEN, "cross_site", Key("error-cross-site")),
            Self::NotFound => (Http::NOT_FOUND, "not_found", Key("error-not-found")),
            Self::MethodNotAllowed => (Http::METHOD_NOT_ALLOWED, "method_not_allowed", Key("error-method")),
            Self::RequestTooSlow => (Http::REQUEST_TIMEOUT, "request_timeout", Key("error-request-slow")),
            Self::KeyReused => (Http::CONFLICT, "idempotency_key_reused", Key("error-key-reused")),
            Self::TooLarge => (Http::PAYLOAD_TOO_LARGE, "too_large", Key("error-too-large")),
            Self::AddressTooLong => (Http::URI_TOO_LONG, "address_too_long", Key("error-address-too-long")),
            Self::UnsupportedMediaType => (Http::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", Key("error-media-type")),
            Self::TooMany(wait) => (Http::TOO_MANY_REQUESTS, "too_many_requests", Filled(too_many(*wait))),
            Self::Internal => (Http::INTERNAL_SERVER_ERROR, "internal", Key("error-internal")),
            Self::ProviderRefused => (Http::BAD_GATEWAY, "provider_refused", Key("error-provider-refused")),
            Self::LedgerDown => (Http::SERVICE_UNAVAILABLE, "ledger_unavailable", Key("error-ledger-down")),
            Self::ProviderBusy(wait) => (Http::SERVICE_UNAVAILABLE, "provider_busy", Key(busy(*wait))),
            Self::OutcomeUnknown => (Http::GATEWAY_TIMEOUT, "outcome_unknown", Key("error-outcome-unknown")),
            Self::TooSlow => (Http::GATEWAY_TIMEOUT, "provider_too_slow", Key("error-provider-slow")),
        }
    }

    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        self.facts().0
    }

    /// The word a program can act on.
    pub(crate) fn code(&self) -> &'static str {
        self.facts().1
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
        match self.facts().2 {
            Says::Key(key) => words.say(key),
            Says::Filled(sentence) => sentence.say(words),
            Says::Text(text) => text.to_owned(),
        }
    }

    /// The wait to put into `Retry-After`, where waiting helps.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany(wait) => Some(wait.as_secs().max(1)),
            Self::LedgerDown => Some(3),
            Self::ProviderBusy(wait) => Some(whole_seconds(wait.unwrap_or(MINUTE))),
            _ => None,
        }
    }
}

/// What a provider that is busy needs, where it does not say.
const MINUTE: Duration = Duration::from_mins(1);

/// The sentence for a wait of a minute, or for a longer one.
fn busy(wait: Option<Duration>) -> &'static str {
    if wait.is_some_and(|wait| wait > MINUTE) {
        "error-provider-rests"
    } else {
        "error-provider-busy"
    }
}

/// None too few: who comes back then is not too early.
fn whole_seconds(wait: Duration) -> u64 {
    let begun = u64::from(wait.subsec_nanos() > 0);
    wait.as_secs().saturating_add(begun).max(1)
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

/// Logged here, once: the cause goes no further.
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
            CheckoutError::Busy => Self::ProviderBusy(None),
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
                status: StatusCode::UNPROCESSABLE_ENTITY,
                code: "amount_too_small",
                sentence: Sentence::new("amount-below-provider"),
            }),
            ProviderError::RateLimited(wait) => Self::ProviderBusy(wait),
            ProviderError::TooSlow => Self::TooSlow,
            ProviderError::NotFound
            | ProviderError::Denied(_)
            | ProviderError::Refused(_)
            | ProviderError::Unreachable
            | ProviderError::Failed
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
