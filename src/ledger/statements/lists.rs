//! Reading donations, totals and what belongs to none.

use super::{Connection, rows};
use crate::donation::{Donation, DonationId, Reference};
use crate::ledger::{LedgerError, Unmatched};
use crate::money::Money;
use crate::status::Status;

pub(super) async fn donation(
    reader: &mut Connection,
    id: DonationId,
) -> Result<Option<Donation>, LedgerError> {
    let row = sqlx::query("SELECT * FROM donations WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(reader)
        .await?;
    row.as_ref().map(rows::donation).transpose()
}

/// Reads all of them, which is for a command and not for a visitor.
pub(super) async fn referred_to(
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

pub(super) async fn donations(
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
    rows.iter().map(rows::donation).collect()
}

/// The confirmed money of each currency, as it is shown.
pub(super) const TOTALS: &str =
    "SELECT currency, CAST(SUM(amount_cents) AS BIGINT) AS amount_cents,
                                        COUNT(*) AS donations
                                 FROM confirmations GROUP BY currency ORDER BY currency";

pub(super) async fn totals(reader: &mut Connection) -> Result<Vec<(Money, i64)>, LedgerError> {
    let rows = sqlx::query(TOTALS).fetch_all(reader).await?;
    rows.iter()
        .map(|row| Ok((rows::money(row)?, sqlx::Row::try_get(row, "donations")?)))
        .collect()
}

pub(super) async fn unmatched(reader: &mut Connection) -> Result<Vec<Unmatched>, LedgerError> {
    let rows = sqlx::query(
        "SELECT * FROM webhooks WHERE donation_id IS NULL AND NOT EXISTS (
             SELECT 1 FROM donations
             WHERE donations.provider = webhooks.provider
               AND donations.provider_intent_id = webhooks.provider_intent_id)
         ORDER BY received_at DESC",
    )
    .fetch_all(reader)
    .await?;
    rows.iter().map(rows::unmatched).collect()
}
