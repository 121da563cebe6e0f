//! Donations, totals and what belongs to none, read back from their rows.
//!
//! Owns the mapping from columns to [`Donation`]. A row that cannot be read is
//! an inconsistency to report, never a default to invent.

use async_trait::async_trait;
use sqlx::Row as _;

use super::{Connection, Engine, Row};
use crate::clock::Millis;
use crate::donation::{Donation, DonationId, Payment, Reference, Request};
use crate::ids::ForeignId;
use crate::language::Language;
use crate::ledger::{LedgerError, Lists, Unmatched, uncancelled};
use crate::money::{Cents, Currency, Money};
use crate::status::Status;
use crate::supporter::{Message, SupporterName, Visibility};

#[async_trait]
impl Lists for Engine {
    /// The one read that a visitor waits for: it ends in the time of a write,
    /// while commands and workers may wait as long as a connection allows.
    async fn donation(&self, id: DonationId) -> Result<Option<Donation>, LedgerError> {
        let ledger = self.clone();
        uncancelled(async move { ledger.read(move |it| Box::pin(find(it, id))).await }).await
    }

    async fn referred_to(&self, reference: Reference) -> Result<Vec<DonationId>, LedgerError> {
        self.snapshot(move |it| Box::pin(referred_to(it, reference)))
            .await
    }

    async fn donations(&self, status: Option<Status>) -> Result<Vec<Donation>, LedgerError> {
        self.snapshot(move |it| Box::pin(list(it, status))).await
    }

    async fn totals(&self) -> Result<Vec<(Money, i64)>, LedgerError> {
        self.read(|it| Box::pin(totals(it))).await
    }

    async fn unmatched(&self) -> Result<Vec<Unmatched>, LedgerError> {
        self.snapshot(move |it| Box::pin(list_unmatched(it))).await
    }
}

async fn find(reader: &mut Connection, id: DonationId) -> Result<Option<Donation>, LedgerError> {
    let row = sqlx::query("SELECT * FROM donations WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(reader)
        .await?;
    row.as_ref().map(donation).transpose()
}

/// Reads all of them, which is for a command and not for a visitor.
async fn referred_to(
    reader: &mut Connection,
    reference: Reference,
) -> Result<Vec<DonationId>, LedgerError> {
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT id FROM donations WHERE substr(id, 1, 8) = $1 ORDER BY id")
            .bind(reference.to_string())
            .fetch_all(reader)
            .await?;
    Ok(ids.iter().filter_map(|id| DonationId::parse(id)).collect())
}

async fn list(
    reader: &mut Connection,
    status: Option<Status>,
) -> Result<Vec<Donation>, LedgerError> {
    let rows = sqlx::query(
        "SELECT * FROM donations WHERE CAST($1 AS TEXT) IS NULL OR status = $1
         ORDER BY created_at DESC, id",
    )
    .bind(status.map(Status::name))
    .fetch_all(reader)
    .await?;
    rows.iter().map(donation).collect()
}

/// The confirmed money of each currency, as it is shown.
pub(super) const TOTALS: &str =
    "SELECT currency, CAST(SUM(amount_cents) AS BIGINT) AS amount_cents,
                                        COUNT(*) AS donations
                                 FROM confirmations GROUP BY currency ORDER BY currency";

async fn totals(reader: &mut Connection) -> Result<Vec<(Money, i64)>, LedgerError> {
    let rows = sqlx::query(TOTALS).fetch_all(reader).await?;
    rows.iter()
        .map(|row| Ok((money(row)?, row.try_get("donations")?)))
        .collect()
}

async fn list_unmatched(reader: &mut Connection) -> Result<Vec<Unmatched>, LedgerError> {
    let rows = sqlx::query(
        "SELECT * FROM webhooks WHERE donation_id IS NULL AND NOT EXISTS (
             SELECT 1 FROM donations
             WHERE donations.provider = webhooks.provider
               AND donations.provider_intent_id = webhooks.provider_intent_id)
         ORDER BY received_at DESC",
    )
    .fetch_all(reader)
    .await?;
    rows.iter().map(unmatched).collect()
}

/// Reads a row of `donations`.
pub(super) fn donation(row: &Row) -> Result<Donation, LedgerError> {
    Ok(Donation {
        id: id(row)?,
        created_at: Millis(row.try_get("created_at")?),
        updated_at: Millis(row.try_get("updated_at")?),
        status: status(row)?,
        request: request(row)?,
        provider: row.try_get("provider")?,
        intent: foreign(row, "provider_intent_id")?,
        checkout_url: text(row, "checkout_url")?,
        review_reason: text(row, "review_reason")?,
        reported: text(row, "reported")?,
        counted: row.try_get::<Option<i64>, _>("counted_cents")?.map(Cents),
        confirmed_at: row.try_get::<Option<i64>, _>("confirmed_at")?.map(Millis),
        payment: payment(row)?,
        looks: count(row, "looks")?,
        next_look: row.try_get::<Option<i64>, _>("next_look_at")?.map(Millis),
    })
}

fn request(row: &Row) -> Result<Request, LedgerError> {
    Ok(Request {
        asked: money(row)?,
        name: text(row, "name")?.and_then(|name| SupporterName::parse(&name).ok().flatten()),
        message: text(row, "message")?.and_then(|text| Message::parse(&text).ok().flatten()),
        visibility: visibility(row)?,
        language: text(row, "language")?.and_then(|code| Language::from_code(&code)),
    })
}

/// Whether a row of `donations` reads back as it was written, or the column
/// that does not. [`donation`] shortens or drops a text that breaks our rules.
pub(super) fn reads_back(row: &Row) -> Result<(), &'static str> {
    let read = donation(row).map_err(|error| match error {
        LedgerError::Inconsistent(column) => column,
        _ => "row",
    })?;
    let (request, payment) = (&read.request, &read.payment);
    let foreign = |id| Option::map(id, ForeignId::as_str);
    let texts = [
        ("name", request.name.as_ref().map(SupporterName::as_str)),
        ("message", request.message.as_ref().map(Message::as_str)),
        ("language", request.language.map(Language::code)),
        ("provider_intent_id", foreign(read.intent.as_ref())),
        ("tx_hash", foreign(payment.tx_hash.as_ref())),
        ("coin_symbol", foreign(payment.coin_symbol.as_ref())),
        ("coin_amount", foreign(payment.coin_amount.as_ref())),
        ("paid_amount", foreign(payment.paid.as_ref())),
        ("fee_amount", foreign(payment.fee.as_ref())),
        ("net_amount", foreign(payment.net.as_ref())),
    ];
    let differs = |(column, read): (&'static str, Option<&str>)| {
        let written = text(row, column).unwrap_or_default();
        (written.as_deref() != read).then_some(column)
    };
    texts.into_iter().find_map(differs).map_or(Ok(()), Err)
}

/// Reads a row of `webhooks`.
pub(super) fn unmatched(row: &Row) -> Result<Unmatched, LedgerError> {
    Ok(Unmatched {
        provider: row.try_get("provider")?,
        webhook_id: row.try_get("webhook_id")?,
        intent: row.try_get("provider_intent_id")?,
        status: status(row)?,
        charged: row.try_get("charged")?,
        received_at: Millis(row.try_get("received_at")?),
    })
}

/// Reads how often something was done.
pub(super) fn count(row: &Row, column: &str) -> Result<u32, LedgerError> {
    Ok(u32::try_from(row.try_get::<i64, _>(column)?).unwrap_or(u32::MAX))
}

/// Reads `amount_cents` and `currency`.
pub(super) fn money(row: &Row) -> Result<Money, LedgerError> {
    let code: &str = row.try_get("currency")?;
    Ok(Money {
        cents: Cents(row.try_get("amount_cents")?),
        currency: Currency::from_code(code).ok_or(LedgerError::Inconsistent("currency"))?,
    })
}

/// Any value but 1 means hidden.
fn visibility(row: &Row) -> Result<Visibility, LedgerError> {
    let shown = |column| Ok::<_, LedgerError>(row.try_get::<i64, _>(column)? == 1);
    Ok(Visibility {
        name: shown("show_name")?,
        message: shown("show_message")?,
        amount: shown("show_amount")?,
    })
}

fn payment(row: &Row) -> Result<Payment, LedgerError> {
    Ok(Payment {
        tx_hash: text(row, "tx_hash")?.and_then(|hash| ForeignId::tx_hash(&hash)),
        chain_id: row.try_get("chain_id")?,
        coin_symbol: foreign(row, "coin_symbol")?,
        coin_amount: foreign(row, "coin_amount")?,
        paid: foreign(row, "paid_amount")?,
        fee: foreign(row, "fee_amount")?,
        net: foreign(row, "net_amount")?,
    })
}

fn id(row: &Row) -> Result<DonationId, LedgerError> {
    DonationId::parse(row.try_get("id")?).ok_or(LedgerError::Inconsistent("id"))
}

fn status(row: &Row) -> Result<Status, LedgerError> {
    Status::from_name(row.try_get("status")?).ok_or(LedgerError::Inconsistent("status"))
}

fn text(row: &Row, column: &str) -> Result<Option<String>, LedgerError> {
    Ok(row.try_get(column)?)
}

fn foreign(row: &Row, column: &str) -> Result<Option<ForeignId>, LedgerError> {
    Ok(text(row, column)?.and_then(|text| ForeignId::clean(&text)))
}
