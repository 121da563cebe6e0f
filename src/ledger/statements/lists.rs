//! Reading donations, totals and what belongs to none.

use async_trait::async_trait;

use super::{Connection, Engine, rows};
use crate::donation::{Donation, DonationId, Reference};
use crate::ledger::{LedgerError, Lists, Unmatched, uncancelled};
use crate::money::Money;
use crate::status::Status;

#[async_trait]
impl Lists for Engine {
    /// The one read that a visitor waits for: it ends in the time of a write,
    /// while commands and workers may wait as long as a connection allows.
    async fn donation(&self, id: DonationId) -> Result<Option<Donation>, LedgerError> {
        let ledger = self.clone();
        uncancelled(async move { ledger.read(|it| Box::pin(donation(it, id))).await }).await
    }

    async fn referred_to(&self, reference: Reference) -> Result<Vec<DonationId>, LedgerError> {
        self.read(|it| Box::pin(referred_to(it, reference))).await
    }

    async fn donations(&self, status: Option<Status>) -> Result<Vec<Donation>, LedgerError> {
        self.read(|it| Box::pin(donations(it, status))).await
    }

    async fn totals(&self) -> Result<Vec<(Money, i64)>, LedgerError> {
        self.read(|it| Box::pin(totals(it))).await
    }

    async fn unmatched(&self) -> Result<Vec<Unmatched>, LedgerError> {
        self.read(|it| Box::pin(unmatched(it))).await
    }
}

async fn donation(
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

async fn donations(
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

async fn totals(reader: &mut Connection) -> Result<Vec<(Money, i64)>, LedgerError> {
    let rows = sqlx::query(TOTALS).fetch_all(reader).await?;
    rows.iter()
        .map(|row| Ok((rows::money(row)?, sqlx::Row::try_get(row, "donations")?)))
        .collect()
}

async fn unmatched(reader: &mut Connection) -> Result<Vec<Unmatched>, LedgerError> {
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
