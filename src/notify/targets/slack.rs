//! Slack, by an incoming webhook.

use serde_json::{Value, json};

use super::over_http::{Call, OneCall};
use crate::clock::Millis;
use crate::explorer;
use crate::notify::Notification;
use crate::notify::wording::Wording;
use crate::outward::SecretUrl;

/// An incoming webhook: whoever has its address may write to its channel.
#[derive(Clone, Debug)]
pub struct Slack {
    pub url: SecretUrl,
}

impl OneCall for Slack {
    fn name(&self) -> &'static str {
        "slack"
    }

    fn is_loopback(&self) -> bool {
        self.url.is_loopback()
    }

    fn call(&self, notification: &Notification, _: Millis) -> Call {
        let wording = Wording::from(notification);
        let link = wording.link.as_ref().map(linked);
        let blocks: Vec<_> = [plain(&wording)].into_iter().chain(link).collect();
        let body = json!({
            // What a phone shows before it is opened.
            "text": escaped(&wording.headline),
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
    let text = escaped(&lines.join("\n"));
    json!({"type": "section", "text": {"type": "plain_text", "text": text, "emoji": false}})
}

/// The one link, which is ours.
fn linked(link: &explorer::Link) -> Value {
    let text = format!("<{}|See the transaction on {}>", link.url, link.explorer);
    json!({"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": true}})
}

/// The three characters that Slack makes mentions and links of.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supporter::{Message, SupporterName};

    fn body(notification: &Notification) -> Value {
        let slack = Slack {
            url: SecretUrl::parse("https://slack.example/services/x").unwrap(),
        };
        serde_json::from_slice(&slack.call(notification, Millis(0)).body).unwrap()
    }

    #[test]
    fn what_a_supporter_wrote_is_plain_text() {
        let body = body(&Notification {
            name: SupporterName::parse("<!channel>").unwrap(),
            message: Message::parse("<https://evil|*bank*> &amp;\n<@U1>").unwrap(),
            ..Notification::sample(Millis(0))
        });
        assert_eq!(body["text"], "Sample: &lt;!channel&gt; gave 5.25 USD");
        assert_eq!(body["mrkdwn"], false);
        let text = &body["blocks"][0]["text"];
        assert_eq!(text["type"], "plain_text");
        let lines: Vec<_> = text["text"].as_str().unwrap().lines().collect();
        assert_eq!(lines[1], "&gt; &lt;https://evil|*bank*&gt; &amp;amp;");
        assert_eq!(lines[2], "&gt; &lt;@U1&gt;");
        assert_eq!(body["blocks"].as_array().unwrap().len(), 1);
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
