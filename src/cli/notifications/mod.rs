//! `bagel notifications`: what the creator has not been told yet, and again.
//!
//! Prints its result alone on stdout. Sends nothing itself: what it queues, the
//! running server delivers.

mod test;

use std::io::{self, Write};

use clap::Subcommand;

pub use self::test::run as test;
use crate::clock::Clock;
use crate::ledger::{Ledger, LedgerError, NotificationId, OutboxEntry};

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Those waiting or given up, newest first (the default)
    List {
        /// Those delivered, too
        #[arg(long)]
        all: bool,
    },
    /// Send a sample to every target now, and say how it went
    Test,
    /// Queue one again; the running server delivers it
    Replay {
        #[arg(value_parser = parse_id)]
        id: NotificationId,
    },
}

impl Default for Command {
    fn default() -> Self {
        Self::List { all: false }
    }
}

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum NotificationsError {
    #[error("there is no notification {0}; `bagel notifications list --all` shows them")]
    Absent(NotificationId),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

/// Runs one command and writes its result to `out`.
pub async fn run(
    command: Command,
    ledger: &dyn Ledger,
    clock: &Clock,
    out: &mut (impl Write + Send),
) -> Result<(), NotificationsError> {
    match command {
        Command::List { all } => table(&ledger.outbox(all).await?, out)?,
        Command::Replay { id } if ledger.replay(id, clock.now()).await? => {
            writeln!(out, "{id} is queued again; the running server sends it")?;
        }
        // Needs no ledger: see [`test`].
        Command::Test => {}
        Command::Replay { id } => return Err(NotificationsError::Absent(id)),
    }
    Ok(())
}

fn table(entries: &[OutboxEntry], out: &mut impl Write) -> io::Result<()> {
    if entries.is_empty() {
        return writeln!(out, "Nothing waits to be told.");
    }
    writeln!(
        out,
        "{:36}  {:24}  {:10}  {:18}  {:>8}  STATE",
        "ID", "QUEUED", "TARGET", "OCCASION", "ATTEMPTS"
    )?;
    for entry in entries {
        writeln!(
            out,
            "{:36}  {:24}  {:10}  {:18}  {:>8}  {}{}",
            entry.id.to_string(),
            entry.queued_at.to_string(),
            entry.target,
            entry.occasion.name(),
            entry.attempts,
            entry.state,
            trouble(entry)
        )?;
    }
    Ok(())
}

fn trouble(entry: &OutboxEntry) -> String {
    let error = entry.last_error.as_ref();
    error.map_or(String::new(), |error| format!(": {error}"))
}

fn parse_id(text: &str) -> Result<NotificationId, String> {
    NotificationId::parse(text)
        .ok_or_else(|| "not a notification's id; `bagel notifications` shows them".into())
}
