//! The one table of variables: name, default, meaning.
//!
//! Everything that names a variable takes it from here: the readers beside
//! this file, the table in the README and `.env.example`, which tests compare
//! with it. What a value means is read elsewhere.

/// One variable of the environment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Variable {
    pub name: &'static str,
    pub value: Value,
    /// For README and `.env.example`; may hold `code` and no vertical bar.
    pub meaning: &'static str,
}

/// What a variable holds when nobody sets it, and how an example looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    Default(&'static str),
    /// Unset by default; the text is an example.
    Unset(&'static str),
    /// Unset by default and never shown; the text is a placeholder, refused
    /// as a value.
    Secret(&'static str),
}

impl Variable {
    /// The default; empty when there is none.
    pub(super) fn default(&self) -> &'static str {
        match self.value {
            Value::Default(text) => text,
            Value::Unset(_) | Value::Secret(_) => "",
        }
    }
}

/// Makes a constant of each row, and [`TABLE`] of them all.
macro_rules! variables {
    ($($name:ident $value:ident($text:literal) $meaning:literal)*) => {
        $(pub(super) const $name: Variable = Variable {
            name: stringify!($name),
            value: Value::$value($text),
            meaning: $meaning,
        };)*

        /// Every variable, in the README's order.
        pub const TABLE: &[Variable] = &[$($name),*];
    };
}

variables! {
    ALLSCALE_API_KEY Secret("your_api_key_here")
        "API key of your Allscale store; starts with `st_`"
    ALLSCALE_API_SECRET Secret("your_api_secret_here")
        "API secret of your Allscale store; starts with `st_`"
    ALLSCALE_API_KEY_FILE Unset("/run/secrets/allscale_api_key")
        "File that holds the API key, instead of `ALLSCALE_API_KEY`"
    ALLSCALE_API_SECRET_FILE Unset("/run/secrets/allscale_api_secret")
        "File that holds the API secret, instead of `ALLSCALE_API_SECRET`"
    ALLSCALE_BASE_URL Default("https://openapi.allscale.io")
        "Where Allscale's API lives; plain http only on localhost"
    ALLSCALE_CURRENCY Default("USD")
        "Currency of the page: `USD`, `EUR`, `GBP`, `CAD`, `AUD`, `JPY`, `CNY`, `SGD`, `HKD`, or `USDT` for prices in the coin itself"
    ALLSCALE_SIGNED_RESPONSES Default("false")
        "`true` once response signing is on for your store: replies without a valid signature are then refused"
    DATABASE_URL Default("sqlite://data/bagel.db")
        "The ledger: `sqlite://` and the path of a file (its folder must exist; only the default one is created), or `postgres://user:password@host/database`, which several replicas may share"
    BAGEL_BIND Default("127.0.0.1:8080")
        "Address and port to listen on; `0.0.0.0:8080` for every interface"
    BAGEL_PUBLIC_URL Unset("https://bagel.example.com")
        "Where supporters reach the page: https, or http on localhost. Needed to bring them back after paying; a path in it is served as prefix"
    BAGEL_TRUSTED_PROXIES Unset("127.0.0.1,10.0.0.0/8")
        "Addresses and networks of your reverse proxies; only their `X-Forwarded-For` is believed"
    BAGEL_CHECKOUT_PER_MINUTE Default("5")
        "Checkouts a minute for each client, 1 to 6000"
    BAGEL_STATUS_PER_MINUTE Default("60")
        "Status requests a minute for each client, 1 to 6000"
    BAGEL_RECONCILE_SECONDS Default("30")
        "When an open donation is first looked up at the provider without being asked, 1 to 3600"
    BAGEL_LOG_FORMAT Default("text")
        "Log lines as `text` or `json`"
    RUST_LOG Default("info")
        "What is logged: `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,bagel=debug`"
    BAGEL_NAME Default("me")
        "Who gets the bagel: the page says \"Buy (name) a bagel\". At most 80 characters"
    BAGEL_BIO Unset("'Baker by day, programmer by night.'")
        "A few words under the name, at most 500 characters"
    BAGEL_AVATAR Unset("avatar.png")
        "Your picture: a PNG, JPEG or WebP file of at most 512 KiB, or an https URL"
    BAGEL_PRESETS Default("1,3,5,10")
        "Amounts to choose from, one to eight (JPY: `200,500,1000,2000`)"
    BAGEL_CUSTOM_AMOUNT Default("true")
        "Whether supporters may choose another amount"
    BAGEL_MIN_AMOUNT Default("0.10")
        "Smallest amount (CNY and HKD: `1.00`, JPY: `50`)"
    BAGEL_MAX_AMOUNT Default("10000.00")
        "Largest amount (JPY: `1000000`)"
    BAGEL_THEME Default("auto")
        "`auto` follows the supporter's device; or `light`, `dark`"
    BAGEL_TWITTER Unset("your_handle")
        "Your handle on X, or an https URL"
    BAGEL_GITHUB Unset("your_handle")
        "Your handle on GitHub, or an https URL"
    BAGEL_WEBSITE Unset("https://example.com")
        "Your site, an https URL"
}

/// Whether `name` is one of ours.
pub(super) fn is_known(name: &str) -> bool {
    TABLE.iter().any(|variable| variable.name == name)
}

/// The variable somebody probably meant: a name that looks like one of ours
/// and is none.
pub(super) fn meant_by(name: &str) -> Option<&'static str> {
    let upper = name.to_ascii_uppercase();
    let ours = upper.starts_with("BAGEL_") || upper.starts_with("ALLSCALE_");
    let nearest = || {
        TABLE
            .iter()
            .map(|variable| variable.name)
            .min_by_key(|known| strsim::levenshtein(known, &upper))
    };
    (ours && !is_known(name)).then(nearest).flatten()
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

    fn readme_row(variable: &Variable) -> String {
        let default = match variable.value {
            Value::Default(text) => format!("`{text}`"),
            Value::Unset(_) | Value::Secret(_) => "none".to_owned(),
        };
        format!("| `{}` | {default} | {} |", variable.name, variable.meaning)
    }

    /// What `.env.example` says about a variable.
    fn example(variable: &Variable) -> String {
        let (mark, text) = match variable.value {
            Value::Default(text) | Value::Unset(text) => ("#", text),
            Value::Secret(placeholder) => ("", placeholder),
        };
        let meaning = variable.meaning.replace('`', "");
        format!("# {meaning}.\n{mark}{}={text}\n", variable.name)
    }

    #[test]
    fn the_readme_lists_every_variable() {
        let readme = project_file("README.md");
        let rows: Vec<String> = TABLE.iter().map(readme_row).collect();
        let missing: Vec<_> = rows
            .iter()
            .filter(|row| !readme.lines().any(|line| line == *row))
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
            ("BAGEL_NAME", None),
            ("PATH", None),
        ] {
            assert_eq!(meant_by(name), meant, "{name}");
        }
    }
}
