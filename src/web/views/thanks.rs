//! The page of one donation: waiting, paid, or neither.

use askama::Template;

use super::{Chrome, Link, Tick};

/// How one donation stands, by the ledger's word.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "thanks.html")]
pub(crate) struct Thanks {
    pub(crate) chrome: Chrome,
    pub(crate) id: String,
    /// With its currency: "$5.00".
    pub(crate) amount: String,
    pub(crate) creator: String,
    /// Empty when the supporter gave none; likewise the message.
    pub(crate) supporter: String,
    pub(crate) message: String,
    /// ISO 8601 in UTC, and the same for people.
    pub(crate) given_at: String,
    pub(crate) given_at_minute: String,
    /// What may be quoted to the creator; opens no page.
    pub(crate) reference: String,
    pub(crate) status: i64,
    /// Exactly the `name` that `GET /api/status` answers; the script compares them.
    pub(crate) status_name: String,
    pub(crate) sentence: String,
    /// The creator's own words to a supporter who paid; empty when there are none.
    pub(crate) creators_words: String,
    pub(crate) terminal: bool,
    /// The transaction on its explorer.
    pub(crate) tx: Option<Link>,
    /// Who handles the payment, as it writes its own name.
    pub(crate) provider: Option<&'static str>,
    /// The form with the same amount and way to pay; never with name or message.
    pub(crate) same_again: String,
    /// While it can still be paid.
    pub(crate) checkout_url: Option<String>,
    /// What may be shown publicly: a box for each thing there is.
    pub(crate) boxes: Vec<Tick>,
    /// What the supporter has just changed.
    pub(crate) saved: Option<String>,
    /// Whether the supporter is changing something.
    pub(crate) stands_still: bool,
    /// This page, standing still.
    pub(crate) standing_still: String,
}

impl Thanks {
    /// Whether it reloads itself without the script. Not while a supporter
    /// changes something: that would be lost.
    fn refreshes(&self) -> bool {
        !self.terminal && !self.stands_still
    }

    fn has_words(&self) -> bool {
        !(self.supporter.is_empty() && self.message.is_empty())
    }

    /// Whether there is anything to decide: what was never paid is never shown.
    fn has_say(&self) -> bool {
        self.has_words() || self.saved.is_some() || !self.came_to_nothing()
    }

    /// Whether the supporter's own part stands open: not before there is a payment.
    fn opens_words(&self) -> bool {
        self.stands_still || self.scene() == "paid"
    }

    /// The picture, which the style sheet draws from the class `scene-…`.
    fn scene(&self) -> &'static str {
        match (self.status_name.as_str(), self.status) {
            ("REVIEW", _) | (_, 4) => "review",
            ("UNKNOWN", _) => "unknown",
            (_, 20) => "paid",
            (_, 10) => "on-chain",
            (_, 5) => "send-back",
            (_, -2) => "refused",
            (_, -3) => "under-paid",
            (_, -4) => "cancelled",
            (_, -5) => "expired",
            (_, ..0) => "failed",
            _ => "waiting",
        }
    }

    fn heading(&self) -> String {
        self.chrome.words.say(match self.scene() {
            "paid" => "heading-paid",
            "on-chain" => "heading-on-chain",
            "review" => "heading-review",
            "send-back" => "heading-send-back",
            "refused" => "heading-refused",
            "under-paid" => "heading-under-paid",
            "cancelled" => "heading-cancelled",
            "expired" => "heading-expired",
            "failed" => "heading-failed",
            "unknown" => "heading-unknown",
            _ => "heading-waiting",
        })
    }

    /// What the link back to the page says.
    fn onward(&self) -> String {
        self.chrome.words.say(match self.scene() {
            "paid" => "give-again",
            _ if self.came_to_nothing() => "try-again",
            _ => "back-to-page",
        })
    }

    /// Whether the next step is another try, which then is what the page offers first.
    fn came_to_nothing(&self) -> bool {
        matches!(self.scene(), "cancelled" | "expired" | "failed" | "refused")
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{HOSTILE, chrome};
    use super::*;

    fn thanks(status: i64, status_name: &str) -> Thanks {
        Thanks {
            chrome: chrome(),
            id: "0b8f".into(),
            status,
            status_name: status_name.into(),
            terminal: status < 0 || status == 20,
            ..Thanks::default()
        }
    }

    #[test]
    fn an_open_donation_refreshes_itself_and_a_final_one_does_not() {
        let refresh = r#"<noscript><meta http-equiv="refresh" content="10"></noscript>"#;
        assert!(thanks(1, "CREATED").render().unwrap().contains(refresh));
        assert!(!thanks(20, "CONFIRMED").render().unwrap().contains(refresh));
        let changing = Thanks {
            stands_still: true,
            ..thanks(1, "CREATED")
        };
        assert!(!changing.render().unwrap().contains(refresh));
        assert!(
            thanks(20, "CONFIRMED")
                .render()
                .unwrap()
                .contains(r#"name="robots" content="noindex""#)
        );
    }

    #[test]
    fn every_status_has_its_scene() {
        let scenes = [
            (1, "CREATED", "waiting"),
            (2, "VIEWED", "waiting"),
            (3, "TEMP_WALLET_RECEIVED", "waiting"),
            (77, "NEW_ONE", "waiting"),
            (4, "REVIEW", "review"),
            (4, "MANUAL_OPERATION", "review"),
            (5, "SEND_BACK", "send-back"),
            (10, "ON_CHAIN", "on-chain"),
            (20, "CONFIRMED", "paid"),
            (-1, "FAILED", "failed"),
            (-2, "REJECTED", "refused"),
            (-3, "UNDERPAID", "under-paid"),
            (-4, "CANCELED", "cancelled"),
            (-5, "TIMEOUT", "expired"),
            (-99, "NEW_TOO", "failed"),
            (0, "UNKNOWN", "unknown"),
        ];
        for (status, name, scene) in scenes {
            assert_eq!(thanks(status, name).scene(), scene, "{name}");
        }
    }

    #[test]
    fn only_a_confirmed_donation_says_thank_you() {
        for status in -10..=30 {
            let html = thanks(status, "").render().unwrap();
            assert_eq!(html.contains("Thank you!"), status == 20, "{status}");
        }
    }

    #[test]
    fn whoever_changes_something_without_the_script_can_still_ask_how_it_stands() {
        let changing = |status, name| {
            let thanks = Thanks {
                stands_still: true,
                ..thanks(status, name)
            };
            thanks.render().unwrap().contains(">Check now</a>")
        };
        assert!(changing(1, "CREATED"));
        assert!(!changing(20, "CONFIRMED"));
    }

    #[test]
    fn nobody_is_asked_about_words_of_a_payment_that_was_none() {
        let part = |status, name, message: &str| {
            let thanks = Thanks {
                message: message.into(),
                ..thanks(status, name)
            };
            let html = thanks.render().unwrap();
            let (_, part) = html.split_once(r#"<details class="words" id="words""#)?;
            Some(part.starts_with(" open"))
        };
        assert_eq!(part(-4, "CANCELED", ""), None);
        assert_eq!(part(-4, "CANCELED", "Hello"), Some(false));
        assert_eq!(part(1, "CREATED", ""), Some(false));
        assert_eq!(part(20, "CONFIRMED", ""), Some(true));
    }

    #[test]
    fn the_creators_own_words_are_for_whoever_paid() {
        let thanked = |status, name| {
            let thanks = Thanks {
                creators_words: "<3 So kind.".into(),
                ..thanks(status, name)
            };
            thanks.render().unwrap().contains("&#60;3 So kind.")
        };
        assert!(thanked(20, "CONFIRMED"));
        for (status, name) in [
            (1, "CREATED"),
            (10, "ON_CHAIN"),
            (-3, "UNDERPAID"),
            (4, "REVIEW"),
        ] {
            assert!(!thanked(status, name), "{name}");
        }
    }

    #[test]
    fn nothing_a_person_wrote_becomes_markup() {
        let thanks = Thanks {
            id: HOSTILE.into(),
            supporter: HOSTILE.into(),
            message: HOSTILE.into(),
            sentence: HOSTILE.into(),
            ..thanks(1, HOSTILE)
        };
        let html = thanks.render().unwrap();
        assert!(!html.contains("<script>"), "{html}");
        assert!(!html.contains("<b "), "{html}");
    }
}
