//! The commands that send notifications, or name their targets.

use super::receiver::{Answer, Receiver};
use super::{Everyone, SIGNING_SECRET};
use crate::support::accounts::stand_in;
use crate::support::program::Program;

/// A program whose settings name every target.
fn program(everyone: &Everyone, program: Program) -> Program {
    let hook = |at: &Receiver| format!("{}/CANARY", at.url);
    program
        .var("BAGEL_NOTIFY_WEBHOOK_URL", &hook(&everyone.webhook))
        .var("BAGEL_NOTIFY_WEBHOOK_SECRET", SIGNING_SECRET)
        .var("BAGEL_NOTIFY_DISCORD_URL", &hook(&everyone.discord))
        .var("BAGEL_NOTIFY_SLACK_URL", &hook(&everyone.slack))
        .var("BAGEL_NOTIFY_NTFY_URL", &hook(&everyone.ntfy))
        .var("BAGEL_NOTIFY_NTFY_TOKEN", "tk_CANARY")
        .var("BAGEL_NOTIFY_TELEGRAM_URL", &everyone.telegram.url)
        .var("BAGEL_NOTIFY_TELEGRAM_TOKEN", "1:CANARY")
        .var("BAGEL_NOTIFY_TELEGRAM_CHAT", "@bagels")
        .file(
            "smtp",
            &format!("smtp://ada:CANARY@{}\n", everyone.mail.address),
        )
        .var("BAGEL_NOTIFY_SMTP_URL_FILE", "smtp")
        .var("BAGEL_NOTIFY_EMAIL_FROM", "Bagel <bagel@example.com>")
        .var("BAGEL_NOTIFY_EMAIL_TO", "ada@example.com")
}

#[tokio::test]
async fn a_sample_is_sent_to_everybody_at_once() {
    let everyone = Everyone::open().await;
    let program = program(&everyone, Program::new());
    let said = program.run(&["notifications", "test"]).await;
    let expected: String = ["discord", "email", "ntfy", "slack", "telegram", "webhook"]
        .map(|name| format!("✓ {name}: acknowledged\n"))
        .concat();
    assert_eq!(
        (said.code, said.out.as_str()),
        (Some(0), expected.as_str()),
        "{said:?}"
    );
    assert_eq!(everyone.webhook.only().json()["type"], "donation.sample");
    assert!(
        everyone
            .ntfy
            .only()
            .body
            .contains("Sample: Ada gave 5.25 USD")
    );
    assert_eq!(everyone.mail.mails().len(), 1);
    assert!(
        !program.folder.path().join("data").exists(),
        "it needs no ledger"
    );

    everyone.discord.will_answer(&[Answer::Status(401)]);
    let said = program.run(&["notifications", "test"]).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    let line = "✗ discord: status 401: is its token or secret right?\n✓ email";
    assert!(said.out.contains(line), "{said:?}");
    assert!(!format!("{said:?}").contains("CANARY"), "{said:?}");
}

#[tokio::test]
async fn nobody_to_be_told_is_said_and_wrong_settings_are_named() {
    let said = Program::new().run(&["notifications", "test"]).await;
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("BAGEL_NOTIFY_NTFY_URL"), "{said:?}");
    let program = Program::new().var("BAGEL_NOTIFY_DISCORD_URL", "http://CANARY.example");
    let said = program.run(&["notifications", "test"]).await;
    assert_eq!(said.code, Some(2));
    assert!(
        said.err
            .contains("BAGEL_NOTIFY_DISCORD_URL: must start with https"),
        "{said:?}"
    );
    assert!(!said.err.contains("CANARY"));
}

#[tokio::test]
async fn the_doctor_names_who_is_told_and_sends_nothing() {
    let everyone = Everyone::open().await;
    let stand_in = stand_in().await;
    let program = program(&everyone, Program::for_store(&stand_in));
    let said = program.run(&["doctor"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    for (name, receiver) in everyone.over_http() {
        assert!(said.out.contains(&format!("by {name};")), "{said:?}");
        assert!(receiver.heard().is_empty(), "{name}");
    }
    assert!(said.out.contains("by email;") && everyone.mail.mails().is_empty());
    assert!(!format!("{said:?}").contains("CANARY"), "{said:?}");
}

#[tokio::test]
async fn a_verdict_is_told_by_the_running_server() {
    let everyone = Everyone::open().await;
    let app = everyone.app().await;
    let given = app.donate().await;
    let webhook = app.webhook_of(&given).set("amount_cents", 499).sign();
    assert_eq!(app.deliver(&webhook).await, 200);
    app.tell_everyone().await;
    let program = program(&everyone, app.program());
    let id = given.id.to_string();
    let said = program
        .run(&["donations", "resolve", &id, "--confirm"])
        .await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(app.ledger.outbox(false).await.unwrap().len(), 6);
    // The command queued it by the machine's clock, which is ahead of the app's.
    app.pass(std::time::Duration::from_mins(1));
    app.tell_everyone().await;
    let told: Vec<_> = everyone
        .slack
        .heard()
        .iter()
        .map(|heard| heard.body.clone())
        .collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].contains("needs your decision") && told[1].contains("Ada gave 4.99 USD"));
}
