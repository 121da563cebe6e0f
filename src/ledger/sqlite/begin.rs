//! The start of a donation: its row, its idempotency key, its checkout.

use sqlx::SqliteConnection;

use crate::clock::Millis;
use crate::donation::{Donation, DonationId, NewDonation};
use crate::ledger::{Begun, Claim, LedgerError, NotOpened, rows};
use crate::provider::{ForeignId, Opened};
use crate::status::Status;

pub(super) async fn begin(
    tx: &mut SqliteConnection,
    new: NewDonation,
    claim: Option<Claim>,
) -> Result<Begun, LedgerError> {
    if let Some(claim) = &claim
        && let Some((request_sha256, holder)) = holder(tx, claim).await?
    {
        if request_sha256 != claim.request_sha256 {
            return Ok(Begun::KeyReused);
        }
        if !is_free_again(&holder) {
            return Ok(Begun::Repeated(Box::new(holder)));
        }
    }
    insert(tx, &new).await?;
    if let Some(claim) = claim {
        take(tx, &claim, &new).await?;
    }
    Ok(Begun::Created)
}

/// Who holds the key: the request it was used for, and that request's donation.
async fn holder(
    tx: &mut SqliteConnection,
    claim: &Claim,
) -> Result<Option<(String, Donation)>, LedgerError> {
    let row = sqlx::query(
        "SELECT donations.*, request_sha256 FROM idempotency_keys
         JOIN donations ON donations.id = donation_id WHERE key = $1",
    )
    .bind(&claim.key)
    .fetch_optional(tx)
    .await?;
    row.map(|row| {
        Ok((
            sqlx::Row::try_get(&row, "request_sha256")?,
            rows::donation(&row)?,
        ))
    })
    .transpose()
}

/// A provider's refusal frees the key: nothing was made that a repeat could double.
fn is_free_again(donation: &Donation) -> bool {
    donation.status == Status::Failed && donation.checkout_url.is_none()
}

async fn insert(tx: &mut SqliteConnection, new: &NewDonation) -> Result<(), LedgerError> {
    sqlx::query(
        "INSERT INTO donations (id, created_at, updated_at, status, amount_cents, currency,
                                name, message, provider)
         VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.id.to_string())
    .bind(new.created_at.0)
    .bind(Status::Created.name())
    .bind(new.asked.cents.0)
    .bind(new.asked.currency.code())
    .bind(new.name.as_ref().map(|name| name.as_str().to_owned()))
    .bind(new.message.as_ref().map(|text| text.as_str().to_owned()))
    .bind(new.provider)
    .execute(tx)
    .await?;
    Ok(())
}

async fn take(
    tx: &mut SqliteConnection,
    claim: &Claim,
    new: &NewDonation,
) -> Result<(), LedgerError> {
    sqlx::query(
        "INSERT INTO idempotency_keys (key, request_sha256, donation_id, created_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (key) DO UPDATE SET donation_id = excluded.donation_id",
    )
    .bind(&claim.key)
    .bind(&claim.request_sha256)
    .bind(new.id.to_string())
    .bind(new.created_at.0)
    .execute(tx)
    .await?;
    Ok(())
}

/// A webhook may have overtaken this note and brought the intent already.
pub(super) async fn note_opened(
    tx: &mut SqliteConnection,
    id: DonationId,
    opened: Opened,
    next_look: Millis,
    now: Millis,
) -> Result<(), LedgerError> {
    sqlx::query(
        "UPDATE donations
         SET provider_intent_id = COALESCE(provider_intent_id, $2), checkout_url = $3,
             next_look_at = COALESCE(next_look_at, $4), updated_at = $5
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(opened.intent.as_str())
    .bind(opened.checkout_url)
    .bind(next_look.0)
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn note_not_opened(
    tx: &mut SqliteConnection,
    id: DonationId,
    how: NotOpened,
    intent: Option<ForeignId>,
    now: Millis,
) -> Result<(), LedgerError> {
    let status = match how {
        NotOpened::Refused => Status::Failed,
        NotOpened::Unknown => Status::Unknown,
    };
    sqlx::query(
        "UPDATE donations
         SET status = $2, provider_intent_id = $3, updated_at = $4
         WHERE id = $1 AND status = 'CREATED' AND provider_intent_id IS NULL",
    )
    .bind(id.to_string())
    .bind(status.name())
    .bind(intent.as_ref().map(ForeignId::as_str))
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(())
}
