//! Allscale's settings: key, secret, and where to call.
//!
//! Key and secret go together: one without the other is a problem.

use secrecy::ExposeSecret;

use crate::config::reader::{Reader, boolean};
use crate::config::secret::{self, Given, Secret};
use crate::config::vars::{self, Variable};
use crate::money::Currency;
use crate::outward::BaseUrl;
use crate::provider::allscale::Settings;

/// Where a person has the two from.
const SOURCE: &str = "the value in Allscale's dashboard (or run `bagel demo` to try everything \
    without an account)";

/// The settings; `None` when there are none, or when they cannot be used, which
/// is then a problem.
pub(in crate::config) fn read(r: &mut Reader, currency: Currency) -> Option<Settings> {
    let base_url = r.read(vars::ALLSCALE_BASE_URL, BaseUrl::parse);
    let signed_responses = r.read(vars::ALLSCALE_SIGNED_RESPONSES, boolean);
    let key = credential(r, vars::ALLSCALE_API_KEY);
    let secret = credential(r, vars::ALLSCALE_API_SECRET);
    r.belong_together(&[vars::ALLSCALE_API_KEY, vars::ALLSCALE_API_SECRET]);
    let (key, api_secret) = (key?.ok()?.value, secret?.ok()?.value);
    let where_to_call = [vars::ALLSCALE_BASE_URL, vars::ALLSCALE_SIGNED_RESPONSES];
    let usable = r.are_good(&where_to_call) && r.are_good(&vars::CURRENCY);
    usable.then(|| Settings {
        base_url,
        api_key: key.expose_secret().to_owned(),
        api_secret,
        currency,
        signed_responses,
    })
}

fn credential(r: &mut Reader, variable: Variable) -> Option<Given> {
    let given = secret::read(r, variable, SOURCE);
    if let Some(Ok(secret)) = &given {
        doubt(r, variable, secret);
    }
    given
}

/// What looks wrong but may be right.
fn doubt(r: &mut Reader, variable: Variable, secret: &Secret) {
    let value = secret.value.expose_secret();
    if !value.starts_with("st_") {
        r.warning(
            &secret.place,
            "does not start with st_ as Allscale's values do: copied whole?",
        );
    }
    if variable == vars::ALLSCALE_API_SECRET && value.len() < 16 {
        r.warning(
            &secret.place,
            "is shorter than 16 characters: copied whole?",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::{SECRET, judge, places};

    const KEY: (&str, &str) = ("ALLSCALE_API_KEY", "st_CANARY");

    #[test]
    fn a_secret_may_come_from_a_file() {
        let judged = judge(&[KEY, ("ALLSCALE_API_SECRET_FILE", "secret")]);
        let settings = judged.providers().allscale.as_ref().unwrap();
        assert_eq!(settings.api_secret.expose_secret(), SECRET);
    }

    #[test]
    fn bad_credentials_are_named_and_never_repeated() {
        let (secret, file) = ("ALLSCALE_API_SECRET", "ALLSCALE_API_SECRET_FILE");
        let cases: &[(&[(&str, &str)], &str)] = &[
            (&[], secret),
            (&[(secret, "")], secret),
            (&[(secret, "  ")], secret),
            (&[(secret, " st_CANARY")], secret),
            (&[(secret, "st_CANARY\n")], secret),
            (&[(secret, "st_CA NARY")], secret),
            (&[(secret, "st_CANARY\u{200b}")], secret),
            (&[(secret, "'st_CANARY'")], secret),
            (&[(secret, "your_api_secret_here")], secret),
            (&[(secret, "st_CANARY"), (file, "secret")], secret),
            (&[(secret, ""), (file, "secret")], secret),
            (&[(file, "missing-CANARY")], file),
            (&[(file, "empty")], file),
            (&[(file, "binary")], file),
        ];
        for (vars, place) in cases {
            let judged = judge(&[&[KEY], *vars].concat());
            assert_eq!(places(&judged.problems.0), [*place], "{vars:?}");
            assert!(judged.providers().allscale.as_ref().is_none());
            let told = format!("{judged:?} {}", judged.problems);
            assert!(!told.contains("CANARY"), "{told}");
        }
        let lone = judge(&[(secret, "st_CANARY")]);
        assert_eq!(places(&lone.problems.0), ["ALLSCALE_API_KEY"]);
    }

    #[test]
    fn what_looks_wrong_is_a_warning() {
        let judged = judge(&[
            ("ALLSCALE_API_KEY", "CANARY"),
            ("ALLSCALE_API_SECRET", "CANARY"),
        ]);
        let doubts = [
            "ALLSCALE_API_KEY",
            "ALLSCALE_API_SECRET",
            "ALLSCALE_API_SECRET",
        ];
        assert_eq!(places(&judged.warnings), doubts);
        assert!(judged.providers().allscale.as_ref().is_some());
        let told = format!("{:?} {judged:?}", judged.warnings);
        assert!(!told.contains("CANARY"), "{told}");
    }
}
