//! The signed link to the hosted page, and the order it asks for.
//!
//! A refusal names the check that failed. Source: the documentation's "Page
//! integration".

use std::collections::BTreeMap;
use std::ops::Index;

use serde_json::{Value, json};
use url::{Url, form_urlencoded};
use uuid::Uuid;

use super::merchant::Merchant;
use super::{AlchemyPay, signature};
use crate::amount::cents;
use crate::intents::Intent;
use crate::protocol::Status;

/// Parameters that must be there, and not empty.
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
/// Parameters that the signature does not cover.
const UNSIGNED: [&str; 4] = ["signature", "token", "email", "id"];
/// How far the merchant's clock may be ahead of ours, in milliseconds.
const AHEAD: i64 = 5 * 60 * 1000;
/// How old a link may be, whatever its timeout says, in milliseconds.
const OLDEST: i64 = 60 * 60 * 1000;

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

/// The decoded parameters of a link. Checked so far: that the page knows them,
/// and that the required ones are there.
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

    /// Whether the merchant signed exactly these parameters.
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

    /// The signed parameters, as a JSON object.
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
            amount_cents: cents(&self["amount"], currency(&self["fiat"])?)
                .ok_or_else(|| refusal("amount", "is not an amount in this currency"))?,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alchemy_pay::signature::Signature;

    const NOW: i64 = 1_763_776_801_000;

    type Params = BTreeMap<&'static str, String>;

    /// The parameters of a link for five dollars, with their signature.
    fn signed(merchant: &Merchant, changed: &[(&'static str, &str)]) -> Params {
        let (made, ends) = (NOW.to_string(), (NOW + 900_000).to_string());
        let mut params: Params = [
            ("amount", "5.00"),
            ("appId", merchant.app_id()),
            ("callbackUrl", "http://127.0.0.1:9/hooks"),
            ("fiat", "USD"),
            ("merchantName", "Ada's & co = 🥯 + more"),
            ("merchantOrderNo", "o-1"),
            ("name", "<b>Bagel</b> ü"),
            ("picture", "http://127.0.0.1:9/bagel.png"),
            ("redirectUrl", "http://127.0.0.1:9/thanks/1"),
            ("timeout", &ends),
            ("timestamp", &made),
            ("type", "MARKET"),
            ("uniqueId", "o-1"),
        ]
        .iter()
        .chain(changed)
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
        let pairs = params.iter().map(|(name, value)| (*name, value.as_str()));
        let signature = Signature::of(merchant.secret(), &signature::canonical(pairs));
        params.insert("signature", signature.base64());
        params
    }

    fn query(params: &Params) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(params).finish()
    }

    fn follow(query: &str, merchant: &Merchant) -> Result<Intent, String> {
        let order = || {
            let link = Link::parse(query)?;
            link.authenticate(merchant)?;
            link.order(NOW)
        };
        order().map_err(|refusal: Refusal| refusal.to_string())
    }

    #[test]
    fn every_change_after_signing_is_refused() {
        let merchant = Merchant::new();
        let genuine = signed(&merchant, &[]);
        let order = follow(&query(&genuine), &merchant).unwrap();
        assert_eq!(
            (order.amount_cents, order.order_id.as_deref()),
            (500, Some("o-1"))
        );
        assert_eq!(order.request["merchantName"], "Ada's & co = 🥯 + more");
        let expected = "signature does not match the parameters.";
        for name in genuine.keys().filter(|name| **name != "appId") {
            let mut changed = genuine.clone();
            changed.get_mut(name).unwrap().push('1');
            let refusal = follow(&query(&changed), &merchant).unwrap_err();
            assert_eq!(refusal, expected, "{name}");
        }
        let mut added = genuine.clone();
        added.insert("language", "en".into());
        assert_eq!(follow(&query(&added), &merchant).unwrap_err(), expected);
        let mut unsigned = genuine.clone();
        unsigned.insert("email", "ada@example.com".into());
        assert!(follow(&query(&unsigned), &merchant).is_ok());
        let plus = query(&genuine).replace("%2B", "+");
        assert_eq!(
            follow(&plus, &merchant).unwrap_err(),
            expected,
            "a plus is a space"
        );
        assert!(follow(&query(&genuine), &Merchant::new()).is_err());
    }

    #[test]
    fn a_signed_link_must_make_sense_too() {
        let merchant = Merchant::new();
        let (old, ahead) = ((NOW - 3_700_000).to_string(), (NOW + 400_000).to_string());
        for (name, value, why) in [
            ("appId", "another", "appId is not known"),
            ("timestamp", "1675417608", "timestamp is not milliseconds"),
            ("timestamp", &old, "timestamp is too far"),
            ("timestamp", &ahead, "timestamp is too far"),
            ("timeout", "1675394255000", "timeout has passed"),
            ("timeout", "soon", "timeout is not milliseconds"),
            ("type", "MINT", "type is not MARKET"),
            ("fiat", "usd", "fiat is not a code"),
            ("amount", "5.001", "amount is not"),
            ("amount", "0.00", "amount is not"),
            ("callbackUrl", "javascript:alert(1)", "callbackUrl is not"),
            ("redirectUrl", "/thanks", "redirectUrl is not"),
            ("picture", "bagel.png", "picture is not"),
            ("uniqueId", "", "uniqueId is missing"),
            ("message", "hi", "message is no parameter"),
        ] {
            let link = query(&signed(&merchant, &[(name, value)]));
            let refusal = follow(&link, &merchant).unwrap_err();
            assert!(refusal.starts_with(why), "{name}={value}: {refusal}");
        }
        let twice = format!("{}&fiat=USD", query(&signed(&merchant, &[])));
        assert_eq!(
            follow(&twice, &merchant).unwrap_err(),
            "fiat is there twice."
        );
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
