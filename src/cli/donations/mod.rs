//! `bagel donations`: what the ledger holds, for the creator.
//!
//! Prints its result alone on stdout, as a table, JSON or CSV. Changes a
//! donation in two cases only: `resolve`, and `look`, which asks its provider. What works on
//! two ledgers, `copy`, is in [`super::ledger`].

mod listing;
mod look;
mod resolve;

use std::fmt;
use std::io::Write;

use anyhow::{anyhow, bail};
use clap::{Subcommand, ValueEnum};

use self::listing::Row;
use super::ledger;
use crate::config::{Checked, Part};
use crate::donation::{DonationId, Reference};
use crate::ledger::Ledger;
use crate::status::Status;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// All donations, newest first
    List {
        /// Only those in this status, such as CONFIRMED or REVIEW
        #[arg(long, value_parser = parse_status)]
        status: Option<Status>,
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// One donation with everything known about it
    Show {
        /// Its id, or the reference on a receipt: the eight digits an id begins with
        #[arg(value_parser = Handle::parse)]
        id: Handle,
    },
    /// End a donation's REVIEW: the payment counts, or it does not
    Resolve(resolve::Options),
    /// Ask the provider now how a payment stands
    Look(look::Options),
    /// Authentic webhooks that belong to no donation here
    Unmatched,
    /// Whether the ledger agrees with itself: every total, reference and row
    Verify,
    /// Copy a ledger from its file into an empty Postgres database
    Copy(ledger::CopyOptions),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
    Csv,
}

/// Runs one command and writes its result to `out`.
pub async fn run(command: Command, out: &mut (impl Write + Send)) -> anyhow::Result<()> {
    match command {
        Command::List { status, format } => {
            ledger::with(async |ledger, _| list(ledger, status, format, out).await).await
        }
        Command::Show { id } => ledger::with(async |ledger, _| show(ledger, id, out).await).await,
        Command::Resolve(options) => {
            ledger::with(async |ledger, listeners| options.run(ledger, listeners, out).await).await
        }
        Command::Look(options) => options.run(out).await,
        Command::Unmatched => {
            ledger::with(async |ledger, _| listing::unmatched(&ledger.unmatched().await?, out))
                .await
        }
        Command::Verify => ledger::with(async |ledger, _| verify(ledger, out).await).await,
        Command::Copy(options) => {
            let config = Checked::load().only(Part::Ledger)?;
            ledger::copy(&options, &config.database, out).await
        }
    }
}

async fn list(
    ledger: &dyn Ledger,
    status: Option<Status>,
    format: Format,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let donations = ledger.donations(status).await?;
    match format {
        Format::Table => listing::table(&donations, &ledger.totals().await?, out),
        Format::Json => listing::json(&listing::rows(&donations), out),
        Format::Csv => listing::csv(&donations, out),
    }
}

async fn show(ledger: &dyn Ledger, handle: Handle, out: &mut impl Write) -> anyhow::Result<()> {
    let donation = ledger.donation(handle.find(ledger).await?).await?;
    let donation = donation.ok_or_else(|| absent(handle))?;
    listing::json(&Row::from(&donation), out)
}

fn absent(handle: Handle) -> anyhow::Error {
    anyhow!("there is no donation {handle}")
}

/// Audits the ledger and its file: one sentence, or a line for each place where
/// the ledger does not agree with itself.
async fn verify(ledger: &dyn Ledger, out: &mut impl Write) -> anyhow::Result<()> {
    let damage = ledger.damage().await?;
    let differences = match ledger.audit().await {
        Ok(audit) if audit.differences.is_empty() && damage.is_empty() => {
            return Ok(writeln!(out, "{audit}: all agrees")?);
        }
        Ok(audit) => {
            writeln!(out, "{audit}: not all agrees")?;
            audit.differences.iter().map(ToString::to_string).collect()
        }
        // What is damaged may not be readable at all.
        Err(error) if !damage.is_empty() => vec![error.to_string()],
        Err(error) => return Err(error.into()),
    };
    let damage = damage.iter().map(|line| format!("the file: {line}"));
    let lines: Vec<_> = differences.into_iter().chain(damage).collect();
    for line in &lines {
        writeln!(out, "{line}")?;
    }
    bail!(
        "the ledger does not agree with itself, see above ({} found). Nothing was changed. What to \
         do stands in docs/donations.md under \"Repairing a ledger\"",
        lines.len()
    )
}

/// A donation as it is named on the command line.
#[derive(Clone, Copy, Debug)]
pub enum Handle {
    Id(DonationId),
    /// The first eight digits of an id, as receipts carry them.
    Reference(Reference),
}

impl Handle {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let id = DonationId::parse(text).map(Self::Id);
        id.or_else(|| Reference::parse(text).map(Self::Reference))
            .ok_or_else(|| {
                "not a donation's id, and not the eight digits it begins with; \
                 `bagel donations list` shows the ids"
                    .into()
            })
    }

    /// The one donation that is meant, which may still be absent when it was
    /// named by its id.
    pub(super) async fn find(self, ledger: &dyn Ledger) -> anyhow::Result<DonationId> {
        let reference = match self {
            Self::Id(id) => return Ok(id),
            Self::Reference(reference) => reference,
        };
        match ledger.referred_to(reference).await?.as_slice() {
            [] => Err(absent(self)),
            [id] => Ok(*id),
            several => {
                let ids: Vec<_> = several.iter().map(ToString::to_string).collect();
                bail!(
                    "more than one donation begins with {reference}; name it by its whole id: {}",
                    ids.join(", ")
                )
            }
        }
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Reference(reference) => reference.fmt(f),
        }
    }
}

fn parse_status(text: &str) -> Result<Status, String> {
    Status::from_name(text).ok_or_else(|| {
        let names: Vec<_> = Status::ALL.into_iter().map(Status::name).collect();
        format!("not a status; one of {}", names.join(", "))
    })
}
