//! The signed link to the hosted page, and the order it asks for.
//!
//! Says of a link that is not accepted which check failed. Source: the
//! documentation's "Page integration".

use std::collections::BTreeMap;
use std::ops::Index;

use serde_json::{Value, json};
use url::{Url, form_urlencoded};
use uuid::Uuid;

use super::merchant::Merchant;
use super::{AlchemyPay, signature};
use crate::amount::decimals;
use crate::intents::Intent;
use crate::status::Status;

/// What a link must have, and not empty.
const REQUIRED: [&str; 13] = [
    "amount",
    "appId",
    "callbackUrl",
    "fiat",
    "merchantOrderNo",
    "name",
    "picture",
    "redirectUrl",
    "signature",
    "timeout",
    "timestamp",
    "type",
    "uniqueId",
];
const OPTIONAL: [&str; 4] = ["language", "merchantName", "nonce", "targetFiat"];
/// In the link, but not in what is signed.
const UNSIGNED: [&str; 4] = ["signature", "token", "email", "id"];
/// The merchant's clock may be ahead of ours by this many milliseconds.
const AHEAD: i64 = 5 * 60 * 1000;
/// How old a link may be, whatever its timeout says.
const OLDEST: i64 = 60 * 60 * 1000;
/// So that no sum overflows.
const MOST_CENTS: i64 = 100_000_000_000;

/// Why a link is refused: a parameter, and what is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("{parameter} {why}.")]
pub(super) struct Refusal {
    parameter: String,
    why: &'static str,
}

pub(super) fn refusal(parameter: &str, why: &'static str) -> Refusal {
    let parameter = parameter.to_owned();
    Refusal { parameter, why }
}

/// The decoded parameters of a link; nothing is checked but that they are the
/// page's and that the required ones are there.
pub(super) struct Link(BTreeMap<String, String>);

impl Index<&str> for Link {
    type Output = str;

    fn index(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl Link {
    pub(super) fn parse(query: &str) -> Result<Self, Refusal> {
        let mut link = Self(BTreeMap::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let mut known = REQUIRED.iter().chain(&OPTIONAL).chain(&UNSIGNED);
            if !known.any(|known| *known == name) {
                return Err(refusal(&name, "is no parameter of this page"));
            }
            if link.0.contains_key(&*name) {
                return Err(refusal(&name, "is there twice"));
            }
            link.0.insert(name.into_owned(), value.into_owned());
        }
        match REQUIRED.iter().find(|name| link[name].is_empty()) {
            Some(missing) => Err(refusal(missing, "is missing")),
            None => Ok(link),
        }
    }

    /// Whether the merchant made it, as it is.
    pub(super) fn authenticate(&self, merchant: &Merchant) -> Result<(), Refusal> {
        if self["appId"] != *merchant.app_id() {
            return Err(refusal("appId", "is not known"));
        }
        let canonical = signature::canonical(self.signed());
        if !signature::verify(merchant.secret(), &canonical, &self["signature"]) {
            return Err(refusal("signature", "does not match the parameters"));
        }
        Ok(())
    }

    fn signed(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.0.iter().map(|(key, value)| (&**key, &**value));
        all.filter(|(key, _)| !UNSIGNED.contains(key))
    }

    /// What was signed, as an object.
    pub(super) fn request(&self) -> Value {
        self.signed()
            .map(|(key, value)| (key, json!(value)))
            .collect()
    }

    /// The order it asks for; `now` is in Unix milliseconds.
    pub(super) fn order(&self, now: i64) -> Result<Intent, Refusal> {
        self.check_times(now)?;
        if self["type"] != *"MARKET" {
            return Err(refusal("type", "is not MARKET, all the stand-in sells"));
        }
        for name in ["callbackUrl", "redirectUrl", "picture"] {
            web_address(name, &self[name])?;
        }
        Ok(Intent {
            id: format!("{:018}", Uuid::new_v4().as_u128() % 10_u128.pow(18)),
            provider: &AlchemyPay,
            status: Status::CREATED,
            amount_cents: cents(&self["amount"], currency(&self["fiat"])?)?,
            fiat: Some(self["fiat"].to_owned()),
            order_id: Some(self["merchantOrderNo"].to_owned()),
            description: Some(self["name"].to_owned()),
            user_name: None,
            redirect_url: Some(self["redirectUrl"].to_owned()),
            request: self.request(),
            payment: None,
        })
    }

    fn check_times(&self, now: i64) -> Result<(), Refusal> {
        let made = millis("timestamp", &self["timestamp"])?;
        let ends = millis("timeout", &self["timeout"])?;
        if !(now - OLDEST..=now + AHEAD).contains(&made) {
            return Err(refusal("timestamp", "is too far from our clock"));
        }
        if ends <= now {
            return Err(refusal("timeout", "has passed"));
        }
        Ok(())
    }
}

/// 13 digits, Unix milliseconds.
pub(super) fn millis(name: &str, text: &str) -> Result<i64, Refusal> {
    let digits = text.len() == 13 && text.bytes().all(|byte| byte.is_ascii_digit());
    let millis = text.parse().ok().filter(|_| digits);
    millis.ok_or_else(|| refusal(name, "is not milliseconds in 13 digits"))
}

fn web_address(name: &str, text: &str) -> Result<(), Refusal> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(()),
        _ => Err(refusal(name, "is not an http or https URL")),
    }
}

fn currency(fiat: &str) -> Result<&str, Refusal> {
    let code = fiat.len() == 3 && fiat.bytes().all(|byte| byte.is_ascii_uppercase());
    let code = code.then_some(fiat);
    code.ok_or_else(|| refusal("fiat", "is not a code of three capitals"))
}

/// Hundredths, of a decimal in units that has no more digits behind the point
/// than its currency.
fn cents(amount: &str, fiat: &str) -> Result<i64, Refusal> {
    let (units, fraction) = amount.split_once('.').unwrap_or((amount, "0"));
    let places = decimals(fiat).max(u32::from(!amount.contains('.')));
    let short = u32::try_from(fraction.len()).is_ok_and(|length| (1..=places).contains(&length));
    let digits = format!("{units}{fraction:0<2}");
    let readable = short && !units.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let cents = digits.parse().ok().filter(|_| readable);
    cents
        .filter(|cents| (1..=MOST_CENTS).contains(cents))
        .ok_or_else(|| refusal("amount", "is not an amount in this currency"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        for (amount, fiat, expected) in [
            ("3000", "USD", 300_000),
            ("5.25", "EUR", 525),
            ("5.2", "EUR", 520),
            ("0.01", "USD", 1),
            ("700", "JPY", 70_000),
        ] {
            assert_eq!(cents(amount, fiat).unwrap(), expected, "{amount} {fiat}");
        }
        for (amount, fiat) in [
            ("0", "USD"),
            ("0.00", "USD"),
            ("5.255", "USD"),
            ("5.", "USD"),
            (".5", "USD"),
            ("-5", "USD"),
            ("+5", "USD"),
            ("5e2", "USD"),
            ("5,25", "USD"),
            ("5.2.5", "USD"),
            (" 5", "USD"),
            ("", "USD"),
            ("99999999999999999999", "USD"),
            ("700.0", "JPY"),
        ] {
            assert!(cents(amount, fiat).is_err(), "{amount} {fiat}");
        }
    }

    #[test]
    fn times_are_milliseconds_in_13_digits() {
        assert_eq!(
            millis("timestamp", "1675394255000").unwrap(),
            1_675_394_255_000
        );
        for odd in ["1675417608", "+167539425500", "16753942550001", ""] {
            assert!(millis("timestamp", odd).is_err(), "{odd}");
        }
    }
}
