//! The two shapes of a checkout request, and their one way into an [`Order`].

use std::sync::Arc;

use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::app::App;
use crate::checkout::Order;
use crate::digest::sha256_hex;
use crate::ledger::Claim;
use crate::money::{AmountError, Cents, Money};
use crate::provider::Provider;
use crate::random_id::parse_random_uuid;
use crate::supporter::{Message, SupporterName, TextError};
use crate::visibility::Visibility;
use crate::web::error::{Error, Invalid};
use crate::web::views::Typed;

/// What the script, or the reference app's own front end, sends.
#[derive(Deserialize)]
pub(super) struct JsonRequest {
    /// Kept as written: a number is read from its digits, never through a float.
    amount: Option<Box<RawValue>>,
    name: Option<String>,
    supporter_name: Option<String>,
    message: Option<String>,
    provider: Option<String>,
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
    #[serde(default)]
    idempotency_key: String,
}

/// Both shapes, told apart no more.
struct Fields<'a> {
    amount: &'a str,
    name: &'a str,
    message: &'a str,
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
    pub(super) fn parse(&self, app: &App, key: Option<String>) -> Result<Order, Error> {
        let amount = self.amount.as_ref().map_or("", |raw| raw.get());
        let unquoted = amount
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let name = self.name.as_deref().or(self.supporter_name.as_deref());
        parse(
            app,
            &Fields {
                amount: unquoted.unwrap_or(amount),
                name: name.unwrap_or_default(),
                message: self.message.as_deref().unwrap_or_default(),
                provider: self.provider.as_deref().unwrap_or_default(),
                key,
            },
        )
    }
}

impl FormRequest {
    /// Parses every field.
    pub(super) fn parse(self, app: &App) -> Result<Order, Error> {
        let own_amount = self.amount == "other" || self.amount.is_empty();
        let amount = if own_amount {
            self.custom_amount.trim()
        } else {
            &self.amount
        };
        let key = Some(self.idempotency_key.as_str()).filter(|key| !key.is_empty());
        parse(
            app,
            &Fields {
                amount,
                name: &self.name,
                message: &self.message,
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
    key.map(|key| key.to_string()).ok_or(
        Invalid {
            field: "",
            code: "idempotency_key_invalid",
            sentence: "The idempotency key must be a random UUID (version 4).".into(),
        }
        .into(),
    )
}

fn parse(app: &App, fields: &Fields<'_>) -> Result<Order, Error> {
    let claim = fields.key.as_ref().map(|key| Claim {
        key: key.clone(),
        request_sha256: fingerprint(fields),
    });
    Ok(Order {
        asked: amount(app, fields.amount)?,
        name: SupporterName::parse(fields.name).map_err(|error| text("name", error))?,
        message: Message::parse(fields.message).map_err(|error| text("message", error))?,
        visibility: Visibility::NOTHING,
        language: None,
        provider: provider(app, fields.provider)?,
        claim,
    })
}

/// What makes two requests the same, each field with its length so that no
/// two different ones read alike.
fn fingerprint(fields: &Fields<'_>) -> String {
    let mut request = Vec::new();
    for field in [fields.amount, fields.name, fields.message, fields.provider] {
        request.extend(field.len().to_be_bytes());
        request.extend(field.bytes());
    }
    sha256_hex(&request)
}

fn amount(app: &App, written: &str) -> Result<Money, Error> {
    let page = &app.config.page;
    let currency = app.config.currency;
    let cents = Cents::parse(written, currency).map_err(|error| not_an_amount(app, error))?;
    let invalid = |code, sentence| {
        Error::from(Invalid {
            field: "amount",
            code,
            sentence,
        })
    };
    if cents < page.bounds.min {
        let least = currency.show(page.bounds.min);
        return Err(invalid(
            "amount_too_small",
            format!("Enter an amount of {least} or more."),
        ));
    }
    if cents > page.bounds.max {
        let most = currency.show(page.bounds.max);
        return Err(invalid(
            "amount_too_large",
            format!("Enter an amount of {most} or less."),
        ));
    }
    if !page.custom_amount && !page.presets.contains(&cents) {
        return Err(invalid(
            "amount_not_offered",
            "Choose one of the amounts on the page.".into(),
        ));
    }
    Ok(Money { cents, currency })
}

fn not_an_amount(app: &App, error: AmountError) -> Error {
    let currency = app.config.currency;
    let (code, sentence) = match error {
        AmountError::NotANumber if currency.decimals() == 0 => (
            "amount_invalid",
            "Enter an amount as a plain number, such as 500.".to_owned(),
        ),
        AmountError::NotANumber => (
            "amount_invalid",
            "Enter an amount as a plain number, such as 5 or 5.25.".to_owned(),
        ),
        AmountError::TooManyDecimals if currency.decimals() == 0 => (
            "amount_decimals",
            format!(
                "Enter an amount without decimals: {} has none.",
                currency.code()
            ),
        ),
        AmountError::TooManyDecimals => (
            "amount_decimals",
            "Enter an amount with at most two decimals.".to_owned(),
        ),
    };
    Invalid {
        field: "amount",
        code,
        sentence,
    }
    .into()
}

fn text(field: &'static str, error: TextError) -> Error {
    let of_name = field == "name";
    let (code, sentence) = match error {
        TextError::TooLong { max, found } => (
            if of_name {
                "name_too_long"
            } else {
                "message_too_long"
            },
            format!("Shorten the {field} to {max} characters; it has {found}."),
        ),
        TextError::ControlCharacter => (
            if of_name {
                "name_unreadable"
            } else {
                "message_unreadable"
            },
            format!("The {field} has a character that cannot be shown. Please type it again."),
        ),
    };
    Invalid {
        field,
        code,
        sentence,
    }
    .into()
}

fn provider(app: &App, name: &str) -> Result<Arc<dyn Provider>, Error> {
    let found = match name {
        "" => app.providers.preferred(),
        name => app.providers.find(name),
    };
    found.cloned().ok_or(
        Invalid {
            field: "provider",
            code: "provider_unknown",
            sentence: "Choose one of the ways to pay on the page.".into(),
        }
        .into(),
    )
}
