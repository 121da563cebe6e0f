//! What the provider sends to an app.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use stand_in::{Action, SignedWebhook, WebhookDraft};
use tower::ServiceExt;

use crate::support::provider_kind;
use crate::support::test_app::TestApp;
use crate::support::visits::Given;

impl TestApp {
    /// Delivers a webhook and returns the answer's status.
    pub(crate) async fn deliver(&self, webhook: &SignedWebhook) -> u16 {
        self.post_webhook(&self.target(webhook), webhook).await.0
    }

    /// Where the app takes webhooks like this one.
    pub(crate) fn target(&self, webhook: &SignedWebhook) -> String {
        let path = provider_kind::path(webhook.provider());
        format!("{}{path}", self.state.prefix())
    }

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

    /// Hands a webhook to the routes with all their layers, without a socket.
    pub(crate) async fn hand_over(&self, webhook: SignedWebhook) -> (u16, String) {
        let mut request = Request::post(self.target(&webhook));
        for (name, value) in webhook.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(webhook.body)).unwrap();
        let answer = self.routes.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let body = to_bytes(answer.into_body(), 10_000).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    /// A donation that is paid, and its webhook lost.
    pub(crate) async fn donate_and_pay_unheard(&self) -> Given {
        let given = self.donate().await;
        self.press(&given, Action::PayLost).await;
        given
    }

    /// The webhook of a donation's payment, by whichever provider.
    pub(crate) fn signed(&self, given: &Given) -> SignedWebhook {
        self.stand_in.signed_webhook(&given.intent).unwrap()
    }

    /// The same, to be altered before it is signed.
    pub(crate) fn webhook_of(&self, given: &Given) -> WebhookDraft {
        self.stand_in.webhook(&given.intent).unwrap()
    }
}
