//! Upkeep: the audit, which compares what the ledger promises with its rows,
//! and the check that writing works.
//!
//! The audit reads one unchanging view of the data, so that what a running
//! program does meanwhile is never taken for a difference. It changes nothing.

use std::collections::BTreeMap;

use async_trait::async_trait;
use sqlx::Row as _;

use super::{Connection, Engine, rows};
use crate::clock::Millis;
use crate::ledger::{Audit, Difference, LedgerError, Upkeep};
use crate::money::{Cents, Currency, Money};

#[async_trait]
impl Upkeep for Engine {
    async fn audit(&self) -> Result<Audit, LedgerError> {
        self.snapshot(|tx| Box::pin(audit(tx))).await
    }

    async fn damage(&self) -> Result<Vec<String>, LedgerError> {
        self.snapshot(|tx| Box::pin(super::super::damage(tx))).await
    }

    async fn check_writable(&self, now: Millis) -> Result<(), LedgerError> {
        let check = self.write(move |tx| Box::pin(check_writable(tx, now)));
        match check.await {
            Err(error) => Err(self.explain(error).await),
            Ok(()) => Ok(()),
        }
    }

    async fn close(&self) {
        self.disconnect().await;
    }
}

/// What a ledger must never hold: the sentence about it, and the statement that
/// finds the donations. Foreign keys forbid rows without their donation.
const NEVER: [(&str, &str); 5] = [
    (
        "is CONFIRMED, but nothing is counted for it; look whether the money arrived",
        "SELECT id FROM donations WHERE status = 'CONFIRMED' AND NOT EXISTS (
             SELECT 1 FROM confirmations WHERE donation_id = id)",
    ),
    (
        "is counted, but not CONFIRMED; look whether the money arrived",
        "SELECT id FROM donations JOIN confirmations ON donation_id = id
         WHERE status <> 'CONFIRMED'",
    ),
    (
        "is counted with another amount, currency or time than stands in it; look how much arrived",
        "SELECT id FROM donations JOIN confirmations ON donation_id = id
         WHERE confirmations.amount_cents <> COALESCE(counted_cents, donations.amount_cents)
            OR confirmations.confirmed_at <> donations.confirmed_at
            OR confirmations.currency <> donations.currency",
    ),
    (
        "is counted more than once; it was paid once",
        "SELECT donation_id FROM confirmations GROUP BY donation_id HAVING COUNT(*) > 1",
    ),
    (
        "has an amount that is not above zero; look in the provider's dashboard what was asked",
        "SELECT id FROM donations WHERE amount_cents <= 0
         UNION SELECT donation_id FROM confirmations WHERE amount_cents <= 0",
    ),
];

/// Asks everything. `tx` must be a snapshot.
pub(in super::super) async fn audit(tx: &mut Connection) -> Result<Audit, LedgerError> {
    let mut differences = Vec::new();
    for (wrong, finds) in NEVER {
        let found: Vec<String> = sqlx::query_scalar(finds).fetch_all(&mut *tx).await?;
        let difference = |id: &String| Difference::of_donation(id, wrong);
        differences.extend(found.iter().map(difference));
    }
    unreadable(tx, &mut differences).await?;
    let shown = sums(tx, rows::TOTALS).await?;
    let confirmed = sums(tx, CONFIRMED).await?;
    compare(&shown, &confirmed, &mut differences);
    Ok(Audit {
        donations: sqlx::query_scalar("SELECT COUNT(*) FROM donations")
            .fetch_one(tx)
            .await?,
        totals: shown.iter().filter_map(total).collect(),
        differences,
    })
}

/// Donations that do not read back as what was written. Page by page: a ledger
/// may be larger than memory.
async fn unreadable(
    tx: &mut Connection,
    differences: &mut Vec<Difference>,
) -> Result<(), LedgerError> {
    let mut last = String::new();
    loop {
        let page = sqlx::query("SELECT * FROM donations WHERE id > $1 ORDER BY id LIMIT 500")
            .bind(last)
            .fetch_all(&mut *tx)
            .await?;
        for row in &page {
            if let Err(column) = rows::reads_back(row) {
                let wrong = format!("its {column} cannot be read; restore it from a backup");
                differences.push(Difference::of_donation(row.try_get("id")?, wrong));
            }
        }
        match page.last() {
            Some(row) => last = row.try_get("id")?,
            None => return Ok(()),
        }
    }
}

/// The sum of all CONFIRMED donations, which [`rows::TOTALS`] must equal.
const CONFIRMED: &str = "SELECT currency,
                                CAST(SUM(COALESCE(counted_cents, amount_cents)) AS BIGINT)
                                    AS amount_cents,
                                COUNT(*) AS donations
                         FROM donations WHERE status = 'CONFIRMED'
                         GROUP BY currency ORDER BY currency";

/// Hundredths and number of donations of each currency, whatever it is called.
type Sums = BTreeMap<String, (i64, i64)>;

async fn sums(tx: &mut Connection, statement: &'static str) -> Result<Sums, LedgerError> {
    let rows = sqlx::query(statement).fetch_all(tx).await?;
    rows.iter()
        .map(|row| {
            let sum = (row.try_get("amount_cents")?, row.try_get("donations")?);
            Ok((row.try_get("currency")?, sum))
        })
        .collect()
}

fn compare(shown: &Sums, confirmed: &Sums, differences: &mut Vec<Difference>) {
    let none = (0, 0);
    let mut currencies: Vec<_> = shown.keys().chain(confirmed.keys()).collect();
    currencies.sort();
    currencies.dedup();
    for currency in currencies {
        let (shown, confirmed) = (
            shown.get(currency).unwrap_or(&none),
            confirmed.get(currency).unwrap_or(&none),
        );
        if shown != confirmed {
            differences.push(Difference {
                subject: format!("total {}", currency.escape_debug()),
                wrong: format!(
                    "{} hundredths of {} confirmations are shown, the CONFIRMED donations are {} \
                     hundredths of {}; the lines about donations say why",
                    shown.0, shown.1, confirmed.0, confirmed.1
                ),
            });
        }
    }
}

fn total((code, (cents, count)): (&String, &(i64, i64))) -> Option<(Money, i64)> {
    let (cents, currency) = (Cents(*cents), Currency::from_code(code)?);
    Some((Money { cents, currency }, *count))
}

/// A row of its own, written for real: a full disk shows here too.
async fn check_writable(tx: &mut Connection, now: Millis) -> Result<(), LedgerError> {
    sqlx::query(
        "INSERT INTO write_checks (only_row, checked_at) VALUES (1, $1)
         ON CONFLICT (only_row) DO UPDATE SET checked_at = excluded.checked_at",
    )
    .bind(now.0)
    .execute(tx)
    .await?;
    Ok(())
}
