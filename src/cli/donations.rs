//! `bagel donations`: what the ledger holds, for the creator.
//!
//! Prints its result alone on stdout, as a table, JSON or CSV. Changes a
//! donation in one case only: `resolve`, through [`crate::settle`].

use std::io::{self, Write};

use clap::{Subcommand, ValueEnum};
use serde::Serialize;

use crate::clock::Clock;
use crate::donation::{Donation, DonationId};
use crate::ledger::{Ledger, LedgerError, Unmatched, Verdict};
use crate::provider::ForeignId;
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
        #[arg(value_parser = parse_id)]
        id: DonationId,
    },
    /// End a donation's REVIEW: the payment counts, or it does not
    Resolve {
        #[arg(value_parser = parse_id)]
        id: DonationId,
        #[command(flatten)]
        verdict: VerdictFlags,
    },
    /// Authentic webhooks that belong to no donation here
    Unmatched,
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
    Absent(DonationId),
    #[error("donation {0} is not in REVIEW, so there is nothing to resolve")]
    NotInReview(DonationId),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
    #[error("the result could not be written as CSV: {0}")]
    Csv(#[from] csv::Error),
}

/// Runs one command and writes its result to `out`.
pub async fn run(
    command: Command,
    ledger: &dyn Ledger,
    clock: &Clock,
    out: &mut (impl Write + Send),
) -> Result<(), DonationsError> {
    match command {
        Command::List { status, format } => {
            let donations = ledger.donations(status).await?;
            match format {
                Format::Table => table(ledger, &donations, out).await,
                Format::Json => json(&rows(&donations), out),
                Format::Csv => csv(&donations, out),
            }
        }
        Command::Show { id } => {
            let donation = ledger.donation(id).await?;
            json(
                &Row::from(&donation.ok_or(DonationsError::Absent(id))?),
                out,
            )
        }
        Command::Resolve { id, verdict } => resolve(ledger, clock, id, &verdict, out).await,
        Command::Unmatched => unmatched(&ledger.unmatched().await?, out),
    }
}

async fn resolve(
    ledger: &dyn Ledger,
    clock: &Clock,
    id: DonationId,
    flags: &VerdictFlags,
    out: &mut (impl Write + Send),
) -> Result<(), DonationsError> {
    let verdict = if flags.confirm {
        Verdict::Confirm
    } else {
        Verdict::Reject
    };
    match settle::resolve(ledger, id, verdict, clock.now()).await? {
        Some(donation) => Ok(writeln!(out, "{id} is now {}", donation.status.name())?),
        None if ledger.donation(id).await?.is_none() => Err(DonationsError::Absent(id)),
        None => Err(DonationsError::NotInReview(id)),
    }
}

async fn table(
    ledger: &dyn Ledger,
    donations: &[Donation],
    out: &mut (impl Write + Send),
) -> Result<(), DonationsError> {
    writeln!(
        out,
        "{:36}  {:24}  {:20}  {:>14}  NAME",
        "ID", "CREATED", "STATUS", "AMOUNT"
    )?;
    for donation in donations {
        writeln!(
            out,
            "{:36}  {:24}  {:20}  {:>14}  {}",
            donation.id.to_string(),
            donation.created_at.to_string(),
            donation.status.name(),
            donation.asked.to_string(),
            donation.name.as_ref().map_or("", |name| name.as_str())
        )?;
    }
    for (total, count) in ledger.totals().await? {
        writeln!(out, "{count} confirmed, {total} in all")?;
    }
    Ok(())
}

fn unmatched(events: &[Unmatched], out: &mut impl Write) -> Result<(), DonationsError> {
    writeln!(
        out,
        "{:24}  {:20}  {:16}  {:26}  WEBHOOK",
        "RECEIVED", "STATUS", "CHARGED", "INTENT"
    )?;
    for event in events {
        writeln!(
            out,
            "{:24}  {:20}  {:16}  {:26}  {} {}",
            event.received_at.to_string(),
            event.status.name(),
            event.charged,
            event.intent,
            event.provider,
            event.webhook_id
        )?;
    }
    Ok(())
}

fn json(value: &impl Serialize, out: &mut impl Write) -> Result<(), DonationsError> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    Ok(writeln!(out)?)
}

fn csv(donations: &[Donation], out: &mut impl Write) -> Result<(), DonationsError> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    if donations.is_empty() {
        writer.write_record(Row::COLUMNS)?;
    }
    for mut row in rows(donations) {
        row.foreign().into_iter().flatten().for_each(harmless);
        writer.serialize(row)?;
    }
    Ok(writer.flush()?)
}

/// A cell that begins like a formula is one, to a spreadsheet.
fn harmless(text: &mut String) {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        text.insert(0, '\'');
    }
}

/// A donation as JSON and CSV show it.
#[derive(Serialize)]
struct Row {
    id: String,
    created_at: String,
    updated_at: String,
    status: &'static str,
    amount_cents: i64,
    currency: &'static str,
    name: Option<String>,
    message: Option<String>,
    provider: String,
    provider_intent_id: Option<String>,
    tx_hash: Option<String>,
    chain_id: Option<i64>,
    coin_symbol: Option<String>,
    coin_amount: Option<String>,
    paid_amount: Option<String>,
    fee_amount: Option<String>,
    net_amount: Option<String>,
    review_reason: Option<String>,
}

impl Row {
    const COLUMNS: [&str; 18] = [
        "id",
        "created_at",
        "updated_at",
        "status",
        "amount_cents",
        "currency",
        "name",
        "message",
        "provider",
        "provider_intent_id",
        "tx_hash",
        "chain_id",
        "coin_symbol",
        "coin_amount",
        "paid_amount",
        "fee_amount",
        "net_amount",
        "review_reason",
    ];

    /// The cells whose text is a visitor's or a provider's.
    fn foreign(&mut self) -> [&mut Option<String>; 10] {
        [
            &mut self.name,
            &mut self.message,
            &mut self.provider_intent_id,
            &mut self.tx_hash,
            &mut self.coin_symbol,
            &mut self.coin_amount,
            &mut self.paid_amount,
            &mut self.fee_amount,
            &mut self.net_amount,
            &mut self.review_reason,
        ]
    }
}

impl From<&Donation> for Row {
    fn from(donation: &Donation) -> Self {
        let payment = &donation.payment;
        let text = |id: &Option<ForeignId>| id.as_ref().map(ToString::to_string);
        Self {
            id: donation.id.to_string(),
            created_at: donation.created_at.to_string(),
            updated_at: donation.updated_at.to_string(),
            status: donation.status.name(),
            amount_cents: donation.asked.cents.0,
            currency: donation.asked.currency.code(),
            name: donation.name.as_ref().map(|name| name.as_str().into()),
            message: donation.message.as_ref().map(|text| text.as_str().into()),
            provider: donation.provider.clone(),
            provider_intent_id: text(&donation.intent),
            tx_hash: text(&payment.tx_hash),
            chain_id: payment.chain_id,
            coin_symbol: text(&payment.coin_symbol),
            coin_amount: text(&payment.coin_amount),
            paid_amount: text(&payment.paid),
            fee_amount: text(&payment.fee),
            net_amount: text(&payment.net),
            review_reason: donation.review_reason.clone(),
        }
    }
}

fn rows(donations: &[Donation]) -> Vec<Row> {
    donations.iter().map(Row::from).collect()
}

fn parse_id(text: &str) -> Result<DonationId, String> {
    DonationId::parse(text)
        .ok_or_else(|| "not a donation's id; `bagel donations list` shows them".into())
}

fn parse_status(text: &str) -> Result<Status, String> {
    Status::from_name(text).ok_or_else(|| {
        let names: Vec<_> = Status::ALL.into_iter().map(Status::name).collect();
        format!("not a status; one of {}", names.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_made_harmless() {
        let made_harmless = |text: &str| {
            let mut cell = text.to_owned();
            harmless(&mut cell);
            cell
        };
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"] {
            assert_eq!(made_harmless(text), format!("'{text}"));
        }
        assert_eq!(made_harmless("Ada = great"), "Ada = great");
    }
}
