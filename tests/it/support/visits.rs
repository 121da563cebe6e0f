//! What visitors and the payer do in an app.

use std::time::Duration;

use bagel::donation::{DonationId, NewDonation, Origin, Request};
use bagel::provider::Entry;
use bagel::report::Opened;
use serde_json::{Value, json};
use stand_in::Action;

use crate::support::bare_ledger::FIVE;
use crate::support::provider_kind::ProviderKind;
use crate::support::test_app::TestApp;

impl TestApp {
    /// Sends a checkout request as the page's script does.
    pub(crate) async fn post_checkout(&self, body: &Value) -> reqwest::Response {
        self.post_checkout_with_key(body, None).await
    }

    pub(crate) async fn post_checkout_with_key(
        &self,
        body: &Value,
        key: Option<&str>,
    ) -> reqwest::Response {
        let mut request = self
            .http
            .post(format!("{}/api/checkout", self.url))
            .header("content-type", "application/json")
            .body(body.to_string());
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        request.send().await.unwrap()
    }

    /// Opens a checkout of five units that must succeed.
    pub(crate) async fn donate(&self) -> Given {
        self.donate_with(&json!({"amount": 5, "name": "Ada", "message": "Thank you"}))
            .await
    }

    pub(crate) async fn donate_with(&self, body: &Value) -> Given {
        let mut body = body.clone();
        if let Some(by) = self.payer() {
            body["provider"] = json!(by.name());
        }
        let response = self.post_checkout(&body).await;
        let status = response.status();
        let answer = json_of(response).await;
        assert_eq!(status, 200, "{answer}");
        if self.payer() == Some(ProviderKind::AlchemyPay) {
            self.follow(answer["checkout_url"].as_str().unwrap()).await;
        }
        let id = DonationId::parse(answer["intent_id"].as_str().unwrap()).unwrap();
        let donation = self.donation(id).await;
        Given {
            id,
            intent: donation.intent.unwrap().to_string(),
            checkout_url: answer["checkout_url"].as_str().unwrap().to_owned(),
        }
    }

    /// Opens a checkout's link; an order of Alchemy Pay's is made by that.
    async fn follow(&self, link: &str) {
        let page = self.http.get(link).send().await.unwrap();
        assert_eq!(page.status(), 200, "{link}");
    }

    /// Asks how a donation stands, as the page does.
    pub(crate) async fn poll(&self, id: DonationId) -> Value {
        let response = self.get(&format!("/api/status?intent_id={id}")).await;
        assert_eq!(response.status(), 200);
        json_of(response).await
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        self.http
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .unwrap()
    }

    /// Presses a button on the stand-in's pay page and waits for what follows.
    pub(crate) async fn press(&self, given: &Given, action: Action) {
        self.stand_in.act(&given.intent, action).await.unwrap();
    }

    /// Checkouts that were made and left, without the web, by each provider in
    /// turn.
    pub(crate) async fn leave_checkouts(&self, count: usize) {
        // What is measured with them is not the disk.
        self.tamper("PRAGMA synchronous = OFF").await;
        let providers: Vec<_> = self.state.providers.iter().collect();
        for provider in providers.into_iter().cycle().take(count) {
            self.state.clock.advance(Duration::from_millis(1));
            self.leave(provider, self.five_by(provider)).await;
        }
    }

    /// A new donation of five units at `provider`.
    pub(crate) fn five_by(&self, provider: &Entry) -> NewDonation {
        NewDonation {
            id: DonationId::random(),
            created_at: self.state.clock.now(),
            request: Request::anonymous(FIVE),
            provider: provider.name(),
        }
    }

    async fn leave(&self, provider: &Entry, new: NewDonation) {
        let (id, now) = (new.id, new.created_at);
        let opened = self.open_unnoted(provider, new).await;
        let first_look = (now.after(self.state.config.reconcile_every), Origin(1));
        let noted = self.ledger.note_opened(id, opened, first_look, now);
        noted.await.unwrap();
    }

    /// A checkout that was made, and that the ledger has no note of yet.
    pub(crate) async fn open_unnoted(&self, provider: &Entry, new: NewDonation) -> Opened {
        let opened = provider.open(&new, None).await.unwrap();
        if new.provider == ProviderKind::AlchemyPay.name() {
            self.follow(&opened.checkout_url).await;
        }
        self.ledger.begin(new, None).await.unwrap();
        opened
    }

    /// Pays, and the webhook is lost.
    pub(crate) async fn pay_unheard(&self, intent: &str) {
        let pay = self.stand_in.act(intent, Action::PayLost);
        pay.await.unwrap();
    }
}

/// A donation that was begun.
pub(crate) struct Given {
    pub(crate) id: DonationId,
    pub(crate) intent: String,
    pub(crate) checkout_url: String,
}

pub(crate) async fn json_of(response: reqwest::Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}
