//! The one table of variables: name, default, meaning.
//!
//! Everything that names a variable takes it from here: the readers beside
//! this folder, the table in docs/settings.md and `.env.example`, which tests compare
//! with it. What a value means is read elsewhere.

mod table;

pub use self::table::TABLE;
pub(super) use self::table::*;

/// The page's currency, and the name that is read where the first is not set.
pub(super) const CURRENCY: [Variable; 2] = [BAGEL_CURRENCY, ALLSCALE_CURRENCY];

/// One variable of the environment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Variable {
    pub name: &'static str,
    pub value: Value,
    /// For docs/settings.md and `.env.example`; may hold `code` and no vertical bar.
    pub meaning: &'static str,
}

/// What an unset variable holds, and how an example looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    Default(&'static str),
    /// Unset by default; the text is an example.
    Unset(&'static str),
    /// Never shown, and nothing works without it; the text is a placeholder,
    /// refused as a value.
    Secret(&'static str),
    /// Never shown, and unset by default; the text is a placeholder.
    UnsetSecret(&'static str),
    /// Never shown, for it may hold a password; the text is the default.
    DefaultSecret(&'static str),
}

impl Variable {
    /// The default; empty when there is none.
    pub(super) fn default(&self) -> &'static str {
        match self.value {
            Value::Default(text) | Value::DefaultSecret(text) => text,
            Value::Unset(_) | Value::Secret(_) | Value::UnsetSecret(_) => "",
        }
    }

    /// The name of a secret's twin, which holds the path of a file with the
    /// value in it.
    pub(super) fn file(&self) -> Option<String> {
        let public = matches!(self.value, Value::Default(_) | Value::Unset(_));
        (!public).then(|| format!("{}_FILE", self.name))
    }
}

/// Whether `name` is one of ours.
pub(super) fn is_known(name: &str) -> bool {
    names().any(|known| known == name)
}

/// The variable that was probably meant: a name that looks like one of ours
/// and is none.
pub(super) fn meant_by(name: &str) -> Option<String> {
    let upper = name.to_ascii_uppercase();
    let areas = ["BAGEL_", "ALLSCALE_", "ALCHEMY_PAY_"];
    let ours = areas.iter().any(|area| upper.starts_with(area));
    let nearest = || names().min_by_key(|known| strsim::levenshtein(known, &upper));
    (ours && !is_known(name)).then(nearest).flatten()
}

/// Every name, the twins of secrets among them.
fn names() -> impl Iterator<Item = String> {
    TABLE
        .iter()
        .flat_map(|variable| [Some(variable.name.to_owned()), variable.file()])
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::super::dotenv;
    use super::*;
    use std::path::Path;

    fn project_file(name: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        std::fs::read_to_string(path).unwrap()
    }

    fn settings_row(variable: &Variable) -> String {
        let default = match variable.value {
            Value::Default(text) => format!("`{text}`"),
            Value::DefaultSecret(text) => format!("`{text}`, *secret*"),
            Value::Unset(_) => "none".to_owned(),
            Value::Secret(_) | Value::UnsetSecret(_) => "none, *secret*".to_owned(),
        };
        format!("| `{}` | {default} | {} |", variable.name, variable.meaning)
    }

    /// What `.env.example` says about a variable.
    fn example(variable: &Variable) -> String {
        let (mark, text) = match variable.value {
            Value::Secret(placeholder) => ("", placeholder),
            Value::Default(text)
            | Value::Unset(text)
            | Value::UnsetSecret(text)
            | Value::DefaultSecret(text) => ("#", text),
        };
        let meaning = variable.meaning.replace('`', "");
        format!("# {meaning}.\n{mark}{}={text}\n", variable.name)
    }

    #[test]
    fn the_settings_page_lists_every_variable() {
        let page = project_file("docs/settings.md");
        let rows: Vec<String> = TABLE.iter().map(settings_row).collect();
        let missing: Vec<_> = rows
            .iter()
            .filter(|row| !page.lines().any(|line| line == *row))
            .collect();
        let table = rows.join("\n");
        assert!(
            missing.is_empty(),
            "{missing:#?}; the whole table:\n{table}"
        );
    }

    #[test]
    fn the_example_file_lists_every_variable() {
        let entries: Vec<String> = TABLE.iter().map(example).collect();
        let (head, rest) = project_file(".env.example")
            .split_once("\n\n")
            .map(|(head, rest)| (head.to_owned(), rest.to_owned()))
            .unwrap();
        assert!(head.lines().all(|line| line.starts_with('#')), "{head}");
        let expected = entries.join("\n");
        assert_eq!(rest, expected, "the whole list:\n{expected}");
        let switched_on = expected.replace("\n#", "\n").replace("\n ", "\n# ");
        let read = dotenv::parse(&switched_on);
        assert_eq!((read.values.len(), read.problems), (TABLE.len(), vec![]));
    }

    #[test]
    fn each_name_is_there_once_and_fits_a_table() {
        for (index, variable) in TABLE.iter().enumerate() {
            assert!(
                !TABLE[..index]
                    .iter()
                    .any(|other| other.name == variable.name)
            );
            assert!(!variable.meaning.contains(['|', '\n']), "{}", variable.name);
            assert!(!variable.meaning.ends_with('.'), "{}", variable.name);
        }
    }

    #[test]
    fn a_misspelt_name_is_told_from_a_foreign_one() {
        for (name, meant) in [
            ("BAGEL_NAMES", Some("BAGEL_NAME")),
            ("bagel_name", Some("BAGEL_NAME")),
            ("BAGEL_TRUSTED_PROXY", Some("BAGEL_TRUSTED_PROXIES")),
            ("ALLSCALE_SECRET", Some("ALLSCALE_API_SECRET")),
            ("ALLSCALE_SECRET_FILE", Some("ALLSCALE_API_SECRET_FILE")),
            ("ALCHEMY_PAY_SECRET", Some("ALCHEMY_PAY_APP_SECRET")),
            ("BAGEL_NAME", None),
            ("ALLSCALE_API_KEY_FILE", None),
            ("PATH", None),
        ] {
            assert_eq!(meant_by(name).as_deref(), meant, "{name}");
        }
    }
}
