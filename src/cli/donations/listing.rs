//! How donations are written: as a table for the eye, as JSON, as CSV.

use std::io::{self, Write};

use serde::Serialize;

use super::DonationsError;
use super::row::{self, Row};
use crate::donation::Donation;
use crate::ledger::Unmatched;
use crate::money::Money;

/// A line each, and the confirmed money of each currency below.
pub(super) fn table(
    donations: &[Donation],
    totals: &[(Money, i64)],
    out: &mut impl Write,
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
            donation.request.asked.to_string(),
            donation
                .request
                .name
                .as_ref()
                .map_or("", |name| name.as_str())
        )?;
    }
    for (total, count) in totals {
        writeln!(out, "{count} confirmed, {total} in all")?;
    }
    Ok(())
}

pub(super) fn unmatched(events: &[Unmatched], out: &mut impl Write) -> Result<(), DonationsError> {
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

pub(super) fn json(value: &impl Serialize, out: &mut impl Write) -> Result<(), DonationsError> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    Ok(writeln!(out)?)
}

/// By RFC 4180, and safe to open in a spreadsheet.
pub(super) fn csv(donations: &[Donation], out: &mut impl Write) -> Result<(), DonationsError> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    if donations.is_empty() {
        writer.write_record(Row::COLUMNS)?;
    }
    for mut row in row::all(donations) {
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
