//! Reads variables one by one and collects what is wrong with them.
//!
//! A value that cannot be used is reported and its default stands in, so that
//! reading goes on and every problem is found at once. What comes of a reading
//! with problems must not be served.

use std::fmt::Display;
use std::io;
use std::path::Path;

use super::findings::{Finding, Problems};
use super::vars::Variable;

/// Where values come from, and what was found about them.
pub(super) struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    read_file: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    pub(super) problems: Problems,
    pub(super) warnings: Vec<Finding>,
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

    /// Whether somebody gave it, itself or as a file, good or bad. An empty
    /// secret is a bad one; any other variable that is empty counts as unset.
    pub(super) fn is_given(&self, variable: Variable) -> bool {
        match variable.file() {
            Some(file) => self.raw(variable.name).is_some() || self.text(&file).is_some(),
            None => self.text(variable.name).is_some(),
        }
    }

    /// Names each of `variables` that is missing though another is given.
    pub(super) fn belong_together(&mut self, variables: &[Variable]) {
        let given: Vec<_> = variables.iter().map(|it| self.is_given(*it)).collect();
        let Some(first) = given.iter().position(|is_given| *is_given) else {
            return;
        };
        for (variable, _) in variables
            .iter()
            .zip(given)
            .filter(|(_, is_given)| !is_given)
        {
            let text = format!("is missing, though {} is set", variables[first].name);
            self.problem(variable.name, text);
        }
    }

    /// Whether nothing is wrong with `variable`, as far as was read.
    pub(super) fn is_good(&self, variable: Variable) -> bool {
        self.problems.is_silent_on(variable)
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

    pub(super) fn read_file(&self, path: &str) -> io::Result<Vec<u8>> {
        (self.read_file)(Path::new(path))
    }

    pub(super) fn problem(&mut self, place: &str, text: impl Display) {
        self.problems.0.push(Finding::new(place, text));
    }

    pub(super) fn warning(&mut self, place: &str, text: impl Display) {
        self.warnings.push(Finding::new(place, text));
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
