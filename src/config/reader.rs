//! Reads variables one by one and collects what is wrong with them.
//!
//! A value that cannot be used is reported and its default stands in, so that
//! reading goes on and every problem is found at once. What comes of a reading
//! with problems must not be served. A [`Remark`] says what to do and never
//! repeats a value: a secret may be in any variable by mistake.

use std::convert::Infallible;
use std::fmt::{self, Display};
use std::io;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::vars::{Value, Variable};

/// A sentence about the settings: where to look, and what to do there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    /// A variable's name, or a line of `.env`.
    pub place: String,
    pub text: String,
}

impl Remark {
    pub(super) fn new(place: impl Into<String>, text: impl Display) -> Self {
        Self {
            place: place.into(),
            text: text.to_string(),
        }
    }
}

impl Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// The reasons not to start, in the order of reading. One line each.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Problems(pub Vec<Remark>);

impl Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration does not work yet:")?;
        let mut remarks = self.0.iter();
        remarks.try_for_each(|remark| write!(f, "\n  {remark}"))
    }
}

impl std::error::Error for Problems {}

/// Where values come from, and what was found about them.
pub(super) struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    read_file: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    pub(super) problems: Problems,
    pub(super) warnings: Vec<Remark>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        lookup: &'a dyn Fn(&str) -> Option<String>,
        read_file: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    ) -> Self {
        Self {
            lookup,
            read_file,
            problems: Problems::default(),
            warnings: Vec::new(),
        }
    }

    /// The value as it is, empty or not.
    pub(super) fn raw(&self, name: &str) -> Option<String> {
        (self.lookup)(name)
    }

    /// The value without white space around it; nothing but white space counts
    /// as unset.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = self.raw(name)?.trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// Whether it is set, directly or as a file, good or bad. An empty
    /// secret is a bad one; any other variable that is empty counts as unset.
    pub(super) fn is_given(&self, variable: Variable) -> bool {
        match variable.file() {
            Some(file) => self.raw(variable.name).is_some() || self.text(&file).is_some(),
            None => self.text(variable.name).is_some(),
        }
    }

    /// Whether one of `variables` is set, good or bad.
    pub(super) fn is_any_given(&self, variables: &[Variable]) -> bool {
        variables.iter().any(|variable| self.is_given(*variable))
    }

    /// Names each of `variables` that is missing though another is given.
    pub(super) fn belong_together(&mut self, variables: &[Variable]) {
        let Some(given) = variables.iter().find(|it| self.is_given(**it)) else {
            return;
        };
        for missing in variables {
            if !self.is_given(*missing) {
                let text = format!("is missing, though {} is set", given.name);
                self.problem(missing.name, text);
            }
        }
    }

    /// Whether nothing is wrong with `variable`, as far as was read.
    pub(super) fn is_good(&self, variable: Variable) -> bool {
        let file = variable.file().unwrap_or_default();
        let about = |it: &Remark| [variable.name, &file].contains(&&*it.place);
        !self.problems.0.iter().any(about)
    }

    /// Whether nothing is wrong with any of `variables`.
    pub(super) fn are_good(&self, variables: &[Variable]) -> bool {
        variables.iter().all(|variable| self.is_good(*variable))
    }

    /// The value of a variable that has a default.
    pub(super) fn read<T, E: Display>(
        &mut self,
        variable: Variable,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> T {
        self.read_optional(variable, &parse).unwrap_or_else(|| {
            parse(variable.default())
                .ok()
                .expect("a test reads every default")
        })
    }

    /// The value of a variable, if it is set and can be used.
    pub(super) fn read_optional<T, E: Display>(
        &mut self,
        variable: Variable,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.text(variable.name)?;
        parse(&text)
            .map_err(|why| self.problem(variable.name, why))
            .ok()
    }

    /// What `parse` makes of a secret, if it is given and can be used; `source`
    /// says where a person has it from.
    ///
    /// It comes from its variable or from the file that its twin names, never
    /// from both.
    pub(super) fn secret<T, E: Display>(
        &mut self,
        variable: Variable,
        source: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if !self.is_given(variable) {
            return None;
        }
        let secret = self.secret_text(variable).and_then(|secret| {
            let text = secret.expose_secret();
            check_secret(text, variable, source)?;
            parse(text).map_err(|why| why.to_string())
        });
        let place = self.place(variable);
        secret.map_err(|why| self.problem(&place, why)).ok()
    }

    /// The name that gives a secret: its own, or its twin's.
    pub(super) fn place(&self, variable: Variable) -> String {
        match variable.file() {
            Some(file) if self.raw(variable.name).is_none() => file,
            _ => variable.name.to_owned(),
        }
    }

    fn secret_text(&self, variable: Variable) -> Result<SecretString, String> {
        let file = variable.file().unwrap_or_default();
        match (self.raw(variable.name), self.text(&file)) {
            (Some(_), Some(_)) => Err(format!("is set, and so is {file}: keep one of the two")),
            (None, Some(path)) => {
                let bytes = self.read_file(&path)?;
                let text = String::from_utf8(bytes).map_err(|_| "names a file that is no text")?;
                Ok(text.trim_end_matches(['\r', '\n']).into())
            }
            (value, None) => Ok(value.unwrap_or_default().into()),
        }
    }

    /// The bytes of the file that a variable names.
    pub(super) fn read_file(&self, path: &str) -> Result<Vec<u8>, String> {
        (self.read_file)(Path::new(path))
            .map_err(|error| format!("names a file that cannot be read: {}", error.kind()))
    }

    pub(super) fn problem(&mut self, place: &str, text: impl Display) {
        self.problems.0.push(Remark::new(place, text));
    }

    pub(super) fn warning(&mut self, place: &str, text: impl Display) {
        self.warnings.push(Remark::new(place, text));
    }
}

/// `true` or `false`, in the usual spellings.
pub(super) fn boolean(text: &str) -> Result<bool, &'static str> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" => Ok(false),
        _ => Err("write true or false"),
    }
}

/// A text that is right however it reads.
#[expect(clippy::unnecessary_wraps, reason = "has the form of a parser")]
pub(super) fn as_is<T: for<'t> From<&'t str>>(text: &str) -> Result<T, Infallible> {
    Ok(text.into())
}

/// Whether a secret looks copied as a whole and alone. A database's address has a
/// grammar of its own.
fn check_secret(value: &str, variable: Variable, source: &str) -> Result<(), String> {
    if let Value::DefaultSecret(_) = variable.value {
        return Ok(());
    }
    let trimmed = value.trim();
    let quoted = |mark| value.len() > 1 && value.starts_with(mark) && value.ends_with(mark);
    let why = if trimmed.is_empty() {
        return Err(format!("is empty: set it to {source}, or remove it"));
    } else if trimmed != value {
        "has white space around it: remove it"
    } else if is_placeholder(value, variable) {
        return Err(format!(
            "still holds the placeholder of .env.example: set it to {source}, or remove it"
        ));
    } else if quoted('"') || quoted('\'') {
        "has quotes around it that are part of the value here: remove them"
    } else if !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        "holds a space or a character outside ASCII: copy it again"
    } else {
        return Ok(());
    };
    Err(why.to_owned())
}

fn is_placeholder(value: &str, variable: Variable) -> bool {
    match variable.value {
        Value::Secret(placeholder) | Value::UnsetSecret(placeholder) => placeholder == value,
        Value::Default(_) | Value::Unset(_) | Value::DefaultSecret(_) => false,
    }
}
