//! Discord, by a channel's webhook.

use serde_json::json;

use super::over_http::{Call, OneCall};
use crate::clock::Millis;
use crate::notify::Notification;
use crate::notify::wording::Wording;
use crate::outward::SecretUrl;

/// `SUPPRESS_EMBEDS`: no previews of what a supporter links to.
const NO_PREVIEWS: u32 = 1 << 2;

/// A channel's webhook: whoever has its address may write there.
#[derive(Clone, Debug)]
pub struct Discord {
    pub url: SecretUrl,
}

impl OneCall for Discord {
    fn name(&self) -> &'static str {
        "discord"
    }

    fn is_loopback(&self) -> bool {
        self.url.is_loopback()
    }

    fn call(&self, notification: &Notification, _: Millis) -> Call {
        let mut url = self.url.expose().clone();
        // Without it Discord answers before it has kept anything.
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
        .map(|line| format!("> {}", escaped(line)));
    let mut lines = vec![format!("**{}**", escaped(&wording.headline))];
    lines.extend(quoted);
    lines.push(escaped(&wording.note));
    lines.extend(wording.link.as_ref().map(|link| format!("<{}>", link.url)));
    lines.join("\n")
}

/// A backslash before each mark: what Discord's Markdown makes something of.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supporter::{Message, SupporterName};

    fn told(name: &str, message: &str) -> String {
        content(&Wording::from(&Notification {
            name: SupporterName::parse(name).unwrap(),
            message: Message::parse(message).unwrap(),
            ..Notification::sample(Millis(0))
        }))
    }

    #[test]
    fn nothing_a_supporter_wrote_is_markup() {
        let told = told(
            "*Ada*",
            "@everyone <@1> [x](https://y)\n# big\n> `a` ||b|| \\*c\\*",
        );
        assert!(
            told.starts_with(r"**Sample\: \*Ada\* gave 5\.25 USD**"),
            "{told}"
        );
        let lines: Vec<_> = told.lines().collect();
        assert_eq!(lines[1], r"> \@everyone \<\@1\> \[x\]\(https\:\/\/y\)");
        assert_eq!(lines[2], r"> \# big");
        assert_eq!(lines[3], r"> \> \`a\` \|\|b\|\| \\\*c\\\*");
    }

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
            notification.occasion = Some(crate::ledger::Occasion::Review);
            let content = content(&Wording::from(&notification));
            let units = content.encode_utf16().count();
            assert!(units < 1900, "{units}");
        }
    }

    #[test]
    fn nobody_is_pinged_and_the_answer_waits_for_the_message() {
        let discord = Discord {
            url: SecretUrl::parse("https://discord.example/api/webhooks/1/x?thread_id=7").unwrap(),
        };
        let call = discord.call(&Notification::sample(Millis(0)), Millis(0));
        assert_eq!(call.url.query(), Some("thread_id=7&wait=true"));
        let body: serde_json::Value = serde_json::from_slice(&call.body).unwrap();
        assert_eq!(body["allowed_mentions"], json!({"parse": []}));
        assert_eq!(body["flags"], 4);
    }
}
