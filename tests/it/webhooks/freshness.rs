//! The window of time: five minutes either way, to the second, and a nonce that
//! is remembered for longer than its webhook is fresh.

use std::time::Duration;

use bagel::status::Status;
use bagel::sweep;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::measured::measured;
use crate::support::test_app::TestApp;

const WINDOW: i64 = 300;
/// A nonce dated ahead is fresh for twice the window; the margin is ours.
const REMEMBERED: Duration = Duration::from_mins(2 * 5 + 1);

#[tokio::test]
async fn a_webhook_is_fresh_for_five_minutes_either_way() {
    let app = TestApp::open().await;
    let now = app.state.clock.now().seconds();
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
        let given = app.donate_and_pay_unheard().await;
        let webhook = app.webhook_of(&given).timestamp(now + off).sign();
        assert_eq!(app.deliver(&webhook).await, expected, "{off}");
        let confirmed = app.status(given.id).await == Status::Confirmed;
        assert_eq!(confirmed, expected == 200, "{off}");
    }
}

#[test]
fn no_second_outside_the_window_is_fresh_and_none_within_is_stale() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let app = runtime.block_on(TestApp::open());
    let given = runtime.block_on(app.donate_and_pay_unheard());
    let cases = 300;
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let offsets = prop_oneof![-310..-290_i64, 290..310_i64, -1000..1000_i64];
    // Milliseconds of ours must not move the edge of the provider's seconds.
    let outcome = runner.run(&(offsets, 0..2000_u64), |(off, later)| {
        app.pass(Duration::from_millis(later));
        let now = app.state.clock.now().seconds();
        let webhook = app.webhook_of(&given).timestamp(now + off).sign();
        let (status, _) = runtime.block_on(app.hand_over(webhook));
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
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    let ahead = app.state.clock.now().seconds() + WINDOW;
    let draft = || app.webhook_of(&given).nonce("once");
    assert_eq!(app.deliver(&draft().timestamp(ahead).sign()).await, 200);
    let step = Duration::from_secs(30);
    for _ in 0..REMEMBERED.as_secs() / step.as_secs() {
        app.pass(step);
        sweep::tidy(&app.state).await.unwrap();
        // Even signed anew, the webhook has a used nonce, however late.
        for again in [draft(), draft().timestamp(ahead)] {
            let other = again.webhook_id("whk_other").sign();
            let (status, body) = app.hand_over(other).await;
            assert_eq!(status, 401, "{body}");
        }
    }
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 1);
    assert_eq!(app.counted().await, (1, 500));
}
