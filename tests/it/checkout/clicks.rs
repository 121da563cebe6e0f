//! One press, one checkout at most, whatever the provider does and however
//! often the press is sent.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};
use stand_in::{Call, Fault, FaultKind};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::measured::measured;
use crate::support::seeded::Seeded;
use crate::support::test_app::TestApp;

const CLICKS: usize = 1_000;
const LANES: usize = 20;

/// Faults of a checkout that take no time. A refused address is not among them:
/// the page sends no supporter there, so that checkout cannot be paid.
fn fault(seeded: &mut Seeded) -> FaultKind {
    let error = |code| FaultKind::Error {
        code,
        message: "no".into(),
    };
    let faults = [
        FaultKind::DropAfterCommit,
        FaultKind::Http(500),
        FaultKind::Http(503),
        FaultKind::Http(429),
        FaultKind::Http(400),
        FaultKind::Empty,
        FaultKind::Garbage,
        FaultKind::Payload(Value::Null),
        FaultKind::Field("allscale_checkout_intent_id".into(), json!("../")),
        FaultKind::Redirect("http://127.0.0.1:9/".into()),
        error(50002),
        error(40001),
        error(90000),
    ];
    faults[seeded.below(faults.len())].clone()
}

/// Presses once; browser and supporter send it up to four times.
async fn press(app: &TestApp, click: usize, seeded: &mut Seeded) {
    let key = Uuid::new_v4().to_string();
    let body = json!({"amount": 5, "name": format!("click {click}")});
    let send = || app.post_checkout_with_key(&body, Some(&key));
    tokio::join!(send(), send());
    for _ in 0..seeded.below(3) {
        send().await;
    }
}

/// Some presses after each other; a fault meets whoever comes next.
async fn press_on(app: Arc<TestApp>, lane: usize) {
    let mut seeded = Seeded(lane.try_into().unwrap());
    for click in (lane..CLICKS).step_by(LANES) {
        let fault = fault(&mut seeded);
        app.stand_in.faults.inject(Fault::once(Call::Create, fault));
        press(&app, click, &mut seeded).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_fault_makes_two_checkouts_of_one_press() {
    let app = Arc::new(TestApp::open().await);
    let mut lanes = JoinSet::new();
    for lane in 0..LANES {
        lanes.spawn(press_on(Arc::clone(&app), lane));
    }
    lanes.join_all().await;
    let mut made: HashMap<String, u32> = HashMap::new();
    for intent in app.stand_in.intents.all() {
        *made.entry(intent.user_name.unwrap()).or_default() += 1;
    }
    let most = made.values().max().copied().unwrap();
    let (made, tries) = (made.len(), app.stand_in.journal.calls().create);
    measured(
        "U2",
        format!(
            "{CLICKS} presses sent up to four times, {CLICKS} faults, {tries} calls: {made} \
             checkouts, {most} for a press at most"
        ),
    );
    assert!(made > CLICKS / 4 && tries > CLICKS.try_into().unwrap());
    assert_eq!(most, 1);
}
