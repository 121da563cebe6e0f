//! What is wrong with a configuration, for the person who wrote it.
//!
//! A text says what to do and never repeats a value: a secret may be in any
//! variable by mistake.

use std::fmt;

use super::vars::Variable;

/// One thing to tell: where it is, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// A variable's name, or a line of `.env`.
    pub place: String,
    pub text: String,
}

impl Finding {
    pub(super) fn new(place: impl Into<String>, text: impl fmt::Display) -> Self {
        Self {
            place: place.into(),
            text: text.to_string(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// The reasons not to start, in the order of reading. One line each.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Problems(pub Vec<Finding>);

impl Problems {
    pub(super) fn is_silent_on(&self, variable: Variable) -> bool {
        let file = variable.file().unwrap_or_default();
        let about = |finding: &Finding| [variable.name, &file].contains(&&*finding.place);
        !self.0.iter().any(about)
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration does not work yet:")?;
        self.0
            .iter()
            .try_for_each(|finding| write!(f, "\n  {finding}"))
    }
}

impl std::error::Error for Problems {}
