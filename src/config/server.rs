//! How single settings of the server are read: ledger, proxies, numbers, log.
//!
//! Pure functions from text to type. None repeats a value in its error: a
//! database URL may hold a password.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use sqlx::postgres::PgConnectOptions;
use tracing_subscriber::filter::Targets;

use super::vars;
use crate::budget::Pace;

/// Where the ledger is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Database {
    Sqlite {
        path: PathBuf,
        /// Only the default folder is ours to create.
        create_folder: bool,
    },
    Postgres(PostgresUrl),
}

impl Database {
    /// Reads the form of `DATABASE_URL`. The error repeats nothing of it.
    pub fn parse(url: &str) -> Result<Self, &'static str> {
        database(url)
    }
}

/// Where a Postgres database is; may hold a password, so it shows itself
/// without one.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(String);

impl PostgresUrl {
    /// How to connect, as the driver wants it.
    pub fn options(&self) -> Option<PgConnectOptions> {
        self.0.parse().ok()
    }
}

/// Host and database, never user or password.
impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(options) = self.options() else {
            return f.write_str("Postgres");
        };
        let database = options.get_database().unwrap_or_default();
        let (host, port) = (options.get_host(), options.get_port());
        write!(f, "Postgres at {host}:{port}/{database}")
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path, .. } => path.display().fmt(f),
            Self::Postgres(url) => write!(f, "in {url:?}"),
        }
    }
}

/// How log lines look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogFormat {
    Text,
    Json,
}

pub(super) fn database(text: &str) -> Result<Database, &'static str> {
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return postgres(text).ok_or(
            "is no Postgres address: write postgres://user:password@host:5432/database, with \
             the special characters of a password percent-encoded",
        );
    }
    let path = text.strip_prefix("sqlite://").ok_or(
        "must be sqlite:// and a path, such as sqlite:///var/lib/bagel/bagel.db, or a \
             postgres:// address",
    )?;
    if path.is_empty() || path.ends_with('/') {
        return Err("has no file name: write sqlite:// and the path of a file");
    }
    if path.contains(['?', '#']) || path == ":memory:" {
        return Err("must be a plain path after sqlite://, without ? or #");
    }
    Ok(Database::Sqlite {
        path: path.into(),
        create_folder: text == vars::DATABASE_URL.default(),
    })
}

fn postgres(text: &str) -> Option<Database> {
    let url = PostgresUrl(text.to_owned());
    let named = url.options()?.get_database().is_some();
    named.then_some(Database::Postgres(url))
}

pub(super) fn bind(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse()
        .map_err(|_| "must be an IP address and a port, such as 127.0.0.1:8080")
}

/// Networks, or single addresses, with commas between.
pub(super) fn proxies(text: &str) -> Result<Vec<IpNet>, &'static str> {
    text.split(',').map(|part| network(part.trim())).collect()
}

fn network(text: &str) -> Result<IpNet, &'static str> {
    let address = text.parse::<IpAddr>().map(|it| it.to_canonical().into());
    address
        .or_else(|_| text.parse::<IpNet>().map(|net| net.trunc()))
        .map_err(|_| "must be addresses or networks with commas between, such as 10.0.0.0/8")
}

/// A limit of 1 to `most` a minute.
pub(super) fn per_minute(most: u32) -> impl Fn(&str) -> Result<NonZeroU32, String> {
    move |text| {
        let count = text.parse().ok();
        count
            .filter(|count: &NonZeroU32| count.get() <= most)
            .ok_or_else(|| format!("must be a whole number from 1 to {most}"))
    }
}

/// A cap of 1 to 1,000,000 a minute; 0 is none.
pub(super) fn cap_per_minute(text: &str) -> Result<Option<NonZeroU32>, &'static str> {
    let count = text.parse().ok().filter(|count| *count <= 1_000_000);
    let count: Option<u32> = count;
    count
        .map(NonZeroU32::new)
        .ok_or("must be a whole number from 0 to 1000000; 0 is no cap")
}

/// A pace of at most 1 to 1000 calls a second.
pub(super) fn pace(text: &str) -> Result<Pace, &'static str> {
    let most = text.parse().ok().filter(|most| (1..=1000).contains(most));
    most.map(Pace::up_to)
        .ok_or("must be a whole number from 1 to 1000")
}

pub(super) fn seconds(text: &str) -> Result<Duration, &'static str> {
    text.parse()
        .ok()
        .filter(|count| (1..=3600).contains(count))
        .map(Duration::from_secs)
        .ok_or("must be a whole number of seconds from 1 to 3600")
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, &'static str> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("write text or json"),
    }
}

pub(super) fn log_filter(text: &str) -> Result<Targets, &'static str> {
    text.parse()
        .map_err(|_| "must be a level such as info, or a filter such as info,bagel=debug")
}

#[cfg(test)]
mod tests {
    use super::super::Part;
    use super::super::tests::{check, config, places};
    use super::*;

    #[test]
    fn postgres_shows_itself_without_user_or_password() {
        let url = "postgres://somebody:CANARY@db.example/tips";
        let database = database(url).unwrap();
        let shown = format!("{database} {database:?}");
        assert!(shown.contains("db.example:5432/tips"), "{shown}");
        assert!(
            !shown.contains("CANARY") && !shown.contains("somebody"),
            "{shown}"
        );
    }

    #[test]
    fn a_file_of_the_ledger_may_be_called_anything() {
        for url in ["sqlite://josé's data/bagel.db", " "] {
            assert!(check(&[("DATABASE_URL", url)]).is_good(Part::Ledger));
        }
    }

    #[test]
    fn proxies_are_networks_and_trusting_all_is_doubted() {
        let some = config(&[("BAGEL_TRUSTED_PROXIES", "10.1.2.3/8,::ffff:192.0.2.1")]).unwrap();
        let shown: Vec<_> = some
            .trusted_proxies
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(shown, ["10.0.0.0/8", "192.0.2.1/32"]);
        let all = config(&[("BAGEL_TRUSTED_PROXIES", "0.0.0.0/0")]).unwrap();
        assert_eq!(places(&all.warnings), ["BAGEL_TRUSTED_PROXIES"]);
    }
}
