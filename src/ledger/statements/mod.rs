//! The statements of the ledger, once for both engines.
//!
//! Each engine includes this module with its own [`Engine`], [`Connection`] and
//! [`Row`], so every statement runs natively on its own types and yet is
//! written once. The text is `$n` style and uses what both understand;
//! the two clauses they do not share, `for_update!` and `skip_locked!`, are the
//! engine's.

pub(super) mod audit;
mod begin;
mod lists;
mod outbox;
mod rows;
pub(super) mod settle;
mod sweep;
mod webhooks;
mod words;

use async_trait::async_trait;

use super::{Connection, Engine, Row};
use crate::clock::Millis;
use crate::donation::{Donation, DonationId, NewDonation, Reference};
use crate::ids::ForeignId;
use crate::ledger::{
    Audience, Audit, Begun, Claim, Ledger, LedgerError, NotOpened, Settled, Settlement, Unmatched,
    Verdict, uncancelled,
};
use crate::money::Money;
use crate::report::Opened;
use crate::status::Status;
use crate::visibility::Visibility;

#[async_trait]
impl Ledger for Engine {
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
        audience: Audience,
        now: Millis,
    ) -> Result<Option<Donation>, LedgerError> {
        self.write(move |tx| Box::pin(settle::resolve(tx, id, verdict, audience, now)))
            .await
    }

    async fn set_visibility(
        &self,
        id: DonationId,
        visibility: Visibility,
        now: Millis,
    ) -> Result<bool, LedgerError> {
        self.write(move |tx| Box::pin(words::set_visibility(tx, id, visibility, now)))
            .await
    }

    async fn erase_words(&self, id: DonationId, now: Millis) -> Result<bool, LedgerError> {
        self.write(move |tx| Box::pin(words::erase_words(tx, id, now)))
            .await
    }

    async fn donation(&self, id: DonationId) -> Result<Option<Donation>, LedgerError> {
        let ledger = self.clone();
        uncancelled(async move { ledger.read(|it| Box::pin(lists::donation(it, id))).await }).await
    }

    async fn referred_to(&self, reference: Reference) -> Result<Vec<DonationId>, LedgerError> {
        self.read(|it| Box::pin(lists::referred_to(it, reference)))
            .await
    }

    async fn donations(&self, status: Option<Status>) -> Result<Vec<Donation>, LedgerError> {
        self.read(|it| Box::pin(lists::donations(it, status))).await
    }

    async fn totals(&self) -> Result<Vec<(Money, i64)>, LedgerError> {
        self.read(|it| Box::pin(lists::totals(it))).await
    }

    async fn unmatched(&self) -> Result<Vec<Unmatched>, LedgerError> {
        self.read(|it| Box::pin(lists::unmatched(it))).await
    }

    async fn peek_due(&self, now: Millis) -> Result<Option<Millis>, LedgerError> {
        self.read(move |it| Box::pin(sweep::peek_due(it, now)))
            .await
    }

    async fn claim_due(&self, now: Millis, until: Millis) -> Result<Option<Donation>, LedgerError> {
        self.write(move |tx| Box::pin(sweep::claim_due(tx, now, until)))
            .await
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
            .await?;
        self.scrub().await
    }

    async fn audit(&self) -> Result<Audit, LedgerError> {
        self.snapshot(|tx| Box::pin(audit::audit(tx))).await
    }

    async fn damage(&self) -> Result<Vec<String>, LedgerError> {
        self.snapshot(|tx| Box::pin(super::damage(tx))).await
    }

    async fn check_writable(&self, now: Millis) -> Result<(), LedgerError> {
        let check = self.write(move |tx| Box::pin(sweep::check_writable(tx, now)));
        match check.await {
            Err(error) => Err(self.explain(error).await),
            Ok(()) => Ok(()),
        }
    }

    async fn close(&self) {
        self.disconnect().await;
    }
}
