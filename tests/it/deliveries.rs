//! What the provider sends to a house, and a house that starts again.

use std::sync::Arc;

use bagel::app::App;
use bagel::budget::Budget;
use bagel::ledger::{Ledger, SqliteLedger};
use bagel::server::Server;
use bagel::stand_in::{Action, SignedWebhook, WebhookDraft};

use crate::house::{Given, House};

impl House {
    /// Posts a webhook to `target` (path and query) and gives status and body.
    pub(crate) async fn post_webhook(
        &self,
        target: &str,
        webhook: &SignedWebhook,
    ) -> (u16, String) {
        let mut request = self
            .http
            .post(format!("{}{target}", self.url))
            .body(webhook.body.clone());
        for (name, value) in &webhook.headers {
            request = request.header(*name, value);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// A donation that is paid, and of which nobody has told us.
    pub(crate) async fn donate_and_pay_unheard(&self) -> Given {
        let given = self.donate().await;
        self.press(&given, Action::PayLost).await;
        given
    }

    /// The webhook of a donation's payment, to be altered before it is signed.
    pub(crate) fn webhook_of(&self, given: &Given) -> WebhookDraft {
        self.stand_in.webhook(&given.intent).unwrap()
    }

    /// Stops the house and starts the program again on the same file.
    pub(crate) async fn restart(&mut self) {
        self.close().await;
        self.ledger.close().await;
        self.ledger = SqliteLedger::open(&self.ledger_path()).await.unwrap();
        let ledger: Arc<dyn Ledger> = Arc::new(self.ledger.clone());
        let clock = self.app.clock.clone();
        let mut app = App::new(self.app.config.clone(), ledger, clock).unwrap();
        app.budget = Budget::per_second(10_000);
        self.app = Arc::new(app);
        let server = Server::bind(Arc::clone(&self.app)).await.unwrap();
        self.url = format!("http://{}", server.address().unwrap());
        let webhooks = format!("{}{}/webhooks/allscale", self.url, self.app.prefix());
        self.stand_in
            .set_webhook_url(Some(webhooks.parse().unwrap()));
        tokio::spawn(server.run_without_workers(std::future::pending()));
    }

    /// Runs one statement behind the ledger's back.
    pub(crate) async fn tamper(&self, sql: &'static str) {
        sqlx::query(sql).execute(self.ledger.pool()).await.unwrap();
    }

    /// One number straight from the file.
    pub(crate) async fn figure(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(self.ledger.pool())
            .await
            .unwrap()
    }
}
