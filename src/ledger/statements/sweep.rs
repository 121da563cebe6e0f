//! What the sweep needs: the donation due first, and the tidying.

use async_trait::async_trait;

use super::{Connection, Engine, rows};
use crate::clock::Millis;
use crate::donation::{Donation, DonationId};
use crate::ledger::{Cutoffs, LedgerError, Sweep};

#[async_trait]
impl Sweep for Engine {
    async fn peek_due(&self, now: Millis) -> Result<Option<Millis>, LedgerError> {
        self.read(move |it| Box::pin(peek_due(it, now))).await
    }

    async fn claim_due(&self, now: Millis, until: Millis) -> Result<Option<Donation>, LedgerError> {
        self.write(move |tx| Box::pin(claim_due(tx, now, until)))
            .await
    }

    async fn postpone(
        &self,
        id: DonationId,
        looks: u32,
        next_look: Option<Millis>,
    ) -> Result<(), LedgerError> {
        self.write(move |tx| Box::pin(postpone(tx, id, looks, next_look)))
            .await
    }

    async fn tidy(&self, cutoffs: Cutoffs, now: Millis) -> Result<(), LedgerError> {
        self.write(move |tx| Box::pin(tidy(tx, cutoffs, now)))
            .await?;
        self.scrub().await
    }
}

/// The donation due first. Fewer looks come before newer: else the newest of
/// many would be looked at again and again before the others' first time.
macro_rules! due {
    () => {
        "WHERE next_look_at <= $1 AND provider_intent_id IS NOT NULL
         ORDER BY status IN ('CREATED', 'FAILED', 'REJECTED', 'UNDERPAID', 'CANCELED', 'TIMEOUT'),
                  looks, created_at DESC, id
         LIMIT 1"
    };
}

/// When the donation due first was created, if any is due.
async fn peek_due(reader: &mut Connection, now: Millis) -> Result<Option<Millis>, LedgerError> {
    let created_at: Option<i64> =
        sqlx::query_scalar(concat!("SELECT created_at FROM donations ", due!()))
            .bind(now.0)
            .fetch_optional(reader)
            .await?;
    Ok(created_at.map(Millis))
}

/// Lease: takes the donation due first until `until`. Afterwards another
/// program may claim it, in case this one ended before it looked.
async fn claim_due(
    tx: &mut Connection,
    now: Millis,
    until: Millis,
) -> Result<Option<Donation>, LedgerError> {
    let row = sqlx::query(concat!(
        "UPDATE donations SET next_look_at = $2 WHERE id = (SELECT id FROM donations ",
        due!(),
        skip_locked!(),
        ") RETURNING *"
    ))
    .bind(now.0)
    .bind(until.0)
    .fetch_optional(tx)
    .await?;
    row.as_ref().map(rows::donation).transpose()
}

async fn postpone(
    tx: &mut Connection,
    id: DonationId,
    looks: u32,
    next_look: Option<Millis>,
) -> Result<(), LedgerError> {
    sqlx::query("UPDATE donations SET looks = $2, next_look_at = $3 WHERE id = $1")
        .bind(id.to_string())
        .bind(i64::from(looks))
        .bind(next_look.map(|at| at.0))
        .execute(tx)
        .await?;
    Ok(())
}

async fn tidy(tx: &mut Connection, cutoffs: Cutoffs, now: Millis) -> Result<(), LedgerError> {
    sqlx::query("DELETE FROM webhook_nonces WHERE seen_at < $1")
        .bind(cutoffs.nonces.0)
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM idempotency_keys WHERE created_at < $1")
        .bind(cutoffs.keys.0)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "UPDATE donations SET status = 'UNKNOWN', updated_at = $2
         WHERE status = 'CREATED' AND provider_intent_id IS NULL AND created_at < $1",
    )
    .bind(cutoffs.stale.0)
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(())
}
