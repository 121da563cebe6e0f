//! The shared limit in one statement: GCRA over a row a client.
//!
//! `free_at` is when the client could ask freely again. Each checkout moves it
//! on by one interval, and none may move it further ahead than a whole burst.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::Row as _;

use super::PostgresLedger;
use super::lent::{WHILE, lend};
use crate::clock::Millis;
use crate::ledger::{Counted, LedgerError, SharedLimit, uncancelled};

const BURST: Duration = Duration::from_mins(1);

/// A time further ahead than the limit can have put it is of a clock that was
/// set back since, and limits nobody. The row is read as it was before.
const COUNT: &str = "
    WITH counted AS (
        INSERT INTO checkout_limits AS known (client, free_at) VALUES ($1, $3)
        ON CONFLICT (client) DO UPDATE
        SET free_at = $3 + CASE WHEN known.free_at BETWEEN $2 AND $5
                                THEN known.free_at - $2 ELSE 0 END
        WHERE known.free_at NOT BETWEEN $4 + 1 AND $5
        RETURNING client
    )
    SELECT EXISTS (SELECT FROM counted) AS allowed,
           (SELECT free_at - $4 FROM checkout_limits WHERE client = $1) AS wait";

#[async_trait]
impl SharedLimit for PostgresLedger {
    async fn count_checkout(
        &self,
        client: IpAddr,
        per_minute: NonZeroU32,
        now: Millis,
    ) -> Result<Counted, LedgerError> {
        let interval = BURST / per_minute.get();
        let count = sqlx::query(COUNT)
            .bind(client.to_string())
            .bind(now.0)
            .bind(now.after(interval).0)
            .bind(now.after(BURST).before(interval).0)
            .bind(now.after(2 * BURST).0);
        let pool = self.pool.clone();
        let row = uncancelled(async move {
            lend(&pool, WHILE, |it| {
                Box::pin(async move { Ok(count.fetch_one(it).await?) })
            })
            .await
        })
        .await?;
        if row.try_get("allowed")? {
            return Ok(Counted::Allowed);
        }
        // Another replica may have counted between the two looks of one
        // statement; the wait is never longer than one interval.
        let wait: Option<i64> = row.try_get("wait")?;
        let wait = wait.and_then(|wait| u64::try_from(wait).ok());
        let wait = wait.map_or(interval, Duration::from_millis);
        Ok(Counted::TooMany(wait.min(interval)))
    }

    async fn forget_clients(&self, now: Millis) -> Result<(), LedgerError> {
        let forget = sqlx::query(
            "DELETE FROM checkout_limits WHERE client IN
             (SELECT client FROM checkout_limits WHERE free_at NOT BETWEEN $1 + 1 AND $2
              FOR UPDATE SKIP LOCKED)",
        );
        let forget = forget.bind(now.0).bind(now.after(2 * BURST).0);
        self.write(move |tx| {
            Box::pin(async move {
                forget.execute(tx).await?;
                Ok(())
            })
        })
        .await
    }
}
