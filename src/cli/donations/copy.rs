//! `bagel donations copy`: moves a creator from one `SQLite` file to Postgres,
//! to all that was or to nothing at all.

use std::io::Write;
use std::path::Path;

use anyhow::{anyhow, bail};

use crate::cli::ledger;
use crate::config::Database;
use crate::ledger::{Audit, CopyError, PostgresLedger, SqliteSource, Upkeep};

const FROM: &str =
    "The ledger to copy, such as sqlite://data/bagel.db; no program may have it open";

/// What to copy. Where to is `DATABASE_URL`, so that no password stands on the
/// command line.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[arg(long, value_name = "URL", help = FROM)]
    from: String,
}

const WRONG_FROM: &str =
    "--from must be the sqlite:// address of a file, such as sqlite://data/bagel.db";

const WRONG_INTO: &str = "DATABASE_URL has to name the Postgres database to copy into, such as \
    postgres://user:password@host/database";

/// Copies into `database` and says what was copied.
pub async fn run(
    options: &Options,
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
    let target = ledger::open_postgres(url).await;
    let target = target.map_err(|error| anyhow!("nothing was copied: {error}"))?;
    let copied = copy(path, &target).await;
    target.close().await;
    let copied = copied.map_err(|why| anyhow!("nothing was copied from {from}: {why}"))?;
    writeln!(
        out,
        "{copied}: copied from {from} into the ledger {database}; both agree.\n{AFTERWARDS}"
    )
    .map_err(|error| anyhow!("all was copied, but that could not be written here: {error}"))
}

async fn copy(from: &Path, target: &PostgresLedger) -> Result<Audit, CopyError> {
    let mut source = SqliteSource::open(from).await?;
    let copied = target.copy_from(&mut source).await;
    source.close().await;
    copied
}

const AFTERWARDS: &str = "The file is as it was. Keep it as a backup, and start the program with \
    this DATABASE_URL only:\nwhat it would write into the file from now on is not in Postgres.";
