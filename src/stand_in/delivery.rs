//! Sends webhooks: up to five tries, each with a fresh timestamp and nonce
//! under the same webhook id, with growing pauses between them.
//!
//! Only ever calls the webhook URL the stand-in was given, and follows no
//! redirect.

use serde::Serialize;

use super::allscale::webhook::{SignedWebhook, WebhookDraft};
use super::desk::Desk;
use super::intents::Intent;

const TRIES: u32 = 5;

/// One try to deliver a webhook.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    pub webhook_id: String,
    /// The HTTP status answered; `None`: no answer.
    pub status: Option<u16>,
}

/// Delivers the webhook of a confirmed intent; gives what each try was
/// answered. Nothing when no webhook URL is set.
pub(super) async fn deliver(desk: &Desk, intent: &Intent) -> Vec<Option<u16>> {
    let mut answers = Vec::new();
    if desk.webhook_url().is_none() {
        return answers;
    }
    for pause in (0..TRIES).map(|retry| desk.retry_pause.saturating_mul(1 << retry)) {
        let answer = send(desk, &WebhookDraft::new(desk, intent).sign()).await;
        answers.push(answer);
        if answer.is_some_and(|status| (200..300).contains(&status)) {
            break;
        }
        tokio::time::sleep(pause).await;
    }
    answers
}

/// Sends one webhook as it is.
pub(super) async fn send(desk: &Desk, webhook: &SignedWebhook) -> Option<u16> {
    let mut request = desk.sender.post(desk.webhook_url()?);
    for (name, value) in &webhook.headers {
        request = request.header(*name, value);
    }
    let answer = request.body(webhook.body.clone()).send().await;
    let status = answer.ok().map(|answer| answer.status().as_u16());
    desk.journal.delivered(Delivery {
        webhook_id: webhook.webhook_id().to_owned(),
        status,
    });
    status
}
