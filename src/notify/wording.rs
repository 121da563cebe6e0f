//! [`Wording`]: what every target says, in plain words.
//!
//! Nothing in it is escaped: each target does that its own way. What a
//! supporter wrote stands in lines of its own, which each target marks, so that
//! it cannot pass for ours.

use super::Notification;
use crate::explorer;
use crate::ledger::Occasion;

/// A notification in words.
pub(super) struct Wording {
    /// Who gave what, in one line.
    pub(super) headline: String,
    /// The lines of the supporter's message.
    pub(super) message: Vec<String>,
    /// What else there is to know or to do.
    pub(super) note: String,
    pub(super) link: Option<explorer::Link>,
}

impl From<&Notification> for Wording {
    fn from(notification: &Notification) -> Self {
        let message = notification.message.as_ref();
        let message = message.map_or(String::new(), |text| straight(text.as_str()));
        Self {
            headline: headline(notification),
            message: message.lines().map(str::to_owned).collect(),
            note: note(notification),
            link: notification.link.clone(),
        }
    }
}

impl Wording {
    /// All below the headline, as plain text.
    pub(super) fn body(&self) -> String {
        let quoted = self.message.iter().map(|line| format!("> {line}"));
        let own = [&self.note]
            .into_iter()
            .chain(self.link.as_ref().map(|it| &it.url));
        let lines: Vec<_> = quoted.chain(own.cloned()).collect();
        lines.join("\n")
    }
}

fn headline(notification: &Notification) -> String {
    let amount = notification.amount;
    let name = notification
        .name
        .as_ref()
        .map(|name| straight(name.as_str()));
    let name = name.as_deref();
    match notification.occasion {
        Some(Occasion::Confirmed) => format!("{} gave {amount}", name.unwrap_or("Somebody")),
        None => format!("Sample: {} gave {amount}", name.unwrap_or("Somebody")),
        Some(Occasion::Review) => format!(
            "A payment of {amount}{} needs your decision",
            name.map_or(String::new(), |name| format!(" by {name}"))
        ),
    }
}

fn note(notification: &Notification) -> String {
    let provider = &notification.provider_title;
    match (notification.occasion, &notification.review_reason) {
        (Some(Occasion::Review), reason) => format!(
            "Paid through {provider}: {}. See: bagel donations list --status REVIEW",
            reason.as_deref().unwrap_or("not as asked")
        ),
        (None, _) => "`bagel notifications test` sent this.".to_owned(),
        (Some(Occasion::Confirmed), _) => format!("Paid through {provider}."),
    }
}

/// Text without the characters that make what follows run backwards: an amount
/// could be shown as another.
fn straight(text: &str) -> String {
    let turns = |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !turns(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Millis;
    use crate::supporter::{Message, SupporterName};

    fn notification(occasion: Occasion) -> Notification {
        Notification {
            occasion: Some(occasion),
            provider_title: "Allscale".to_owned(),
            ..Notification::sample(Millis(0))
        }
    }

    #[test]
    fn a_donation_is_told_in_one_sentence() {
        let wording = Wording::from(&notification(Occasion::Confirmed));
        assert_eq!(wording.headline, "Ada gave 5.25 USD");
        assert_eq!(wording.note, "Paid through Allscale.");
        let nameless = Notification {
            name: None,
            message: None,
            ..notification(Occasion::Confirmed)
        };
        let wording = Wording::from(&nameless);
        assert_eq!(wording.headline, "Somebody gave 5.25 USD");
        assert_eq!(wording.body(), "Paid through Allscale.");
    }

    #[test]
    fn a_review_says_why_and_what_to_do() {
        let wording = Wording::from(&Notification {
            review_reason: Some("amount 4.99 USD, asked 5.25 USD".to_owned()),
            ..notification(Occasion::Review)
        });
        assert_eq!(
            wording.headline,
            "A payment of 5.25 USD by Ada needs your decision"
        );
        assert!(wording.note.contains("amount 4.99 USD, asked 5.25 USD"));
        assert!(
            wording
                .note
                .contains("bagel donations list --status REVIEW")
        );
    }

    #[test]
    fn what_a_supporter_wrote_cannot_pass_for_ours() {
        let wording = Wording::from(&Notification {
            name: SupporterName::parse("Ada\u{202e}").unwrap(),
            message: Message::parse("\u{2067}one\n\nPaid through Allscale.").unwrap(),
            ..notification(Occasion::Confirmed)
        });
        assert_eq!(wording.headline, "Ada gave 5.25 USD");
        let body = "> one\n> \n> Paid through Allscale.\nPaid through Allscale.";
        assert_eq!(wording.body(), body);
    }
}
