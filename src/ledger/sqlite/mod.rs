//! The ledger in one `SQLite` file: the default engine.
//!
//! One writer connection with `BEGIN IMMEDIATE` (plain `BEGIN` from several
//! connections fails at once under load) and a pool of readers beside it.
//! Write-ahead log and `synchronous = FULL`: what was answered survives a
//! power cut.

mod begin;
mod open;
mod settle;
mod sweep;
mod webhooks;

use std::future::Future;
use std::pin::Pin;

use async_trait::async_trait;
use sqlx::{SqliteConnection, SqlitePool};

use super::{
    Begun, Claim, Ledger, LedgerError, NotOpened, Settled, Settlement, Unmatched, Verdict, rows,
};
use crate::clock::Millis;
use crate::donation::{Donation, DonationId, NewDonation};
use crate::money::Money;
use crate::provider::{ForeignId, Opened};
use crate::status::Status;

/// A ledger in a `SQLite` file. Made by [`SqliteLedger::open`].
#[derive(Clone, Debug)]
pub struct SqliteLedger {
    writer: SqlitePool,
    readers: SqlitePool,
}

type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T, LedgerError>> + Send + 't>>;

impl SqliteLedger {
    /// Runs `work` in one write transaction, in a task of its own: a client
    /// that hangs up cannot cancel it half-way.
    async fn write<T, F>(&self, work: F) -> Result<T, LedgerError>
    where
        F: for<'t> FnOnce(&'t mut SqliteConnection) -> Work<'t, T> + Send + 'static,
        T: Send + 'static,
    {
        let pool = self.writer.clone();
        let transaction = tokio::spawn(async move {
            let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
            let done = work(&mut transaction).await?;
            transaction.commit().await?;
            Ok(done)
        });
        transaction
            .await
            .unwrap_or(Err(LedgerError::Inconsistent("a transaction panicked")))
    }
}

#[async_trait]
impl Ledger for SqliteLedger {
    async fn begin(&self, new: NewDonation, claim: Option<Claim>) -> Result<Begun, LedgerError> {
        self.write(move |tx| Box::pin(begin::begin(tx, new, claim)))
            .await
    }

    async fn note_opened(
        &self,
        id: DonationId,
        opened: Opened,
        next_look: Millis,
        now: Millis,
    ) -> Result<(), LedgerError> {
        self.write(move |tx| Box::pin(begin::note_opened(tx, id, opened, next_look, now)))
            .await
    }

    async fn note_not_opened(
        &self,
        id: DonationId,
        how: NotOpened,
        intent: Option<ForeignId>,
        now: Millis,
    ) -> Result<(), LedgerError> {
        self.write(move |tx| Box::pin(begin::note_not_opened(tx, id, how, intent, now)))
            .await
    }

    async fn settle(&self, settlement: Settlement) -> Result<Settled, LedgerError> {
        self.write(move |tx| Box::pin(settle::settle(tx, settlement)))
            .await
    }

    async fn resolve(
        &self,
        id: DonationId,
        verdict: Verdict,
        now: Millis,
    ) -> Result<Option<Donation>, LedgerError> {
        self.write(move |tx| Box::pin(settle::resolve(tx, id, verdict, now)))
            .await
    }

    async fn donation(&self, id: DonationId) -> Result<Option<Donation>, LedgerError> {
        let row = sqlx::query("SELECT * FROM donations WHERE id = $1")
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(rows::donation).transpose()
    }

    async fn donations(&self, status: Option<Status>) -> Result<Vec<Donation>, LedgerError> {
        let rows = sqlx::query(
            "SELECT * FROM donations WHERE $1 IS NULL OR status = $1
             ORDER BY created_at DESC, id",
        )
        .bind(status.map(Status::name))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(rows::donation).collect()
    }

    async fn totals(&self) -> Result<Vec<(Money, i64)>, LedgerError> {
        let rows = sqlx::query(
            "SELECT currency, SUM(amount_cents) AS amount_cents, COUNT(*) AS donations
             FROM confirmations GROUP BY currency ORDER BY currency",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| Ok((rows::money(row)?, sqlx::Row::try_get(row, "donations")?)))
            .collect()
    }

    async fn unmatched(&self) -> Result<Vec<Unmatched>, LedgerError> {
        let rows = sqlx::query(
            "SELECT * FROM webhooks WHERE donation_id IS NULL AND NOT EXISTS (
                 SELECT 1 FROM donations
                 WHERE donations.provider = webhooks.provider
                   AND donations.provider_intent_id = webhooks.provider_intent_id)
             ORDER BY received_at DESC",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(rows::unmatched).collect()
    }

    async fn due(&self, now: Millis) -> Result<Option<Donation>, LedgerError> {
        sweep::due(&self.readers, now).await
    }

    async fn postpone(
        &self,
        id: DonationId,
        looks: u32,
        next_look: Option<Millis>,
    ) -> Result<(), LedgerError> {
        self.write(move |tx| Box::pin(sweep::postpone(tx, id, looks, next_look)))
            .await
    }

    async fn tidy(&self, forget: Millis, stale: Millis, now: Millis) -> Result<(), LedgerError> {
        self.write(move |tx| Box::pin(sweep::tidy(tx, forget, stale, now)))
            .await
    }

    async fn check_writable(&self, now: Millis) -> Result<(), LedgerError> {
        self.write(move |tx| Box::pin(sweep::check_writable(tx, now)))
            .await
    }
}
