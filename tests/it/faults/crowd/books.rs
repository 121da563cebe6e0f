//! The ledger against what was answered and against the provider's books.

use std::collections::HashSet;

use bagel::donation::Donation;
use bagel::status::Status;

use super::Crowd;
use super::people::is_by_card;
use crate::support::scratch_ledgers::Scratch;

impl Crowd {
    /// Fails when anything is lost, doubled or out of thin air; `stream` is how
    /// many checkouts and webhooks there must have been at least. Gives the
    /// figures.
    pub(crate) async fn examine(&self, scratch: &Scratch, stream: usize) -> String {
        let checkouts = self.checkouts.lock().unwrap().clone();
        let webhooks = self.webhooks.lock().unwrap().clone();
        assert!(
            checkouts.len() > stream && webhooks.len() > stream,
            "no stream: {} checkouts, {} webhooks",
            checkouts.len(),
            webhooks.len()
        );
        let ledger = scratch.open().await;
        let donations = ledger.donations(None).await.unwrap();
        let known = ids(&donations, |donation| donation.checkout_url.is_some());
        let confirmed = ids(&donations, |donation| donation.status == Status::Confirmed);
        let settled = self.stand_in.intents.settled();
        let paid: HashSet<String> = settled
            .iter()
            .filter_map(|it| it.order_id.clone())
            .collect();
        let kept = scratch.told_of().await;
        assert_eq!(checkouts.difference(&known).count(), 0, "checkouts lost");
        let cards = settled.iter().filter(|it| it.provider == "alchemy_pay");
        let cards = cards.count();
        let wanted = self.stand_in.intents.all().iter().any(is_by_card);
        assert!(cards > 0 || !wanted, "nobody paid by card");
        assert_eq!(webhooks.difference(&kept).count(), 0, "webhooks lost");
        assert_eq!(paid.difference(&confirmed).count(), 0, "payments lost");
        assert_eq!(confirmed.difference(&paid).count(), 0, "phantoms");
        let totals = ledger.totals().await.unwrap();
        let sum: i64 = settled.iter().map(|it| it.amount_cents).sum();
        let counted = (totals[0].0.cents.0, totals[0].1);
        assert_eq!(counted, (sum, sum / 500), "doubled");
        let audit = ledger.audit().await.unwrap();
        assert_eq!(audit.differences, [], "it does not agree with itself");
        ledger.close().await;
        format!(
            "{} rows; answered with 200: {} checkouts, {} webhooks; {} paid, {cards} of them by \
             card, {} confirmed",
            donations.len(),
            checkouts.len(),
            webhooks.len(),
            paid.len(),
            confirmed.len()
        )
    }
}

fn ids(donations: &[Donation], which: impl Fn(&Donation) -> bool) -> HashSet<String> {
    let which = donations.iter().filter(|donation| which(donation));
    which.map(|donation| donation.id.to_string()).collect()
}
