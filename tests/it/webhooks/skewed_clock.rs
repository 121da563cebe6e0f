//! A clock six minutes off, either way, and one that steps while the program
//! runs: nothing panics, the log asks for the clock, and what was paid is
//! found.

use std::time::Duration;

use serde_json::Value;
use stand_in::{Action, Options};
use tokio::time::sleep;

use crate::support::accounts::quick;
use crate::support::fake_time::FakeTime;
use crate::support::measured::measured;
use crate::support::served::{Served, donation_of};
use crate::support::visits::json_of;

const OFF: [i64; 2] = [-360, 360];

/// A program at another time, and a provider that lets clocks differ by so
/// many minutes.
async fn serve(time: &FakeTime, minutes: u64, checkouts: &str) -> Served {
    let options = Options {
        tolerance: Duration::from_mins(minutes),
        ..quick()
    };
    let time = time.vars();
    let mut vars: Vec<_> = time
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    vars.push(("BAGEL_RECONCILE_SECONDS", "1"));
    vars.push(("BAGEL_CHECKOUT_PER_MINUTE", checkouts));
    Served::with(options, &vars).await
}

/// A donation, and its intent.
async fn donate(served: &Served) -> (String, String) {
    let id = donation_of(served.checkout().await).await;
    (id, served.stand_in.intents.all().pop().unwrap().id)
}

/// Pays, and tells of it by webhook.
async fn pay(served: &Served, intent: &str) {
    served.stand_in.act(intent, Action::Pay).await.unwrap();
}

async fn poll(served: &Served, id: &str) -> Value {
    let path = format!("/api/status?intent_id={id}");
    json_of(served.get(&path).send().await.unwrap()).await["name"].take()
}

/// Waits until the ledger has it confirmed, without asking the provider.
async fn is_found(served: &Served, id: &str) {
    let show = ["donations", "show", id];
    while !served.program.run(&show).await.out.contains("CONFIRMED") {
        sleep(Duration::from_millis(100)).await;
    }
}

/// What each webhook so far was answered.
fn answers(served: &Served) -> Vec<Option<u16>> {
    let deliveries = served.stand_in.journal.deliveries();
    deliveries.into_iter().map(|it| it.status).collect()
}

/// Stops it well, and gives its log.
async fn log_of(served: Served) -> String {
    let (said, _) = served.stop().await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(!said.err.contains("panic"), "{}", said.err);
    said.err
}

#[tokio::test]
async fn six_minutes_off_webhooks_are_refused_and_payments_found_by_asking() {
    for off in OFF {
        let time = FakeTime::off_by(off);
        let served = serve(&time, 10, "6000").await;
        let (polled, intent) = donate(&served).await;
        pay(&served, &intent).await;
        assert_eq!(poll(&served, &polled).await, "CONFIRMED");
        let (swept, intent) = donate(&served).await;
        pay(&served, &intent).await;
        is_found(&served, &swept).await;
        let answers = answers(&served);
        let refused = answers.iter().all(|answer| *answer == Some(401));
        assert!(refused && answers.len() > 1, "{answers:?}");
        let log = log_of(served).await;
        assert!(log.contains("is the clock right?"), "{log}");
        assert!(log.contains("stale"), "{log}");
        let way = if off > 0 { "ahead" } else { "behind" };
        // A second may pass between a look at one clock and one at the other.
        let told = |seconds| log.contains(&format!("{seconds} s {way}"));
        assert!((358..=362).any(told), "{log}");
    }
    measured(
        "S4",
        "6 min off either way: webhooks refused, log asks for the clock, payments found by polls and sweep; steps of 6 min: no panic, limiter as before, all found once the clock is right",
    );
}

#[tokio::test]
async fn what_was_paid_while_the_provider_let_us_not_in_is_found_once_the_clock_is_right() {
    for off in OFF {
        let time = FakeTime::off_by(0);
        let served = serve(&time, 5, "6000").await;
        let (id, intent) = donate(&served).await;
        time.step_to(off);
        let refused = served.checkout().await;
        assert!(refused.status().is_server_error(), "{}", refused.status());
        pay(&served, &intent).await;
        assert_eq!(poll(&served, &id).await, "CREATED", "nobody lets us ask");
        time.step_to(0);
        // A clock set back makes the sweep late by as much; a page asks at once.
        while off > 0 && poll(&served, &id).await != "CONFIRMED" {
            sleep(Duration::from_millis(100)).await;
        }
        is_found(&served, &id).await;
        let log = log_of(served).await;
        assert!(log.contains("is the clock right?"), "{log}");
    }
}

#[tokio::test]
async fn a_clock_that_steps_moves_no_limit_and_loses_no_payment() {
    let time = FakeTime::off_by(0);
    let served = serve(&time, 10, "1").await;
    let (id, intent) = donate(&served).await;
    let unheard = served.stand_in.act(&intent, Action::PayLost);
    unheard.await.unwrap();
    let webhook = served.stand_in.signed_webhook(&intent).unwrap();
    for off in [360, -360, 360, 0] {
        time.step_to(off);
        assert_eq!(served.checkout().await.status(), 429, "{off}");
        let answer = served.stand_in.send(&webhook).await;
        assert_eq!(answer, Some(if off == 0 { 200 } else { 401 }), "{off}");
        assert_eq!(served.get("/readyz").send().await.unwrap().status(), 200);
    }
    is_found(&served, &id).await;
    log_of(served).await;
}
