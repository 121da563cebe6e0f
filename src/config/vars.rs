//! The one table of variables: name, default, meaning.
//!
//! Everything that names a variable takes it from here: the readers beside
//! this file, the table in docs/settings.md and `.env.example`, which tests compare
//! with it. What a value means is read elsewhere.

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

/// Makes a constant of each row, and [`TABLE`] of them all.
macro_rules! variables {
    ($($name:ident $value:ident($text:literal) $meaning:literal)*) => {
        $(pub(super) const $name: Variable = Variable {
            name: stringify!($name),
            value: Value::$value($text),
            meaning: $meaning,
        };)*

        /// Every variable, in the order of docs/settings.md.
        pub const TABLE: &[Variable] = &[$($name),*];
    };
}

variables! {
    ALLSCALE_API_KEY Secret("your_api_key_here")
        "API key of your Allscale store; starts with `st_`"
    ALLSCALE_API_SECRET Secret("your_api_secret_here")
        "API secret of your Allscale store; starts with `st_`"
    ALLSCALE_BASE_URL Default("https://openapi.allscale.io")
        "Where Allscale's API lives; plain http only on localhost"
    ALLSCALE_CURRENCY Unset("USD")
        "The older name of `BAGEL_CURRENCY`, read where that is not set"
    ALLSCALE_STABLE_COINS Default("USDT")
        "Stable coins that supporters may pay in, the preferred one first: `USDT`, `USDC` or `USDT,USDC`"
    ALLSCALE_SIGNED_RESPONSES Default("false")
        "`true` once response signing is on for your store: replies without a valid signature are then refused"
    ALCHEMY_PAY_APP_ID Unset("ahzxh0klegv1fzol")
        "App id from Alchemy Pay's operations team, for payments by card"
    ALCHEMY_PAY_APP_SECRET UnsetSecret("your_app_secret_here")
        "App secret that belongs to the app id"
    ALCHEMY_PAY_ENV Default("production")
        "`test` for Alchemy Pay's test environment, which charges no card and has an app id and a secret of its own"
    ALCHEMY_PAY_CHECKOUT_URL Unset("https://nftcheckout.alchemypay.org")
        "Where Alchemy Pay's hosted page lives, whatever `ALCHEMY_PAY_ENV` selects; plain http only on localhost"
    ALCHEMY_PAY_API_URL Unset("https://openapi-nft.alchemypay.org")
        "Where Alchemy Pay's API lives, whatever `ALCHEMY_PAY_ENV` selects; plain http only on localhost"
    DATABASE_URL DefaultSecret("sqlite://data/bagel.db")
        "The ledger: `sqlite://` and the path of a file (its folder must exist; only the default one is created), or `postgres://user:password@host/database`, which several replicas may share"
    BAGEL_BIND Default("127.0.0.1:8080")
        "Address and port to listen on; `0.0.0.0:8080` for every interface"
    BAGEL_PUBLIC_URL Unset("https://bagel.example.com")
        "Where supporters reach the page: https, or http on localhost. Needed to bring them back after paying, and by Alchemy Pay; a path in it is served as prefix"
    BAGEL_TRUSTED_PROXIES Unset("127.0.0.1,10.0.0.0/8")
        "Addresses and networks of your reverse proxies; only their `X-Forwarded-For` is believed"
    BAGEL_CHECKOUT_PER_MINUTE Default("5")
        "Checkouts a minute for each client, 1 to 6000"
    BAGEL_STATUS_PER_MINUTE Default("600")
        "Status requests a minute for each client, 1 to 1000000; of pages made for one client it has as many, and 600 at least"
    BAGEL_CHECKOUTS_PER_MINUTE_IN_ALL Default("600")
        "Checkouts a minute that are opened at each provider for all clients together, 1 to 1000000; 0: no cap"
    BAGEL_PROVIDER_CALLS_PER_SECOND Default("50")
        "Most calls a second that ask a provider how payments stand, 1 to 1000; it begins with 10 and finds its pace"
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
    BAGEL_THANKS Unset("'You keep the oven warm. Thank you!'")
        "Your own thank-you text, shown after payment, at most 500 characters"
    BAGEL_AVATAR Unset("avatar.png")
        "Your picture: a PNG, JPEG or WebP file of at most 512 KiB, or an https URL"
    BAGEL_CURRENCY Default("USD")
        "Currency of the page: `USD`, `EUR`, `GBP`, `CAD`, `AUD`, `JPY`, `CNY`, `SGD`, `HKD`, or `USDT` for prices in the coin itself (Allscale alone)"
    BAGEL_PRESETS Default("1,3,5,10")
        "Amounts to choose from, one to eight (JPY: `200,500,1000,2000`, CNY and HKD: `5,10,20,50`)"
    BAGEL_CUSTOM_AMOUNT Default("true")
        "Whether supporters may choose another amount"
    BAGEL_MIN_AMOUNT Default("0.50")
        "Smallest amount (CNY and HKD: `4.00`, JPY: `75`). Allscale takes nothing up to 0.1 USDT, and a fee of 0.6 %, at least 0.10"
    BAGEL_MAX_AMOUNT Default("10000.00")
        "Largest amount (JPY: `1000000`)"
    BAGEL_VISIBILITY_DEFAULT Default("nothing")
        "What is ticked at first under \"What may be shown publicly\": a list of `name`, `message`, `amount`, or `nothing`. The supporter decides"
    BAGEL_THEME Default("auto")
        "`auto` follows the supporter's device; or `light`, `dark`"
    BAGEL_ACCENT Unset("b33f1e")
        "Your colour for the button, links and borders, such as `b33f1e`; where it cannot be read it is made darker or lighter, and the log says so"
    BAGEL_TWITTER Unset("your_handle")
        "Your handle on X, or an https URL"
    BAGEL_GITHUB Unset("your_handle")
        "Your handle on GitHub, or an https URL"
    BAGEL_WEBSITE Unset("https://example.com")
        "Your site, an https URL"
    BAGEL_NOTIFY_WEBHOOK_URL UnsetSecret("https://example.com/your/own/hook")
        "Posts each donation to your own endpoint; see `docs/notifications.md`"
    BAGEL_NOTIFY_WEBHOOK_SECRET UnsetSecret("whsec_and_base64")
        "Signs what is posted: `whsec_` and the Base64 of 24 to 64 random bytes"
    BAGEL_NOTIFY_DISCORD_URL UnsetSecret("https://discord.com/api/webhooks/number/token")
        "Tells a Discord channel: the address of its webhook"
    BAGEL_NOTIFY_SLACK_URL UnsetSecret("https://hooks.slack.com/services/three/parts/here")
        "Tells a Slack channel: the address of an incoming webhook"
    BAGEL_NOTIFY_NTFY_URL UnsetSecret("https://ntfy.sh/a_name_nobody_guesses")
        "Tells your phone by ntfy: the address of a topic"
    BAGEL_NOTIFY_NTFY_TOKEN UnsetSecret("tk_and_letters")
        "Access token of your ntfy server, if it wants one"
    BAGEL_NOTIFY_TELEGRAM_TOKEN UnsetSecret("123456789:and_letters")
        "Tells a Telegram chat: the token of your bot"
    BAGEL_NOTIFY_TELEGRAM_CHAT Unset("-1001234567890")
        "The chat it writes to: a number, or a public channel's `@name`"
    BAGEL_NOTIFY_TELEGRAM_URL Default("https://api.telegram.org")
        "Where the Bot API is, if you run your own"
    BAGEL_NOTIFY_SMTP_URL UnsetSecret("smtps://user:password@smtp.example.com")
        "Tells you by e-mail: your mail server, `smtps://` or `smtp://…:587?tls=required`"
    BAGEL_NOTIFY_EMAIL_FROM Unset("'Bagel <bagel@example.com>'")
        "Who writes the e-mail"
    BAGEL_NOTIFY_EMAIL_TO Unset("ada@example.com")
        "Who gets the e-mail"
}

/// The page's currency, and the name that is read where the first is not set.
pub(super) const CURRENCY: [Variable; 2] = [BAGEL_CURRENCY, ALLSCALE_CURRENCY];

/// The credentials of each provider.
pub(super) const ALLSCALE: [Variable; 2] = [ALLSCALE_API_KEY, ALLSCALE_API_SECRET];
pub(super) const ALCHEMY_PAY: [Variable; 2] = [ALCHEMY_PAY_APP_ID, ALCHEMY_PAY_APP_SECRET];

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
    use super::super::environment;
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
        let read = environment::parse(&switched_on);
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
