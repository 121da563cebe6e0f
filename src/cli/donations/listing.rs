//! How donations are written: as a table for the eye, as JSON, as CSV.

use std::io::{self, Write};

use serde::Serialize;

use crate::donation::Donation;
use crate::ids::ForeignId;
use crate::ledger::Unmatched;
use crate::money::Money;
use crate::supporter::SupporterName;

/// A line each, and the confirmed money of each currency below.
pub(super) fn table(
    donations: &[Donation],
    totals: &[(Money, i64)],
    out: &mut impl Write,
) -> anyhow::Result<()> {
    writeln!(
        out,
        "{:36}  {:24}  {:20}  {:>14}  NAME",
        "ID", "CREATED", "STATUS", "AMOUNT"
    )?;
    for donation in donations {
        let name = donation.request.name.as_ref();
        writeln!(
            out,
            "{:36}  {:24}  {:20}  {:>14}  {}",
            donation.id.to_string(),
            donation.created_at.to_string(),
            donation.status.name(),
            donation.request.asked.to_string(),
            name.map_or("", SupporterName::as_str)
        )?;
    }
    for (total, count) in totals {
        writeln!(out, "{count} confirmed, {total} in all")?;
    }
    Ok(())
}

pub(super) fn unmatched(events: &[Unmatched], out: &mut impl Write) -> anyhow::Result<()> {
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

pub(super) fn json(value: &impl Serialize, out: &mut impl Write) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    Ok(writeln!(out)?)
}

/// By RFC 4180, and safe to open in a spreadsheet.
pub(super) fn csv(donations: &[Donation], out: &mut impl Write) -> anyhow::Result<()> {
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

/// Makes [`Row`] and the list of its columns of one table.
macro_rules! columns {
    ($($column:ident: $kind:ty,)*) => {
        /// A donation as JSON and CSV show it. The fields are an interface: they
        /// may be added to, never renamed.
        #[derive(Serialize)]
        pub(super) struct Row {
            $($column: $kind,)*
        }

        impl Row {
            const COLUMNS: &[&str] = &[$(stringify!($column)),*];
        }
    };
}

columns! {
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
    show_name: bool,
    show_message: bool,
    show_amount: bool,
    language: Option<String>,
    counted_cents: Option<i64>,
    reported: Option<String>,
    confirmed_at: Option<String>,
}

impl Row {
    /// The cells whose text is a visitor's or a provider's.
    fn foreign(&mut self) -> [&mut Option<String>; 11] {
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
            &mut self.reported,
        ]
    }
}

impl From<&Donation> for Row {
    fn from(donation: &Donation) -> Self {
        let (request, payment) = (&donation.request, &donation.payment);
        let text = |id: &Option<ForeignId>| id.as_ref().map(ToString::to_string);
        Self {
            id: donation.id.to_string(),
            created_at: donation.created_at.to_string(),
            updated_at: donation.updated_at.to_string(),
            status: donation.status.name(),
            amount_cents: request.asked.cents.0,
            currency: request.asked.currency.code(),
            name: request.name.as_ref().map(|it| it.as_str().to_owned()),
            message: request.message.as_ref().map(|it| it.as_str().to_owned()),
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
            show_name: request.visibility.name,
            show_message: request.visibility.message,
            show_amount: request.visibility.amount,
            language: request.language.map(|it| it.code().into()),
            counted_cents: donation.counted().map(|it| it.cents.0),
            reported: donation.reported.clone(),
            confirmed_at: donation.confirmed_at.map(|at| at.to_string()),
        }
    }
}

/// A row each.
pub(super) fn rows(donations: &[Donation]) -> Vec<Row> {
    donations.iter().map(Row::from).collect()
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
