//! Clients that hang up: what they began is finished all the same, or never
//! begun; nothing is left half done.

use std::time::Duration;

use bagel::status::Status;
use stand_in::{Call, Fault, FaultKind, SignedWebhook};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::support::provider_kind::{self, ProviderKind, for_both};
use crate::support::seeded::Seeded;
use crate::support::test_app::TestApp;

for_both! {
    a_sender_that_hangs_up_leaves_no_webhook_half_settled
    an_answer_lost_after_the_commit_is_given_again
}

const TIMES: usize = 100;

fn request(path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: page\r\ncontent-length: {}\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A checkout request of a client behind a proxy.
pub(crate) fn checkout(client: &str) -> Vec<u8> {
    let body = br#"{"amount": 5, "name": "Ada"}"#;
    let headers = format!("content-type: application/json\r\nx-forwarded-for: {client}\r\n");
    request("/api/checkout", &headers, body)
}

/// The same client's request for a donation's status.
pub(crate) fn poll(id: &str, client: &str) -> Vec<u8> {
    let question = format!("GET /api/status?intent_id={id} HTTP/1.1\r\nhost: page\r\n");
    format!("{question}x-forwarded-for: {client}\r\n\r\n").into_bytes()
}

pub(crate) fn webhook(signed: &SignedWebhook) -> Vec<u8> {
    let lines = signed.headers.iter();
    let headers: Vec<_> = lines
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    request(
        &provider_kind::path(signed.provider()),
        &headers.concat(),
        &signed.body,
    )
}

/// Sends all of a request and is gone within 5 ms, politely or by a reset.
pub(crate) async fn hang_up(app: &TestApp, bytes: &[u8], seeded: &mut Seeded) {
    let page = app.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(page).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    sleep(Duration::from_micros(
        seeded.below(5000).try_into().unwrap(),
    ))
    .await;
    if seeded.below(2) == 0 {
        stream.set_zero_linger().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_supporter_who_hangs_up_leaves_no_checkout_half_made() {
    let mut app = TestApp::open().await;
    // The provider answers when every client is gone.
    let late = FaultKind::Delay(Duration::from_millis(300));
    app.stand_in
        .faults
        .inject(Fault::always(Call::Create, late));
    let mut seeded = Seeded(3);
    for _ in 0..TIMES {
        hang_up(&app, &checkout("198.51.100.7"), &mut seeded).await;
    }
    app.close().await;
    let donations = app.ledger.donations(None).await.unwrap();
    let noted = donations
        .iter()
        .filter(|donation| donation.intent.is_some());
    let (begun, noted, made) = (
        donations.len(),
        noted.count(),
        app.stand_in.intents.all().len(),
    );
    println!("of {TIMES} requests {begun} were begun, {made} made, {noted} noted");
    assert_eq!((begun, made), (noted, noted));
    assert!(begun > TIMES / 2);
}

async fn a_sender_that_hangs_up_leaves_no_webhook_half_settled(by: ProviderKind) {
    let app = TestApp::paying_by(by).await;
    let mut seeded = Seeded(4);
    let mut payments = Vec::new();
    for _ in 0..TIMES {
        let given = app.donate_and_pay_unheard().await;
        let signed = app.signed(&given);
        hang_up(&app, &webhook(&signed), &mut seeded).await;
        payments.push((given, signed));
    }
    while !app.state.tasks.is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
    let settled = app.figure("SELECT COUNT(*) FROM webhooks").await;
    assert!(settled > 0, "of {TIMES} webhooks nobody waited for");
    assert_eq!(app.counted().await, (settled, settled * 500));
    // The others, too, are settled once they come again.
    for (given, signed) in &payments {
        assert_eq!(app.deliver(signed).await, 200);
        assert_eq!(app.status(given.id).await, Status::Confirmed);
    }
    let count = i64::try_from(TIMES).unwrap();
    assert_eq!(app.counted().await, (count, count * 500));
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, count);
}

async fn an_answer_lost_after_the_commit_is_given_again(by: ProviderKind) {
    let app = TestApp::paying_by(by).await;
    let given = app.donate_and_pay_unheard().await;
    let signed = app.signed(&given);
    let page = app.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(page).await.unwrap();
    stream.write_all(&webhook(&signed)).await.unwrap();
    while app.counted().await != (1, 500) {
        sleep(Duration::from_millis(1)).await;
    }
    stream.set_zero_linger().unwrap();
    drop(stream);
    assert_eq!(app.deliver(&signed).await, 200);
    assert_eq!(app.counted().await, (1, 500));
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 1);
}
