//! Secrets: each from its variable, or from the file that its `_FILE` twin
//! names, never from both.
//!
//! A value goes into a [`SecretString`] at once and into no text.

use std::fmt::Display;

use secrecy::{ExposeSecret, SecretString};

use super::reader::Reader;
use super::vars::{Value, Variable};

/// A secret that was given, and was reported if it cannot be used.
pub(super) type Given = Result<Secret, Unusable>;
pub(super) struct Unusable;

pub(super) struct Secret {
    /// The variable that gave it: its own, or the twin.
    pub(super) place: String,
    pub(super) value: SecretString,
}

/// Reads a secret, if it is given; `source` says where a person has it from.
pub(super) fn read(r: &mut Reader, variable: Variable, source: &str) -> Option<Given> {
    let parse = |value: String| check(value, variable, source);
    let given = read_as(r, variable, parse)?;
    Some(given.map(|(place, value)| Secret { place, value }))
}

/// Reads the text of a secret as `parse` understands it, if it is given; with
/// it comes the variable that gave it.
pub(super) fn read_as<T, E: Display>(
    r: &mut Reader,
    variable: Variable,
    parse: impl FnOnce(String) -> Result<T, E>,
) -> Option<Result<(String, T), Unusable>> {
    let file = variable.file()?;
    let (place, value) = match (r.raw(variable.name), r.text(&file)) {
        (None, None) => return None,
        (Some(_), Some(_)) => {
            let text = format!("is set, and so is {file}: keep one of the two");
            r.problem(variable.name, text);
            return Some(Err(Unusable));
        }
        (Some(value), None) => (variable.name.to_owned(), Ok(value)),
        (None, Some(path)) => (file, from_file(r, &path)),
    };
    let parsed = value.and_then(|value| parse(value).map_err(|why| why.to_string()));
    Some(match parsed {
        Ok(value) => Ok((place, value)),
        Err(why) => {
            r.problem(&place, why);
            Err(Unusable)
        }
    })
}

/// Reads a secret of the creator's own choice and makes something of it; `None`
/// when it is not given or cannot be used, which is then reported.
pub(super) fn parsed<T, E: Display>(
    r: &mut Reader,
    variable: Variable,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Option<T> {
    let secret = read(r, variable, "your own")?.ok()?;
    parse(secret.value.expose_secret())
        .map_err(|why| r.problem(&secret.place, why))
        .ok()
}

/// The text of a secret's file without the line break at its end.
fn from_file(r: &Reader, path: &str) -> Result<String, String> {
    let bytes = r
        .read_file(path)
        .map_err(|error| format!("names a file that cannot be read: {}", error.kind()))?;
    let text = String::from_utf8(bytes).map_err(|_| "names a file that is no text".to_owned())?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn check(value: String, variable: Variable, source: &str) -> Result<SecretString, String> {
    let trimmed = value.trim();
    let quoted = |mark| value.len() > 1 && value.starts_with(mark) && value.ends_with(mark);
    let why = if trimmed.is_empty() {
        return Err(format!("is empty: set it to {source}, or remove it"));
    } else if trimmed != value {
        "has white space around it: remove it"
    } else if is_placeholder(&value, variable) {
        return Err(format!(
            "still holds the placeholder of .env.example: set it to {source}, or remove it"
        ));
    } else if quoted('"') || quoted('\'') {
        "has quotes around it that are part of the value here: remove them"
    } else if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        "holds a space or a character outside ASCII: copy it again"
    } else {
        return Ok(value.into());
    };
    Err(why.to_owned())
}

fn is_placeholder(value: &str, variable: Variable) -> bool {
    match variable.value {
        Value::Secret(placeholder) | Value::UnsetSecret(placeholder) => placeholder == value,
        Value::Default(_) | Value::Unset(_) | Value::DefaultSecret(_) => false,
    }
}
