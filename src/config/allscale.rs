//! Allscale's settings: key, secret, and where to call.
//!
//! Key and secret go together: one without the other is a problem.

use secrecy::{ExposeSecret, SecretString};

use super::reader::{Reader, as_is, boolean};
use super::vars::{self, Variable};
use crate::money::Currency;
use crate::outward::BaseUrl;
use crate::provider::allscale::{Settings, StableCoin};

/// Where a person has the two from.
const SOURCE: &str = "the value in Allscale's dashboard (or run `bagel demo` to try everything \
    without an account)";

/// The settings; `None` when there are none, or when they cannot be used, which
/// is then a problem.
pub(super) fn read(r: &mut Reader, currency: Currency) -> Option<Settings> {
    let base_url = r.read(vars::ALLSCALE_BASE_URL, BaseUrl::parse);
    let stable_coins = stable_coins(r, currency);
    let signed_responses = r.read(vars::ALLSCALE_SIGNED_RESPONSES, boolean);
    let api_key = credential(r, vars::ALLSCALE_API_KEY);
    let api_secret = credential(r, vars::ALLSCALE_API_SECRET);
    r.belong_together(&vars::ALLSCALE);
    let (api_key, api_secret) = (api_key?, api_secret?);
    let how_to_call = [
        vars::ALLSCALE_BASE_URL,
        vars::ALLSCALE_STABLE_COINS,
        vars::ALLSCALE_SIGNED_RESPONSES,
    ];
    let usable = r.are_good(&how_to_call) && r.are_good(&vars::CURRENCY);
    usable.then(|| Settings {
        base_url,
        api_key: api_key.expose_secret().to_owned(),
        api_secret,
        currency,
        stable_coins,
        signed_responses,
    })
}

/// A price in a coin is paid in that coin.
fn stable_coins(r: &mut Reader, currency: Currency) -> Vec<StableCoin> {
    let coins = r.read(vars::ALLSCALE_STABLE_COINS, StableCoin::parse_list);
    if currency == Currency::Usdt && coins != [StableCoin::Usdt] {
        let text = "means nothing while prices are in USDT: they are paid in USDT alone";
        r.warning(vars::ALLSCALE_STABLE_COINS.name, text);
    }
    coins
}

/// One of the two; says what looks wrong but may be right.
fn credential(r: &mut Reader, variable: Variable) -> Option<SecretString> {
    let secret: SecretString = r.secret(variable, SOURCE, as_is)?;
    let (value, place) = (secret.expose_secret(), r.place(variable));
    if !value.starts_with("st_") {
        let text = "does not start with st_ as Allscale's values do: copied whole?";
        r.warning(&place, text);
    }
    if variable == vars::ALLSCALE_API_SECRET && value.len() < 16 {
        r.warning(&place, "is shorter than 16 characters: copied whole?");
    }
    Some(secret)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check, places};
    use super::*;

    #[test]
    fn coins_are_usdt_unless_set_otherwise() {
        let read = |vars: &[(&str, &str)]| {
            let good = [
                ("ALLSCALE_API_KEY", "st_CANARY"),
                ("ALLSCALE_API_SECRET", "st_CANARY_0123456789"),
            ];
            check(&[vars, &good].concat())
        };
        let coins = |vars: &[(&str, &str)]| {
            let store = read(vars).config.providers.allscale.unwrap();
            store.stable_coins
        };
        assert_eq!(coins(&[]), [StableCoin::Usdt]);
        let both = ("ALLSCALE_STABLE_COINS", "USDC,USDT");
        assert_eq!(coins(&[both]), [StableCoin::Usdc, StableCoin::Usdt]);
        let native = read(&[both, ("BAGEL_CURRENCY", "USDT")]);
        assert_eq!(places(&native.warnings), ["ALLSCALE_STABLE_COINS"]);
        let wrong = read(&[("ALLSCALE_STABLE_COINS", "CANARY")]);
        assert_eq!(places(&wrong.problems.0), ["ALLSCALE_STABLE_COINS"]);
        assert!(!wrong.problems.to_string().contains("CANARY"));
    }

    #[test]
    fn what_looks_wrong_is_a_warning() {
        let checked = check(&[
            ("ALLSCALE_API_KEY", "CANARY"),
            ("ALLSCALE_API_SECRET", "CANARY"),
        ]);
        let doubts = [
            "ALLSCALE_API_KEY",
            "ALLSCALE_API_SECRET",
            "ALLSCALE_API_SECRET",
        ];
        assert_eq!(places(&checked.warnings), doubts);
        assert!(checked.config.providers.allscale.as_ref().is_some());
        let told = format!("{:?} {checked:?}", checked.warnings);
        assert!(!told.contains("CANARY"), "{told}");
    }
}
