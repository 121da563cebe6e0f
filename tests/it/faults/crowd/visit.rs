//! A supporter's whole visit: the page, the checkout, and the waiting for
//! "thank you".

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use reqwest::RequestBuilder;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{Crowd, What};
use crate::support::provider_kind::ProviderKind;
use crate::support::seeded::Seeded;

const THANKS: &str = "/thanks/";
/// Asks the provider as well, which may be asked seldom: the last look of each.
const POLL: &str = "/api/status?intent_id=";
const LOOKS: usize = 12;
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);
/// The longest `Retry-After` of an answer that says "not now".
const NOT_NOW: Duration = Duration::from_secs(3);

impl Crowd {
    /// Visitors and the payer, who go on until it is over.
    pub(crate) fn visitors(self: &Arc<Self>, how_many: usize) -> JoinSet<()> {
        let mut people = JoinSet::new();
        for nth in 0..how_many {
            let seeded = Seeded(nth.try_into().unwrap());
            people.spawn(Arc::clone(self).visit(seeded));
        }
        people.spawn(Arc::clone(self).pay());
        people.spawn(Arc::clone(self).pay_by_card());
        people
    }

    async fn visit(self: Arc<Self>, mut seeded: Seeded) {
        while !self.over.load(SeqCst) {
            self.patiently(What::Look, self.http.get(self.entrance("/")))
                .await;
            let by = ProviderKind::BOTH[seeded.below(2)];
            let checkout = self.checkout(by, "*/*");
            let answer = self.patiently(What::Checkout, checkout).await;
            if let Some(id) = self.open(by, answer.as_deref()).await {
                self.wait_for_thanks(&id).await;
            }
        }
    }

    async fn wait_for_thanks(&self, id: &str) {
        for nth in 1..=LOOKS {
            sleep(BETWEEN_LOOKS).await;
            let page = if nth == LOOKS { POLL } else { THANKS };
            let page = self.http.get(self.entrance(&format!("{page}{id}")));
            self.patiently(What::Look, page).await;
        }
    }

    /// A visitor who is not served comes again after the wait, as the page's script does.
    async fn patiently(&self, what: What, request: RequestBuilder) -> Option<String> {
        let answer = self.ask(what, request).await;
        if answer.is_none() {
            sleep(NOT_NOW).await;
        }
        answer
    }
}
