//! The ledger the settings name, opened; or a sentence about who has to do what.
//! And `bagel donations copy`, which moves a creator from one `SQLite` file to
//! Postgres, to all that was or to nothing at all.

use std::error::Error;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::{anyhow, bail};

use super::{say, unwritten};
use crate::clock::Clock;
use crate::config::{Checked, Config, Database, Part, PostgresUrl};
use crate::ledger::{
    Audit, CopyError, Ledger, LedgerError, PostgresLedger, SqliteLedger, SqliteSource, Upkeep,
};
use crate::notify::{Listeners, targets};
use crate::outward::NoRootCertificates;
use crate::provider::Providers;

/// Opens the ledger of the settings, works on it, and closes it. Says so when it
/// is a new one, which may not be meant.
pub(super) async fn with(
    work: impl AsyncFnOnce(&dyn Ledger, &Listeners) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let config = Checked::load().only(Part::Ledger)?;
    let listeners = listeners(&config)?;
    if let Some(path) = absent_file(&config.database) {
        say(&format!(
            "(There was no ledger at {}: this is a new, empty one. Is DATABASE_URL right, and is \
             this the right folder?)",
            path.display()
        ));
    }
    let ledger = open(&config.database).await?;
    let worked = work(&*ledger, &listeners).await;
    ledger.close().await;
    worked.map_err(unwritten)
}

/// Every provider and target whose settings are good.
fn listeners(config: &Config) -> Result<Listeners, NoRootCertificates> {
    let providers = Providers::from_settings(&config.providers, &Clock::System)?;
    let creator = targets::targets(&config.notify, &providers, &Clock::System)?;
    Ok(Listeners::new(creator, &providers))
}

/// Opens the ledger. A file's default folder is made, any other must be there.
pub async fn open(database: &Database) -> Result<Arc<dyn Ledger>, LedgerError> {
    match database {
        Database::Sqlite {
            path,
            create_folder,
        } => open_file(path, *create_folder).await,
        Database::Postgres(url) => Ok(Arc::new(open_postgres(url).await?)),
    }
}

/// Connects to a database that must be there; its tables need not.
async fn open_postgres(url: &PostgresUrl) -> Result<PostgresLedger, LedgerError> {
    let options = url.options();
    let unread = || LedgerError::Unusable(format!("{url:?} cannot be read by the driver"));
    let options = options.ok_or_else(unread)?;
    match PostgresLedger::open(options).await {
        Err(LedgerError::Unavailable(error)) => Err(unreachable(url, &error)),
        opened => opened,
    }
}

fn unreachable(url: &PostgresUrl, error: &sqlx::Error) -> LedgerError {
    let cause = match error.as_database_error() {
        Some(error) => error.message().to_owned(),
        None => error.to_string(),
    };
    LedgerError::Unusable(format!(
        "{url:?} cannot be used: {cause}. See that the server runs there, and that DATABASE_URL \
         names a user who may create tables"
    ))
}

async fn open_file(path: &Path, create_folder: bool) -> Result<Arc<dyn Ledger>, LedgerError> {
    let folder = folder_of(path);
    if create_folder {
        std::fs::create_dir_all(folder)
            .map_err(|error| unusable(folder, "cannot be made", &error))?;
    }
    match SqliteLedger::open(path).await {
        Err(LedgerError::Unavailable(error)) => Err(unusable(path, "cannot be written", &error)),
        opened => Ok(Arc::new(opened?)),
    }
}

/// The ledger's file, if it is not there yet.
fn absent_file(database: &Database) -> Option<&Path> {
    match database {
        Database::Sqlite { path, .. } if !path.exists() => Some(path),
        Database::Sqlite { .. } | Database::Postgres(_) => None,
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Names who would need to write where.
fn unusable(place: &Path, what: &str, error: &dyn Error) -> LedgerError {
    let folder = folder_of(place).display();
    let owner = |path: &str| std::fs::metadata(path).map(|entry| entry.uid()).ok();
    let whom = match (owner("/proc/self"), owner(&folder.to_string())) {
        (Some(own), Some(other)) if own != other => {
            format!(", which belongs to user {other} (this program runs as user {own})")
        }
        _ => String::new(),
    };
    LedgerError::Unusable(format!(
        "{} {what}: {error}. See that it and its folder {folder}{whom} can be written, and that \
         the disk has space",
        place.display()
    ))
}

const FROM: &str =
    "The ledger to copy, such as sqlite://data/bagel.db; no program may have it open";

/// What to copy. Where to is `DATABASE_URL`, so that no password stands on the
/// command line.
#[derive(Debug, clap::Args)]
pub struct CopyOptions {
    #[arg(long, value_name = "URL", help = FROM)]
    from: String,
}

const WRONG_FROM: &str =
    "--from must be the sqlite:// address of a file, such as sqlite://data/bagel.db";

const WRONG_INTO: &str = "DATABASE_URL has to name the Postgres database to copy into, such as \
    postgres://user:password@host/database";

/// Copies into `database` and says what was copied.
pub(super) async fn copy(
    options: &CopyOptions,
    database: &Database,
    out: &mut (impl Write + Send),
) -> anyhow::Result<()> {
    let from = Database::parse(&options.from).map_err(|_| anyhow!(WRONG_FROM))?;
    let Database::Sqlite { path, .. } = &from else {
        bail!(WRONG_FROM);
    };
    let Database::Postgres(url) = database else {
        bail!(WRONG_INTO);
    };
    let target = open_postgres(url).await;
    let target = target.map_err(|error| anyhow!("nothing was copied: {error}"))?;
    let copied = copy_file(path, &target).await;
    target.close().await;
    let copied = copied.map_err(|why| anyhow!("nothing was copied from {from}: {why}"))?;
    writeln!(
        out,
        "{copied}: copied from {from} into the ledger {database}; both agree.\n{AFTERWARDS}"
    )
    .map_err(|error| anyhow!("all was copied, but that could not be written here: {error}"))
}

async fn copy_file(from: &Path, target: &PostgresLedger) -> Result<Audit, CopyError> {
    let mut source = SqliteSource::open(from).await?;
    let copied = target.copy_from(&mut source).await;
    source.close().await;
    copied
}

const AFTERWARDS: &str = "The file is as it was. Keep it as a backup, and start the program with \
    this DATABASE_URL only:\nwhat it would write into the file from now on is not in Postgres.";
