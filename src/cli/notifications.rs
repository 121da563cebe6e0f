//! `bagel notifications`: what the creator has not been told yet, and again.
//!
//! Prints its result alone on stdout. What it queues, the running server
//! delivers; only `test` sends by itself, past the outbox: a sample, once.

use std::io::{self, Write};
use std::sync::Arc;

use anyhow::{bail, ensure};
use clap::Subcommand;
use tokio::task::JoinSet;

use super::{ledger, unwritten};
use crate::clock::Clock;
use crate::config::{Checked, Part};
use crate::ledger::{Ledger, NotificationId, OutboxEntry};
use crate::notify::targets::{self, Messenger};
use crate::notify::{DeliveryError, Notification, Target as _};
use crate::provider::Providers;

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

/// Runs one command and writes its result to `out`.
pub async fn run(command: Command, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
    match command {
        Command::List { all } => {
            ledger::with(async |ledger, _| Ok(table(&ledger.outbox(all).await?, out)?)).await
        }
        Command::Replay { id } => {
            ledger::with(async |ledger, _| replay(ledger, id, out).await).await
        }
        Command::Test => {
            let config = Checked::load().only(Part::Notifications)?;
            let clock = Clock::System;
            let ways = targets::messengers(&config.notify, &Providers::default(), &clock)?;
            test(&ways, &clock, out).await.map_err(unwritten)
        }
    }
}

async fn replay(
    ledger: &dyn Ledger,
    id: NotificationId,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let queued = ledger.replay(id, Clock::System.now()).await?;
    ensure!(
        queued,
        "there is no notification {id}; `bagel notifications list --all` shows them"
    );
    Ok(writeln!(
        out,
        "{id} is queued again; the running server sends it"
    )?)
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

/// Sends a sample to all of `ways` at once and writes a line for each.
async fn test(ways: &[Arc<Messenger>], clock: &Clock, out: &mut impl Write) -> anyhow::Result<()> {
    if ways.is_empty() {
        bail!(
            "nobody is to be told: set a variable such as BAGEL_NOTIFY_NTFY_URL; see \
             docs/notifications.md"
        );
    }
    let mut heard = true;
    for (name, result) in send(ways, clock).await {
        match result {
            Ok(()) => writeln!(out, "✓ {name}: acknowledged")?,
            Err(error) => {
                heard = false;
                writeln!(out, "✗ {name}: {error}")?;
            }
        }
    }
    ensure!(heard, "not every target acknowledged the sample");
    Ok(())
}

/// What each of `ways` made of its sample, by name.
async fn send(
    ways: &[Arc<Messenger>],
    clock: &Clock,
) -> Vec<(&'static str, Result<(), DeliveryError>)> {
    let mut sending = JoinSet::new();
    for way in ways {
        let way = Arc::clone(way);
        let sample = Notification::sample(clock.now());
        sending.spawn(async move { (way.name(), way.send(&sample).await) });
    }
    let mut results = sending.join_all().await;
    results.sort_by_key(|(name, _)| *name);
    results
}
