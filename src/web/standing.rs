//! How donations stand, as the ledger said a moment ago: many who poll one
//! donation cost one read.
//!
//! Never answers what this program has changed since. What another program
//! changes, a replica or a command, shows within [`FOR`].

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;

use super::error::Error;
use crate::app::App;
use crate::donation::{Donation, DonationId};

/// How long an answer of the ledger serves.
const FOR: Duration = Duration::from_secs(1);
/// Donations whose answers are held; beyond it the ledger is read.
const MOST: u64 = 1000;

/// The donations read last, each with the number of changes before the read.
#[derive(Clone)]
pub(crate) struct Standings(Cache<DonationId, (u64, Arc<Donation>)>);

impl Standings {
    pub(super) fn new() -> Self {
        let cache = Cache::builder().time_to_live(FOR).max_capacity(MOST);
        Self(cache.build())
    }

    /// The donation; [`Error::NotFound`] where there is none.
    pub(super) async fn of(&self, app: &App, id: DonationId) -> Result<Arc<Donation>, Error> {
        // Counted before the read: a change in between makes it out of date.
        let changes = app.changes.count();
        match self.0.get(&id) {
            Some((of, donation)) if of == changes => Ok(donation),
            _ => {
                let donation = app.ledger.donation(id).await?.ok_or(Error::NotFound)?;
                let donation = Arc::new(donation);
                self.0.insert(id, (changes, Arc::clone(&donation)));
                Ok(donation)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::donation::{NewDonation, Request};
    use crate::money::{Cents, Currency, Money};
    use crate::web::sample;

    #[tokio::test]
    async fn a_donation_is_read_again_only_after_a_change() {
        let folder = tempfile::tempdir().unwrap();
        let app = sample::web(&folder).await.app.clone();
        let new = NewDonation {
            id: DonationId::random(),
            created_at: app.clock.now(),
            request: Request::anonymous(Money {
                cents: Cents(500),
                currency: Currency::Usd,
            }),
            provider: "allscale",
        };
        let id = new.id;
        app.ledger.begin(new, None).await.unwrap();
        let without_end = Standings(Cache::new(MOST));
        assert!(without_end.of(&app, id).await.is_ok());
        app.ledger.close().await;
        assert!(without_end.of(&app, id).await.is_ok(), "not read again");
        app.changes.note();
        assert!(without_end.of(&app, id).await.is_err());
    }
}
