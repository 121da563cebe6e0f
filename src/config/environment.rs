//! The real environment, with `.env` of the current folder beneath it.
//!
//! The only reader of either. The real environment wins, even with an empty
//! value. Nothing is written back to it, and no problem repeats a value.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, ErrorKind};

use super::reader::Remark;
use super::vars;

const UNREADABLE: &str = "cannot be read: write NAME=value on one line, and put a value with \
    spaces, quotes or # into single quotes";
const TWICE: &str = "sets a variable a second time: keep one of the two lines";
const COMMENT: &str = "has a value that begins with # and would be taken for a comment: put it \
    into single quotes";
const DOLLAR: &str = "has a $ that would be replaced by a variable: put the value into single \
    quotes";

/// All variables, and what is wrong with them before any is understood.
#[derive(Default)]
pub(super) struct Environment {
    pub(super) values: BTreeMap<String, String>,
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
            Ok(text) => parse(&text),
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

/// Reads every line of a `.env` file that it can.
///
/// One line holds one value, so that a bad line spoils neither the lines after
/// it nor their numbers. The dotenv crate reads the line but never speaks: its
/// errors print the value.
pub(super) fn parse(text: &str) -> Environment {
    let mut file = Environment::default();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.lines().enumerate() {
        if let Err(why) = take(line, &mut file.values) {
            let place = format!(".env line {}", index + 1);
            file.problems.push(Remark::new(place, why));
        }
    }
    file
}

fn take(line: &str, values: &mut BTreeMap<String, String>) -> Result<(), &'static str> {
    if has_substitution(line) {
        return Err(DOLLAR);
    }
    if is_all_comment(line) {
        return Err(COMMENT);
    }
    let Some((name, value)) = read(line)? else {
        return Ok(());
    };
    match values.insert(name, value) {
        Some(_) => Err(TWICE),
        None => Ok(()),
    }
}

/// Whether the dotenv crate would read `NAME=#rest` as an empty value.
fn is_all_comment(line: &str) -> bool {
    let (name, value) = line.split_once('=').unwrap_or((line, ""));
    value.starts_with('#') && !name.trim_start().starts_with('#')
}

#[expect(clippy::disallowed_methods, reason = "the one reader of .env lines")]
fn read(line: &str) -> Result<Option<(String, String)>, &'static str> {
    // Without the line break a space at the end counts as an open value.
    let line = format!("{line}\n");
    dotenvy::from_read_iter(line.as_bytes())
        .next()
        .transpose()
        .map_err(|_| UNREADABLE)
}

/// Whether the crate would put another variable's value, or nothing, in the
/// place of a `$` in one of our variables. It does so outside single quotes.
fn has_substitution(line: &str) -> bool {
    let Some((name, value)) = line.split_once('=') else {
        return false;
    };
    let name = name.trim();
    let name = name.strip_prefix("export").unwrap_or(name).trim_start();
    vars::is_known(name) && has_open_dollar(value.trim())
}

fn has_open_dollar(value: &str) -> bool {
    let (mut single, mut double, mut escaped) = (false, false, false);
    for c in value.chars() {
        match c {
            _ if escaped => escaped = false,
            '\'' if !double => single = !single,
            '"' if !single => double = !double,
            _ if single => {}
            '\\' => escaped = true,
            '$' => return true,
            ' ' | '\t' if !double => return false,
            _ => {}
        }
    }
    false
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

    #[test]
    fn reads_the_usual_ways_to_write_a_value() {
        for (line, value) in [
            ("A=", ""),
            ("A=plain", "plain"),
            ("A = spaced", "spaced"),
            ("export A=exported", "exported"),
            ("A=value # comment", "value"),
            ("A=value ", "value"),
            ("A=value\r", "value"),
            ("A=no#comment", "no#comment"),
            ("A='abc$def#1'", "abc$def#1"),
            ("A=\"abc\\$def#1\"", "abc$def#1"),
            ("A=abc\\$def#1", "abc$def#1"),
            ("A=\"two words\"", "two words"),
            ("A=\"two\\nlines\"", "two\nlines"),
            ("\u{feff}A=marked", "marked"),
        ] {
            let file = parse(line);
            assert_eq!(file.problems, [], "{line}");
            assert_eq!(file.values["A"], value, "{line}");
        }
        let file = parse("\n  # it's a comment\n#A=1\n");
        assert!(file.values.is_empty() && file.problems.is_empty());
    }

    #[test]
    fn a_bad_line_is_named_by_number_and_spoils_no_other() {
        for bad in [
            "CANARY has space",
            "B=CANARY has space",
            "B='CANARY",
            "B=\"CANARY",
            "B=CANARY's",
            "=CANARY",
            "1B=CANARY",
            "B=CANARY\\x",
            "B=#CANARY",
        ] {
            let file = parse(&format!("A=1\n\n{bad}\nC=3\n"));
            assert_eq!(file.problems.len(), 1, "{bad}");
            let told = format!("{} {:?}", file.problems[0], file.problems);
            assert!(told.starts_with(".env line 3: "), "{told}");
            assert!(!told.contains("CANARY"), "{told}");
            assert_eq!((&*file.values["A"], &*file.values["C"]), ("1", "3"));
        }
    }

    #[test]
    fn a_dollar_that_would_be_replaced_is_refused() {
        for line in [
            "ALLSCALE_API_SECRET=abc$def#1",
            "ALLSCALE_API_SECRET=\"abc$def\"",
            "export ALLSCALE_API_SECRET=${CANARY}",
            "ALLSCALE_API_SECRET='a'$b",
        ] {
            let file = parse(line);
            assert_eq!(
                file.problems,
                [Remark::new(".env line 1", DOLLAR)],
                "{line}"
            );
            assert!(file.values.is_empty(), "{line}");
        }
        let fine = parse("BAGEL_NAME=Ada # costs $5\nFOREIGN=$HOME/x\nBAGEL_BIO='it is $5'");
        assert_eq!(fine.problems, []);
        assert_eq!(fine.values["BAGEL_BIO"], "it is $5");
    }

    #[test]
    fn a_variable_set_twice_is_refused() {
        let file = parse("A=1\nA=2");
        assert_eq!(file.problems, [Remark::new(".env line 2", TWICE)]);
    }
}
