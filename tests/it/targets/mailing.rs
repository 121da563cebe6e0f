//! E-mail: what the mail server is told, and what it is never told.

use std::time::Duration;

use bagel::clock::{Clock, Millis};
use bagel::notify::targets::{Settings, messengers};
use bagel::notify::{DeliveryError, Notification};
use bagel::provider::Providers;
use bagel::tell::Step;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;
use stand_in::Action;
use tokio::time::{advance, pause, resume};

use super::mailbox::{Fate, Mailbox};
use super::{Everyone, email};

const HOUR: Duration = Duration::from_hours(4);

#[tokio::test]
async fn a_mail_that_is_repeated_can_be_known_as_the_same() {
    let everyone = Everyone::open().await;
    everyone
        .mail
        .will(&[Fate::Refused(451), Fate::Lost, Fate::Refused(535)]);
    let app = everyone.app().await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    for expected in [
        "status 451",
        "no answer that can be used",
        "status 535: are user and password right?",
    ] {
        match app.step_target("email").await {
            Step::Failed(failure, Some(_)) => assert_eq!(failure.why, expected),
            step => panic!("{step:?}"),
        }
        app.pass(HOUR);
    }
    assert!(matches!(app.step_target("email").await, Step::Delivered));
    app.pass(HOUR * 24);
    assert!(matches!(app.step_target("email").await, Step::Idle));
    let mails = everyone.mail.mails();
    assert_eq!(mails.len(), 4);
    assert!(
        mails.iter().all(|mail| mail.raw == mails[0].raw),
        "{mails:?}"
    );
    assert!(mails[0].field("Message-ID").ends_with("@example.com>"));
    assert_eq!(mails[0].field("Auto-Submitted"), "auto-generated");
}

#[tokio::test]
async fn no_name_adds_a_field_or_an_address() {
    let everyone = Everyone::open().await;
    let app = everyone.app().await;
    for name in [
        "Ada\nBcc: x@evil.example",
        "Ada\r\n\r\nbody",
        "Ada\u{2028}Bcc: x@evil.example",
        "=?utf-8?b?QmNjOg==?=",
        "\"Ada\" <x@evil.example>, y@evil.example",
    ] {
        let body = json!({"amount": 5, "name": name, "message": ".\r\n.\r\nQUIT"});
        let given = app.donate_with(&body).await;
        app.press(&given, Action::Pay).await;
        app.tell_everyone().await;
        let mail = everyone.mail.mails().pop().unwrap();
        let mut fields = mail.field_names();
        fields.sort_unstable();
        let expected = "Auto-Submitted Content-Transfer-Encoding Content-Type Date From \
                        MIME-Version Message-ID Subject To";
        assert_eq!(fields.join(" "), expected, "{mail:?}");
        let name = app.donation(given.id).await.request.name.unwrap();
        assert_eq!(
            mail.field("Subject"),
            format!("{} gave 5.00 USD", name.as_str().replace("=?", "= ?"))
        );
        assert!(mail.body.contains("> .\n> .\n> QUIT\n"), "{mail:?}");
    }
    let rcpt = everyone
        .mail
        .said()
        .matches("RCPT TO:<ada@example.com>")
        .count();
    assert_eq!((rcpt, everyone.mail.said().matches("RCPT").count()), (5, 5));
}

async fn send(server: &str) -> Result<(), DeliveryError> {
    let settings = Settings {
        email: Some(email(server)),
        ..Settings::default()
    };
    let ways = messengers(&settings, &Providers::default(), &Clock::System).unwrap();
    let sample = Notification::sample(Millis(1_763_776_800_000));
    ways[0].send(&sample).await
}

#[tokio::test]
async fn user_and_password_are_decoded_and_sent() {
    let mailbox = Mailbox::open().await;
    send(&format!("smtp://ada:p%40%3Ass@{}", mailbox.address))
        .await
        .unwrap();
    let plain = BASE64_STANDARD.encode("\0ada\0p@:ss");
    assert!(
        mailbox.said().contains(&format!("AUTH PLAIN {plain}\r\n")),
        "{}",
        mailbox.said()
    );
    let mails = mailbox.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].field("Date"), "Sat, 22 Nov 2025 02:00:00 +0000");
}

#[tokio::test]
async fn a_server_without_tls_gets_neither_password_nor_mail() {
    let mailbox = Mailbox::open().await;
    let asked = format!("smtp://ada:CANARY@{}?tls=required", mailbox.address);
    let error = send(&asked).await.unwrap_err();
    assert_eq!(
        error.why,
        "the mail server offers no TLS, or no way to log in that we know"
    );
    let wrapped = format!("smtps://ada:CANARY@{}", mailbox.address);
    let error = send(&wrapped).await.unwrap_err();
    assert!(!error.why.contains("CANARY"), "{error}");
    assert!(!mailbox.said().contains("AUTH"), "{}", mailbox.said());
    assert!(mailbox.mails().is_empty());
}

#[tokio::test]
async fn a_server_that_hangs_is_left() {
    let mailbox = Mailbox::open().await;
    mailbox.will(&[Fate::Never]);
    let server = format!("smtp://{}", mailbox.address);
    let sending = tokio::spawn(async move { send(&server).await });
    while mailbox.mails().is_empty() {
        tokio::task::yield_now().await;
    }
    pause();
    advance(Duration::from_secs(21)).await;
    resume();
    let error = sending.await.unwrap().unwrap_err();
    assert_eq!(error.why, "no answer in time");
}
