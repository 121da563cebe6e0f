//! `bagel donations verify`, and the running program that verifies by itself:
//! what differs is named, nothing is stopped and nothing is changed.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use stand_in::Action;
use tokio::time::{sleep, timeout};
use tracing::Level;
use tracing_subscriber::util::SubscriberInitExt;

use crate::support::program::Said;
use crate::support::served::Served;
use crate::support::test_app::TestApp;
use crate::support::visits::Given;

async fn paid(app: &TestApp) -> Given {
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    given
}

async fn verify(app: &TestApp) -> Said {
    app.program().run(&["donations", "verify"]).await
}

#[tokio::test]
async fn a_ledger_that_agrees_is_one_sentence() {
    let app = TestApp::open().await;
    app.donate().await;
    for _ in 0..2 {
        paid(&app).await;
    }
    let said = verify(&app).await;
    let told = "3 donations, 2 confirmed, 10.00 USD: all agrees\n";
    assert_eq!(
        (said.code, said.out.as_str(), said.err.as_str()),
        (Some(0), told, "")
    );
}

#[tokio::test]
async fn each_difference_is_a_line_and_the_exit_code_is_one() {
    let app = TestApp::open().await;
    let gone = paid(&app).await;
    app.tamper("DELETE FROM confirmations").await;
    let other = paid(&app).await;
    let less = "UPDATE confirmations SET amount_cents = 400";
    app.tamper(less).await;
    let before = std::fs::read(app.ledger_path()).unwrap();
    let said = verify(&app).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    let lines: Vec<_> = said.out.lines().collect();
    assert_eq!(lines.len(), 4, "{said:?}");
    for (line, part) in lines.iter().zip([
        "2 donations, 1 confirmed, 4.00 USD: not all agrees",
        &format!("donation {}: is CONFIRMED, but nothing", gone.id),
        &format!("donation {}: is counted with another amount", other.id),
        "total USD: 400 hundredths of 1",
    ]) {
        assert!(line.starts_with(part), "{line}");
    }
    assert!(said.err.contains("docs/donations.md"), "{}", said.err);
    assert_eq!(std::fs::read(app.ledger_path()).unwrap(), before);
}

#[tokio::test]
async fn a_damaged_file_is_told_as_such() {
    let app = TestApp::open().await;
    for _ in 0..20 {
        app.donate().await;
    }
    let index = "SELECT rootpage FROM sqlite_master WHERE name = 'donations_by_time'";
    let page: usize = app.ledger.figure(index).await.try_into().unwrap();
    app.tamper("PRAGMA wal_checkpoint(TRUNCATE)").await;
    app.ledger.close().await;
    let mut file = std::fs::read(app.ledger_path()).unwrap();
    // The entries of an index stand at the end of its page.
    file[page * 4096 - 64..page * 4096].fill(0);
    std::fs::write(app.ledger_path(), file).unwrap();
    let said = verify(&app).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.out.contains("the file: "), "{said:?}");
}

#[tokio::test]
async fn a_row_that_points_nowhere_is_found_by_the_engine_too() {
    let app = TestApp::open().await;
    paid(&app).await;
    app.tamper("PRAGMA foreign_keys = OFF").await;
    app.tamper("UPDATE webhooks SET donation_id = 'gone'").await;
    let said = verify(&app).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    let told = "the file: row 1 of webhooks points to a row of donations that is not there";
    assert!(said.out.contains(told), "{said:?}");
}

#[tokio::test]
async fn a_program_that_starts_says_what_differs_and_goes_on() {
    let app = TestApp::open().await;
    let given = paid(&app).await;
    app.tamper("DELETE FROM confirmations").await;
    let url = format!("sqlite://{}", app.ledger_path().display());
    let served = Served::open(&[("DATABASE_URL", &url)]).await;
    let told = format!("donation {}: is CONFIRMED, but", given.id);
    served.running.logged(&told).await;
    assert_eq!(served.checkout().await.status(), 200);
    let (said, _) = served.stop().await;
    let line = said.err.lines().find(|line| line.contains(&told)).unwrap();
    assert!(line.contains("ERROR"), "{line}");
}

#[tokio::test]
async fn a_program_that_goes_on_notices_what_changes() {
    let log = Log::default();
    let writer = log.clone();
    let _logs = tracing_subscriber::fmt()
        .with_max_level(Level::DEBUG)
        .with_writer(move || writer.clone())
        .set_default();
    let app = TestApp::open().await;
    paid(&app).await;
    let audits = bagel::audit::run(Arc::clone(&app.state), Duration::from_millis(5));
    let audits = tokio::spawn(audits);
    log.says("agrees with itself: 1 donation, 1 confirmed")
        .await;
    app.tamper("DELETE FROM confirmations").await;
    log.says("is CONFIRMED, but").await;
    audits.abort();
}

/// What this test's thread logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    async fn says(&self, mark: &str) {
        let said = async {
            let says = || String::from_utf8_lossy(&self.0.lock().unwrap()).contains(mark);
            while !says() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(30), said).await.expect(mark);
    }
}

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
