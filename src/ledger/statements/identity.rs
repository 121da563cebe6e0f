//! A webhook's identity: kept so that each counts once. Its id is kept for ever,
//! its nonce for a day.

use super::Connection;
use crate::clock::Millis;
use crate::donation::DonationId;
use crate::ledger::{LedgerError, Settled, Settlement};
use crate::report::Identity;

/// Stores the webhook's identity. `Some` means there is nothing more to do:
/// both keys are constraints, so of two deliveries at once only one goes on.
pub(super) async fn keep_webhook(
    tx: &mut Connection,
    settlement: &Settlement,
    identity: &Identity,
    donation: Option<DonationId>,
) -> Result<Option<Settled>, LedgerError> {
    let report = &settlement.report;
    if !keep_nonce(tx, report.provider, identity, settlement.now).await? {
        let same = nonce_holder(tx, report.provider, identity).await?;
        let known = if same {
            Settled::Duplicate
        } else {
            Settled::NonceReused
        };
        return Ok(Some(known));
    }
    let kept = sqlx::query(
        "INSERT INTO webhooks (provider, webhook_id, body_sha256, donation_id,
                               provider_intent_id, status, charged, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT DO NOTHING",
    )
    .bind(report.provider)
    .bind(identity.webhook_id.as_str())
    .bind(&identity.body_sha256)
    .bind(donation.map(|id| id.to_string()))
    .bind(report.intent.as_str())
    .bind(report.status.name())
    .bind(
        report
            .charged
            .told()
            .unwrap_or_else(|| "not told".to_owned()),
    )
    .bind(settlement.now.0)
    .execute(tx)
    .await?;
    Ok((kept.rows_affected() == 0).then_some(Settled::Duplicate))
}

async fn keep_nonce(
    tx: &mut Connection,
    provider: &'static str,
    identity: &Identity,
    now: Millis,
) -> Result<bool, LedgerError> {
    let kept = sqlx::query(
        "INSERT INTO webhook_nonces (provider, nonce_sha256, webhook_id, body_sha256, seen_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(provider)
    .bind(&identity.nonce_sha256)
    .bind(identity.webhook_id.as_str())
    .bind(&identity.body_sha256)
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// Whether the nonce was used for this very webhook and body.
async fn nonce_holder(
    tx: &mut Connection,
    provider: &'static str,
    identity: &Identity,
) -> Result<bool, LedgerError> {
    let same: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM webhook_nonces
         WHERE provider = $1 AND nonce_sha256 = $2 AND webhook_id = $3 AND body_sha256 = $4",
    )
    .bind(provider)
    .bind(&identity.nonce_sha256)
    .bind(identity.webhook_id.as_str())
    .bind(&identity.body_sha256)
    .fetch_one(tx)
    .await?;
    Ok(same == 1)
}
