//! Webhooks, polls and sweep at the same time: each payment is counted once,
//! and nobody hears an error.

use std::sync::Arc;

use bagel::reconcile;
use bagel::status::Status;
use tokio::task::JoinSet;

use crate::by::{By, for_both};
use crate::house::House;
use crate::visits::Given;

for_both! {
    whoever_tells_first_each_payment_is_counted_once
}

const PAYMENTS: i64 = 25;
const DELIVERIES: usize = 8;
const LOOKS: usize = 3;

/// Tells of one payment in every way at once.
fn tell(crowd: &mut JoinSet<u16>, house: &Arc<House>, given: &Given) {
    let literal = house.signed(given);
    for number in 0..DELIVERIES {
        // Half are the very same delivery, half are tries of their own; Alchemy
        // Pay signs no time, so all of its tries are the same.
        let own = house.signed(given);
        let webhook = if number % 2 == 0 {
            literal.clone()
        } else {
            own
        };
        let house = Arc::clone(house);
        crowd.spawn(async move { house.deliver(&webhook).await });
    }
    let id = given.id;
    for _ in 0..LOOKS {
        let poller = Arc::clone(house);
        crowd.spawn(async move {
            let path = format!("/api/status?intent_id={id}");
            poller.get(&path).await.status().as_u16()
        });
        let sweeper = Arc::clone(house);
        crowd.spawn(async move {
            reconcile::step(&sweeper.app).await.unwrap();
            200
        });
    }
}

async fn whoever_tells_first_each_payment_is_counted_once(by: By) {
    let house = Arc::new(House::by(by).await);
    let mut payments = Vec::new();
    for _ in 0..PAYMENTS {
        payments.push(house.donate_and_pay_unheard().await);
    }
    house.pass(house.app.config.reconcile_every);
    let mut crowd = JoinSet::new();
    for given in &payments {
        tell(&mut crowd, &house, given);
    }
    let answers = crowd.join_all().await;
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    for given in &payments {
        assert_eq!(house.status(given.id).await, Status::Confirmed);
    }
    assert_eq!(house.counted().await, (PAYMENTS, PAYMENTS * 500));
    assert_eq!(
        house.figure("SELECT COUNT(*) FROM webhooks").await,
        PAYMENTS
    );
    // Whatever the race left out, a look adds, and adds it once.
    house.sweep().await;
    assert_eq!(house.counted().await, (PAYMENTS, PAYMENTS * 500));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_ids_of_one_payment_at_once_are_counted_once() {
    let house = Arc::new(House::open().await);
    let given = house.donate_and_pay_unheard().await;
    let mut crowd = JoinSet::new();
    for number in 0..100 {
        let id = format!("whk_{number}");
        let webhook = house.webhook_of(&given).webhook_id(&id).sign();
        let house = Arc::clone(&house);
        crowd.spawn(async move { house.deliver(&webhook).await });
    }
    let answers = crowd.join_all().await;
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    assert_eq!(house.figure("SELECT COUNT(*) FROM webhooks").await, 100);
    assert_eq!(house.counted().await, (1, 500));
}
