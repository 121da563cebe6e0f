//! The real environment, with `.env` of the current folder beneath it.
//!
//! The only reader of either. The real environment wins, even with an empty
//! value. Nothing is written back to it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, ErrorKind};

use super::reader::Remark;
use super::{dotenv, vars};

/// All variables, and what is wrong with them before any is understood.
#[derive(Default)]
pub(super) struct Environment {
    values: BTreeMap<String, String>,
    pub(super) problems: Vec<Remark>,
}

impl Environment {
    #[expect(clippy::disallowed_methods, reason = "the one read of the environment")]
    pub(super) fn read() -> Self {
        Self::merge(std::fs::read_to_string(".env"), std::env::vars_os())
    }

    fn merge(
        file: io::Result<String>,
        real: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Self {
        let mut merged = Self::from_file(file);
        for (name, value) in real {
            let Ok(name) = name.into_string() else {
                continue;
            };
            match value.into_string() {
                Ok(value) => drop(merged.values.insert(name, value)),
                Err(_) if vars::is_known(&name) => {
                    merged.problems.push(Remark::new(name, "is not UTF-8 text"));
                }
                Err(_) => {}
            }
        }
        merged
    }

    fn from_file(file: io::Result<String>) -> Self {
        match file {
            Ok(text) => {
                let file = dotenv::parse(&text);
                Self {
                    values: file.values,
                    problems: file.problems,
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Self::default(),
            Err(error) => Self {
                problems: vec![Remark::new(".env", format!("cannot be read: {error}"))],
                ..Self::default()
            },
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.values.get(name).cloned()
    }

    /// Names that look like ours and are not, each with the one probably meant.
    pub(super) fn strangers(&self) -> Vec<Remark> {
        let stranger = |name: &String| {
            let meant = vars::meant_by(name)?;
            let text = format!("is no variable of this program; did you mean {meant}?");
            Some(Remark::new(name.escape_debug().to_string(), text))
        };
        self.values.keys().filter_map(stranger).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt;

    fn real(pairs: &[(&str, &[u8])]) -> Vec<(OsString, OsString)> {
        pairs
            .iter()
            .map(|(name, value)| (name.into(), OsString::from_vec(value.to_vec())))
            .collect()
    }

    #[test]
    fn the_real_environment_wins() {
        let file = "BAGEL_NAME=file\nBAGEL_BIO=file\nBAGEL_THEME=dark\n".to_owned();
        let merged = Environment::merge(
            Ok(file),
            real(&[("BAGEL_NAME", b"real"), ("BAGEL_BIO", b"")]),
        );
        assert_eq!(merged.get("BAGEL_NAME").unwrap(), "real");
        assert_eq!(merged.get("BAGEL_BIO").unwrap(), "");
        assert_eq!(merged.get("BAGEL_THEME").unwrap(), "dark");
        assert_eq!(merged.problems, []);
    }

    #[test]
    fn a_missing_file_is_fine_and_an_unreadable_one_is_not() {
        let missing = Environment::merge(Err(ErrorKind::NotFound.into()), []);
        assert_eq!(missing.problems, []);
        let denied = Environment::merge(Err(ErrorKind::PermissionDenied.into()), []);
        assert_eq!(
            denied.problems[0].to_string(),
            ".env: cannot be read: permission denied"
        );
    }

    #[test]
    fn broken_text_matters_in_our_variables_only() {
        let merged = Environment::merge(
            Ok(String::new()),
            real(&[("BAGEL_NAME", b"caf\xe9"), ("OTHER", b"caf\xe9")]),
        );
        let told: Vec<String> = merged.problems.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["BAGEL_NAME: is not UTF-8 text"]);
    }

    #[test]
    fn strangers_are_told_with_the_nearest_name() {
        let merged = Environment::merge(
            Ok("BAGEL_PRESET=CANARY\n".to_owned()),
            real(&[("ALLSCALE_KEY", b"CANARY"), ("HOME", b"/")]),
        );
        let told: Vec<String> = merged.strangers().iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "ALLSCALE_KEY: is no variable of this program; did you mean ALLSCALE_API_KEY?",
                "BAGEL_PRESET: is no variable of this program; did you mean BAGEL_PRESETS?",
            ]
        );
    }
}
