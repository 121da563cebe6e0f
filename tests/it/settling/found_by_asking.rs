//! No webhook at all: a thousand payments, half by either provider, are found
//! by asking alone, half of them made while the program was down.

use std::time::Instant;

use bagel::donation::DonationId;
use bagel::status::Status;

use crate::support::measured::measured;
use crate::support::provider_kind::ProviderKind;
use crate::support::test_app::TestApp;

const PAYMENTS: i64 = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_payments_nobody_told_of_are_found() {
    let (mut app, begun) = (
        TestApp::paying_by(ProviderKind::AlchemyPay).await,
        Instant::now(),
    );
    app.leave_checkouts(PAYMENTS.try_into().unwrap()).await;
    let intents = app.stand_in.intents.all();
    let (up, down) = intents.split_at(intents.len() / 2);
    for intent in up {
        app.pay_unheard(&intent.id).await;
    }
    app.close().await;
    for intent in down {
        app.pay_unheard(&intent.id).await;
    }
    app.restart().await;
    app.pass(app.state.config.reconcile_every);
    let looks = app.sweep().await;
    assert_eq!(app.counted().await, (PAYMENTS, PAYMENTS * 500));
    for paid in app.stand_in.intents.settled() {
        let id = DonationId::parse(&paid.order_id.unwrap()).unwrap();
        assert_eq!(app.status(id).await, Status::Confirmed);
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
