//! The sweep finds what nobody told: no page open, no webhook, a program that
//! was down meanwhile, a provider that was.

use std::time::Duration;

use bagel::status::Status;
use bagel::sweep;
use serde_json::json;
use stand_in::{Action, Call, Fault, FaultKind};

use crate::support::provider_kind::{ProviderKind, for_both};
use crate::support::test_app::TestApp;

for_both! {
    a_payment_nobody_told_of_is_found_at_the_first_look
    a_payment_made_while_the_program_was_down_is_found_after_it
    an_expired_one_is_looked_at_ever_more_rarely_for_a_month
    an_outage_of_the_provider_uses_up_no_look_at_an_expired_one
    an_outage_of_the_provider_delays_and_loses_nothing
    a_checkout_cut_off_by_a_kill_is_unknown_not_swept_and_settled_by_its_webhook
}

const HOUR: Duration = Duration::from_hours(1);
const SECOND: Duration = Duration::from_secs(1);

async fn a_payment_nobody_told_of_is_found_at_the_first_look(by: ProviderKind) {
    let app = TestApp::paying_by(by).await;
    let given = app.donate_and_pay_unheard().await;
    app.pass(app.state.config.reconcile_every.saturating_sub(SECOND));
    assert_eq!(app.sweep().await, 0, "it is not due yet");
    app.pass(SECOND);
    assert_eq!(app.sweep().await, 1);
    let donation = app.donation(given.id).await;
    assert_eq!(donation.status, Status::Confirmed);
    // Alchemy Pay tells of no more than the amount.
    assert_eq!(donation.payment.is_complete(), by == ProviderKind::Allscale);
    app.pass(HOUR * 100);
    assert_eq!(app.sweep().await, 0, "nothing is left to ask");
    assert_eq!(app.counted().await, (1, 500));
}

async fn a_payment_made_while_the_program_was_down_is_found_after_it(by: ProviderKind) {
    let mut app = TestApp::paying_by(by).await;
    let given = app.donate().await;
    app.press(&given, Action::PayLost).await;
    app.restart().await;
    app.pass(app.state.config.reconcile_every);
    assert_eq!(app.sweep().await, 1);
    assert_eq!(app.status(given.id).await, Status::Confirmed);
    assert_eq!(app.counted().await, (1, 500));
}

async fn an_expired_one_is_looked_at_ever_more_rarely_for_a_month(by: ProviderKind) {
    let day = HOUR * 24;
    let waits = [HOUR, HOUR * 23, day * 2, day * 4, day * 8, day * 16];
    for paid_before in 0..=waits.len() {
        let app = TestApp::paying_by(by).await;
        let given = app.donate().await;
        app.press(&given, Action::Expire).await;
        app.poll(given.id).await;
        for (look, wait) in waits.into_iter().enumerate() {
            app.pass(wait.saturating_sub(SECOND));
            assert_eq!(app.sweep().await, 0);
            if look == paid_before {
                app.press(&given, Action::PayLost).await;
            }
            app.pass(SECOND);
            assert!(app.sweep().await <= 1);
            if look == paid_before {
                break;
            }
        }
        let found = app.status(given.id).await == Status::Confirmed;
        assert_eq!(found, paid_before < waits.len());
        app.pass(day * 40);
        assert_eq!(app.sweep().await, 0, "it is given up");
    }
}

async fn an_outage_of_the_provider_uses_up_no_look_at_an_expired_one(by: ProviderKind) {
    let app = TestApp::paying_by(by).await;
    let given = app.donate().await;
    app.press(&given, Action::Expire).await;
    app.poll(given.id).await;
    app.press(&given, Action::PayLost).await;
    app.stand_in
        .faults
        .inject(Fault::always(Call::Any, FaultKind::Http(502)));
    for _ in 0..100 {
        app.pass(HOUR);
        app.sweep().await;
    }
    app.stand_in.faults.clear();
    app.pass(HOUR * 24);
    app.sweep().await;
    assert_eq!(app.status(given.id).await, Status::Confirmed);
}

async fn an_outage_of_the_provider_delays_and_loses_nothing(by: ProviderKind) {
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
        let app = TestApp::paying_by(by).await;
        let mut payments = Vec::new();
        for _ in 0..3 {
            payments.push(app.donate_and_pay_unheard().await);
        }
        app.stand_in
            .faults
            .inject(Fault::always(Call::Any, fault.clone()));
        for _ in 0..10 {
            app.pass(app.state.config.reconcile_every);
            app.sweep().await;
        }
        assert_eq!(app.counted().await, (0, 0));
        app.stand_in.faults.clear();
        app.pass(app.state.config.reconcile_every * 20);
        app.sweep().await;
        assert_eq!(app.counted().await, (3, 1500), "{fault:?}");
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
        let app = TestApp::open().await;
        let paid = app.donate_and_pay_unheard().await;
        app.pass(SECOND);
        let newer = app.donate().await;
        for _ in 0..2 {
            app.stand_in
                .faults
                .inject(Fault::once(Call::Status, fault.clone()));
            app.pass(app.state.config.reconcile_every);
            app.sweep_once().await;
        }
        assert!(app.donation(newer.id).await.looks + app.donation(paid.id).await.looks == 2);
        app.pass(app.state.config.reconcile_every * 4);
        app.sweep().await;
        assert_eq!(app.status(paid.id).await, Status::Confirmed, "{fault:?}");
    }
}

async fn a_checkout_cut_off_by_a_kill_is_unknown_not_swept_and_settled_by_its_webhook(
    by: ProviderKind,
) {
    let app = TestApp::paying_by(by).await;
    let given = app.donate().await;
    // As if the program had died between the provider's reply and the note.
    let cut_off =
        "UPDATE donations SET provider_intent_id = NULL, checkout_url = NULL, next_look_at = NULL";
    app.tamper(cut_off).await;
    app.pass(Duration::from_secs(59));
    sweep::tidy(&app.state).await.unwrap();
    assert_eq!(app.status(given.id).await, Status::Created);
    app.pass(SECOND * 2);
    sweep::tidy(&app.state).await.unwrap();
    assert_eq!(app.poll(given.id).await["name"], json!("UNKNOWN"));
    for _ in 0..50 {
        app.pass(HOUR);
        assert_eq!(app.sweep().await, 0);
    }
    let calls = app.stand_in.journal.calls();
    assert_eq!(calls.status + calls.query, 0);
    app.press(&given, Action::Pay).await;
    assert_eq!(app.status(given.id).await, Status::Confirmed);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn an_open_checkout_is_looked_at_ever_more_rarely_and_given_up_after_a_month() {
    let app = TestApp::open().await;
    let (unopened, viewed) = (app.donate().await, app.donate().await);
    let opened = stand_in::Status::VIEWED;
    app.stand_in.set_status(&viewed.intent, opened).unwrap();
    for _ in 0..(24 * 4) {
        app.pass(Duration::from_mins(15));
        app.sweep().await;
    }
    let rare = app.donation(unopened.id).await.looks;
    let often = app.donation(viewed.id).await.looks;
    println!("looks in a day: {rare} at one nobody opened, {often} at one that was");
    assert!((6..=12).contains(&rare), "{rare}");
    assert!((90..=96).contains(&often), "{often}");
    for _ in 0..30 {
        app.pass(HOUR * 24);
        assert_eq!(app.sweep().await, 2);
    }
    app.pass(HOUR * 24 * 365);
    assert_eq!(app.sweep().await, 0);
}
