//! Reads the text of a `.env` file, line by line.
//!
//! One line holds one value, so that a bad line spoils neither the lines after
//! it nor their numbers. The dotenv crate reads the line but never speaks: its
//! errors print the value.

use std::collections::BTreeMap;

use super::reader::Remark;
use super::vars;

const UNREADABLE: &str = "cannot be read: write NAME=value on one line, and put a value with \
    spaces, quotes or # into single quotes";
const TWICE: &str = "sets a variable a second time: keep one of the two lines";
const COMMENT: &str = "has a value that begins with # and would be taken for a comment: put it \
    into single quotes";
const DOLLAR: &str = "has a $ that would be replaced by a variable: put the value into single \
    quotes";

/// The values of a `.env` file, and what is wrong with its lines.
#[derive(Debug, Default)]
pub(super) struct DotEnv {
    pub(super) values: BTreeMap<String, String>,
    pub(super) problems: Vec<Remark>,
}

/// Reads every line it can.
pub(super) fn parse(text: &str) -> DotEnv {
    let mut file = DotEnv::default();
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
