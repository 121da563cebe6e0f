//! The two shapes of a checkout request, and their one way into an [`Order`].

use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::app::App;
use crate::checkout::Order;
use crate::donation::Request;
use crate::ids::{parse_random_uuid, sha256_hex};
use crate::language::Language;
use crate::ledger::Claim;
use crate::money::Money;
use crate::supporter::Visibility;
use crate::web::edit::Ticks;
use crate::web::error::Error;
use crate::web::fields::{self, Typed};

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
#[derive(Clone, Deserialize)]
pub(in crate::web) struct FormRequest {
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
                read_amount: fields::sent_amount,
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
    pub(super) fn parse(&self, app: &App, language: Language) -> Result<Order, Error> {
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
                read_amount: fields::typed_amount,
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

fn parse(app: &App, language: Language, sent: &Fields<'_>) -> Result<Order, Error> {
    let claim = sent.key.as_ref().map(|key| Claim {
        key: key.clone(),
        request_sha256: fingerprint(sent),
    });
    Ok(Order {
        request: Request {
            asked: (sent.read_amount)(app, sent.amount)?,
            name: fields::name(sent.name)?,
            message: fields::message(sent.message)?,
            visibility: sent.visibility,
            language: Some(language),
        },
        provider: fields::provider(app, sent.provider)?,
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
