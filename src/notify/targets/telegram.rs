//! Telegram, by a bot.
//!
//! Sent as plain text, so there is no markup to escape. What Telegram still
//! makes links and mentions of is broken up in what a supporter wrote.

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::Call;
use crate::notify::notification::{Notification, Wording};
use crate::outward::BaseUrl;

/// Invisible, and no part of a name or an address.
const WORD_JOINER: char = '\u{2060}';

/// A bot, and the chat it writes to.
#[derive(Clone, Debug)]
pub struct Telegram {
    /// Where the Bot API is.
    pub api: BaseUrl,
    pub token: BotToken,
    pub chat: Chat,
}

/// The bot's token, as `BotFather` gave it: it is all that is needed to act as the bot.
#[derive(Clone, Debug)]
pub struct BotToken(SecretString);

impl BotToken {
    /// Reads a token; nothing in it could leave its place in a path.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_good =
            |(bot, key): &(&str, &str)| is_number(bot) && !key.is_empty() && key.chars().all(fits);
        let token = text.split_once(':').filter(is_good);
        token
            .map(|_| Self(text.into()))
            .ok_or("must be the token that @BotFather gave: digits, a colon and letters")
    }
}

/// A chat's number (of a group: below zero), or the name of a public channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chat(String);

impl Chat {
    /// Reads a chat's number or name.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let is_name = |name: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
            !name.is_empty() && name.chars().all(fits)
        };
        let good = is_number(text.strip_prefix('-').unwrap_or(text))
            || text.strip_prefix('@').is_some_and(is_name);
        good.then(|| Self(text.to_owned()))
            .ok_or("must be a chat's number, such as -1001234567890, or a public channel's @name")
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Telegram {
    /// The call that carries `notification`.
    pub(super) fn call(&self, notification: &Notification) -> Call {
        let path = format!("/bot{}/sendMessage", self.token.0.expose_secret());
        let body = json!({
            "chat_id": self.chat.0,
            "text": text(Wording::from(notification)),
            "link_preview_options": {"is_disabled": true},
        });
        Call::new(self.api.join(&path), &body)
    }
}

fn text(mut wording: Wording) -> String {
    for line in &mut wording.message {
        *line = broken_up(line);
    }
    format!("{}\n{}", broken_up(&wording.headline), wording.body())
}

/// Text without mentions, commands, hashtags, addresses and links.
fn broken_up(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        broken.push(c);
        let before_letter = rest.peek().is_some_and(|next| next.is_alphabetic());
        if matches!(c, '@' | '/' | '#' | '$') || (c == '.' && before_letter) {
            broken.push(WORD_JOINER);
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;

    #[test]
    fn a_token_stays_in_its_place_and_is_never_shown() {
        let telegram = Telegram {
            api: BaseUrl::parse("https://api.telegram.org").unwrap(),
            token: BotToken::parse("12:AA-CANARY_x").unwrap(),
            chat: Chat::parse("-1001").unwrap(),
        };
        let call = telegram.call(&Notification::sample(Millis(0)));
        let address = "https://api.telegram.org/bot12:AA-CANARY_x/sendMessage";
        assert_eq!(call.url.as_str(), address);
        assert!(!format!("{telegram:?}").contains("CANARY"));
        for bad in [
            "",
            "12",
            "12:",
            ":x",
            "12:x/../y",
            "12:x?y",
            "a:b",
            "12:x y",
        ] {
            assert!(BotToken::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_chat_is_a_number_or_a_name() {
        for good in ["1", "-1001234567890", "@bagels_1"] {
            assert!(Chat::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-", "@", "bagels", "@a b", "--1", "1.5"] {
            assert!(Chat::parse(bad).is_err(), "{bad}");
        }
    }
}
