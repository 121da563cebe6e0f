//! By which provider people pay, and what a test has to know of either.

use serde_json::json;
use stand_in::{Call, FaultKind};

/// Each case becomes a test of its own by each provider: the promises are the
/// same, whichever provider takes the money.
macro_rules! for_both {
    ($($case:ident)*) => {
        mod by_allscale {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case($crate::support::provider_kind::ProviderKind::Allscale).await;
            })*
        }

        mod by_alchemy_pay {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case($crate::support::provider_kind::ProviderKind::AlchemyPay).await;
            })*
        }
    };
}
pub(crate) use for_both;

/// A provider, as supporters choose one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ProviderKind {
    /// A call makes the checkout; the webhook is the provider's word.
    Allscale,
    /// The order is made when its link is opened; the webhook is a hint, and
    /// the query call decides.
    AlchemyPay,
}

impl ProviderKind {
    pub(crate) const BOTH: [Self; 2] = [Self::Allscale, Self::AlchemyPay];

    /// Its name in requests.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Allscale => "allscale",
            Self::AlchemyPay => "alchemy_pay",
        }
    }

    /// The call that tells what was paid.
    pub(crate) fn telling_call(self) -> Call {
        match self {
            Self::Allscale => Call::Intent,
            Self::AlchemyPay => Call::Query,
        }
    }

    /// Tells four units in the place of what was paid.
    pub(crate) fn telling_four(self) -> FaultKind {
        match self {
            Self::Allscale => FaultKind::Field("amount_cents".into(), json!(400)),
            Self::AlchemyPay => FaultKind::Field("amount".into(), json!("4")),
        }
    }
}

/// Where the webhooks of the provider of this name go, below the page's address.
pub(crate) fn path(provider: &str) -> String {
    format!("/webhooks/{}", provider.replace('_', "-"))
}
