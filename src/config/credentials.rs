//! Allscale's settings: key, secret, and where to call.
//!
//! A credential comes from its variable or from a file, never from both. Its
//! value goes into a [`SecretString`] at once and into no text.

use secrecy::{ExposeSecret, SecretString};

use super::reader::{Reader, boolean};
use super::vars::{self, Value, Variable};
use crate::money::Currency;
use crate::outward::BaseUrl;
use crate::provider::allscale::Settings;

const NO_CREDENTIALS: &str = "is not set, and neither is ALLSCALE_API_SECRET: set both to the \
    values of your store in Allscale's dashboard, or run `bagel demo` to try everything without \
    an account";

/// A credential that was given, and was reported if it cannot be used.
type Given = Result<SecretString, Unusable>;
struct Unusable;

/// The settings; `None` when they cannot be used, which is then a problem.
pub(super) fn read(r: &mut Reader, currency: Currency) -> Option<Settings> {
    let base_url = r.read(vars::ALLSCALE_BASE_URL, BaseUrl::parse);
    let signed_responses = r.read(vars::ALLSCALE_SIGNED_RESPONSES, boolean);
    let key = credential(r, vars::ALLSCALE_API_KEY, vars::ALLSCALE_API_KEY_FILE);
    let secret = credential(r, vars::ALLSCALE_API_SECRET, vars::ALLSCALE_API_SECRET_FILE);
    let (key, api_secret) = both(r, key, secret)?;
    let usable = [
        vars::ALLSCALE_BASE_URL,
        vars::ALLSCALE_SIGNED_RESPONSES,
        vars::ALLSCALE_CURRENCY,
    ];
    usable
        .into_iter()
        .all(|variable| r.is_good(variable))
        .then(|| Settings {
            base_url,
            api_key: key.expose_secret().to_owned(),
            api_secret,
            currency,
            signed_responses,
        })
}

/// Key and secret, or a word about the one that is missing.
fn both(
    r: &mut Reader,
    key: Option<Given>,
    secret: Option<Given>,
) -> Option<(SecretString, SecretString)> {
    match (key, secret) {
        (Some(key), Some(secret)) => return key.ok().zip(secret.ok()),
        (None, None) => r.problem(vars::ALLSCALE_API_KEY, NO_CREDENTIALS),
        (Some(_), None) => r.problem(
            vars::ALLSCALE_API_SECRET,
            "is missing, though the API key is set: set both",
        ),
        (None, Some(_)) => r.problem(
            vars::ALLSCALE_API_KEY,
            "is missing, though the API secret is set: set both",
        ),
    }
    None
}

fn credential(r: &mut Reader, variable: Variable, file: Variable) -> Option<Given> {
    let (place, value) = match (r.raw(variable), r.text(file)) {
        (None, None) => return None,
        (Some(_), Some(_)) => {
            let text = format!("is set, and so is {}: keep one of the two", file.name);
            r.problem(variable, text);
            return Some(Err(Unusable));
        }
        (Some(value), None) => (variable, Ok(value)),
        (None, Some(path)) => (file, from_file(r, &path)),
    };
    let value = value.and_then(|value| check(value, variable));
    if let Ok(secret) = &value {
        doubt(r, place, secret.expose_secret());
    }
    Some(value.map_err(|why| {
        r.problem(place, why);
        Unusable
    }))
}

/// The text of a secret's file without the line break at its end.
fn from_file(r: &Reader, path: &str) -> Result<String, String> {
    let bytes = r
        .read_file(path)
        .map_err(|error| format!("names a file that cannot be read: {}", error.kind()))?;
    let text = String::from_utf8(bytes).map_err(|_| "names a file that is no text".to_owned())?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn check(value: String, variable: Variable) -> Result<SecretString, String> {
    let trimmed = value.trim();
    let quoted = |mark| value.len() > 1 && value.starts_with(mark) && value.ends_with(mark);
    let why = if trimmed.is_empty() {
        "is empty: set it to the value in Allscale's dashboard, or remove it"
    } else if trimmed != value {
        "has white space around it: remove it"
    } else if matches!(variable.value, Value::Secret(placeholder) if placeholder == value) {
        "still holds the placeholder of .env.example: set it to the value in Allscale's \
         dashboard, or run `bagel demo` to try everything without an account"
    } else if quoted('"') || quoted('\'') {
        "has quotes around it that are part of the value here: remove them"
    } else if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        "holds a space or a character outside ASCII: copy it again"
    } else {
        return Ok(value.into());
    };
    Err(why.to_owned())
}

/// What looks wrong but may be right.
fn doubt(r: &mut Reader, place: Variable, value: &str) {
    if !value.starts_with("st_") {
        r.warning(
            place,
            "does not start with st_ as Allscale's values do: copied whole?",
        );
    }
    let of_secret = [vars::ALLSCALE_API_SECRET, vars::ALLSCALE_API_SECRET_FILE].contains(&place);
    if of_secret && value.len() < 16 {
        r.warning(place, "is shorter than 16 characters: copied whole?");
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{SECRET, judge, places};
    use super::*;

    const KEY: (&str, &str) = ("ALLSCALE_API_KEY", "st_CANARY");

    #[test]
    fn a_secret_may_come_from_a_file() {
        let judged = judge(&[KEY, ("ALLSCALE_API_SECRET_FILE", "secret")]);
        let settings = judged.providers().allscale.as_ref().unwrap();
        assert_eq!(settings.api_secret.expose_secret(), SECRET);
    }

    #[test]
    fn without_credentials_the_demo_is_explained() {
        let problems = judge(&[]).into_config().unwrap_err().to_string();
        assert!(problems.contains("bagel demo"), "{problems}");
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
