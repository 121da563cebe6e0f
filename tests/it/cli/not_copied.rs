//! When `bagel donations copy` copies nothing: it says why, and the target is
//! empty.

use sqlx::Connection;
use stand_in::Action;

use crate::cli::copying::{copy, is_empty, lived_in};
use crate::support::program::Program;
use crate::support::scratch_ledgers::Scratch;
use crate::support::test_app::TestApp;

#[tokio::test]
async fn a_ledger_in_use_is_not_copied() {
    let app = TestApp::open().await;
    app.donate().await;
    let target = Scratch::postgres().await;
    let said = copy(&app.ledger_path(), &target).await;
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:?}");
    assert!(said.err.contains("a program has it open"), "{}", said.err);
    assert!(is_empty(&target).await);
    app.donate().await;
}

#[tokio::test]
async fn nothing_is_added_to_a_ledger_that_holds_something() {
    let app = lived_in().await;
    let target = Scratch::postgres().await;
    assert_eq!(copy(&app.ledger_path(), &target).await.code, Some(0));
    let before = target.ledger().await.contents().await;
    let said = copy(&app.ledger_path(), &target).await;
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:?}");
    assert!(said.err.contains("is not empty"), "{}", said.err);
    assert_eq!(target.ledger().await.contents().await, before);
}

/// The source was altered: nothing is copied, and the error says `why`.
async fn refused(tampering: &'static str, why: &str) {
    let app = TestApp::open().await;
    let paid = app.donate().await;
    app.press(&paid, Action::Pay).await;
    app.tamper("PRAGMA foreign_keys = OFF").await;
    app.tamper(tampering).await;
    app.ledger.close().await;
    let target = Scratch::postgres().await;
    let said = copy(&app.ledger_path(), &target).await;
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:?}");
    assert!(said.err.contains(why), "{}", said.err);
    assert!(is_empty(&target).await, "{tampering}");
}

#[tokio::test]
async fn a_schema_of_another_release_is_refused() {
    refused("PRAGMA user_version = 1", "bring it up to date first").await;
    refused("PRAGMA user_version = 99", "newer release").await;
    refused("PRAGMA user_version = 0", "no ledger of this program").await;
}

#[tokio::test]
async fn a_source_that_does_not_agree_is_refused() {
    let why = "does not agree with itself";
    refused("DELETE FROM confirmations", why).await;
    refused("UPDATE webhooks SET donation_id = 'gone'", why).await;
}

#[tokio::test]
async fn the_table_whose_row_postgres_refuses_is_named() {
    let why = "a row of donations is refused by Postgres: unsupported Unicode";
    refused("UPDATE donations SET checkout_url = 'a' || char(0)", why).await;
    let why = "a row of webhooks is refused by Postgres: unsupported Unicode";
    refused("UPDATE webhooks SET charged = 'a' || char(0)", why).await;
}

#[tokio::test]
async fn a_target_somebody_writes_to_is_left_alone() {
    let app = lived_in().await;
    let target = Scratch::postgres().await;
    let stranger = target.postgres_ledger().await;
    let mut connection = stranger.connection().await.unwrap();
    let mut write = connection.begin().await.unwrap();
    let lock = sqlx::query("LOCK TABLE outbox IN ROW EXCLUSIVE MODE");
    lock.execute(&mut *write).await.unwrap();
    let said = copy(&app.ledger_path(), &target).await;
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:?}");
    assert!(said.err.contains("somebody writes"), "{}", said.err);
    drop(write);
    assert!(is_empty(&target).await);
}

/// Something in the target changes what is written there.
async fn altered(trigger: &'static str, why: &str) {
    let app = lived_in().await;
    let target = Scratch::postgres().await;
    target.open().await.close().await;
    target.tamper(trigger).await;
    let said = copy(&app.ledger_path(), &target).await;
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:?}");
    assert!(said.err.contains(why), "{}", said.err);
    assert!(is_empty(&target).await);
}

#[tokio::test]
async fn a_copy_that_is_not_its_source_is_taken_back() {
    let swallow = "CREATE FUNCTION swallow() RETURNS trigger AS
            $$ BEGIN RETURN NULL; END $$ LANGUAGE plpgsql;
        CREATE TRIGGER swallow BEFORE INSERT ON webhook_nonces
            FOR EACH ROW EXECUTE FUNCTION swallow()";
    altered(swallow, "the copy of webhook_nonces").await;
    let shrink = "CREATE FUNCTION shrink() RETURNS trigger AS
            $$ BEGIN NEW.amount_cents := 1; RETURN NEW; END $$ LANGUAGE plpgsql;
        CREATE TRIGGER shrink BEFORE INSERT ON confirmations
            FOR EACH ROW EXECUTE FUNCTION shrink()";
    altered(shrink, "the copy of the ledger").await;
}

#[tokio::test]
async fn both_addresses_are_judged_before_anything_is_opened() {
    let file = Scratch::sqlite();
    let target = Scratch::postgres().await;
    let said = copy(&file.file(), &target).await;
    assert!(said.err.contains("no such file"), "{said:?}");
    assert!(!file.file().exists());
    let password = "postgres://bagel:CANARY@127.0.0.1:1/bagel";
    for (url, from, why) in [
        (&*target.url(), password, "--from must be"),
        (password, "sqlite://nothing.db", "Postgres at 127.0.0.1:1"),
        ("sqlite://nothing.db", "sqlite://nothing.db", "DATABASE_URL"),
    ] {
        let program = Program::on_ledger(url);
        let said = program.run(&["donations", "copy", "--from", from]).await;
        assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{said:?}");
        assert!(
            said.err.contains(why) && !said.err.contains("CANARY"),
            "{said:?}"
        );
    }
}
