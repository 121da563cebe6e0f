//! The configuration: from variables to types, every problem at once.
//!
//! The only module that reads the environment or knows a variable's name
//! ([`TABLE`] lists them). [`Config::from_vars`] is pure; [`Config::load`]
//! feeds it with `.env` and the environment. No text in here repeats a value.

mod alchemy_pay;
mod allscale;
mod amounts;
mod environment;
mod notify;
mod page;
mod reader;
mod server;
mod vars;

#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use tracing_subscriber::filter::Targets as LogFilter;

use self::environment::Environment;
pub use self::page::{Avatar, PageSettings, Theme};
use self::reader::Reader;
pub use self::reader::{Problems, Remark};
pub use self::server::{Database, LogFormat, PostgresUrl};
pub use self::vars::{TABLE, Value, Variable};
use crate::money::Currency;
use crate::notify::targets::Settings as Targets;
use crate::outward::PublicUrl;
use crate::provider;

/// Every setting.
#[derive(Clone)]
pub struct Config {
    /// At least one in what [`Config::from_vars`] returns.
    pub providers: provider::Settings,
    pub currency: Currency,
    pub database: Database,
    pub bind: SocketAddr,
    pub public_url: Option<PublicUrl>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    pub checkout_per_minute: NonZeroU32,
    pub status_per_minute: NonZeroU32,
    /// How old an open donation is when the sweep first looks at it.
    pub reconcile_every: Duration,
    pub log_format: LogFormat,
    pub log_filter: LogFilter,
    pub page: PageSettings,
    /// The targets of notifications.
    pub notify: Targets,
    /// For the log: what works but is probably not meant.
    pub warnings: Vec<Remark>,
}

impl Config {
    /// Reads the configuration from `.env` in the current folder and the
    /// environment.
    pub fn load() -> Result<Self, Problems> {
        Checked::load().into_config()
    }

    /// Reads the configuration from `lookup`, the value of a variable, and
    /// `read_file`, the bytes of a file (enough of them to see that it is too
    /// long). A configuration without credentials is a problem.
    pub fn from_vars(
        lookup: impl Fn(&str) -> Option<String>,
        read_file: impl Fn(&Path) -> io::Result<Vec<u8>>,
    ) -> Result<Self, Problems> {
        Checked::from_vars(lookup, read_file).into_config()
    }

    /// The configuration of `bagel demo`: the defaults and what is given here,
    /// whatever the environment says. The folder of `ledger` must exist.
    pub fn for_demo(
        bind: SocketAddr,
        allscale: provider::allscale::Settings,
        ledger: PathBuf,
        public_url: PublicUrl,
    ) -> Self {
        let defaults = Checked::from_vars(|_| None, |_| Err(io::ErrorKind::NotFound.into())).config;
        Self {
            currency: allscale.currency,
            providers: provider::Settings {
                allscale: Some(allscale),
                ..defaults.providers
            },
            database: Database::Sqlite {
                path: ledger,
                create_folder: false,
            },
            bind,
            public_url: Some(public_url),
            page: PageSettings {
                name: "Ada".to_owned(),
                bio: "I write small free tools. A bagel keeps me going.".to_owned(),
                ..defaults.page
            },
            ..defaults
        }
    }

    fn read(r: &mut Reader) -> Self {
        let currency = amounts::currency(r);
        let mut config = Self {
            providers: provider::Settings {
                allscale: allscale::read(r, currency),
                alchemy_pay: None,
                looks: r.read(vars::BAGEL_PROVIDER_CALLS_PER_SECOND, server::pace),
                openings: r.read(
                    vars::BAGEL_CHECKOUTS_PER_MINUTE_IN_ALL,
                    server::cap_per_minute,
                ),
            },
            currency,
            database: database(r),
            bind: r.read(vars::BAGEL_BIND, server::bind),
            public_url: r.read_optional(vars::BAGEL_PUBLIC_URL, PublicUrl::parse),
            trusted_proxies: proxies(r),
            checkout_per_minute: r.read(vars::BAGEL_CHECKOUT_PER_MINUTE, server::per_minute(6000)),
            status_per_minute: r.read(vars::BAGEL_STATUS_PER_MINUTE, server::per_minute(1_000_000)),
            reconcile_every: r.read(vars::BAGEL_RECONCILE_SECONDS, server::seconds),
            log_format: r.read(vars::BAGEL_LOG_FORMAT, server::log_format),
            log_filter: r.read(vars::RUST_LOG, server::log_filter),
            page: page::read(r, currency),
            notify: notify::read(r),
            warnings: Vec::new(),
        };
        config.providers.alchemy_pay = alchemy_pay::read(r, &config);
        at_least_one_provider(r);
        config
    }
}

/// Leaves out the credentials, whatever their own `Debug` says.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("bind", &self.bind)
            .field("public_url", &self.public_url)
            .field("database", &self.database)
            .field("currency", &self.currency)
            .field("page", &self.page)
            .finish_non_exhaustive()
    }
}

/// A part of the settings that a command can do with alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    Bind,
    Ledger,
    Notifications,
}

impl Part {
    /// How the names of its variables begin.
    fn prefix(self) -> &'static str {
        match self {
            Self::Bind => vars::BAGEL_BIND.name,
            Self::Ledger => vars::DATABASE_URL.name,
            Self::Notifications => "BAGEL_NOTIFY_",
        }
    }
}

/// A configuration with what was found about it.
#[derive(Debug)]
pub struct Checked {
    /// A bad value is replaced by its default, which must not be used: see
    /// [`Checked::is_good`]. Bad providers and targets are absent.
    pub config: Config,
    pub problems: Problems,
    pub warnings: Vec<Remark>,
}

impl Checked {
    /// Like [`Config::load`], but goes on after problems.
    pub fn load() -> Self {
        let environment = Environment::read();
        let mut checked = Self::from_vars(|name| environment.get(name), read_start);
        checked.warnings.extend(environment.strangers());
        checked.problems.0.splice(..0, environment.problems);
        checked
    }

    /// Like [`Config::from_vars`], but goes on after problems.
    pub fn from_vars(
        lookup: impl Fn(&str) -> Option<String>,
        read_file: impl Fn(&Path) -> io::Result<Vec<u8>>,
    ) -> Self {
        let mut reader = Reader::new(&lookup, &read_file);
        Self {
            config: Config::read(&mut reader),
            problems: reader.problems,
            warnings: reader.warnings,
        }
    }

    /// The whole configuration, if nothing is wrong with it; else every problem
    /// and then the warnings, for a misspelt name may be the cause.
    pub fn into_config(mut self) -> Result<Config, Problems> {
        if !self.problems.0.is_empty() {
            self.problems.0.append(&mut self.warnings);
            return Err(self.problems);
        }
        Ok(Config {
            warnings: self.warnings,
            ..self.config
        })
    }

    /// The configuration for a command that needs this part of it alone.
    pub fn only(self, part: Part) -> Result<Config, Problems> {
        if self.is_good(part) {
            Ok(self.config)
        } else {
            Err(self.problems)
        }
    }

    pub fn is_good(&self, part: Part) -> bool {
        let mut problems = self.problems.0.iter();
        !problems.any(|problem| problem.place.starts_with(part.prefix()))
    }
}

/// One is enough, none is a problem.
fn at_least_one_provider(r: &mut Reader) {
    if !r.is_any_given(&vars::ALLSCALE) && !r.is_any_given(&vars::ALCHEMY_PAY) {
        let text = "is not set, and neither is ALCHEMY_PAY_APP_ID: set key and secret of your \
             store in Allscale's dashboard, or app id and secret from Alchemy Pay, or run \
             `bagel demo` to try everything without an account";
        r.problem(vars::ALLSCALE_API_KEY.name, text);
    }
}

fn database(r: &mut Reader) -> Database {
    let default = vars::DATABASE_URL.default();
    let parse = |text: &str| match text.trim() {
        "" => server::database(default),
        text => server::database(text),
    };
    r.secret(vars::DATABASE_URL, "", parse)
        .unwrap_or_else(|| parse(default).expect("a test reads every default"))
}

fn proxies(r: &mut Reader) -> Vec<IpNet> {
    let networks = r
        .read_optional(vars::BAGEL_TRUSTED_PROXIES, server::proxies)
        .unwrap_or_default();
    if networks.iter().any(|network| network.prefix_len() == 0) {
        let text = "trusts every address: anybody can then evade the limits per client";
        r.warning(vars::BAGEL_TRUSTED_PROXIES.name, text);
    }
    networks
}

/// A file from its start, one byte beyond the longest we take.
fn read_start(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = page::MOST_AVATAR_BYTES as u64 + 1;
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}
