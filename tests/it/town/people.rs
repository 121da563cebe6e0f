//! The supporters, and the provider that tells of their payments.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use bagel::stand_in::{Action, SignedWebhook};
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

use super::{BREATH, Town, What};
use crate::dice::Dice;

impl Town {
    /// Supporters and payers, who go on until it is over.
    pub(crate) fn people(self: &Arc<Self>, supporters: usize) -> JoinSet<()> {
        let mut people = JoinSet::new();
        for _ in 0..supporters {
            people.spawn(Arc::clone(self).give());
        }
        people.spawn(Arc::clone(self).pay());
        people.spawn(Arc::clone(self).look());
        people
    }

    /// Asks for a checkout, as somebody who takes answers of this type.
    pub(crate) fn checkout(&self, accept: &str) -> RequestBuilder {
        let request = self.http.post(self.door("/api/checkout"));
        let request = request.header("content-type", "application/json");
        let message = format!("for bagel {}", Uuid::new_v4());
        let body = json!({"amount": 5, "message": message});
        request.header("accept", accept).body(body.to_string())
    }

    /// Somebody who opens one checkout after the other.
    pub(super) async fn give(self: Arc<Self>) {
        while !self.over.load(SeqCst) {
            let answer = self.ask(What::Checkout, self.checkout("*/*")).await;
            if let Some(id) = answer.as_deref().and_then(donation_of) {
                self.checkouts.lock().unwrap().insert(id);
            } else {
                sleep(BREATH).await;
            }
        }
    }

    /// Somebody who looks how donations stand.
    async fn look(self: Arc<Self>) {
        let mut pages = ["/thanks/", "/api/status?intent_id="].into_iter().cycle();
        while !self.over.load(SeqCst) {
            let some = self.checkouts.lock().unwrap().iter().next().cloned();
            if let (Some(id), Some(page)) = (some, pages.next()) {
                let request = self.http.get(self.door(&format!("{page}{id}")));
                self.ask(What::Look, request).await;
            }
            sleep(BREATH * 4).await;
        }
    }

    /// Pays most of what was asked for, whoever heard the answer, and delivers
    /// each webhook one to three times until as many were answered with 200.
    pub(super) async fn pay(self: Arc<Self>) {
        let (mut dice, mut seen, mut senders) = (Dice(7), 0, JoinSet::new());
        loop {
            let last = self.over.load(SeqCst);
            let intents = self.stand_in.intents();
            for intent in &intents[seen..] {
                if dice.roll(4) > 0 {
                    let pay = self.stand_in.act(&intent.id, Action::PayLost);
                    pay.await.unwrap();
                    let town = Arc::clone(&self);
                    senders.spawn(town.deliver(intent.id.clone(), 1 + dice.roll(3)));
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

    async fn deliver(self: Arc<Self>, intent: String, mut times: usize) {
        while times > 0 {
            let webhook = self.stand_in.signed_webhook(&intent).unwrap();
            if self.send(&webhook).await {
                times -= 1;
            } else {
                sleep(BREATH).await;
            }
        }
    }

    /// Delivers a webhook once; whether it was answered with 200.
    pub(super) async fn send(&self, webhook: &SignedWebhook) -> bool {
        let mut request = self.http.post(self.door("/webhooks/allscale"));
        for (name, value) in &webhook.headers {
            request = request.header(*name, value);
        }
        let request = request.body(webhook.body.clone());
        let kept = self.ask(What::Webhook, request).await.is_some();
        if kept {
            let id = webhook.webhook_id().to_owned();
            self.webhooks.lock().unwrap().insert(id);
        }
        kept
    }
}

/// The donation's id, when the answer came wholly.
pub(super) fn donation_of(answer: &str) -> Option<String> {
    let answer: Value = serde_json::from_str(answer).ok()?;
    Some(answer["intent_id"].as_str()?.to_owned())
}
