//! Applying a judgement: webhook identity, status, confirmation and the outbox in
//! one transaction, so that a failed write burns no webhook: its id is kept for
//! ever, its nonce for a day.

use async_trait::async_trait;

use super::{Connection, Engine, identity, outbox, rows};
use crate::clock::Millis;
use crate::donation::{Donation, DonationId};
use crate::ids::ForeignId;
use crate::ledger::{Audience, LedgerError, Resolved, Settled, Settlement, Settling, Verdict};
use crate::report::{Report, Source};
use crate::rules::{self, Judgement};
use crate::status::Status;

#[async_trait]
impl Settling for Engine {
    async fn settle(&self, settlement: Settlement) -> Result<Settled, LedgerError> {
        self.write(move |tx| Box::pin(settle(tx, settlement))).await
    }

    async fn resolve(
        &self,
        id: DonationId,
        verdict: Verdict,
        audience: Audience,
        now: Millis,
    ) -> Result<Resolved, LedgerError> {
        self.write(move |tx| Box::pin(resolve(tx, id, verdict, audience, now)))
            .await
    }
}

async fn settle(tx: &mut Connection, settlement: Settlement) -> Result<Settled, LedgerError> {
    let donation = matching(tx, &settlement.report).await?;
    if let Some(identity) = &settlement.identity {
        let id = donation.as_ref().map(|donation| donation.id);
        if let Some(known) = identity::keep_webhook(tx, &settlement, identity, id).await? {
            return Ok(known);
        }
    }
    match donation {
        None => Ok(Settled::Unmatched),
        Some(donation) => apply(tx, donation, &settlement).await,
    }
}

/// The donation a report is about: the one whose intent it is, else the one
/// our own id names, whose intent may not be known yet.
async fn matching(tx: &mut Connection, report: &Report) -> Result<Option<Donation>, LedgerError> {
    let row = sqlx::query(concat!(
        "SELECT * FROM donations WHERE provider = $1 AND provider_intent_id = $2",
        for_update!()
    ))
    .bind(report.provider)
    .bind(report.intent.as_str())
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(row) = row {
        return Ok(Some(rows::donation(&row)?));
    }
    let Some(order) = report.order else {
        return Ok(None);
    };
    Ok(by_id(tx, order).await?.filter(rules::is_open))
}

async fn by_id(tx: &mut Connection, id: DonationId) -> Result<Option<Donation>, LedgerError> {
    let row = sqlx::query(concat!(
        "SELECT * FROM donations WHERE id = $1",
        for_update!()
    ))
    .bind(id.to_string())
    .fetch_optional(tx)
    .await?;
    row.as_ref().map(rows::donation).transpose()
}

async fn apply(
    tx: &mut Connection,
    mut donation: Donation,
    settlement: &Settlement,
) -> Result<Settled, LedgerError> {
    let judgement = rules::judge(&donation, &settlement.report);
    let swept = settlement.source == Source::Sweep;
    let (status, reason) = match judgement {
        Judgement::Keep if !swept => return Ok(Settled::Kept(donation.status)),
        Judgement::Keep => (donation.status, None),
        Judgement::Fill => {
            rules::fill(&mut donation, &settlement.report);
            (donation.status, None)
        }
        Judgement::Move(next) => {
            rules::fill(&mut donation, &settlement.report);
            (next, None)
        }
        Judgement::Review(reason) => {
            rules::fill(&mut donation, &settlement.report);
            (Status::Review, Some(reason))
        }
    };
    let word = (&settlement.report, settlement.source);
    let (every, now) = (settlement.sweep_every, settlement.now);
    rules::schedule(&mut donation, status, word, every, now);
    change(tx, &donation, status, reason, &settlement.audience, now).await?;
    Ok(Settled::Kept(status))
}

/// Writes the donation with its new status and what follows from it: counts the
/// money, and queues notifications of a change. Nothing follows when another
/// transaction changed the status since it was read.
async fn change(
    tx: &mut Connection,
    donation: &Donation,
    status: Status,
    reason: Option<String>,
    audience: &Audience,
    now: Millis,
) -> Result<(), LedgerError> {
    if !update(tx, donation, status, reason, now).await? {
        return Ok(());
    }
    if status == Status::Confirmed {
        confirm(tx, donation, now).await?;
    }
    if status != donation.status {
        outbox::queue(tx, donation.id, status, audience, now).await?;
    }
    Ok(())
}

/// Writes the donation, unless its status has changed since it was read.
pub(in super::super) async fn update(
    tx: &mut Connection,
    donation: &Donation,
    status: Status,
    reason: Option<String>,
    now: Millis,
) -> Result<bool, LedgerError> {
    let payment = &donation.payment;
    let text = |id: &Option<ForeignId>| id.as_ref().map(|id| id.as_str().to_owned());
    let updated = sqlx::query(
        "UPDATE donations
         SET status = $3, provider_intent_id = $4, review_reason = COALESCE($5, review_reason),
             tx_hash = $6, chain_id = $7, coin_symbol = $8, coin_amount = $9, paid_amount = $10,
             fee_amount = $11, net_amount = $12, looks = $13, next_look_at = $14, updated_at = $15,
             reported = $16, counted_cents = $17, confirmed_at = COALESCE(confirmed_at, $18)
         WHERE id = $1 AND status = $2",
    )
    .bind(donation.id.to_string())
    .bind(donation.status.name())
    .bind(status.name())
    .bind(text(&donation.intent))
    .bind(reason)
    .bind(text(&payment.tx_hash))
    .bind(payment.chain_id)
    .bind(text(&payment.coin_symbol))
    .bind(text(&payment.coin_amount))
    .bind(text(&payment.paid))
    .bind(text(&payment.fee))
    .bind(text(&payment.net))
    .bind(i64::from(donation.looks))
    .bind(donation.next_look.map(|at| at.0))
    .bind(now.0)
    .bind(&donation.reported)
    .bind(donation.counted.map(|counted| counted.0))
    .bind((status == Status::Confirmed).then_some(now.0))
    .execute(tx)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Counts the money: what was asked, or what the creator says came. The primary
/// key refuses a second confirmation.
pub(in super::super) async fn confirm(
    tx: &mut Connection,
    donation: &Donation,
    now: Millis,
) -> Result<(), LedgerError> {
    sqlx::query(
        "INSERT INTO confirmations (donation_id, amount_cents, currency, confirmed_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(donation.id.to_string())
    .bind(donation.counted.unwrap_or(donation.request.asked.cents).0)
    .bind(donation.request.asked.currency.code())
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(())
}

async fn resolve(
    tx: &mut Connection,
    id: DonationId,
    verdict: Verdict,
    audience: Audience,
    now: Millis,
) -> Result<Resolved, LedgerError> {
    let donation = by_id(tx, id).await?;
    let in_review = |donation: &Donation| donation.status == Status::Review;
    let Some(mut donation) = donation.filter(in_review) else {
        return Ok(Resolved::NotInReview);
    };
    let status = match verdict {
        Verdict::Reject => Status::Rejected,
        Verdict::Confirm(counted) => {
            let came = || Some(rules::came(&donation)?.cents).filter(|came| came.0 > 0);
            let Some(counted) = counted.or_else(came) else {
                return Ok(Resolved::AmountUnknown(Box::new(donation)));
            };
            donation.counted = Some(counted).filter(|it| *it != donation.request.asked.cents);
            Status::Confirmed
        }
    };
    change(tx, &donation, status, None, &audience, now).await?;
    let donation = by_id(tx, id).await?;
    Ok(donation.map_or(Resolved::NotInReview, |it| Resolved::Done(Box::new(it))))
}
