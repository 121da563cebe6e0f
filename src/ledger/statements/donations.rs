//! A donation's row: its start with the idempotency key and the checkout, and
//! what its supporter may change later. Changes never touch money, status or
//! outbox.

use async_trait::async_trait;

use super::{CLAIMS_AS_IT_STORES, Connection, Engine, rows};
use crate::clock::Millis;
use crate::donation::{Donation, DonationId, NewDonation, Origin};
use crate::ids::ForeignId;
use crate::language::Language;
use crate::ledger::{Begun, Claim, Donations, Edits, LedgerError, NotOpened};
use crate::report::Opened;
use crate::status::Status;
use crate::supporter::{Message, SupporterName, Visibility};

#[async_trait]
impl Donations for Engine {
    async fn begin(&self, new: NewDonation, claim: Option<Claim>) -> Result<Begun, LedgerError> {
        if CLAIMS_AS_IT_STORES || claim.is_none() {
            let (new, claim) = (new.clone(), claim.clone());
            let stored = self.put(move |it| Box::pin(store(it, new, claim))).await?;
            if stored {
                return Ok(Begun::Created);
            }
        }
        self.write(move |tx| Box::pin(begin(tx, new, claim))).await
    }

    async fn note_opened(
        &self,
        id: DonationId,
        opened: Opened,
        first_look: (Millis, Origin),
        now: Millis,
    ) -> Result<(), LedgerError> {
        self.put(move |it| Box::pin(note_opened(it, id, opened, first_look, now)))
            .await
    }

    async fn note_not_opened(
        &self,
        id: DonationId,
        how: NotOpened,
        intent: Option<ForeignId>,
        now: Millis,
    ) -> Result<(), LedgerError> {
        self.put(move |it| Box::pin(note_not_opened(it, id, how, intent, now)))
            .await
    }
}

#[async_trait]
impl Edits for Engine {
    async fn set_visibility(
        &self,
        id: DonationId,
        visibility: Visibility,
        now: Millis,
    ) -> Result<bool, LedgerError> {
        self.write(move |tx| Box::pin(set_visibility(tx, id, visibility, now)))
            .await
    }

    async fn erase_words(&self, id: DonationId, now: Millis) -> Result<bool, LedgerError> {
        self.write(move |tx| Box::pin(erase_words(tx, id, now)))
            .await
    }
}

/// Stores the donation and claims its key in one statement, where the engine
/// can; `false` when the key is taken, or this was done before.
async fn store(
    writer: &mut Connection,
    new: NewDonation,
    claim: Option<Claim>,
) -> Result<bool, LedgerError> {
    insert(writer, &new, claim.as_ref()).await
}

async fn begin(
    tx: &mut Connection,
    new: NewDonation,
    claim: Option<Claim>,
) -> Result<Begun, LedgerError> {
    insert(tx, &new, None).await?;
    let Some(claim) = claim else {
        return Ok(Begun::Created);
    };
    if take(tx, &claim, &new).await? {
        return Ok(Begun::Created);
    }
    let (request_sha256, holder) = holder(tx, &claim).await?;
    // Its first answer was lost.
    if holder.id == new.id {
        return Ok(Begun::Created);
    }
    if request_sha256 == claim.request_sha256 && is_free_again(&holder) {
        pass_on(tx, &claim, &new).await?;
        return Ok(Begun::Created);
    }
    take_back(tx, &new).await?;
    if request_sha256 != claim.request_sha256 {
        return Ok(Begun::KeyReused);
    }
    Ok(Begun::Repeated(Box::new(holder)))
}

/// Claims the key. Of two requests at once the constraint lets one through;
/// the other waits here until the first is committed.
async fn take(tx: &mut Connection, claim: &Claim, new: &NewDonation) -> Result<bool, LedgerError> {
    let taken = sqlx::query(
        "INSERT INTO idempotency_keys (key, request_sha256, donation_id, created_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(&claim.key)
    .bind(&claim.request_sha256)
    .bind(new.id.to_string())
    .bind(new.created_at.0)
    .execute(tx)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// The holder of the key: its request's hash, and that request's donation.
async fn holder(tx: &mut Connection, claim: &Claim) -> Result<(String, Donation), LedgerError> {
    let row = sqlx::query(concat!(
        "SELECT donations.*, request_sha256 FROM idempotency_keys
         JOIN donations ON donations.id = donation_id WHERE key = $1",
        for_update!()
    ))
    .bind(&claim.key)
    .fetch_one(tx)
    .await?;
    let request_sha256 = sqlx::Row::try_get(&row, "request_sha256")?;
    Ok((request_sha256, rows::donation(&row)?))
}

async fn pass_on(tx: &mut Connection, claim: &Claim, new: &NewDonation) -> Result<(), LedgerError> {
    sqlx::query("UPDATE idempotency_keys SET donation_id = $2 WHERE key = $1")
        .bind(&claim.key)
        .bind(new.id.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// A repeated request makes no donation of its own.
async fn take_back(tx: &mut Connection, new: &NewDonation) -> Result<(), LedgerError> {
    sqlx::query("DELETE FROM donations WHERE id = $1")
        .bind(new.id.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// A refusal frees the key when nothing was made that a repeat could double,
/// and so does a checkout that expired unpaid: its address is of no use.
fn is_free_again(donation: &Donation) -> bool {
    let nothing_made = donation.checkout_url.is_none() && donation.intent.is_none();
    match donation.status {
        Status::Failed => nothing_made,
        Status::Timeout => true,
        _ => false,
    }
}

/// An id is random: one that is here already is this very donation's.
async fn insert(
    writer: &mut Connection,
    new: &NewDonation,
    claim: Option<&Claim>,
) -> Result<bool, LedgerError> {
    let request = &new.request;
    let stored = sqlx::query(concat!(
        claiming!(),
        "INSERT INTO donations (id, created_at, updated_at, status, amount_cents, currency,
                                name, message, provider, show_name, show_message, show_amount,
                                language)
         SELECT $1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 WHERE ",
        if_claimed!(),
        " ON CONFLICT (id) DO NOTHING"
    ))
    .bind(new.id.to_string())
    .bind(new.created_at.0)
    .bind(Status::Created.name())
    .bind(request.asked.cents.0)
    .bind(request.asked.currency.code())
    .bind(request.name.as_ref().map(SupporterName::as_str))
    .bind(request.message.as_ref().map(Message::as_str))
    .bind(new.provider)
    .bind(i64::from(request.visibility.name))
    .bind(i64::from(request.visibility.message))
    .bind(i64::from(request.visibility.amount))
    .bind(request.language.map(Language::code))
    .bind(claim.map(|claim| &claim.key))
    .bind(claim.map(|claim| &claim.request_sha256))
    .execute(writer)
    .await?;
    Ok(stored.rows_affected() == 1)
}

/// A webhook may have overtaken this note and brought the intent already. Noted
/// again, however late, it changes nothing.
async fn note_opened(
    tx: &mut Connection,
    id: DonationId,
    opened: Opened,
    (next_look, origin): (Millis, Origin),
    now: Millis,
) -> Result<(), LedgerError> {
    sqlx::query(
        "UPDATE donations
         SET provider_intent_id = COALESCE(provider_intent_id, $2), checkout_url = $3,
             next_look_at = COALESCE(next_look_at, $4), updated_at = $5, origin = $6
         WHERE id = $1 AND checkout_url IS NULL",
    )
    .bind(id.to_string())
    .bind(opened.intent.as_str())
    .bind(opened.checkout_url)
    .bind(next_look.0)
    .bind(now.0)
    .bind(origin.0)
    .execute(tx)
    .await?;
    Ok(())
}

async fn note_not_opened(
    tx: &mut Connection,
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

async fn set_visibility(
    tx: &mut Connection,
    id: DonationId,
    visibility: Visibility,
    now: Millis,
) -> Result<bool, LedgerError> {
    let changed = sqlx::query(
        "UPDATE donations SET show_name = $2, show_message = $3, show_amount = $4, updated_at = $5
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(i64::from(visibility.name))
    .bind(i64::from(visibility.message))
    .bind(i64::from(visibility.amount))
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(changed.rows_affected() == 1)
}

async fn erase_words(
    tx: &mut Connection,
    id: DonationId,
    now: Millis,
) -> Result<bool, LedgerError> {
    let erased = sqlx::query(
        "UPDATE donations SET name = NULL, message = NULL, show_name = 0, show_message = 0,
                              updated_at = $2
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(erased.rows_affected() == 1)
}
