//! [`Face`]: how each status is shown: its picture, its heading, its sentence,
//! and what a supporter is offered next.
//!
//! Owns the one table from a [`Status`] to what people see of it. Neutral where
//! nothing is certain: "failed" is never said without the provider's word.

use crate::language::Catalog;
use crate::status::Status;

/// How a status is shown.
#[derive(Clone, Copy)]
pub(super) struct Face {
    scene: &'static str,
    heading: &'static str,
    sentence: &'static str,
    pub(super) next: Next,
}

/// What a supporter can do about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Next {
    /// Go on to the checkout.
    Pay,
    /// Wait, or look again later.
    Wait,
    /// Try again: it came to nothing.
    TryAgain,
    /// Give again: it is paid.
    GiveAgain,
}

impl Face {
    #[rustfmt::skip]
    pub(super) fn of(status: Status) -> Self {
        let face = |scene, heading, sentence, next| Self { scene, heading, sentence, next };
        match status {
            Status::Created => face("waiting", "heading-waiting", "status-created", Next::Pay),
            Status::Viewed => face("waiting", "heading-waiting", "status-viewed", Next::Pay),
            Status::TempWalletReceived => face("waiting", "heading-waiting", "status-temp-wallet-received", Next::Pay),
            Status::Pending => face("waiting", "heading-waiting", "status-pending", Next::Wait),
            Status::ManualOperation => face("review", "heading-review", "status-manual-operation", Next::Wait),
            Status::Review => face("review", "heading-review", "status-review", Next::Wait),
            Status::SendBack => face("send-back", "heading-send-back", "status-send-back", Next::Wait),
            Status::OnChain => face("on-chain", "heading-on-chain", "status-on-chain", Next::Wait),
            Status::Confirmed => face("paid", "heading-paid", "status-confirmed", Next::GiveAgain),
            Status::Failed => face("failed", "heading-failed", "status-failed", Next::TryAgain),
            Status::Rejected => face("refused", "heading-refused", "status-rejected", Next::TryAgain),
            Status::Underpaid => face("under-paid", "heading-under-paid", "status-underpaid", Next::Wait),
            Status::Canceled => face("cancelled", "heading-cancelled", "status-canceled", Next::TryAgain),
            Status::Timeout => face("expired", "heading-expired", "status-timeout", Next::TryAgain),
            Status::Unknown => face("unknown", "heading-unknown", "status-unknown", Next::Wait),
        }
    }

    /// The picture, which the style sheet draws from the class `scene-…`.
    pub(super) fn scene(self) -> &'static str {
        self.scene
    }

    /// The heading of the donation's page.
    pub(super) fn heading(self, words: &Catalog) -> String {
        words.say(self.heading)
    }

    /// What the status means, for the page and the API; some name the creator.
    pub(super) fn sentence(self, words: &Catalog, creator: &str) -> String {
        words.say_with(self.sentence, "creator", creator)
    }

    /// What the link back to the page says.
    pub(super) fn onward(self, words: &Catalog) -> String {
        words.say(match self.next {
            Next::GiveAgain => "give-again",
            Next::TryAgain => "try-again",
            Next::Pay | Next::Wait => "back-to-page",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn only_a_confirmed_donation_says_thank_you() {
        let words = Language::English.catalog();
        for status in Status::ALL {
            let face = Face::of(status);
            let thanks = face.heading(words) == "Thank you!";
            assert_eq!(thanks, status == Status::Confirmed, "{status:?}");
            assert_eq!(face.scene() == "paid", thanks, "{status:?}");
            assert_eq!(face.next == Next::GiveAgain, thanks, "{status:?}");
        }
    }
}
