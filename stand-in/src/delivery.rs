//! Sends webhooks, again until one is taken, with the provider's pauses
//! between the tries; every try is signed anew.
//!
//! Only ever calls the webhook URL the stand-in was given, by its owner or in
//! a request signed with its own secret, and follows no redirect.

use serde::Serialize;

use super::desk::Desk;
use super::intents::Intent;
use super::signed_webhook::SignedWebhook;

/// One try to deliver a webhook.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    pub webhook_id: String,
    /// The HTTP status answered; `None`: no answer.
    pub status: Option<u16>,
}

/// Delivers the webhook of an intent; gives what each try was answered.
/// Nothing when no webhook URL is set.
pub(super) async fn deliver(desk: &Desk, intent: &Intent) -> Vec<Option<u16>> {
    let mut answers = Vec::new();
    for pause in intent.provider.pauses(desk) {
        tokio::time::sleep(pause).await;
        let webhook = intent.provider.webhook(desk, intent);
        if webhook.url.is_none() {
            break;
        }
        let answer = send(desk, &webhook).await;
        answers.push(answer);
        if answer.is_some_and(|status| (200..300).contains(&status)) {
            break;
        }
    }
    answers
}

/// Sends one webhook as it is.
pub(super) async fn send(desk: &Desk, webhook: &SignedWebhook) -> Option<u16> {
    let mut request = desk.sender.post(webhook.url.clone()?);
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
