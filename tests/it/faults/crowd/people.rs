//! The supporters, and the provider that reports their payments.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use stand_in::{Action, Intent, SignedWebhook};
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

use super::{BREATH, Crowd, What};
use crate::support::provider_kind::{self, ProviderKind};
use crate::support::seeded::Seeded;

impl Crowd {
    /// Supporters and payers, who go on until it is over.
    pub(crate) fn people(self: &Arc<Self>, supporters: usize) -> JoinSet<()> {
        let mut people = JoinSet::new();
        for nth in 0..supporters {
            let seeded = Seeded(nth.try_into().unwrap());
            people.spawn(Arc::clone(self).give(&ProviderKind::BOTH, seeded));
        }
        people.spawn(Arc::clone(self).pay());
        people.spawn(Arc::clone(self).pay_by_card());
        people.spawn(Arc::clone(self).look());
        people
    }

    /// A checkout request that accepts answers of this type.
    pub(crate) fn checkout(&self, by: ProviderKind, accept: &str) -> RequestBuilder {
        let request = self.http.post(self.entrance("/api/checkout"));
        let request = request.header("content-type", "application/json");
        let message = format!("for bagel {}", Uuid::new_v4());
        let body = json!({"amount": 5, "message": message, "provider": by.name()});
        request.header("accept", accept).body(body.to_string())
    }

    /// A supporter who opens one checkout after the other, by any of `choices`.
    pub(super) async fn give(
        self: Arc<Self>,
        choices: &'static [ProviderKind],
        mut seeded: Seeded,
    ) {
        while !self.over.load(SeqCst) {
            let by = choices[seeded.below(choices.len())];
            let answer = self.ask(What::Checkout, self.checkout(by, "*/*")).await;
            if self.open(by, answer.as_deref()).await.is_none() {
                sleep(BREATH).await;
            }
        }
    }

    /// Notes a checkout and opens its link where that makes the order; gives the
    /// donation's id, when the answer came wholly.
    pub(super) async fn open(&self, by: ProviderKind, answer: Option<&str>) -> Option<String> {
        let answer: Value = serde_json::from_str(answer?).ok()?;
        let id = answer["intent_id"].as_str()?.to_owned();
        self.checkouts.lock().unwrap().insert(id.clone());
        if by == ProviderKind::AlchemyPay {
            let link = answer["checkout_url"].as_str()?;
            self.http.get(link).send().await.unwrap();
        }
        Some(id)
    }

    /// A visitor who looks how donations stand.
    async fn look(self: Arc<Self>) {
        let mut pages = ["/thanks/", "/api/status?intent_id="].into_iter().cycle();
        while !self.over.load(SeqCst) {
            let some = self.checkouts.lock().unwrap().iter().next().cloned();
            if let (Some(id), Some(page)) = (some, pages.next()) {
                let request = self.http.get(self.entrance(&format!("{page}{id}")));
                self.ask(What::Look, request).await;
            }
            sleep(BREATH * 4).await;
        }
    }

    /// Pays most intents at Allscale, whether or not the answer arrived, and
    /// delivers each webhook until it was answered with 200 one to three times.
    pub(super) async fn pay(self: Arc<Self>) {
        let (mut seeded, mut seen, mut senders) = (Seeded(7), 0, JoinSet::new());
        loop {
            let last = self.over.load(SeqCst);
            let intents = self.stand_in.intents.all();
            for intent in &intents[seen..] {
                if !is_by_card(intent) && seeded.below(4) > 0 {
                    let pay = self.stand_in.act(&intent.id, Action::PayLost);
                    pay.await.unwrap();
                    let crowd = Arc::clone(&self);
                    senders.spawn(crowd.deliver(intent.clone(), 1 + seeded.below(3)));
                }
            }
            seen = intents.len();
            if last {
                break;
            }
            sleep(BREATH * 4).await;
        }
        senders.join_all().await;
    }

    /// Pays by card the newest order there is, one at a time: of each the
    /// provider has to be asked, which may be done seldom.
    pub(super) async fn pay_by_card(self: Arc<Self>) {
        let (mut seeded, mut seen) = (Seeded(8), 0);
        while !self.over.load(SeqCst) {
            let mut orders = self.stand_in.intents.all();
            let unseen = orders.split_off(seen);
            seen += unseen.len();
            if let Some(order) = unseen.into_iter().rfind(is_by_card) {
                let pay = self.stand_in.act(&order.id, Action::PayLost);
                pay.await.unwrap();
                let times = 1 + seeded.below(3);
                Arc::clone(&self).deliver(order, times).await;
            }
            sleep(BREATH * 4).await;
        }
    }

    async fn deliver(self: Arc<Self>, intent: Intent, mut times: usize) {
        while times > 0 {
            let webhook = self.stand_in.signed_webhook(&intent.id).unwrap();
            if self.send(&intent, &webhook).await {
                times -= 1;
            } else {
                sleep(BREATH).await;
            }
        }
    }

    /// Delivers a webhook of this intent once; whether it was answered with 200.
    pub(super) async fn send(&self, intent: &Intent, webhook: &SignedWebhook) -> bool {
        let path = provider_kind::path(webhook.provider());
        let mut request = self.http.post(self.entrance(&path));
        for (name, value) in &webhook.headers {
            request = request.header(*name, value);
        }
        let request = request.body(webhook.body.clone());
        let what = if is_by_card(intent) {
            What::Hint
        } else {
            What::Webhook
        };
        let kept = self.ask(what, request).await.is_some();
        if kept {
            let donation = intent.order_id.clone().unwrap();
            self.webhooks.lock().unwrap().insert(donation);
        }
        kept
    }
}

pub(super) fn is_by_card(intent: &Intent) -> bool {
    intent.provider() == ProviderKind::AlchemyPay.name()
}
