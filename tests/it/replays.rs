//! A webhook that comes again changes nothing, whatever of it is the same;
//! a nonce that comes with something else is refused.

use std::time::Duration;

use bagel::reconcile;
use bagel::status::Status;
use stand_in::Action;

use crate::by::{By, for_both};
use crate::house::House;

for_both! {
    the_same_delivery_again_is_a_duplicate_even_after_a_restart
}

const DAY: Duration = Duration::from_hours(24);

async fn the_same_delivery_again_is_a_duplicate_even_after_a_restart(by: By) {
    let mut house = House::by(by).await;
    let given = house.donate_and_pay_unheard().await;
    let webhook = house.signed(&given);
    assert_eq!(house.deliver(&webhook).await, 200);
    let first = house.donation(given.id).await.updated_at;
    house.pass(Duration::from_secs(1));
    assert_eq!(house.deliver(&webhook).await, 200);
    house.restart().await;
    assert_eq!(house.deliver(&webhook).await, 200);
    assert_eq!(house.donation(given.id).await.updated_at, first);
    assert_eq!(house.figure("SELECT COUNT(*) FROM webhooks").await, 1);
    assert_eq!(house.figure("SELECT COUNT(*) FROM webhook_nonces").await, 1);
    assert_eq!(house.counted().await, (1, 500));
}

/// Allscale tells of nothing but payments.
#[tokio::test]
async fn an_old_status_that_comes_last_changes_nothing() {
    let mut house = House::by(By::AlchemyPay).await;
    let given = house.donate().await;
    let old = house.signed(&given);
    house.press(&given, Action::PayStale).await;
    let first = house.donation(given.id).await;
    assert_eq!(first.status, Status::Confirmed);
    house.pass(Duration::from_secs(1));
    house.restart().await;
    assert_eq!(house.deliver(&old).await, 200);
    assert_eq!(house.donation(given.id).await.updated_at, first.updated_at);
    assert_eq!(house.counted().await, (1, 500));
}

#[tokio::test]
async fn a_nonce_that_comes_with_anything_else_is_refused() {
    let mut house = House::open().await;
    let given = house.donate_and_pay_unheard().await;
    let other = house.donate_and_pay_unheard().await;
    let draft = |house: &House| house.webhook_of(&given).nonce("once");
    assert_eq!(house.deliver(&draft(&house).sign()).await, 200);
    for restarted in [false, true] {
        if restarted {
            house.restart().await;
        }
        let another_id = draft(&house).webhook_id("whk_other").sign();
        let another_body = draft(&house).set("user_name", "Eve").sign();
        let another_donation = house.webhook_of(&other).nonce("once").sign();
        for webhook in [another_id, another_body, another_donation] {
            let (status, body) = house.post_webhook("/webhooks/allscale", &webhook).await;
            assert_eq!(status, 401);
            assert!(body.contains("not_authentic"), "{body}");
        }
    }
    assert_eq!(house.figure("SELECT COUNT(*) FROM webhooks").await, 1);
    assert_eq!(house.counted().await, (1, 500));
    let honest = house.webhook_of(&other).sign();
    assert_eq!(house.deliver(&honest).await, 200, "nothing of it was kept");
    assert_eq!(house.counted().await, (2, 1000));
}

#[tokio::test]
async fn the_same_id_with_a_new_nonce_changes_nothing() {
    let house = House::open().await;
    let given = house.donate_and_pay_unheard().await;
    assert_eq!(house.deliver(&house.webhook_of(&given).sign()).await, 200);
    let first = house.donation(given.id).await;
    house.pass(Duration::from_secs(1));
    let again = house.webhook_of(&given);
    let lying = house.webhook_of(&given).set("amount_cents", 1);
    for draft in [again, lying] {
        assert_eq!(house.deliver(&draft.sign()).await, 200);
    }
    let last = house.donation(given.id).await;
    assert_eq!(first.updated_at, last.updated_at);
    assert_eq!(first.payment, last.payment);
    assert_eq!(house.figure("SELECT COUNT(*) FROM webhooks").await, 1);
    assert_eq!(house.counted().await, (1, 500));
}

#[tokio::test]
async fn another_id_for_the_same_payment_is_kept_and_counts_nothing_more() {
    let house = House::open().await;
    let given = house.donate_and_pay_unheard().await;
    for id in ["whk_1", "whk_2", "whk_3"] {
        let webhook = house.webhook_of(&given).webhook_id(id).sign();
        assert_eq!(house.deliver(&webhook).await, 200);
    }
    assert_eq!(house.figure("SELECT COUNT(*) FROM webhooks").await, 3);
    assert_eq!(house.counted().await, (1, 500));
}

#[tokio::test]
async fn nonces_are_forgotten_after_a_day_and_ids_never() {
    let house = House::open().await;
    let given = house.donate_and_pay_unheard().await;
    let webhook = house.webhook_of(&given).nonce("once").sign();
    assert_eq!(house.deliver(&webhook).await, 200);
    house.pass(DAY);
    reconcile::tidy(&house.app).await.unwrap();
    assert_eq!(house.figure("SELECT COUNT(*) FROM webhook_nonces").await, 1);
    house.pass(Duration::from_secs(1));
    reconcile::tidy(&house.app).await.unwrap();
    assert_eq!(house.figure("SELECT COUNT(*) FROM webhook_nonces").await, 0);
    house.pass(DAY * 365);
    reconcile::tidy(&house.app).await.unwrap();
    let before = house.donation(given.id).await.updated_at;
    let late = house.webhook_of(&given).nonce("once").sign();
    assert_eq!(house.deliver(&late).await, 200);
    assert_eq!(house.donation(given.id).await.updated_at, before);
    assert_eq!(house.figure("SELECT COUNT(*) FROM webhooks").await, 1);
    assert_eq!(house.counted().await, (1, 500));
}
