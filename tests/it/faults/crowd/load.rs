//! How much the programs take from clients that never pause.

use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use stand_in::{Action, Intent, SignedWebhook};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::Crowd;
use crate::support::provider_kind::ProviderKind;
use crate::support::seeded::Seeded;

/// Clients that ask at the same time, each again as soon as answered.
const AT_ONCE: usize = 8;

impl Crowd {
    /// Checkouts opened a second, over this long.
    pub(crate) async fn checkouts_a_second(self: &Arc<Self>, how_long: Duration) -> u128 {
        let (mut givers, began) = (JoinSet::new(), Instant::now());
        for _ in 0..AT_ONCE {
            givers.spawn(Arc::clone(self).give(&[ProviderKind::Allscale], Seeded(1)));
        }
        sleep(how_long).await;
        self.over.store(true, SeqCst);
        givers.join_all().await;
        a_second(self.checkouts.lock().unwrap().len(), began)
    }

    /// Webhooks answered with 200 a second, one for each of those checkouts.
    pub(crate) async fn webhooks_a_second(self: &Arc<Self>) -> u128 {
        let mut webhooks = Vec::new();
        for intent in self.stand_in.intents.all() {
            let pay = self.stand_in.act(&intent.id, Action::PayLost);
            pay.await.unwrap();
            let webhook = self.stand_in.signed_webhook(&intent.id).unwrap();
            webhooks.push((intent, webhook));
        }
        let (mut senders, began) = (JoinSet::new(), Instant::now());
        let webhooks = Arc::new(Mutex::new(webhooks));
        for _ in 0..AT_ONCE {
            senders.spawn(Arc::clone(self).send_all(Arc::clone(&webhooks)));
        }
        senders.join_all().await;
        a_second(self.webhooks.lock().unwrap().len(), began)
    }

    async fn send_all(self: Arc<Self>, webhooks: Arc<Mutex<Vec<(Intent, SignedWebhook)>>>) {
        loop {
            let Some((intent, webhook)) = webhooks.lock().unwrap().pop() else {
                break;
            };
            self.send(&intent, &webhook).await;
        }
    }
}

fn a_second(count: usize, since: Instant) -> u128 {
    1000 * u128::try_from(count).unwrap() / since.elapsed().as_millis()
}
