//! The two shapes of a checkout request, and their one way into an [`Order`].

use std::sync::Arc;

use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::app::App;
use crate::checkout::Order;
use crate::digest::sha256_hex;
use crate::language::{Fact, Language, Sentence};
use crate::ledger::Claim;
use crate::money::{AmountError, Cents, Currency, Money};
use crate::provider::Provider;
use crate::random_id::parse_random_uuid;
use crate::supporter::{Message, SupporterName, TextError};
use crate::visibility::Visibility;
use crate::web::error::{Error, Invalid};
use crate::web::views::Typed;
use crate::web::words::Ticks;

/// What the script, or the reference app's own front end, sends.
#[derive(Deserialize)]
pub(super) struct JsonRequest {
    /// Kept as written: a number is read from its digits, never through a float.
    amount: Option<Box<RawValue>>,
    name: Option<String>,
    supporter_name: Option<String>,
    message: Option<String>,
    provider: Option<String>,
    /// An old front end never asked, so its supporters agreed to nothing.
    show_name: Option<bool>,
    show_message: Option<bool>,
    show_amount: Option<bool>,
}

/// What a browser without the script sends.
#[derive(Deserialize)]
pub(super) struct FormRequest {
    #[serde(default)]
    amount: String,
    #[serde(default)]
    custom_amount: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    provider: String,
    #[serde(flatten)]
    ticks: Ticks,
    #[serde(default)]
    idempotency_key: String,
}

/// Both shapes, told apart no more.
struct Fields<'a> {
    amount: &'a str,
    /// Reads the amount, the way this shape writes it.
    read_amount: fn(&App, &str) -> Result<Money, Error>,
    name: &'a str,
    message: &'a str,
    visibility: Visibility,
    provider: &'a str,
    key: Option<String>,
}

impl JsonRequest {
    /// Reads a JSON object; `serde` alone would take a list as well.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let is_object = body.trim_ascii_start().starts_with(b"{");
        is_object.then(|| serde_json::from_slice(body).ok())?
    }

    /// Parses every field; `key` came in the header.
    pub(super) fn parse(
        &self,
        app: &App,
        language: Language,
        key: Option<String>,
    ) -> Result<Order, Error> {
        let amount = self.amount.as_ref().map_or("", |raw| raw.get());
        let unquoted = amount
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let name = self.name.as_deref().or(self.supporter_name.as_deref());
        parse(
            app,
            language,
            &Fields {
                amount: unquoted.unwrap_or(amount),
                read_amount: sent_amount,
                name: name.unwrap_or_default(),
                message: self.message.as_deref().unwrap_or_default(),
                visibility: Visibility {
                    name: self.show_name.unwrap_or_default(),
                    message: self.show_message.unwrap_or_default(),
                    amount: self.show_amount.unwrap_or_default(),
                },
                provider: self.provider.as_deref().unwrap_or_default(),
                key,
            },
        )
    }
}

impl FormRequest {
    /// Parses every field.
    pub(super) fn parse(self, app: &App, language: Language) -> Result<Order, Error> {
        let own_amount = self.amount == "other" || self.amount.is_empty();
        let amount = if own_amount {
            &self.custom_amount
        } else {
            &self.amount
        };
        let key = Some(self.idempotency_key.as_str()).filter(|key| !key.is_empty());
        parse(
            app,
            language,
            &Fields {
                amount,
                read_amount: typed_amount,
                name: &self.name,
                message: &self.message,
                visibility: (&self.ticks).into(),
                provider: &self.provider,
                key: key.map(parse_key).transpose()?,
            },
        )
    }

    /// What was typed, to be shown again beside an error.
    pub(super) fn typed(&self) -> Typed {
        Typed {
            amount: self.amount.clone(),
            custom_amount: self.custom_amount.clone(),
            name: self.name.clone(),
            message: self.message.clone(),
            visibility: Some((&self.ticks).into()),
            provider: self.provider.clone(),
        }
    }
}

/// The `Idempotency-Key` header, if there is one.
pub(super) fn header_key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    headers
        .get("idempotency-key")
        .map(|value| parse_key(value.to_str().unwrap_or_default()))
        .transpose()
}

fn parse_key(text: &str) -> Result<String, Error> {
    let key = parse_random_uuid(&text.to_ascii_lowercase());
    key.map(|key| key.to_string()).ok_or(Error::KeyInvalid)
}

fn parse(app: &App, language: Language, fields: &Fields<'_>) -> Result<Order, Error> {
    let claim = fields.key.as_ref().map(|key| Claim {
        key: key.clone(),
        request_sha256: fingerprint(fields),
    });
    Ok(Order {
        asked: (fields.read_amount)(app, fields.amount)?,
        name: name(fields.name)?,
        message: message(fields.message)?,
        visibility: fields.visibility,
        language: Some(language),
        provider: provider(app, fields.provider)?,
        claim,
    })
}

/// What makes two requests the same, each field with its length so that no
/// two different ones read alike.
fn fingerprint(fields: &Fields<'_>) -> String {
    let mut request = Vec::new();
    let Visibility {
        name,
        message,
        amount,
    } = fields.visibility;
    let shown = [name, message, amount].map(|shown| if shown { "1" } else { "0" });
    let texts = [fields.amount, fields.name, fields.message, fields.provider];
    for field in texts.into_iter().chain(shown) {
        request.extend(field.len().to_be_bytes());
        request.extend(field.bytes());
    }
    sha256_hex(&request)
}

/// The amount a program sends.
fn sent_amount(app: &App, text: &str) -> Result<Money, Error> {
    let currency = app.config.currency;
    let cents = Cents::parse(text, currency);
    offered(app, cents.map_err(|error| not_an_amount(currency, error))?)
}

/// The amount a person typed, or a link says.
pub(in crate::web) fn typed_amount(app: &App, text: &str) -> Result<Money, Error> {
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
        return Err(invalid("amount", "amount_too_small", sentence));
    }
    if cents > page.bounds.max {
        let sentence = Sentence::new("amount-too-large").with("most", money(page.bounds.max));
        return Err(invalid("amount", "amount_too_large", sentence));
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

pub(in crate::web) fn name(text: &str) -> Result<Option<SupporterName>, Error> {
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

pub(in crate::web) fn message(text: &str) -> Result<Option<Message>, Error> {
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

fn provider(app: &App, name: &str) -> Result<Arc<dyn Provider>, Error> {
    let found = match name {
        "" => app.providers.preferred(),
        name => app.providers.find(name),
    };
    let sentence = Sentence::new("provider-unknown");
    let error = invalid("provider", "provider_unknown", sentence);
    found.cloned().ok_or(error)
}

fn invalid(field: &'static str, code: &'static str, sentence: Sentence) -> Error {
    Invalid {
        field,
        code,
        sentence,
    }
    .into()
}
