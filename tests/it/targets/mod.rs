//! The creator's targets, all six, on loopback: what they are told, how often,
//! and what they are never told.

mod canary;
mod commands;
mod content;
mod erased;
mod mail;
mod mailbox;
mod mailing;
mod receiver;
mod retrying;

use bagel::notify::targets::{
    BotToken, Chat, Discord, Email, MailAddress, MailServer, Ntfy, Settings, SigningSecret, Slack,
    Telegram, Topic, Webhook,
};
use bagel::outward::{BaseUrl, SecretUrl};
use bagel::tell::{self, Step};

use self::mailbox::Mailbox;
use self::receiver::Receiver;
use crate::support::test_app::{Setup, TestApp};

const SIGNING_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

/// A receiver for each target.
struct Everyone {
    webhook: Receiver,
    discord: Receiver,
    slack: Receiver,
    ntfy: Receiver,
    telegram: Receiver,
    mail: Mailbox,
}

impl Everyone {
    async fn open() -> Self {
        Self {
            webhook: Receiver::open().await,
            discord: Receiver::open().await,
            slack: Receiver::open().await,
            ntfy: Receiver::open().await,
            telegram: Receiver::open().await,
            mail: Mailbox::open().await,
        }
    }

    /// The receivers over HTTP, by the target's name.
    fn over_http(&self) -> [(&'static str, &Receiver); 5] {
        [
            ("webhook", &self.webhook),
            ("discord", &self.discord),
            ("slack", &self.slack),
            ("ntfy", &self.ntfy),
            ("telegram", &self.telegram),
        ]
    }

    fn settings(&self) -> Settings {
        let url = |at: &Receiver| SecretUrl::parse(&format!("{}/hook", at.url)).unwrap();
        Settings {
            webhook: Some(Webhook {
                url: url(&self.webhook),
                secret: SigningSecret::parse(SIGNING_SECRET).unwrap(),
            }),
            discord: Some(Discord {
                url: SecretUrl::parse(&format!("{}/hook?thread_id=7", self.discord.url)).unwrap(),
            }),
            slack: Some(Slack {
                url: url(&self.slack),
            }),
            ntfy: Some(Ntfy {
                topic: Topic::parse(&format!("{}/topic", self.ntfy.url)).unwrap(),
                token: Some("tk_CANARY".into()),
            }),
            telegram: Some(Telegram {
                api: BaseUrl::parse(&self.telegram.url).unwrap(),
                token: BotToken::parse("1:CANARY").unwrap(),
                chat: Chat::parse("-1001").unwrap(),
            }),
            email: Some(email(&format!("smtp://ada:CANARY@{}", self.mail.address))),
        }
    }

    /// An app that notifies them all.
    async fn app(&self) -> TestApp {
        let settings = self.settings();
        TestApp::build(Setup::with(|config| config.notify = settings)).await
    }
}

fn email(server: &str) -> Email {
    Email {
        server: MailServer::parse(server).unwrap(),
        from: MailAddress::parse("Bagel <bagel@example.com>").unwrap(),
        to: MailAddress::parse("Ada Lovelace <ada@example.com>").unwrap(),
    }
}

impl TestApp {
    /// Delivers to one target what is due for it first.
    async fn step_target(&self, name: &str) -> Step {
        let mut all = self.state.listeners.iter();
        let target = all.find(|target| target.name() == name).unwrap();
        tell::step(&self.state, &**target).await.unwrap()
    }

    /// Delivers to every target all that is due; each acknowledges it.
    async fn tell_everyone(&self) {
        for target in self.state.listeners.iter() {
            while let step @ (Step::Delivered | Step::Failed(..)) =
                tell::step(&self.state, &**target).await.unwrap()
            {
                assert!(
                    matches!(step, Step::Delivered),
                    "{}: {step:?}",
                    target.name()
                );
            }
        }
    }
}
