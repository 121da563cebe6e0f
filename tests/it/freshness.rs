//! The window of time: five minutes either way, to the second, and a nonce that
//! is remembered for longer than its webhook is fresh.

use std::time::Duration;

use bagel::reconcile;
use bagel::status::Status;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::figures::measured;
use crate::house::House;

const WINDOW: i64 = 300;
/// A nonce dated ahead is fresh for twice the window; the margin is ours.
const REMEMBERED: Duration = Duration::from_mins(2 * 5 + 1);

#[tokio::test]
async fn a_webhook_is_fresh_for_five_minutes_either_way() {
    let house = House::open().await;
    let now = house.app.clock.now().seconds();
    for (off, expected) in [
        (-301, 401),
        (301, 401),
        (-86_400, 401),
        (i64::MIN + now.abs() + 1, 401),
        (-300, 200),
        (300, 200),
        (-299, 200),
        (299, 200),
        (0, 200),
    ] {
        let given = house.donate_and_pay_unheard().await;
        let webhook = house.webhook_of(&given).timestamp(now + off).sign();
        assert_eq!(house.deliver(&webhook).await, expected, "{off}");
        let confirmed = house.status(given.id).await == Status::Confirmed;
        assert_eq!(confirmed, expected == 200, "{off}");
    }
}

#[test]
fn no_second_outside_the_window_is_fresh_and_none_within_is_stale() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let house = runtime.block_on(House::open());
    let given = runtime.block_on(house.donate_and_pay_unheard());
    let cases = 300;
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let offsets = prop_oneof![-310..-290_i64, 290..310_i64, -1000..1000_i64];
    // Milliseconds of ours must not move the edge of the provider's seconds.
    let outcome = runner.run(&(offsets, 0..2000_u64), |(off, later)| {
        house.pass(Duration::from_millis(later));
        let now = house.app.clock.now().seconds();
        let webhook = house.webhook_of(&given).timestamp(now + off).sign();
        let (status, _) = runtime.block_on(house.hand_over(webhook));
        prop_assert_eq!(status == 200, off.abs() <= WINDOW, "{} {}", off, status);
        Ok(())
    });
    outcome.unwrap();
    measured(
        "S3",
        format!(
            "-301 s and +301 s refused, -300 s and +300 s accepted, {cases} random times as expected; a nonce dated 300 s ahead refused for 660 s"
        ),
    );
}

#[tokio::test]
async fn a_nonce_is_remembered_for_longer_than_its_webhook_is_fresh() {
    let house = House::open().await;
    let given = house.donate_and_pay_unheard().await;
    let ahead = house.app.clock.now().seconds() + WINDOW;
    let draft = || house.webhook_of(&given).nonce("once");
    assert_eq!(house.deliver(&draft().timestamp(ahead).sign()).await, 200);
    let step = Duration::from_secs(30);
    for _ in 0..REMEMBERED.as_secs() / step.as_secs() {
        house.pass(step);
        reconcile::tidy(&house.app).await.unwrap();
        // Whoever could sign anew would find the nonce used, however late.
        for again in [draft(), draft().timestamp(ahead)] {
            let other = again.webhook_id("whk_other").sign();
            let (status, body) = house.hand_over(other).await;
            assert_eq!(status, 401, "{body}");
        }
    }
    assert_eq!(house.figure("SELECT COUNT(*) FROM webhooks").await, 1);
    assert_eq!(house.counted().await, (1, 500));
}
