//! The outbox: queued in the settling transaction, claimed by one worker at a
//! time, ended by an acknowledgement.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::Row as _;

use super::{Connection, Engine, Row, rows};
use crate::clock::Millis;
use crate::donation::DonationId;
use crate::ledger::{
    Audience, LedgerError, NotificationId, Occasion, Outbox, OutboxEntry, Queued, State,
};
use crate::status::Status;

/// How long delivery is tried before a notification is parked.
const PATIENCE: Duration = Duration::from_hours(3 * 24);

#[async_trait]
impl Outbox for Engine {
    async fn claim_queued(
        &self,
        target: &'static str,
        now: Millis,
        until: Millis,
    ) -> Result<Option<Queued>, LedgerError> {
        self.write(move |tx| Box::pin(claim(tx, target, now, until)))
            .await
    }

    async fn note_delivered(&self, id: NotificationId, now: Millis) -> Result<(), LedgerError> {
        self.write(move |tx| Box::pin(note_delivered(tx, id, now)))
            .await
    }

    async fn note_undelivered(
        &self,
        id: NotificationId,
        next: Option<Millis>,
        why: String,
    ) -> Result<(), LedgerError> {
        self.write(move |tx| Box::pin(note_undelivered(tx, id, next, why)))
            .await
    }

    async fn outbox(&self, all: bool) -> Result<Vec<OutboxEntry>, LedgerError> {
        self.snapshot(move |it| Box::pin(outbox(it, all))).await
    }

    async fn replay(&self, id: NotificationId, now: Millis) -> Result<bool, LedgerError> {
        self.write(move |tx| Box::pin(replay(tx, id, now))).await
    }
}

async fn outbox(reader: &mut Connection, all: bool) -> Result<Vec<OutboxEntry>, LedgerError> {
    let rows = sqlx::query(
        "SELECT * FROM outbox WHERE delivered_at IS NULL OR $1
         ORDER BY queued_at DESC, id",
    )
    .bind(all)
    .fetch_all(reader)
    .await?;
    rows.iter().map(entry).collect()
}

/// Queues a notification of `status`, once for each target; statuses that the
/// creator is not notified of queue nothing.
pub(super) async fn queue(
    tx: &mut Connection,
    donation: DonationId,
    status: Status,
    audience: &Audience,
    now: Millis,
) -> Result<(), LedgerError> {
    let (occasion, targets) = match status {
        Status::Confirmed => (Occasion::Confirmed, &audience.confirmed),
        Status::Review => (Occasion::Review, &audience.creator),
        Status::Underpaid => (Occasion::Underpaid, &audience.creator),
        _ => return Ok(()),
    };
    for target in targets {
        sqlx::query(
            "INSERT INTO outbox (id, donation_id, target, occasion, queued_at, give_up_at,
                                 next_attempt_at)
             VALUES ($1, $2, $3, $4, $5, $6, $5)
             ON CONFLICT DO NOTHING",
        )
        .bind(NotificationId::random().to_string())
        .bind(donation.to_string())
        .bind(*target)
        .bind(occasion.name())
        .bind(now.0)
        .bind(now.after(PATIENCE).0)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

async fn claim(
    tx: &mut Connection,
    target: &'static str,
    now: Millis,
    until: Millis,
) -> Result<Option<Queued>, LedgerError> {
    let row = sqlx::query(concat!(
        "UPDATE outbox SET next_attempt_at = $3 WHERE id = (
             SELECT id FROM outbox WHERE target = $1 AND next_attempt_at <= $2
             ORDER BY next_attempt_at, queued_at, id LIMIT 1",
        skip_locked!(),
        ") RETURNING *"
    ))
    .bind(target)
    .bind(now.0)
    .bind(until.0)
    .fetch_optional(&mut *tx)
    .await?;
    match row {
        Some(row) => Ok(Some(queued(tx, &row).await?)),
        None => Ok(None),
    }
}

async fn queued(tx: &mut Connection, row: &Row) -> Result<Queued, LedgerError> {
    let donation = sqlx::query("SELECT * FROM donations WHERE id = $1")
        .bind(row.try_get::<&str, _>("donation_id")?)
        .fetch_one(tx)
        .await?;
    Ok(Queued {
        id: id(row)?,
        occasion: occasion_of(row)?,
        queued_at: Millis(row.try_get("queued_at")?),
        give_up_at: Millis(row.try_get("give_up_at")?),
        attempts: rows::count(row, "attempts")?,
        donation: rows::donation(&donation)?,
    })
}

async fn note_delivered(
    tx: &mut Connection,
    id: NotificationId,
    now: Millis,
) -> Result<(), LedgerError> {
    sqlx::query(
        "UPDATE outbox SET delivered_at = $2, next_attempt_at = NULL, last_error = NULL
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(())
}

async fn note_undelivered(
    tx: &mut Connection,
    id: NotificationId,
    next: Option<Millis>,
    why: String,
) -> Result<(), LedgerError> {
    sqlx::query(
        "UPDATE outbox SET attempts = attempts + 1, next_attempt_at = $2, last_error = $3
         WHERE id = $1 AND delivered_at IS NULL",
    )
    .bind(id.to_string())
    .bind(next.map(|at| at.0))
    .bind(why)
    .execute(tx)
    .await?;
    Ok(())
}

async fn replay(tx: &mut Connection, id: NotificationId, now: Millis) -> Result<bool, LedgerError> {
    let queued = sqlx::query(
        "UPDATE outbox SET attempts = 0, next_attempt_at = $2, give_up_at = $3,
                           delivered_at = NULL, last_error = NULL
         WHERE id = $1",
    )
    .bind(id.to_string())
    .bind(now.0)
    .bind(now.after(PATIENCE).0)
    .execute(tx)
    .await?;
    Ok(queued.rows_affected() == 1)
}

fn entry(row: &Row) -> Result<OutboxEntry, LedgerError> {
    Ok(OutboxEntry {
        id: id(row)?,
        target: row.try_get("target")?,
        occasion: occasion_of(row)?,
        queued_at: Millis(row.try_get("queued_at")?),
        attempts: rows::count(row, "attempts")?,
        state: state(row)?,
        last_error: row.try_get("last_error")?,
    })
}

fn state(row: &Row) -> Result<State, LedgerError> {
    let time = |column| row.try_get::<Option<i64>, _>(column);
    Ok(match (time("delivered_at")?, time("next_attempt_at")?) {
        (Some(at), _) => State::Delivered(Millis(at)),
        (None, Some(at)) => State::Waiting(Millis(at)),
        (None, None) => State::Parked,
    })
}

fn id(row: &Row) -> Result<NotificationId, LedgerError> {
    NotificationId::parse(row.try_get("id")?).ok_or(LedgerError::Inconsistent("notification id"))
}

fn occasion_of(row: &Row) -> Result<Occasion, LedgerError> {
    Occasion::from_name(row.try_get("occasion")?).ok_or(LedgerError::Inconsistent("occasion"))
}
