//! Applying a judgement: webhook identity, status and confirmation in the
//! caller's one transaction.

use sqlx::SqliteConnection;

use super::webhooks;
use crate::clock::Millis;
use crate::donation::{Donation, DonationId};
use crate::ledger::{LedgerError, Settled, Settlement, Verdict, rows};
use crate::provider::{ForeignId, Report, Source};
use crate::reconcile;
use crate::settle::{Judgement, judge};
use crate::status::Status;

pub(super) async fn settle(
    tx: &mut SqliteConnection,
    settlement: Settlement,
) -> Result<Settled, LedgerError> {
    let donation = matching(tx, &settlement.report).await?;
    if let Some(identity) = &settlement.identity {
        let id = donation.as_ref().map(|donation| donation.id);
        if let Some(known) = webhooks::keep(tx, &settlement, identity, id).await? {
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
async fn matching(
    tx: &mut SqliteConnection,
    report: &Report,
) -> Result<Option<Donation>, LedgerError> {
    let row =
        sqlx::query("SELECT * FROM donations WHERE provider = $1 AND provider_intent_id = $2")
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
    // Money for another intent of a settled donation is the creator's to see.
    let is_open = |donation: &Donation| {
        let settled = matches!(donation.status, Status::Confirmed | Status::Review);
        !settled || donation.intent.is_none()
    };
    Ok(by_id(tx, order).await?.filter(is_open))
}

async fn by_id(tx: &mut SqliteConnection, id: DonationId) -> Result<Option<Donation>, LedgerError> {
    let row = sqlx::query("SELECT * FROM donations WHERE id = $1")
        .bind(id.to_string())
        .fetch_optional(tx)
        .await?;
    row.as_ref().map(rows::donation).transpose()
}

async fn apply(
    tx: &mut SqliteConnection,
    mut donation: Donation,
    settlement: &Settlement,
) -> Result<Settled, LedgerError> {
    let judgement = judge(&donation, &settlement.report);
    let swept = settlement.source == Source::Sweep;
    let (status, reason) = match judgement {
        Judgement::Keep if !swept => return Ok(Settled::Kept(donation.status)),
        Judgement::Keep => (donation.status, None),
        Judgement::Fill => {
            fill(&mut donation, &settlement.report);
            (donation.status, None)
        }
        Judgement::Move(next) => {
            fill(&mut donation, &settlement.report);
            (next, None)
        }
        Judgement::Review(reason) => {
            fill(&mut donation, &settlement.report);
            (Status::Review, Some(reason))
        }
    };
    schedule(&mut donation, status, settlement);
    if update(tx, &donation, status, reason, settlement.now).await? && status == Status::Confirmed {
        confirm(tx, &donation, settlement.now).await?;
    }
    Ok(Settled::Kept(status))
}

/// Takes from the report what is not known yet.
fn fill(donation: &mut Donation, report: &Report) {
    let (known, told) = (&mut donation.payment, report.payment.clone());
    donation.intent.get_or_insert_with(|| report.intent.clone());
    known.tx_hash = told.tx_hash.or(known.tx_hash.take());
    known.chain_id = told.chain_id.or(known.chain_id);
    known.coin_symbol = told.coin_symbol.or(known.coin_symbol.take());
    known.coin_amount = told.coin_amount.or(known.coin_amount.take());
    known.paid = told.paid.or(known.paid.take());
    known.fee = told.fee.or(known.fee.take());
    known.net = told.net.or(known.net.take());
}

/// When the sweep looks next: its count begins anew when a donation closes,
/// opens again or is paid.
fn schedule(donation: &mut Donation, next: Status, settlement: &Settlement) {
    let phase = |status: Status| (status.is_negative(), status == Status::Confirmed);
    if phase(donation.status) != phase(next) {
        donation.looks = 0;
    } else if settlement.source == Source::Sweep {
        donation.looks = donation.looks.saturating_add(1);
    }
    donation.next_look = reconcile::next_look_at(
        donation,
        next,
        donation.looks,
        settlement.sweep_every,
        settlement.now,
    );
}

/// Writes the donation, unless somebody changed its status since it was read.
async fn update(
    tx: &mut SqliteConnection,
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
             fee_amount = $11, net_amount = $12, looks = $13, next_look_at = $14, updated_at = $15
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
    .execute(tx)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Counts the money. The primary key refuses a second confirmation.
async fn confirm(
    tx: &mut SqliteConnection,
    donation: &Donation,
    now: Millis,
) -> Result<(), LedgerError> {
    sqlx::query(
        "INSERT INTO confirmations (donation_id, amount_cents, currency, confirmed_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
    )
    .bind(donation.id.to_string())
    .bind(donation.asked.cents.0)
    .bind(donation.asked.currency.code())
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn resolve(
    tx: &mut SqliteConnection,
    id: DonationId,
    verdict: Verdict,
    now: Millis,
) -> Result<Option<Donation>, LedgerError> {
    let Some(donation) = by_id(tx, id)
        .await?
        .filter(|donation| donation.status == Status::Review)
    else {
        return Ok(None);
    };
    let status = match verdict {
        Verdict::Confirm => Status::Confirmed,
        Verdict::Reject => Status::Rejected,
    };
    if update(tx, &donation, status, None, now).await? && status == Status::Confirmed {
        confirm(tx, &donation, now).await?;
    }
    by_id(tx, id).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::donation::NewDonation;
    use crate::ledger::{Ledger, SqliteLedger};
    use crate::money::{Cents, Currency, Money};

    /// Two writers that read the same row, as two programs on one ledger may.
    #[tokio::test]
    async fn a_donation_that_moved_since_it_was_read_is_not_written_over() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("bagel.db");
        let ledger = SqliteLedger::open(&path).await.unwrap();
        let new = NewDonation {
            id: DonationId::random(),
            created_at: Millis(0),
            asked: Money {
                cents: Cents(500),
                currency: Currency::Usd,
            },
            name: None,
            message: None,
            provider: "allscale",
        };
        let (id, now) = (new.id, Millis(1));
        ledger.begin(new, None).await.unwrap();
        let read = ledger.donation(id).await.unwrap().unwrap();
        let mut tx = ledger.pool().acquire().await.unwrap();
        let first = update(&mut tx, &read, Status::Confirmed, None, now).await;
        let late = update(&mut tx, &read, Status::Timeout, None, now).await;
        assert_eq!((first.unwrap(), late.unwrap()), (true, false));
        // However often a payment is counted, it counts once.
        for _ in 0..2 {
            confirm(&mut tx, &read, now).await.unwrap();
        }
        drop(tx);
        let donation = ledger.donation(id).await.unwrap().unwrap();
        assert_eq!(donation.status, Status::Confirmed);
        assert_eq!(ledger.totals().await.unwrap()[0].1, 1);
    }
}
