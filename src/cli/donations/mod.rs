//! `bagel donations`: what the ledger holds, for the creator.
//!
//! Prints its result alone on stdout, as a table, JSON or CSV. Changes a
//! donation in one case only: `resolve`, through [`crate::settle`]. [`copy`]
//! stands beside the others: it works on two ledgers.

pub mod copy;
mod handle;
mod listing;
mod row;
mod verify;

use std::io::{self, Write};

use clap::{Subcommand, ValueEnum};

pub use self::handle::Handle;
use self::row::Row;

use crate::clock::Clock;
use crate::donation::{DonationId, Reference};
use crate::ledger::{Ledger, LedgerError, Verdict};
use crate::notify::Listeners;
use crate::settle;
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
    Resolve {
        /// As for `show`
        #[arg(value_parser = Handle::parse)]
        id: Handle,
        #[command(flatten)]
        verdict: VerdictFlags,
    },
    /// Authentic webhooks that belong to no donation here
    Unmatched,
    /// Whether the ledger agrees with itself: every total, reference and row
    Verify,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct VerdictFlags {
    /// The money arrived: count it
    #[arg(long)]
    confirm: bool,
    /// It does not count
    #[arg(long)]
    reject: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
    Csv,
}

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum DonationsError {
    #[error("there is no donation {0}")]
    Absent(Handle),
    #[error("more than one donation begins with {0}; name it by its whole id: {1}")]
    Ambiguous(Reference, String),
    #[error("donation {0} is not in REVIEW, so there is nothing to resolve")]
    NotInReview(DonationId),
    #[error(
        "the ledger does not agree with itself, see above ({0} found). Nothing was changed. What to \
         do stands in docs/donations.md under \"Repairing a ledger\""
    )]
    Differs(usize),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
    #[error("the result could not be written as CSV: {0}")]
    Csv(#[from] csv::Error),
}

/// Runs one command and writes its result to `out`. `listeners`
/// hear of a verdict.
pub async fn run(
    command: Command,
    ledger: &dyn Ledger,
    listeners: &Listeners,
    clock: &Clock,
    out: &mut (impl Write + Send),
) -> Result<(), DonationsError> {
    match command {
        Command::List { status, format } => {
            let donations = ledger.donations(status).await?;
            match format {
                Format::Table => listing::table(&donations, &ledger.totals().await?, out),
                Format::Json => listing::json(&row::all(&donations), out),
                Format::Csv => listing::csv(&donations, out),
            }
        }
        Command::Show { id } => {
            let donation = ledger.donation(id.find(ledger).await?).await?;
            let donation = donation.ok_or(DonationsError::Absent(id))?;
            listing::json(&Row::from(&donation), out)
        }
        Command::Resolve { id, verdict } => {
            let (handle, verdict) = (id, verdict.into());
            let id = handle.find(ledger).await?;
            match settle::resolve(ledger, listeners, id, verdict, clock.now()).await? {
                Some(donation) => Ok(writeln!(out, "{id} is now {}", donation.status.name())?),
                None if ledger.donation(id).await?.is_none() => Err(DonationsError::Absent(handle)),
                None => Err(DonationsError::NotInReview(id)),
            }
        }
        Command::Unmatched => listing::unmatched(&ledger.unmatched().await?, out),
        Command::Verify => verify::run(ledger, out).await,
    }
}

impl From<VerdictFlags> for Verdict {
    /// Exactly one of the flags is set: clap sees to it.
    fn from(flags: VerdictFlags) -> Self {
        if flags.confirm {
            Self::Confirm
        } else {
            Self::Reject
        }
    }
}

fn parse_status(text: &str) -> Result<Status, String> {
    Status::from_name(text).ok_or_else(|| {
        let names: Vec<_> = Status::ALL.into_iter().map(Status::name).collect();
        format!("not a status; one of {}", names.join(", "))
    })
}
