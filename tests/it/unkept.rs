//! What could not be kept is not answered with 200, leaves nothing behind,
//! and counts once when it comes again.

use bagel::status::Status;

use crate::house::House;

/// Breaks the ledger, delivers, mends it, delivers the very same again.
async fn survives(broken: &'static str, mended: &'static str) {
    let house = House::open().await;
    let given = house.donate_and_pay_unheard().await;
    let webhook = house.webhook_of(&given).sign();
    house.tamper(broken).await;
    for _ in 0..3 {
        let (status, body) = house.post_webhook("/webhooks/allscale", &webhook).await;
        assert_eq!(status, 503, "{broken}: {body}");
        assert!(!body.contains("table"), "{body}");
    }
    house.tamper(mended).await;
    assert_eq!(house.status(given.id).await, Status::Created, "{broken}");
    assert_eq!(house.figure("SELECT COUNT(*) FROM webhooks").await, 0);
    assert_eq!(house.figure("SELECT COUNT(*) FROM webhook_nonces").await, 0);
    assert_eq!(house.deliver(&webhook).await, 200);
    assert_eq!(house.deliver(&webhook).await, 200);
    assert_eq!(house.status(given.id).await, Status::Confirmed);
    assert_eq!(house.counted().await, (1, 500));
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_answers_503_and_keeps_nothing() {
    survives("PRAGMA query_only = ON", "PRAGMA query_only = OFF").await;
}

#[tokio::test]
async fn a_failure_after_the_webhook_was_noted_takes_the_note_back() {
    survives(
        "ALTER TABLE confirmations RENAME TO away",
        "ALTER TABLE away RENAME TO confirmations",
    )
    .await;
}

#[tokio::test]
async fn a_failure_after_the_nonce_was_noted_takes_the_nonce_back() {
    survives(
        "ALTER TABLE webhooks RENAME TO away",
        "ALTER TABLE away RENAME TO webhooks",
    )
    .await;
}

#[tokio::test]
async fn a_poll_is_answered_from_what_is_known_while_nothing_can_be_written() {
    let house = House::open().await;
    let given = house.donate_and_pay_unheard().await;
    house.tamper("PRAGMA query_only = ON").await;
    assert_eq!(house.poll(given.id).await["name"], "CREATED");
    house.tamper("PRAGMA query_only = OFF").await;
    house.pass(house.app.config.reconcile_every);
    house.sweep().await;
    assert_eq!(house.counted().await, (1, 500));
}
