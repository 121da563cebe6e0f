//! Discord and Slack: a chat channel's incoming webhook.

use serde_json::{Value, json};

use super::Call;
use crate::explorer;
use crate::notify::notification::{Notification, Wording};
use crate::outward::SecretUrl;

/// `SUPPRESS_EMBEDS`: no previews of what a supporter links to.
const NO_PREVIEWS: u32 = 1 << 2;

/// Discord: a channel's webhook. Its address is a secret: with it one can write
/// there.
#[derive(Clone, Debug)]
pub struct Discord {
    pub url: SecretUrl,
}

impl Discord {
    /// The call that carries `notification`.
    pub(super) fn call(&self, notification: &Notification) -> Call {
        let mut url = self.url.expose().clone();
        // Without it Discord answers before it has stored the message.
        url.query_pairs_mut().append_pair("wait", "true");
        let body = json!({
            "content": content(&Wording::from(notification)),
            "allowed_mentions": {"parse": []},
            "flags": NO_PREVIEWS,
        });
        Call::new(url, &body)
    }
}

/// At most 2000 characters: the longest name, message and reason, all escaped,
/// stay below.
fn content(wording: &Wording) -> String {
    let quoted = wording
        .message
        .iter()
        .map(|line| format!("> {}", without_markup(line)));
    let mut lines = vec![format!("**{}**", without_markup(&wording.headline))];
    lines.extend(quoted);
    lines.push(without_markup(&wording.note));
    lines.extend(wording.link.as_ref().map(|link| format!("<{}>", link.url)));
    lines.join("\n")
}

/// Puts a backslash before each character with a meaning in Discord's Markdown.
fn without_markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Slack: an incoming webhook. Its address is a secret: with it one can write to
/// its channel.
#[derive(Clone, Debug)]
pub struct Slack {
    pub url: SecretUrl,
}

impl Slack {
    /// The call that carries `notification`.
    pub(super) fn call(&self, notification: &Notification) -> Call {
        let wording = Wording::from(notification);
        let link = wording.link.as_ref().map(linked);
        let blocks: Vec<_> = [plain(&wording)].into_iter().chain(link).collect();
        let body = json!({
            // The preview on a phone.
            "text": without_control(&wording.headline),
            "mrkdwn": false,
            "unfurl_links": false,
            "unfurl_media": false,
            "blocks": blocks,
        });
        Call::new(self.url.expose().clone(), &body)
    }
}

/// Plain text: no markup, no mentions, no links.
fn plain(wording: &Wording) -> Value {
    let quoted = wording.message.iter().map(|line| format!("> {line}"));
    let mut lines = vec![wording.headline.clone()];
    lines.extend(quoted);
    lines.push(wording.note.clone());
    let text = without_control(&lines.join("\n"));
    json!({"type": "section", "text": {"type": "plain_text", "text": text, "emoji": false}})
}

/// The one link, which is ours.
fn linked(link: &explorer::Link) -> Value {
    let text = format!("<{}|See the transaction on {}>", link.url, link.explorer);
    json!({"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": true}})
}

/// Escapes the three characters that Slack reads as mentions and links.
fn without_control(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;
    use crate::ledger::Occasion;
    use crate::supporter::{Message, SupporterName};

    #[test]
    fn the_longest_text_fits() {
        for worst in [
            "*".repeat(280),
            format!("a{}a", "\n".repeat(278)),
            "🥯".repeat(280),
        ] {
            let mut notification = Notification {
                name: SupporterName::parse(&"*".repeat(50)).unwrap(),
                message: Message::parse(&worst).unwrap(),
                review_reason: Some("_".repeat(200)),
                ..Notification::sample(Millis(0))
            };
            notification.occasion = Some(Occasion::Review);
            let content = content(&Wording::from(&notification));
            let units = content.encode_utf16().count();
            assert!(units < 1900, "{units}");
        }
    }

    fn body(notification: &Notification) -> Value {
        let slack = Slack {
            url: SecretUrl::parse("https://slack.example/services/x").unwrap(),
        };
        serde_json::from_slice(&slack.call(notification).body).unwrap()
    }

    #[test]
    fn the_transaction_is_the_one_link() {
        let url = "https://basescan.org/tx/0xab".to_owned();
        let body = body(&Notification {
            link: Some(explorer::Link {
                explorer: "basescan.org",
                url,
            }),
            ..Notification::sample(Millis(0))
        });
        let text = "<https://basescan.org/tx/0xab|See the transaction on basescan.org>";
        assert_eq!(body["blocks"][1]["text"]["text"], text);
    }
}
