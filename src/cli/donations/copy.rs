//! `bagel donations copy`: moves a creator from one `SQLite` file to Postgres,
//! to all that was or to nothing at all.

use std::io::{self, Write};
use std::path::Path;

use crate::cli::ledger;
use crate::config::Database;
use crate::ledger::{Audit, CopyError, LedgerError, PostgresLedger, SqliteSource, Upkeep};

const FROM: &str =
    "The ledger to copy, such as sqlite://data/bagel.db; no program may have it open";

/// What to copy. Where to is `DATABASE_URL`, so that no password stands on the
/// command line.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[arg(long, value_name = "URL", help = FROM)]
    from: String,
}

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("--from must be the sqlite:// address of a file, such as sqlite://data/bagel.db")]
    From,
    #[error(
        "DATABASE_URL has to name the Postgres database to copy into, such as \
         postgres://user:password@host/database"
    )]
    Into,
    #[error("nothing was copied: {0}")]
    Target(LedgerError),
    #[error("nothing was copied from {from}: {why}")]
    Copy { from: Database, why: CopyError },
    #[error("all was copied, but that could not be written here: {0}")]
    Output(#[from] io::Error),
}

/// Copies into `database` and says what was copied.
pub async fn run(
    options: &Options,
    database: &Database,
    out: &mut (impl Write + Send),
) -> Result<(), Error> {
    let from = Database::parse(&options.from).map_err(|_| Error::From)?;
    let Database::Sqlite { path, .. } = &from else {
        return Err(Error::From);
    };
    let Database::Postgres(url) = database else {
        return Err(Error::Into);
    };
    let target = ledger::open_postgres(url).await.map_err(Error::Target)?;
    let copied = copy(path, &target).await;
    target.close().await;
    let copied = copied.map_err(|why| Error::Copy {
        from: from.clone(),
        why,
    })?;
    writeln!(
        out,
        "{copied}: copied from {from} into the ledger {database}; both agree."
    )?;
    Ok(writeln!(out, "{AFTERWARDS}")?)
}

async fn copy(from: &Path, target: &PostgresLedger) -> Result<Audit, CopyError> {
    let mut source = SqliteSource::open(from).await?;
    let copied = target.copy_from(&mut source).await;
    source.close().await;
    copied
}

const AFTERWARDS: &str = "The file is as it was. Keep it as a backup, and start the program with \
    this DATABASE_URL only:\nwhat it would write into the file from now on is not in Postgres.";
