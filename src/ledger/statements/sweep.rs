//! What the sweep needs: the donation due first, and the tidying.

use async_trait::async_trait;
use sqlx::Row as _;

use super::{Connection, Engine, rows};
use crate::clock::Millis;
use crate::donation::{Donation, DonationId, Origin};
use crate::ids::ForeignId;
use crate::ledger::{Cutoffs, Due, First, LedgerError, Lookout, Sweep};

#[async_trait]
impl Sweep for Engine {
    async fn peek_due(
        &self,
        provider: &'static str,
        now: Millis,
    ) -> Result<Option<Due>, LedgerError> {
        self.read(move |it| Box::pin(peek_due(it, provider, now)))
            .await
    }

    async fn claim_due(&self, lookout: Lookout) -> Result<Option<(Donation, Origin)>, LedgerError> {
        self.write(move |tx| Box::pin(claim_due(tx, lookout))).await
    }

    async fn hint(&self, id: DonationId, intent: ForeignId) -> Result<(), LedgerError> {
        self.write(move |tx| Box::pin(hint(tx, id, intent))).await
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

/// A look at this time was asked for by an authentic webhook; it is the longest
/// due of all.
const HINTED: i64 = 0;

/// The donations of a provider that are due.
macro_rules! due {
    () => {
        "FROM donations
         WHERE provider = $1 AND next_look_at <= $2 AND provider_intent_id IS NOT NULL"
    };
}

async fn peek_due(
    reader: &mut Connection,
    provider: &'static str,
    now: Millis,
) -> Result<Option<Due>, LedgerError> {
    let longest = sqlx::query_scalar(concat!(
        "SELECT next_look_at ",
        due!(),
        " ORDER BY next_look_at LIMIT 1"
    ));
    let longest: Option<i64> = longest
        .bind(provider)
        .bind(now.0)
        .fetch_optional(reader)
        .await?;
    Ok(longest.map(|at| match at {
        HINTED => Due::Hinted,
        _ => Due::Scheduled,
    }))
}

/// Lease: afterwards another program may claim it, in case this one ended before
/// it looked.
macro_rules! claim {
    ($of:literal, $first:literal) => {
        concat!(
            "UPDATE donations SET next_look_at = $3 WHERE id = (SELECT id ",
            due!(),
            $of,
            " ORDER BY ",
            $first,
            " LIMIT 1",
            skip_locked!(),
            ") RETURNING *"
        )
    };
}

const LONGEST: &str = claim!("", "next_look_at");
/// Fewer looks come before newer: else the newest of many would be looked at
/// again and again before the others' first time.
const NEXT_ORIGIN: &str = claim!(
    " AND origin > $4",
    "origin, status IN ('CREATED', 'FAILED', 'REJECTED', 'UNDERPAID', 'CANCELED', 'TIMEOUT'),
     looks, created_at DESC"
);

async fn claim_due(
    tx: &mut Connection,
    lookout: Lookout,
) -> Result<Option<(Donation, Origin)>, LedgerError> {
    let Lookout {
        provider,
        first,
        now,
        until,
    } = lookout;
    let claim = match first {
        First::Longest => sqlx::query(LONGEST),
        First::After(_) => sqlx::query(NEXT_ORIGIN),
    };
    let claim = claim.bind(provider).bind(now.0).bind(until.0);
    let claim = match first {
        First::Longest => claim,
        First::After(origin) => claim.bind(origin.0),
    };
    let row = claim.fetch_optional(tx).await?;
    let claimed = row.map(|row| {
        let origin = Origin(row.try_get("origin")?);
        Ok((rows::donation(&row)?, origin))
    });
    claimed.transpose()
}

async fn hint(tx: &mut Connection, id: DonationId, intent: ForeignId) -> Result<(), LedgerError> {
    sqlx::query(
        "UPDATE donations
         SET next_look_at = $3, provider_intent_id = COALESCE(provider_intent_id, $2)
         WHERE id = $1 AND status NOT IN ('CONFIRMED', 'REVIEW')",
    )
    .bind(id.to_string())
    .bind(intent.as_str())
    .bind(HINTED)
    .execute(tx)
    .await?;
    Ok(())
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
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "UPDATE donations SET origin = 0
         WHERE origin <> 0 AND created_at >= $1 AND created_at < $2",
    )
    .bind(cutoffs.origins.start.0)
    .bind(cutoffs.origins.end.0)
    .execute(tx)
    .await?;
    Ok(())
}
