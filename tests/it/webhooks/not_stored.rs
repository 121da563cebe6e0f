//! What could not be kept is not answered with 200, leaves nothing behind,
//! and counts once when it comes again.

use bagel::status::Status;

use crate::support::measured::measured;
use crate::support::provider_kind::{self, ProviderKind, for_both};
use crate::support::scratch_ledgers::Scratch;
use crate::support::test_app::{Setup, TestApp};

for_both! {
    a_commit_that_fails_in_a_file_is_not_answered_with_200
    a_commit_that_fails_in_postgres_is_not_answered_with_200
    a_ledger_that_cannot_be_written_answers_503_and_keeps_nothing
    a_failure_after_the_webhook_was_noted_takes_the_note_back
    a_failure_after_the_nonce_was_noted_takes_the_nonce_back
    a_poll_is_answered_from_what_is_known_while_nothing_can_be_written
}

/// Breaks the ledger, delivers, mends it, delivers the very same again.
async fn survives(setup: Setup, broken: &'static str, mended: &'static str) {
    let app = TestApp::build(setup).await;
    let given = app.donate_and_pay_unheard().await;
    let webhook = app.signed(&given);
    app.tamper(broken).await;
    for _ in 0..3 {
        let (status, body) = app
            .post_webhook(&provider_kind::path(webhook.provider()), &webhook)
            .await;
        assert_eq!(status, 503, "{broken}: {body}");
        assert!(!body.contains("table"), "{body}");
    }
    app.tamper(mended).await;
    assert_eq!(app.status(given.id).await, Status::Created, "{broken}");
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 0);
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhook_nonces").await, 0);
    assert_eq!(app.deliver(&webhook).await, 200);
    assert_eq!(app.deliver(&webhook).await, 200);
    assert_eq!(app.status(given.id).await, Status::Confirmed);
    assert_eq!(app.counted().await, (1, 500));
}

async fn a_commit_that_fails_in_a_file_is_not_answered_with_200(by: ProviderKind) {
    // Refused at the commit and not before.
    let broken = "CREATE TABLE nobody (id TEXT PRIMARY KEY);
        CREATE TABLE trap (id TEXT REFERENCES nobody (id) DEFERRABLE INITIALLY DEFERRED);
        CREATE TRIGGER at_commit AFTER INSERT ON webhooks BEGIN INSERT INTO trap VALUES ('x'); END";
    survives(Setup::paying_by(by), broken, "DROP TRIGGER at_commit").await;
}

async fn a_commit_that_fails_in_postgres_is_not_answered_with_200(by: ProviderKind) {
    let broken = "ALTER TABLE webhooks ADD CONSTRAINT at_commit FOREIGN KEY (webhook_id)
        REFERENCES donations (id) DEFERRABLE INITIALLY DEFERRED";
    let setup = Setup {
        data: Scratch::postgres().await,
        ..Setup::paying_by(by)
    };
    let mended = "ALTER TABLE webhooks DROP CONSTRAINT at_commit";
    survives(setup, broken, mended).await;
    measured(
        "D8",
        "a failure before or at the commit: 503, nothing kept, counted once when it comes again; \
         an answer lost after the commit: 200 again, counted once",
    );
}

async fn a_ledger_that_cannot_be_written_answers_503_and_keeps_nothing(by: ProviderKind) {
    survives(
        Setup::paying_by(by),
        "PRAGMA query_only = ON",
        "PRAGMA query_only = OFF",
    )
    .await;
}

async fn a_failure_after_the_webhook_was_noted_takes_the_note_back(by: ProviderKind) {
    survives(
        Setup::paying_by(by),
        "ALTER TABLE confirmations RENAME TO away",
        "ALTER TABLE away RENAME TO confirmations",
    )
    .await;
}

async fn a_failure_after_the_nonce_was_noted_takes_the_nonce_back(by: ProviderKind) {
    survives(
        Setup::paying_by(by),
        "ALTER TABLE webhooks RENAME TO away",
        "ALTER TABLE away RENAME TO webhooks",
    )
    .await;
}

async fn a_poll_is_answered_from_what_is_known_while_nothing_can_be_written(by: ProviderKind) {
    let app = TestApp::paying_by(by).await;
    let given = app.donate_and_pay_unheard().await;
    app.tamper("PRAGMA query_only = ON").await;
    assert_eq!(app.poll(given.id).await["name"], "CREATED");
    app.tamper("PRAGMA query_only = OFF").await;
    app.pass(app.state.config.reconcile_every);
    app.sweep().await;
    assert_eq!(app.counted().await, (1, 500));
}
