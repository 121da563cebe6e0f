//! One webhook at both replicas at once, again and again: it is one entry, and
//! every delivery is answered with 200.

use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinSet;

use crate::support::measured::{figure, measured};
use crate::support::scratch_ledgers::Scratch;
use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::Given;

const DELIVERIES: usize = 8;

/// Delivers a payment's webhook at all apps at once: half are the very same
/// delivery, half are tries of their own.
fn tell(crowd: &mut JoinSet<u16>, apps: &[Arc<TestApp>], given: &Given) {
    let literal = apps[0].webhook_of(given).sign();
    for number in 0..DELIVERIES {
        let app = Arc::clone(&apps[number % apps.len()]);
        let own = app.webhook_of(given).sign();
        let webhook = if number < DELIVERIES / 2 {
            literal.clone()
        } else {
            own
        };
        crowd.spawn(async move { app.deliver(&webhook).await });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_at_both_replicas_at_once_is_one_entry() {
    let data = Scratch::postgres().await;
    let app = TestApp::build(Setup {
        data,
        ..Setup::default()
    })
    .await;
    let apps = [Arc::new(app.replica().await), Arc::new(app)];
    let (payments, begun) = (figure(250_i64, 1000), Instant::now());
    for _ in 0..payments {
        let given = apps[0].donate_and_pay_unheard().await;
        let mut crowd = JoinSet::new();
        tell(&mut crowd, &apps, &given);
        let answers = crowd.join_all().await;
        assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    }
    let kept = apps[0].figure("SELECT COUNT(*) FROM webhooks").await;
    assert_eq!(kept, payments);
    assert_eq!(apps[0].counted().await, (payments, payments * 500));
    let took = begun.elapsed();
    measured(
        "D4",
        format!(
            "{payments} ids x {DELIVERIES} deliveries in {took:.0?}: {kept} entries, every answer 200"
        ),
    );
}
