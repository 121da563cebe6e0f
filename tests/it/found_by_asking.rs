//! No webhook at all: a thousand payments, half by either provider, are found
//! by asking alone, half of them made while the program was down.

use std::time::Instant;

use bagel::donation::DonationId;
use bagel::status::Status;

use crate::by::By;
use crate::figures::measured;
use crate::house::House;

const PAYMENTS: i64 = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_payments_nobody_told_of_are_found() {
    let (mut house, begun) = (House::by(By::AlchemyPay).await, Instant::now());
    house.leave_checkouts(PAYMENTS.try_into().unwrap()).await;
    let intents = house.stand_in.intents();
    let (up, down) = intents.split_at(intents.len() / 2);
    for intent in up {
        house.pay_unheard(&intent.id).await;
    }
    house.close().await;
    for intent in down {
        house.pay_unheard(&intent.id).await;
    }
    house.restart().await;
    house.pass(house.app.config.reconcile_every);
    let looks = house.sweep().await;
    assert_eq!(house.counted().await, (PAYMENTS, PAYMENTS * 500));
    for paid in house.stand_in.settled() {
        let id = DonationId::parse(&paid.order_id.unwrap()).unwrap();
        assert_eq!(house.status(id).await, Status::Confirmed);
    }
    let took = begun.elapsed();
    measured(
        "D10",
        format!(
            "{PAYMENTS} of {PAYMENTS} found at the first look, {} paid while it was down: {looks} looks, {took:.0?}",
            down.len()
        ),
    );
}
