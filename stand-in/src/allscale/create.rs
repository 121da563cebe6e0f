//! Creating an intent: what the provider accepts and what it refuses (10001).
//!
//! Source: the guide's "Creating an intent".

use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;
use uuid::Uuid;

use super::Allscale;
use super::answer::{ApiError, Code};
use super::payload::{Fiat, NATIVE, coins};
use crate::amount::MOST_CENTS;
use crate::intents::Intent;
use crate::protocol::Status;

/// 0.1 coins, in ten-thousandths; an intent has to be worth more.
const LEAST_COINS: i64 = 1_000;
/// The stable coins that a payer may use, by number.
const COINS: [i64; 2] = [1, 2];

#[derive(Deserialize)]
struct Asked {
    amount_cents: i64,
    currency: Option<i64>,
    stable_coin: Option<i64>,
    accepted_stable_coins: Option<Vec<i64>>,
    order_id: Option<String>,
    order_description: Option<String>,
    // The next and the last are only checked here; answers repeat them from the
    // request itself.
    #[serde(rename = "user_id")]
    _user_id: Option<String>,
    user_name: Option<String>,
    redirect_url: Option<String>,
    #[serde(rename = "extra")]
    _extra: Option<Map<String, Value>>,
}

/// Fiat, or `None` for a coin itself.
type Pricing = Option<&'static Fiat>;

/// The intent a request's body asks for.
pub(super) fn intent(body: &[u8]) -> Result<Intent, ApiError> {
    let asked: Asked = serde_json::from_slice(body).map_err(|error| invalid(&error.to_string()))?;
    let fiat = pricing(&asked)?;
    check_amount(asked.amount_cents, fiat)?;
    let mut coins = asked.accepted_stable_coins.iter().flatten();
    if asked.accepted_stable_coins == Some(Vec::new()) || !coins.all(|it| COINS.contains(it)) {
        return Err(invalid("accepted_stable_coins has a number that is none"));
    }
    if !asked.redirect_url.as_deref().is_none_or(is_web_address) {
        return Err(invalid("redirect_url must be an http or https URL"));
    }
    Ok(Intent {
        id: Uuid::new_v4().simple().to_string()[..24].to_owned(),
        provider: &Allscale,
        status: Status::CREATED,
        amount_cents: asked.amount_cents,
        fiat: fiat.map(|fiat| fiat.code.to_owned()),
        order_id: asked.order_id,
        description: asked.order_description,
        user_name: asked.user_name,
        redirect_url: asked.redirect_url,
        request: serde_json::from_slice(body).unwrap_or_default(),
        payment: None,
    })
}

fn invalid(why: &str) -> ApiError {
    ApiError::new(Code::VALIDATION, why)
}

fn pricing(asked: &Asked) -> Result<Pricing, ApiError> {
    match (asked.currency, asked.stable_coin) {
        (Some(number), None) => Fiat::numbered(number)
            .map(Some)
            .ok_or_else(|| invalid("currency is not a number of our table")),
        (None, Some(number)) if COINS.contains(&number) => Ok(None),
        (None, Some(3)) => Err(invalid("this stable_coin is disabled")),
        (None, Some(_)) => Err(invalid("stable_coin is not a number of our table")),
        _ => Err(invalid("exactly one of currency and stable_coin is needed")),
    }
}

fn check_amount(cents: i64, fiat: Pricing) -> Result<(), ApiError> {
    if !(1..=MOST_CENTS).contains(&cents) {
        return Err(invalid("amount_cents is out of range"));
    }
    if coins(cents, fiat.map_or(NATIVE, |fiat| fiat.rate)) <= LEAST_COINS {
        let why = "amount must be greater than 0.1";
        return Err(ApiError::new(Code::INTENT_NOT_CREATED, why));
    }
    Ok(())
}

fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::super::payload::{coins_of, due};
    use super::*;

    fn refusal(body: &str) -> String {
        let error = intent(body.as_bytes()).unwrap_err();
        assert_eq!(error.code, Code::VALIDATION, "{body}");
        error.message
    }

    #[test]
    fn fiat_is_converted_and_coins_are_not() {
        let fiat = intent(br#"{"currency":44,"amount_cents":500,"order_id":"o"}"#).unwrap();
        assert_eq!(due(&fiat), "5.7915");
        assert_eq!(fiat.fiat.as_deref(), Some("EUR"));
        assert_eq!(fiat.status, Status::CREATED);
        assert_eq!(fiat.id.len(), 24);

        let native = intent(br#"{"stable_coin":1,"amount_cents":1000,"currency":null}"#).unwrap();
        assert_eq!(due(&native), "10.00");
        assert_eq!(coins_of(&native, 1000), 100_000);
        assert_eq!(native.fiat, None);
    }

    #[test]
    fn exactly_one_of_currency_and_coin() {
        for body in [
            r#"{"amount_cents":500}"#,
            r#"{"amount_cents":500,"currency":1,"stable_coin":1}"#,
            r#"{"amount_cents":500,"currency":null,"stable_coin":null}"#,
        ] {
            assert!(refusal(body).starts_with("exactly one"), "{body}");
        }
    }

    #[test]
    fn numbers_are_integers_of_the_tables() {
        for body in [
            r#"{"amount_cents":500,"currency":"USD"}"#,
            r#"{"amount_cents":500,"currency":"1"}"#,
            r#"{"amount_cents":"500","currency":1}"#,
            r#"{"amount_cents":5.0,"currency":1}"#,
            r#"{"amount_cents":500,"currency":2}"#,
            r#"{"amount_cents":500,"stable_coin":3}"#,
            r#"{"amount_cents":500,"currency":1,"accepted_stable_coins":2}"#,
            r#"{"amount_cents":500,"currency":1,"accepted_stable_coins":[]}"#,
            r#"{"amount_cents":500,"currency":1,"accepted_stable_coins":[1,3]}"#,
            r#"{"amount_cents":500,"stable_coin":4}"#,
            r#"{"amount_cents":500,"currency":1,"order_id":7}"#,
            r#"{"amount_cents":500,"currency":1,"extra":[]}"#,
            r#"{"amount_cents":500,"currency":1,"redirect_url":"javascript:alert(1)"}"#,
            r#"{"currency":1}"#,
            "[]",
            "",
        ] {
            refusal(body);
        }
    }

    #[test]
    fn an_intent_is_worth_more_than_a_tenth_of_a_coin() {
        let is_too_small = |body: &str| {
            let error = intent(body.as_bytes()).unwrap_err();
            assert_eq!(error.code, Code::INTENT_NOT_CREATED, "{body}");
            assert_eq!(error.message, "amount must be greater than 0.1");
        };
        for (currency, least) in [(1, 11), (9, 16), (44, 9), (72, 1561)] {
            let body = |cents: i64| format!(r#"{{"amount_cents":{cents},"currency":{currency}}}"#);
            assert!(intent(body(least).as_bytes()).is_ok(), "{currency}");
            is_too_small(&body(least - 1));
        }
        assert!(intent(br#"{"amount_cents":11,"stable_coin":2}"#).is_ok());
        is_too_small(r#"{"amount_cents":10,"stable_coin":1}"#);
        for cents in ["0", "-500", "100000000001", "9223372036854775807"] {
            refusal(&format!(r#"{{"amount_cents":{cents},"currency":1}}"#));
        }
    }
}
