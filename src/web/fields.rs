//! Each field of a checkout request, from its text to a type of the domain, or
//! to a sentence that says what to write instead. A pre-filled link is read by
//! the same rules.

use std::sync::Arc;

use axum::http::StatusCode;

use crate::app::App;
use crate::language::{Fact, Sentence};
use crate::money::{AmountError, Cents, Currency, Money};
use crate::provider::Entry;
use crate::supporter::{Message, SupporterName, TextError, Visibility};
use crate::web::error::{Error, Invalid};

/// What the supporter had typed, as it came; empty on the cached page.
///
/// `amount` is a preset's value or `other`.
#[derive(Clone, Default)]
pub(super) struct Typed {
    pub(super) amount: String,
    pub(super) custom_amount: String,
    pub(super) name: String,
    pub(super) message: String,
    /// `None` before anything was said: then the creator's setting is ticked.
    pub(super) visibility: Option<Visibility>,
    pub(super) provider: String,
}

impl Typed {
    /// Bytes of all texts.
    pub(super) fn len(&self) -> usize {
        [
            &self.amount,
            &self.custom_amount,
            &self.name,
            &self.message,
            &self.provider,
        ]
        .map(String::len)
        .iter()
        .sum()
    }
}

/// The amount a program sends.
pub(super) fn sent_amount(app: &App, text: &str) -> Result<Money, Error> {
    let currency = app.config.currency;
    let cents = Cents::parse(text, currency);
    offered(app, cents.map_err(|error| not_an_amount(currency, error))?)
}

/// The amount a person typed, or a link says.
pub(super) fn typed_amount(app: &App, text: &str) -> Result<Money, Error> {
    let currency = app.config.currency;
    let cents = Cents::parse_typed(text, currency);
    offered(app, cents.map_err(|error| not_an_amount(currency, error))?)
}

/// Whether the page takes the amount.
fn offered(app: &App, cents: Cents) -> Result<Money, Error> {
    let page = &app.config.page;
    let currency = app.config.currency;
    let money = |cents| Fact::Money(Money { cents, currency });
    if cents < page.bounds.min {
        let sentence = Sentence::new("amount-too-small").with("least", money(page.bounds.min));
        return Err(out_of_bounds("amount_too_small", sentence));
    }
    if cents > page.bounds.max {
        let sentence = Sentence::new("amount-too-large").with("most", money(page.bounds.max));
        return Err(out_of_bounds("amount_too_large", sentence));
    }
    if !page.custom_amount && !page.presets.contains(&cents) {
        let sentence = Sentence::new("amount-not-offered");
        return Err(invalid("amount", "amount_not_offered", sentence));
    }
    Ok(Money { cents, currency })
}

fn not_an_amount(currency: Currency, error: AmountError) -> Error {
    let whole = currency.decimals() == 0;
    let (code, sentence) = match error {
        AmountError::NotANumber if whole => ("amount_invalid", Sentence::new("amount-whole")),
        AmountError::NotANumber => ("amount_invalid", Sentence::new("amount-plain")),
        AmountError::TooManyDecimals if whole => {
            let code = Fact::Text(currency.code().into());
            let sentence = Sentence::new("amount-no-decimals").with("currency", code);
            ("amount_decimals", sentence)
        }
        AmountError::TooManyDecimals => ("amount_decimals", Sentence::new("amount-two-decimals")),
    };
    invalid("amount", code, sentence)
}

/// The supporter's name.
pub(super) fn name(text: &str) -> Result<Option<SupporterName>, Error> {
    SupporterName::parse(text).map_err(|error| match error {
        TextError::TooLong { max, found } => {
            let sentence = too_long(Sentence::new("name-too-long"), max, found);
            invalid("name", "name_too_long", sentence)
        }
        TextError::ControlCharacter => {
            invalid("name", "name_unreadable", Sentence::new("name-unreadable"))
        }
    })
}

/// The supporter's message.
pub(super) fn message(text: &str) -> Result<Option<Message>, Error> {
    Message::parse(text).map_err(|error| match error {
        TextError::TooLong { max, found } => {
            let sentence = too_long(Sentence::new("message-too-long"), max, found);
            invalid("message", "message_too_long", sentence)
        }
        TextError::ControlCharacter => {
            let sentence = Sentence::new("message-unreadable");
            invalid("message", "message_unreadable", sentence)
        }
    })
}

fn too_long(sentence: Sentence, most: usize, found: usize) -> Sentence {
    let count = |characters: usize| Fact::Count(characters.try_into().unwrap_or(u64::MAX));
    sentence
        .with("most", count(most))
        .with("found", count(found))
}

/// The provider of this name; none said is the one the page offers first.
pub(super) fn provider(app: &App, name: &str) -> Result<Arc<Entry>, Error> {
    let found = match name {
        "" => app.providers.preferred(),
        name => app.providers.find(name),
    };
    let sentence = Sentence::new("provider-unknown");
    let error = invalid("provider", "provider_unknown", sentence);
    found.cloned().ok_or(error)
}

/// An amount that can be read, and is not taken.
fn out_of_bounds(code: &'static str, sentence: Sentence) -> Error {
    Invalid {
        field: "amount",
        status: StatusCode::UNPROCESSABLE_ENTITY,
        code,
        sentence,
    }
    .into()
}

fn invalid(field: &'static str, code: &'static str, sentence: Sentence) -> Error {
    Invalid {
        field,
        status: StatusCode::BAD_REQUEST,
        code,
        sentence,
    }
    .into()
}
