//! [`Handle`]: how a creator names a donation, by its id or by the reference
//! that its supporter quotes.

use std::fmt;

use super::DonationsError;
use crate::donation::{DonationId, Reference};
use crate::ledger::Ledger;

/// A donation as it is named on the command line.
#[derive(Clone, Copy, Debug)]
pub enum Handle {
    Id(DonationId),
    /// The first eight digits of an id, as receipts carry them.
    Reference(Reference),
}

impl Handle {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let id = DonationId::parse(text).map(Self::Id);
        id.or_else(|| Reference::parse(text).map(Self::Reference))
            .ok_or_else(|| {
                "not a donation's id, and not the eight digits it begins with; \
                 `bagel donations list` shows the ids"
                    .into()
            })
    }

    /// The one donation that is meant, which may still be absent when it was
    /// named by its id.
    pub(super) async fn find(self, ledger: &dyn Ledger) -> Result<DonationId, DonationsError> {
        let reference = match self {
            Self::Id(id) => return Ok(id),
            Self::Reference(reference) => reference,
        };
        match ledger.referred_to(reference).await?.as_slice() {
            [] => Err(DonationsError::Absent(self)),
            [id] => Ok(*id),
            several => Err(DonationsError::Ambiguous(reference, list(several))),
        }
    }
}

fn list(ids: &[DonationId]) -> String {
    let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
    ids.join(", ")
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Reference(reference) => reference.fmt(f),
        }
    }
}
