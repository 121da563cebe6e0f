//! The ledger the settings name, opened; or a sentence about who has to do what.

use std::error::Error;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use super::{say, unwritten};
use crate::clock::Clock;
use crate::config::{Checked, Config, Database, Part, PostgresUrl};
use crate::ledger::{Ledger, LedgerError, PostgresLedger, SqliteLedger};
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
pub async fn open_postgres(url: &PostgresUrl) -> Result<PostgresLedger, LedgerError> {
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
