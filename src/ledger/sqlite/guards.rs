//! The guards that the file's own lock would make up for, seen without it.

use super::SqliteLedger;
use super::statements::settle::{confirm, update};
use crate::clock::Millis;
use crate::donation::{DonationId, NewDonation, Request};
use crate::ledger::{Donations, Lists};
use crate::money::{Cents, Currency, Money};
use crate::status::Status;

/// Two writers that read the same row, as two programs on one ledger may.
#[tokio::test]
async fn a_donation_that_moved_since_it_was_read_is_not_written_over() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("bagel.db");
    let ledger = SqliteLedger::open(&path).await.unwrap();
    let new = NewDonation {
        id: DonationId::random(),
        created_at: Millis(0),
        request: Request::anonymous(Money {
            cents: Cents(500),
            currency: Currency::Usd,
        }),
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
