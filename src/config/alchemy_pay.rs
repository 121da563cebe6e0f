//! Alchemy Pay's settings: app id, secret, and where to call.
//!
//! It cannot be offered without a public address, which every link names, nor
//! where prices are in a coin. Either is a warning, and a problem where
//! it is the only provider.

use super::reader::{Reader, as_is};
use super::{Config, vars};
use crate::money::Currency;
use crate::outward::BaseUrl;
use crate::provider::alchemy_pay::Settings;
use crate::provider::alchemy_pay::can_be_signed;

/// Where a person has the secret from.
const SOURCE: &str = "the value from Alchemy Pay's operations team";

/// Where the two halves of the provider live.
struct Addresses {
    checkout: BaseUrl,
    api: BaseUrl,
}

/// The settings, in a `config` read otherwise; `None` when there are none, or
/// when it cannot be offered, which is then told.
pub(super) fn read(r: &mut Reader, config: &Config) -> Option<Settings> {
    let addresses = addresses(r);
    let app_id = r.read_optional(vars::ALCHEMY_PAY_APP_ID, app_id);
    let app_secret = r.secret(vars::ALCHEMY_PAY_APP_SECRET, SOURCE, as_is);
    r.belong_together(&vars::ALCHEMY_PAY);
    let (app_id, app_secret) = (app_id?, app_secret?);
    if !can_be_signed(&config.page.name) {
        r.problem(
            vars::BAGEL_NAME.name,
            "must not have & or = in it: Alchemy Pay signs the name, and these two part what is \
             signed",
        );
        return None;
    }
    if !is_offered(r, config) {
        return None;
    }
    let Addresses { checkout, api } = addresses?;
    if is_test(r) && !api.is_loopback() {
        let text = "is test: no card is charged, and no real money moves";
        r.warning(vars::ALCHEMY_PAY_ENV.name, text);
    }
    Some(Settings {
        app_id,
        app_secret,
        checkout_url: checkout,
        api_url: api,
        public_url: config.public_url.clone()?,
        merchant: config.page.name.clone(),
        currency: config.currency,
        bounds: config.page.bounds,
    })
}

fn app_id(text: &str) -> Result<String, &'static str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let plain = text.chars().all(is_plain);
    plain
        .then(|| text.to_owned())
        .ok_or("must be letters and digits: copy it again")
}

/// Those of the environment, or others that are set; both on this machine or
/// neither, for a page here must not take real money, nor one elsewhere none.
fn addresses(r: &mut Reader) -> Option<Addresses> {
    let usual = r.read(vars::ALCHEMY_PAY_ENV, environment);
    let checkout = r.read_optional(vars::ALCHEMY_PAY_CHECKOUT_URL, BaseUrl::parse);
    let api = r.read_optional(vars::ALCHEMY_PAY_API_URL, BaseUrl::parse);
    let addresses = Addresses {
        checkout: checkout.unwrap_or(usual.checkout),
        api: api.unwrap_or(usual.api),
    };
    let read = [
        vars::ALCHEMY_PAY_ENV,
        vars::ALCHEMY_PAY_CHECKOUT_URL,
        vars::ALCHEMY_PAY_API_URL,
    ];
    if !r.are_good(&read) {
        return None;
    }
    if addresses.checkout.is_loopback() != addresses.api.is_loopback() {
        r.problem(
            vars::ALCHEMY_PAY_CHECKOUT_URL.name,
            "and ALCHEMY_PAY_API_URL must both be on this machine, or neither",
        );
        return None;
    }
    Some(addresses)
}

fn is_test(r: &Reader) -> bool {
    r.text(vars::ALCHEMY_PAY_ENV.name).as_deref() == Some("test")
}

fn environment(text: &str) -> Result<Addresses, &'static str> {
    let (checkout, api) = match text {
        "production" => (
            "https://nftcheckout.alchemypay.org",
            "https://openapi-nft.alchemypay.org",
        ),
        "test" => (
            "https://nft-sbx.alchemytech.cc",
            "https://api-nft-sbx.alchemytech.cc",
        ),
        _ => return Err("write test or production"),
    };
    let parse = |text| BaseUrl::parse(text).expect("an address of ours is one");
    Ok(Addresses {
        checkout: parse(checkout),
        api: parse(api),
    })
}

/// Whether a link could be made; else says what is in the way.
fn is_offered(r: &mut Reader, config: &Config) -> bool {
    let obstacle = if config.currency == Currency::Usdt {
        let [name, older] = vars::CURRENCY;
        let set = if r.is_given(name) { name } else { older };
        format!(
            "while {} is USDT: cards pay in the other currencies",
            set.name
        )
    } else if config.public_url.is_none() && r.is_good(vars::BAGEL_PUBLIC_URL) {
        "without BAGEL_PUBLIC_URL: set it to where supporters reach the page".to_owned()
    } else {
        return true;
    };
    let text = format!("is set, but Alchemy Pay cannot be offered {obstacle}");
    if r.is_any_given(&vars::ALLSCALE) {
        r.warning(vars::ALCHEMY_PAY_APP_ID.name, text);
    } else {
        let text = format!("{text}. No other provider is set up");
        r.problem(vars::ALCHEMY_PAY_APP_ID.name, text);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::Checked;
    use super::super::tests::{GOOD, check, places};
    use super::*;
    use secrecy::ExposeSecret;

    const CARD: [(&str, &str); 3] = [
        ("ALCHEMY_PAY_APP_ID", "app0id"),
        ("ALCHEMY_PAY_APP_SECRET", "CANARY"),
        ("BAGEL_PUBLIC_URL", "https://bagel.example/tips"),
    ];

    /// `vars` and those of [`CARD`] that are not among them.
    fn card(vars: &[(&str, &str)]) -> Checked {
        check(&[vars, &CARD].concat())
    }

    fn settings(checked: &Checked) -> &Settings {
        assert_eq!(places(&checked.problems.0), [""; 0], "{}", checked.problems);
        checked.config.providers.alchemy_pay.as_ref().unwrap()
    }

    #[test]
    fn app_id_secret_and_public_address_are_all_it_takes() {
        let checked = card(&[("BAGEL_NAME", "Ada 🥯"), ("BAGEL_CURRENCY", "EUR")]);
        let settings = settings(&checked);
        assert_eq!(settings.app_id, "app0id");
        assert_eq!(settings.app_secret.expose_secret(), "CANARY");
        assert_eq!(
            settings.public_url.to_string(),
            "https://bagel.example/tips"
        );
        assert_eq!(
            (&*settings.merchant, settings.currency),
            ("Ada 🥯", Currency::Eur)
        );
        assert!(checked.warnings.is_empty() && checked.config.providers.allscale.is_none());
        assert!(!format!("{checked:?} {settings:?}").contains("CANARY"));
        assert!(checked.into_config().is_ok());
    }

    #[test]
    fn the_environment_says_where_it_lives_and_may_be_overridden() {
        let addresses = |vars: &[(&str, &str)]| {
            let checked = card(vars);
            let settings = settings(&checked);
            let addresses = [&settings.checkout_url, &settings.api_url];
            addresses.map(|url| url.as_str().to_owned())
        };
        let live = [
            "https://nftcheckout.alchemypay.org",
            "https://openapi-nft.alchemypay.org",
        ];
        let test = [
            "https://nft-sbx.alchemytech.cc",
            "https://api-nft-sbx.alchemytech.cc",
        ];
        assert_eq!(addresses(&[]), live);
        assert_eq!(addresses(&[("ALCHEMY_PAY_ENV", "production")]), live);
        assert_eq!(addresses(&[("ALCHEMY_PAY_ENV", "test")]), test);
        let api = ("ALCHEMY_PAY_API_URL", "https://api.example");
        assert_eq!(addresses(&[api]), [live[0], "https://api.example"]);
        let here = ("ALCHEMY_PAY_CHECKOUT_URL", "http://localhost:8081/card");
        let both = [here, ("ALCHEMY_PAY_API_URL", "http://localhost:8081")];
        assert_eq!(addresses(&both), [here.1, "http://localhost:8081"]);
    }

    #[test]
    fn the_test_environment_is_a_warning() {
        let checked = card(&[("ALCHEMY_PAY_ENV", "test")]);
        assert_eq!(places(&checked.warnings), ["ALCHEMY_PAY_ENV"]);
    }

    #[test]
    fn what_stands_in_its_way_is_told_and_is_a_problem_only_alone() {
        for (var, value) in [
            ("BAGEL_PUBLIC_URL", ""),
            ("BAGEL_CURRENCY", "USDT"),
            ("ALLSCALE_CURRENCY", "USDT"),
        ] {
            let alone = card(&[(var, value)]);
            assert_eq!(places(&alone.problems.0), ["ALCHEMY_PAY_APP_ID"]);
            let both = check(&[&[(var, value)], &GOOD[..], &CARD].concat());
            assert_eq!(places(&both.warnings), ["ALCHEMY_PAY_APP_ID"]);
            assert!(both.warnings[0].text.contains(var), "{:?}", both.warnings);
            assert!(both.config.providers.alchemy_pay.is_none());
            assert!(both.into_config().unwrap().providers.allscale.is_some());
        }
    }
}
