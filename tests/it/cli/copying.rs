//! `bagel donations copy`: a whole `SQLite` ledger into Postgres, and the
//! source as it was.

use std::path::Path;
use std::time::Instant;

use bagel::status::Status;
use bagel::supporter::Visibility;
use serde_json::json;
use stand_in::Action;
use uuid::Uuid;

use crate::support::measured::{figure, measured};
use crate::support::program::{Program, Said};
use crate::support::scratch_ledgers::Scratch;
use crate::support::served::Served;
use crate::support::test_app::TestApp;

/// Copies a file into the ledger of `target`.
pub(crate) async fn copy(from: &Path, target: &Scratch) -> Said {
    let from = format!("sqlite://{}", from.display());
    let program = Program::on_ledger(&target.url());
    program.run(&["donations", "copy", "--from", &from]).await
}

/// An app with something in each table, closed for the night.
pub(crate) async fn lived_in() -> TestApp {
    let mut app = TestApp::open().await;
    let paid = app.donate().await;
    app.press(&paid, Action::Pay).await;
    app.donate().await;
    let less = app.donate().await;
    let webhook = app.webhook_of(&less).set("amount_cents", 1).sign();
    assert_eq!(app.deliver(&webhook).await, 200);
    let body = json!({"amount": "1.23", "name": "\"Ada\" \\ 🥯 \u{2028}", "message": "one\ntwo"});
    let key = Uuid::new_v4().to_string();
    let keyed = app.post_checkout_with_key(&body, Some(&key)).await;
    assert_eq!(keyed.status(), 200);
    let shown = Visibility {
        name: true,
        message: false,
        amount: true,
    };
    app.ledger
        .set_visibility(paid.id, shown, app.state.clock.now())
        .await
        .unwrap();
    let queue = "INSERT INTO outbox (id, donation_id, target, occasion, queued_at, give_up_at)
        SELECT id, id, 'ntfy', 'confirmed', 1, 9223372036854775807 FROM donations";
    app.tamper(queue).await;
    app.close().await;
    app.ledger.close().await;
    app
}

pub(crate) async fn is_empty(target: &Scratch) -> bool {
    let contents = target.ledger().await.contents().await;
    contents.values().all(Vec::is_empty)
}

#[tokio::test]
async fn every_row_of_every_table_is_copied_and_the_source_is_as_it_was() {
    let app = lived_in().await;
    let file = app.ledger_path();
    let before = std::fs::read(&file).unwrap();
    let target = Scratch::postgres().await;
    let said = copy(&file, &target).await;
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    let told = "4 donations, 1 confirmed, 5.00 USD: copied from ";
    assert!(said.out.starts_with(told), "{}", said.out);
    assert!(!said.out.contains("postgres://"), "{}", said.out);
    assert_eq!(std::fs::read(&file).unwrap(), before);
    let folder = std::fs::read_dir(file.parent().unwrap()).unwrap();
    let names: Vec<_> = folder.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["bagel.db"], "something was left beside it");
    let source = Scratch::open_file(&file).await.contents().await;
    for (table, rows) in &source {
        assert!(!rows.is_empty(), "{table} was not tried: put something in");
    }
    assert_eq!(target.ledger().await.contents().await, source);
}

#[tokio::test]
async fn what_was_copied_is_served_as_before() {
    let mut app = lived_in().await;
    let target = Scratch::postgres().await;
    assert_eq!(copy(&app.ledger_path(), &target).await.code, Some(0));
    app.restart().await;
    let served = Served::open(&[("DATABASE_URL", &target.url())]).await;
    let donations = app.ledger.donations(None).await.unwrap();
    for donation in &donations {
        let page = served.get(&format!("/thanks/{}", donation.id));
        let page = page.send().await.unwrap().text().await.unwrap();
        let told = format!("data-status=\"{}\"", donation.status.name());
        assert!(page.contains(&told), "no {told}");
    }
    let ledger = target.open().await;
    assert_eq!(
        ledger.totals().await.unwrap(),
        app.ledger.totals().await.unwrap()
    );
    let copied = ledger.donations(None).await.unwrap();
    assert_eq!(format!("{copied:?}"), format!("{donations:?}"));
    assert!(donations.iter().any(|it| it.status == Status::Review));
    assert_eq!(served.checkout().await.status(), 200);
}

/// Thousands of donations of every age, as one statement makes them.
const YEARS: &str = "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
    INSERT INTO donations (id, created_at, updated_at, status, amount_cents, currency, name,
                           message, provider, provider_intent_id, checkout_url, tx_hash, net_amount,
                           confirmed_at)
    SELECT printf('%08x-0000-4000-8000-000000000000', i), i, i,
           CASE i % 3 WHEN 0 THEN 'CONFIRMED' WHEN 1 THEN 'TIMEOUT' ELSE 'CREATED' END,
           100 + i % 900, 'USD', 'Ada ' || i, 'Thank you for all the bagels, number ' || i,
           'allscale', 'intent' || i, 'https://checkout.example/' || i, '0x' || i, '1.5',
           CASE i % 3 WHEN 0 THEN i END FROM n";

#[tokio::test]
async fn years_of_donations_are_copied_in_a_minute() {
    let donations = figure(3_000, 100_000);
    let source = Scratch::sqlite();
    let ledger = source.ledger().await;
    ledger.fill(YEARS, donations).await;
    for rest in [
        "INSERT INTO confirmations SELECT id, amount_cents, currency, created_at FROM donations
         WHERE status = 'CONFIRMED'",
        "INSERT INTO webhooks SELECT provider, id, id, id, provider_intent_id, status, '1.00 USD',
         created_at FROM donations WHERE status = 'CONFIRMED'",
    ] {
        ledger.tamper(rest).await;
    }
    ledger.close().await;
    let target = Scratch::postgres().await;
    let begun = Instant::now();
    let said = copy(&source.file(), &target).await;
    let took = begun.elapsed();
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(took.as_secs() < 60, "{took:?}");
    let verified = Instant::now();
    let program = Program::on_ledger(&target.url());
    let said = program.run(&["donations", "verify"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    let audit = verified.elapsed();
    measured(
        "D12",
        format!("{donations} donations copied to Postgres in {took:.1?}, verified in {audit:.1?}"),
    );
}
