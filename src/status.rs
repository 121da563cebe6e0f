//! [`Status`]: where a donation stands, and the moves it may make.
//!
//! The names are those of Allscale's guide; two more are ours: REVIEW, which only
//! the creator ends, and UNKNOWN, a checkout call without a known outcome. Each
//! provider reads its own states into these.

use Status::{
    Canceled, Confirmed, Created, Failed, ManualOperation, OnChain, Pending, Rejected, Review,
    SendBack, TempWalletReceived, Timeout, Underpaid, Unknown, Viewed,
};

/// Makes [`Status`] and what is known of each from one table.
macro_rules! statuses {
    ($($(#[$meaning:meta])* $status:ident $name:literal $code:literal)*) => {
        /// Where a donation stands.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        pub enum Status {
            $($(#[$meaning])* $status,)*
        }

        impl Status {
            pub const ALL: [Self; 15] = [$($status),*];

            /// The name stored in the ledger and shown in listings.
            pub fn name(self) -> &'static str {
                match self {
                    $($status => $name,)*
                }
            }

            /// The number our API answers; REVIEW counts as manual review.
            pub fn code(self) -> i8 {
                match self {
                    $($status => $code,)*
                }
            }
        }
    };
}

statuses! {
    /// Stored; the checkout exists or is being made, and is not opened yet.
    Created "CREATED" 1
    /// The supporter opened the checkout.
    Viewed "VIEWED" 2
    /// A deposit wallet was assigned.
    TempWalletReceived "TEMP_WALLET_RECEIVED" 3
    /// The provider is looking at the payment by hand.
    ManualOperation "MANUAL_OPERATION" 4
    /// The provider is sending the payment back.
    SendBack "SEND_BACK" 5
    /// The payment is on the chain, not yet confirmed.
    OnChain "ON_CHAIN" 10
    /// Some other step on the way that is not listed yet.
    Pending "PENDING" 1
    /// Paid.
    Confirmed "CONFIRMED" 20
    Failed "FAILED" -1
    /// Refused by the provider's compliance check.
    Rejected "REJECTED" -2
    /// Less was paid than asked.
    Underpaid "UNDERPAID" -3
    Canceled "CANCELED" -4
    /// The checkout expired.
    Timeout "TIMEOUT" -5
    /// Authentic, but not what was asked: the creator decides.
    Review "REVIEW" 4
    /// The call that makes the checkout ended without an answer.
    Unknown "UNKNOWN" 1
}

impl Status {
    /// The status of a [`Status::name`], in any letter case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|status| status.name().eq_ignore_ascii_case(name))
    }

    /// Whether a page stops polling. The ledger stays interested: a negative
    /// state may still become CONFIRMED.
    pub fn is_terminal(self) -> bool {
        self == Confirmed || self.is_negative()
    }

    /// Whether the provider gave the payment up.
    pub fn is_negative(self) -> bool {
        match self {
            Failed | Rejected | Underpaid | Canceled | Timeout => true,
            Created | Viewed | TempWalletReceived | ManualOperation | SendBack | OnChain
            | Pending | Confirmed | Review | Unknown => false,
        }
    }

    /// Whether the supporter got as far as opening the checkout.
    pub fn is_engaged(self) -> bool {
        matches!(
            self,
            Viewed | TempWalletReceived | ManualOperation | SendBack | OnChain | Pending
        )
    }

    /// Whether a provider's word may change `self` to `next`: anything may
    /// become anything, except out of CONFIRMED, and out of REVIEW, which the
    /// creator alone resolves.
    pub fn may_become(self, next: Self) -> bool {
        self != next && !matches!(self, Confirmed | Review)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_negative_states_have_negative_numbers() {
        for status in Status::ALL {
            assert_eq!(status.code() < 0, status.is_negative(), "{status:?}");
        }
    }

    #[test]
    fn names_go_both_ways() {
        for status in Status::ALL {
            assert_eq!(Status::from_name(status.name()), Some(status));
        }
        assert_eq!(Status::from_name("paid"), None);
    }

    #[test]
    fn nothing_leaves_confirmed_or_review() {
        for next in Status::ALL {
            assert!(!Confirmed.may_become(next));
            assert!(!Review.may_become(next));
            assert_eq!(Timeout.may_become(next), next != Timeout);
        }
    }

    #[test]
    fn only_paid_and_negative_states_are_terminal() {
        let terminal: Vec<_> = Status::ALL
            .into_iter()
            .filter(|status| status.is_terminal())
            .collect();
        assert_eq!(
            terminal,
            [Confirmed, Failed, Rejected, Underpaid, Canceled, Timeout]
        );
    }
}
