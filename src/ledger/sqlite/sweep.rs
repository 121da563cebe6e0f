//! What the sweep needs: the donation due first, and the tidying.

use sqlx::{SqliteConnection, SqlitePool};

use crate::clock::Millis;
use crate::donation::{Donation, DonationId};
use crate::ledger::{LedgerError, rows};

/// Fewer looks come before newer: else the newest of many would be looked at
/// again and again before the others' first time.
pub(super) async fn due(
    readers: &SqlitePool,
    now: Millis,
) -> Result<Option<Donation>, LedgerError> {
    let row = sqlx::query(
        "SELECT * FROM donations
         WHERE next_look_at <= $1 AND provider_intent_id IS NOT NULL
         ORDER BY status IN ('CREATED', 'FAILED', 'REJECTED', 'UNDERPAID', 'CANCELED', 'TIMEOUT'),
                  looks, created_at DESC, id
         LIMIT 1",
    )
    .bind(now.0)
    .fetch_optional(readers)
    .await?;
    row.as_ref().map(rows::donation).transpose()
}

pub(super) async fn postpone(
    tx: &mut SqliteConnection,
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

pub(super) async fn tidy(
    tx: &mut SqliteConnection,
    forget: Millis,
    stale: Millis,
    now: Millis,
) -> Result<(), LedgerError> {
    sqlx::query("DELETE FROM webhook_nonces WHERE seen_at < $1")
        .bind(forget.0)
        .execute(&mut *tx)
        .await?;
    sqlx::query("DELETE FROM idempotency_keys WHERE created_at < $1")
        .bind(forget.0)
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "UPDATE donations SET status = 'UNKNOWN', updated_at = $2
         WHERE status = 'CREATED' AND provider_intent_id IS NULL AND created_at < $1",
    )
    .bind(stale.0)
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(())
}

/// A row of its own, written for real: a full disk shows here too.
pub(super) async fn check_writable(
    tx: &mut SqliteConnection,
    now: Millis,
) -> Result<(), LedgerError> {
    sqlx::query(
        "INSERT INTO write_checks (only_row, checked_at) VALUES (1, $1)
         ON CONFLICT (only_row) DO UPDATE SET checked_at = excluded.checked_at",
    )
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(())
}
