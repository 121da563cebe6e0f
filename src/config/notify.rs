//! Targets of notifications: their addresses and tokens.
//!
//! A target is there when all of its variables are; part of them is a problem
//! that names what is missing.

use super::reader::{Reader, as_is};
use super::vars;
use crate::notify::targets::{
    BotToken, Chat, Discord, Ntfy, Settings, SigningSecret, Slack, Telegram, Topic, Webhook,
};
#[cfg(feature = "email")]
use crate::notify::targets::{Email, MailAddress, MailServer};
use crate::outward::{BaseUrl, SecretUrl};

/// Where a person has these secrets from.
const OWN: &str = "your own";

/// The targets; one that cannot be used is left out and reported.
pub(super) fn read(r: &mut Reader) -> Settings {
    #[cfg(not(feature = "email"))]
    without_email(r);
    Settings {
        webhook: webhook(r),
        discord: r
            .secret(vars::BAGEL_NOTIFY_DISCORD_URL, OWN, SecretUrl::parse)
            .map(|url| Discord { url }),
        slack: r
            .secret(vars::BAGEL_NOTIFY_SLACK_URL, OWN, SecretUrl::parse)
            .map(|url| Slack { url }),
        ntfy: ntfy(r),
        telegram: telegram(r),
        #[cfg(feature = "email")]
        email: email(r),
    }
}

fn webhook(r: &mut Reader) -> Option<Webhook> {
    let (url, key) = (
        vars::BAGEL_NOTIFY_WEBHOOK_URL,
        vars::BAGEL_NOTIFY_WEBHOOK_SECRET,
    );
    r.belong_together(&[url, key]);
    let url = r.secret(url, OWN, SecretUrl::parse);
    let secret = r.secret(key, OWN, SigningSecret::parse);
    Some(Webhook {
        url: url?,
        secret: secret?,
    })
}

fn ntfy(r: &mut Reader) -> Option<Ntfy> {
    let (url, token) = (vars::BAGEL_NOTIFY_NTFY_URL, vars::BAGEL_NOTIFY_NTFY_TOKEN);
    let wants_token = r.is_given(token);
    if wants_token {
        r.belong_together(&[url, token]);
    }
    let topic = r.secret(url, OWN, Topic::parse);
    let token = r.secret(token, OWN, as_is);
    (wants_token == token.is_some()).then_some(Ntfy {
        topic: topic?,
        token,
    })
}

fn telegram(r: &mut Reader) -> Option<Telegram> {
    let (token, chat) = (
        vars::BAGEL_NOTIFY_TELEGRAM_TOKEN,
        vars::BAGEL_NOTIFY_TELEGRAM_CHAT,
    );
    r.belong_together(&[token, chat]);
    let api = r.read(vars::BAGEL_NOTIFY_TELEGRAM_URL, BaseUrl::parse);
    let token = r.secret(token, OWN, BotToken::parse);
    let chat = r.read_optional(chat, Chat::parse);
    r.is_good(vars::BAGEL_NOTIFY_TELEGRAM_URL)
        .then_some(Telegram {
            api,
            token: token?,
            chat: chat?,
        })
}

#[cfg(feature = "email")]
fn email(r: &mut Reader) -> Option<Email> {
    let server = vars::BAGEL_NOTIFY_SMTP_URL;
    let (from, to) = (vars::BAGEL_NOTIFY_EMAIL_FROM, vars::BAGEL_NOTIFY_EMAIL_TO);
    r.belong_together(&[server, from, to]);
    let server = r.secret(server, OWN, MailServer::parse);
    let from = r.read_optional(from, MailAddress::parse);
    let to = r.read_optional(to, MailAddress::parse);
    Some(Email {
        server: server?,
        from: from?,
        to: to?,
    })
}

#[cfg(not(feature = "email"))]
fn without_email(r: &mut Reader) {
    if r.is_given(vars::BAGEL_NOTIFY_SMTP_URL) {
        let text = "cannot be used: this program was built without the feature `email`";
        r.problem(vars::BAGEL_NOTIFY_SMTP_URL.name, text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Checked;
    use super::super::tests::{EVERYTHING, check};
    use crate::clock::Clock;
    use crate::notify::Target as _;
    use crate::notify::targets::messengers;
    use crate::provider::Providers;

    fn told(checked: &Checked) -> Vec<&'static str> {
        let ways = messengers(
            &checked.config.notify,
            &Providers::default(),
            &Clock::System,
        )
        .unwrap();
        ways.iter().map(|way| way.name()).collect()
    }

    #[test]
    fn every_target_that_is_named_is_told() {
        assert_eq!(told(&check(&[])), [""; 0]);
        let names = ["webhook", "discord", "slack", "ntfy", "telegram", "email"];
        assert_eq!(told(&check(&EVERYTHING)), names);
    }
}
