//! Thousands of replays of every kind, to an app and to its replica, before
//! and after both start again: nothing is counted twice.

use std::net::Ipv4Addr;
use std::ops::Range;
use std::time::Instant;

use stand_in::SignedWebhook;

use crate::support::measured::{figure, measured};
use crate::support::scratch_ledgers::Scratch;
use crate::support::seeded::Seeded;
use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::Given;

const PAYMENTS: usize = 40;
const PATH: &str = "/webhooks/allscale";

/// A payment and the delivery that told of it.
struct Told {
    given: Given,
    first: SignedWebhook,
}

/// Something of the first delivery again, and what it is answered with.
fn replay(app: &TestApp, told: &Told, number: u32, seeded: &mut Seeded) -> (SignedWebhook, u16) {
    let nonce = told.first.header("x-webhook-nonce");
    let respelled = spellings(nonce).swap_remove(seeded.below(4));
    let fresh = app.webhook_of(&told.given);
    let used = app.webhook_of(&told.given).nonce(nonce);
    match seeded.below(8) {
        0 => (told.first.clone(), 200),
        1 => (used.sign(), 200),
        2 => (fresh.sign(), 200),
        3 => (fresh.nonce(&respelled).sign(), 200),
        4 => (fresh.webhook_id(&format!("whk_{number}")).sign(), 200),
        5 => (used.webhook_id("whk_other").sign(), 401),
        6 => (used.set("user_name", "Eve").sign(), 401),
        // Signed as it was, spelled as it was not.
        _ => {
            let first = told.first.clone();
            (first.with_header("x-webhook-nonce", &respelled), 401)
        }
    }
}

/// The same UUID in other letters.
fn spellings(uuid: &str) -> Vec<String> {
    let bare = uuid.replace('-', "");
    let [braced, urn] = [format!("{{{uuid}}}"), format!("urn:uuid:{uuid}")];
    vec![uuid.to_uppercase(), bare, braced, urn]
}

/// Pays, and tells either app of it once.
async fn pay(apps: &[TestApp]) -> Vec<Told> {
    let mut payments = Vec::new();
    for number in 0..PAYMENTS {
        let given = apps[0].donate_and_pay_unheard().await;
        let first = apps[0].webhook_of(&given).sign();
        let app = &apps[number % apps.len()];
        assert_eq!(app.deliver(&first).await, 200);
        payments.push(Told { given, first });
    }
    payments
}

/// Replays at any of the apps, four at a time.
async fn storm(apps: &[TestApp], payments: &[Told], numbers: Range<u32>) {
    let lane = |number| one_by_one(apps, payments, numbers.clone().skip(number).step_by(4));
    tokio::join!(lane(0), lane(1), lane(2), lane(3));
}

/// Each comes from an address of its own, so that no limit is reached.
async fn one_by_one(apps: &[TestApp], payments: &[Told], numbers: impl Iterator<Item = u32>) {
    for number in numbers {
        let mut seeded = Seeded(number.into());
        let app = &apps[seeded.below(apps.len())];
        let told = &payments[seeded.below(PAYMENTS)];
        let (mut webhook, expected) = replay(app, told, number, &mut seeded);
        let from = Ipv4Addr::from(0x0a00_0000 + number).to_string();
        webhook.headers.push(("x-forwarded-for", from));
        let (status, body) = app.post_webhook(PATH, &webhook).await;
        assert_eq!(status, expected, "{:?}: {body}", webhook.headers);
    }
}

/// Half of the replays, a restart, and the other half.
async fn survive(apps: &mut [TestApp], behaviour: &str) {
    let (replays, begun) = (figure(10_000, 100_000), Instant::now());
    let payments = pay(apps).await;
    storm(apps, &payments, 0..replays / 2).await;
    for app in apps.iter_mut() {
        app.restart().await;
    }
    storm(apps, &payments, replays / 2..replays).await;
    let expected = i64::try_from(PAYMENTS).unwrap();
    assert_eq!(apps[0].counted().await, (expected, expected * 500));
    let (took, programs) = (begun.elapsed(), apps.len());
    measured(
        behaviour,
        format!(
            "{replays} replays at {programs} programs, both halves of a restart, in {took:.0?}: 0 counted twice"
        ),
    );
}

#[tokio::test]
async fn replays_in_a_file_count_nothing_twice() {
    let app = TestApp::build(Setup::behind_a_proxy(Scratch::sqlite())).await;
    survive(&mut [app], "S2 on SQLite").await;
}

#[tokio::test]
async fn replays_at_either_of_two_replicas_count_nothing_twice() {
    let app = TestApp::build(Setup::behind_a_proxy(Scratch::postgres().await)).await;
    let replica = app.replica().await;
    survive(&mut [app, replica], "S2 on Postgres").await;
}
