//! Connections that died while they were kept, and answers that were lost on
//! the way: what a supporter asked for is done once all the same.

use bagel::donation::Origin;
use bagel::ledger::{Begun, Claim, Donations, Lists, NotOpened, PostgresLedger, Settling};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::contract::{EVERY, NOW, claim, new_donation, opened_as, paid};
use crate::support::relay::Relay;
use crate::support::scratch_ledgers::Scratch;

/// A ledger with one connection kept, on which everything is prepared.
async fn used(scratch: &Scratch) -> PostgresLedger {
    let ledger = scratch.postgres_ledger().await;
    let new = new_donation();
    let id = new.id;
    ledger.begin(new, None).await.unwrap();
    ledger.donation(id).await.unwrap();
    ledger
}

/// The server ends every connection but this one.
async fn end_all(scratch: &Scratch) {
    let end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let mut other = PgConnection::connect(&scratch.url()).await.unwrap();
    sqlx::raw_sql(end).execute(&mut other).await.unwrap();
}

fn any_key() -> Claim {
    claim(&Uuid::new_v4().to_string(), "a")
}

#[tokio::test]
async fn connections_that_the_server_ended_fail_nobody() {
    let scratch = Scratch::postgres().await;
    let ledger = used(&scratch).await;
    let (first, second) = (new_donation(), new_donation());
    let (id, refused) = (first.id, second.id);
    end_all(&scratch).await;
    ledger.begin(first, None).await.unwrap();
    end_all(&scratch).await;
    ledger.begin(second, Some(any_key())).await.unwrap();
    end_all(&scratch).await;
    let noted = ledger.note_opened(id, opened_as("i1"), (NOW.after(EVERY), Origin(1)), NOW);
    noted.await.unwrap();
    end_all(&scratch).await;
    let noted = ledger.note_not_opened(refused, NotOpened::Refused, None, NOW);
    noted.await.unwrap();
    end_all(&scratch).await;
    assert!(ledger.donation(id).await.unwrap().is_some());
    end_all(&scratch).await;
    ledger.settle(paid("i1", "w1", "n1")).await.unwrap();
    end_all(&scratch).await;
    assert_eq!(ledger.donations(None).await.unwrap().len(), 3);
}

/// An older replica reads on while a newer one adds what it needs.
#[tokio::test]
async fn a_new_column_fails_nobody() {
    let scratch = Scratch::postgres().await;
    let ledger = used(&scratch).await;
    let new = new_donation();
    let id = new.id;
    ledger.begin(new, None).await.unwrap();
    ledger.donation(id).await.unwrap();
    let add = "ALTER TABLE donations ADD COLUMN later TEXT";
    scratch.tamper(add).await;
    assert!(ledger.donation(id).await.unwrap().is_some());
}

/// A ledger by way of a relay, whose kept connection brings no more answers.
async fn unheard() -> (PostgresLedger, Relay) {
    let (scratch, relay) = Scratch::postgres_by_relay().await;
    let ledger = used(&scratch).await;
    relay.lose_answers();
    (ledger, relay)
}

#[tokio::test]
async fn a_donation_whose_answer_was_lost_is_stored_once() {
    for key in [None, Some(any_key())] {
        let (ledger, _relay) = unheard().await;
        let new = new_donation();
        let id = new.id;
        let begun = ledger.begin(new, key.clone()).await.unwrap();
        assert!(matches!(begun, Begun::Created), "{begun:?}");
        let stored = ledger.donations(None).await.unwrap();
        assert_eq!(stored.iter().filter(|it| it.id == id).count(), 1);
        assert_eq!(stored.len(), 2);
        if key.is_some() {
            let again = ledger.begin(new_donation(), key).await.unwrap();
            assert!(matches!(again, Begun::Repeated(first) if first.id == id));
        }
    }
}
