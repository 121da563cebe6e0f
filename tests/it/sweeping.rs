//! The sweep finds what nobody told: no page open, no webhook, a program that
//! was down meanwhile, a provider that was.

use std::time::Duration;

use bagel::reconcile;
use bagel::status::Status;
use serde_json::json;
use stand_in::{Action, Call, Fault, FaultKind};

use crate::by::{By, for_both};
use crate::house::House;

for_both! {
    a_payment_nobody_told_of_is_found_at_the_first_look
    a_payment_made_while_the_program_was_down_is_found_after_it
    an_expired_one_is_looked_at_after_an_hour_and_at_a_day_and_no_more
    an_outage_of_the_provider_uses_up_no_look_at_an_expired_one
    an_outage_of_the_provider_delays_and_loses_nothing
    a_checkout_cut_off_by_a_kill_is_unknown_not_swept_and_settled_by_its_webhook
}

const HOUR: Duration = Duration::from_hours(1);
const SECOND: Duration = Duration::from_secs(1);

async fn a_payment_nobody_told_of_is_found_at_the_first_look(by: By) {
    let house = House::by(by).await;
    let given = house.donate_and_pay_unheard().await;
    house.pass(house.app.config.reconcile_every.saturating_sub(SECOND));
    assert_eq!(house.sweep().await, 0, "it is not due yet");
    house.pass(SECOND);
    assert_eq!(house.sweep().await, 1);
    let donation = house.donation(given.id).await;
    assert_eq!(donation.status, Status::Confirmed);
    // Alchemy Pay tells of no more than the amount.
    assert_eq!(donation.payment.is_complete(), by == By::Allscale);
    house.pass(HOUR * 100);
    assert_eq!(house.sweep().await, 0, "nothing is left to ask");
    assert_eq!(house.counted().await, (1, 500));
}

async fn a_payment_made_while_the_program_was_down_is_found_after_it(by: By) {
    let mut house = House::by(by).await;
    let given = house.donate().await;
    house.press(&given, Action::PayLost).await;
    house.restart().await;
    house.pass(house.app.config.reconcile_every);
    assert_eq!(house.sweep().await, 1);
    assert_eq!(house.status(given.id).await, Status::Confirmed);
    assert_eq!(house.counted().await, (1, 500));
}

async fn an_expired_one_is_looked_at_after_an_hour_and_at_a_day_and_no_more(by: By) {
    for paid_after in [0, 1, 2] {
        let house = House::by(by).await;
        let given = house.donate().await;
        house.press(&given, Action::Expire).await;
        house.poll(given.id).await;
        for (look, wait) in [HOUR, HOUR * 23].into_iter().enumerate() {
            house.pass(wait.saturating_sub(SECOND));
            assert_eq!(house.sweep().await, 0);
            if look == paid_after {
                house.press(&given, Action::PayLost).await;
            }
            house.pass(SECOND);
            assert!(house.sweep().await <= 1);
            if look == paid_after {
                break;
            }
        }
        let found = house.status(given.id).await == Status::Confirmed;
        assert_eq!(found, paid_after < 2);
        house.pass(HOUR * 24 * 40);
        assert_eq!(house.sweep().await, 0);
    }
}

async fn an_outage_of_the_provider_uses_up_no_look_at_an_expired_one(by: By) {
    let house = House::by(by).await;
    let given = house.donate().await;
    house.press(&given, Action::Expire).await;
    house.poll(given.id).await;
    house.press(&given, Action::PayLost).await;
    house
        .stand_in
        .inject(Fault::always(Call::Any, FaultKind::Http(502)));
    for _ in 0..100 {
        house.pass(HOUR);
        house.sweep().await;
    }
    house.stand_in.clear_faults();
    house.pass(HOUR * 24);
    house.sweep().await;
    assert_eq!(house.status(given.id).await, Status::Confirmed);
}

async fn an_outage_of_the_provider_delays_and_loses_nothing(by: By) {
    for fault in [
        FaultKind::Http(500),
        FaultKind::Http(429),
        FaultKind::Garbage,
        FaultKind::DropAfterCommit,
        FaultKind::Error {
            code: 40001,
            message: "slow down".into(),
        },
        FaultKind::Error {
            code: 90000,
            message: "sorry".into(),
        },
        FaultKind::Error {
            code: 30001,
            message: "not you".into(),
        },
    ] {
        let house = House::by(by).await;
        let mut payments = Vec::new();
        for _ in 0..3 {
            payments.push(house.donate_and_pay_unheard().await);
        }
        house
            .stand_in
            .inject(Fault::always(Call::Any, fault.clone()));
        for _ in 0..10 {
            house.pass(house.app.config.reconcile_every);
            house.sweep().await;
        }
        assert_eq!(house.counted().await, (0, 0));
        house.stand_in.clear_faults();
        house.pass(house.app.config.reconcile_every * 20);
        house.sweep().await;
        assert_eq!(house.counted().await, (3, 1500), "{fault:?}");
    }
}

#[tokio::test]
async fn one_the_provider_does_not_know_or_is_slow_about_keeps_no_other_waiting() {
    for fault in [
        FaultKind::Error {
            code: 50001,
            message: "not found".into(),
        },
        FaultKind::Hang,
    ] {
        let house = House::open().await;
        let paid = house.donate_and_pay_unheard().await;
        house.pass(SECOND);
        let newer = house.donate().await;
        for _ in 0..2 {
            house
                .stand_in
                .inject(Fault::once(Call::Status, fault.clone()));
            house.pass(house.app.config.reconcile_every);
            reconcile::step(&house.app).await.unwrap();
        }
        assert!(house.donation(newer.id).await.looks + house.donation(paid.id).await.looks == 2);
        house.pass(house.app.config.reconcile_every * 2);
        house.sweep().await;
        assert_eq!(house.status(paid.id).await, Status::Confirmed, "{fault:?}");
    }
}

async fn a_checkout_cut_off_by_a_kill_is_unknown_not_swept_and_settled_by_its_webhook(by: By) {
    let house = House::by(by).await;
    let given = house.donate().await;
    // As if the program had died between the provider's reply and the note.
    let cut_off =
        "UPDATE donations SET provider_intent_id = NULL, checkout_url = NULL, next_look_at = NULL";
    house.tamper(cut_off).await;
    house.pass(Duration::from_secs(59));
    reconcile::tidy(&house.app).await.unwrap();
    assert_eq!(house.status(given.id).await, Status::Created);
    house.pass(SECOND * 2);
    reconcile::tidy(&house.app).await.unwrap();
    assert_eq!(house.poll(given.id).await["name"], json!("UNKNOWN"));
    for _ in 0..50 {
        house.pass(HOUR);
        assert_eq!(house.sweep().await, 0);
    }
    let calls = house.stand_in.calls();
    assert_eq!(calls.status + calls.query, 0);
    house.press(&given, Action::Pay).await;
    assert_eq!(house.status(given.id).await, Status::Confirmed);
    assert_eq!(house.counted().await, (1, 500));
}

#[tokio::test]
async fn an_open_checkout_is_looked_at_ever_more_rarely_and_given_up_after_a_month() {
    let house = House::open().await;
    let (unopened, viewed) = (house.donate().await, house.donate().await);
    let opened = stand_in::Status::VIEWED;
    house.stand_in.set_status(&viewed.intent, opened).unwrap();
    for _ in 0..(24 * 4) {
        house.pass(Duration::from_mins(15));
        house.sweep().await;
    }
    let rare = house.donation(unopened.id).await.looks;
    let often = house.donation(viewed.id).await.looks;
    println!("looks in a day: {rare} at one nobody opened, {often} at one that was");
    assert!((6..=12).contains(&rare), "{rare}");
    assert!((90..=96).contains(&often), "{often}");
    for _ in 0..30 {
        house.pass(HOUR * 24);
        assert_eq!(house.sweep().await, 2);
    }
    house.pass(HOUR * 24 * 365);
    assert_eq!(house.sweep().await, 0);
}
