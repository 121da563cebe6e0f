//! No address and no token of a target is found anywhere: not at `trace`, not
//! in an error, not in the ledger, not in what a command prints.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use stand_in::Action;
use tokio::time::{sleep, timeout};

use super::Everyone;
use super::mailbox::Fate;
use super::receiver::Answer;
use crate::cli::canary::Heard;
use crate::support::program::Program;
use crate::support::served::{Served, donation_of};

/// One secret in the place of all, for everyone.
fn vars(everyone: &Everyone, secret: &str) -> Vec<(&'static str, String)> {
    let [webhook, discord, slack, ntfy, telegram] = everyone.over_http().map(|(_, at)| &at.url);
    vec![
        ("BAGEL_NOTIFY_WEBHOOK_URL", format!("{webhook}/{secret}")),
        (
            "BAGEL_NOTIFY_WEBHOOK_SECRET",
            format!("whsec_{}", BASE64_STANDARD.encode(secret)),
        ),
        (
            "BAGEL_NOTIFY_DISCORD_URL",
            format!("{discord}/{secret}?thread_id={secret}"),
        ),
        ("BAGEL_NOTIFY_SLACK_URL", format!("{slack}/{secret}")),
        ("BAGEL_NOTIFY_NTFY_URL", format!("{ntfy}/{secret}")),
        ("BAGEL_NOTIFY_NTFY_TOKEN", secret.to_owned()),
        ("BAGEL_NOTIFY_TELEGRAM_URL", telegram.clone()),
        ("BAGEL_NOTIFY_TELEGRAM_TOKEN", format!("1:{secret}")),
        ("BAGEL_NOTIFY_TELEGRAM_CHAT", "1".to_owned()),
        (
            "BAGEL_NOTIFY_SMTP_URL",
            format!("smtp://ada:{secret}@{}", everyone.mail.address),
        ),
        ("BAGEL_NOTIFY_EMAIL_FROM", "bagel@example.com".to_owned()),
        ("BAGEL_NOTIFY_EMAIL_TO", "ada@example.com".to_owned()),
    ]
}

fn secret() -> String {
    format!("st_{}", uuid::Uuid::new_v4().simple())
}

/// Each target fails in its own way first, and is notified again.
async fn live(served: &Served, everyone: &Everyone) {
    let [webhook, discord, slack, ntfy, telegram] = everyone.over_http().map(|(_, at)| at);
    webhook.will_answer(&[Answer::Status(500)]);
    discord.will_answer(&[Answer::Wait("1")]);
    slack.will_answer(&[Answer::Redirect(307, discord.url.clone())]);
    ntfy.will_answer(&[Answer::Status(403)]);
    telegram.will_answer(&[Answer::Status(400)]);
    everyone.mail.will(&[Fate::Lost]);
    donation_of(served.checkout().await).await;
    let intent = served.stand_in.intents.all().pop().unwrap().id;
    served.stand_in.act(&intent, Action::Pay).await.unwrap();
    let twice = async {
        let over_http = everyone.over_http();
        while over_http.iter().any(|(_, at)| at.heard().len() < 2)
            || everyone.mail.mails().len() < 2
        {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_mins(1), twice)
        .await
        .expect("each is told again");
}

#[tokio::test]
async fn no_secret_of_a_target_is_found_anywhere() {
    let (everyone, secret) = (Everyone::open().await, secret());
    let vars = vars(&everyone, &secret);
    let vars: Vec<_> = vars
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let served = Served::open(&[&vars[..], &[("RUST_LOG", "trace")]].concat()).await;
    let mut heard = Heard::default();
    live(&served, &everyone).await;
    everyone
        .webhook
        .will_answer(&[Answer::Redirect(302, "/".to_owned())]);
    for args in [
        &["notifications"][..],
        &["notifications", "list", "--all"],
        &["notifications", "test"],
        &["notifications", "replay", "x"],
        &["donations", "list"],
        &["doctor"],
    ] {
        heard.command(&served.program, args).await;
    }
    heard.files(served.program.folder.path());
    let (said, program) = served.stop().await;
    assert!(said.err.contains("TRACE") && said.err.contains("was not acknowledged"));
    heard.note("stdout", said.out);
    heard.note("stderr", said.err);
    heard.files(program.folder.path());
    assert_eq!(heard.find(&secret), None);
    // It was used, or nothing is proved.
    assert!(everyone.discord.heard()[0].target.contains(&secret));
}

#[tokio::test]
async fn no_mistake_in_a_targets_settings_prints_it() {
    let secret = secret();
    let mut heard = Heard::default();
    let with =
        |name: &str, value: String| Program::new().var(name, &value).var("RUST_LOG", "trace");
    for program in [
        with(
            "BAGEL_NOTIFY_WEBHOOK_URL",
            format!("https://a.example/{secret}"),
        ),
        with("BAGEL_NOTIFY_WEBHOOK_SECRET", secret.clone()),
        with(
            "BAGEL_NOTIFY_DISCORD_URL",
            format!("http://a.example/{secret}"),
        ),
        with(
            "BAGEL_NOTIFY_SLACK_URL",
            format!("https://x:{secret}@a.example"),
        ),
        with("BAGEL_NOTIFY_SLACK_URL", secret.clone()),
        with(
            "BAGEL_NOTIFY_NTFY_URL",
            format!("https://a.example/{secret}/ "),
        ),
        with("BAGEL_NOTIFY_NTFY_TOKEN", format!("{secret}é")),
        with("BAGEL_NOTIFY_TELEGRAM_TOKEN", secret.clone()),
        with("BAGEL_NOTIFY_TELEGRAM_CHAT", secret.clone()),
        with(
            "BAGEL_NOTIFY_SMTP_URL",
            format!("smtp://x:{secret}@a.example"),
        ),
        with("BAGEL_NOTIFY_EMAIL_TO", secret.clone()),
        with("BAGEL_NOTIFY_SLACK_URL_FILE", secret.clone()),
    ] {
        for args in [&["serve"][..], &["doctor"], &["notifications", "test"]] {
            let code = heard.command(&program, args).await;
            assert!(
                matches!(code, Some(1 | 2)),
                "{args:?}: {:?}",
                heard.find(&secret)
            );
        }
    }
    assert_eq!(heard.find(&secret), None);
}
