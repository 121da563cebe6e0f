//! What the buttons of the pay page do.
//!
//! A payment goes to `ON_CHAIN` at once, to CONFIRMED a step later, and then
//! sends its webhooks; everything else is one move and silence. Runs in tasks
//! of its own, so a payer who closes the page stops nothing.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::delivery;
use super::desk::Desk;
use super::intents::Intent;
use super::status::Status;

/// A button of the pay page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    Pay,
    /// Pay, but the webhook is never sent.
    PayLost,
    /// Pay, and the webhook is sent twice: same id, another nonce.
    PayTwice,
    /// Pay, and the webhook is sent after [`super::Options::late`].
    PayLate,
    Underpay,
    Cancel,
    Reject,
    Expire,
    SendBack,
}

impl Action {
    pub(super) const PAYING: [Self; 4] = [Self::Pay, Self::PayLost, Self::PayTwice, Self::PayLate];
    pub(super) const ENDING: [Self; 5] = [
        Self::Underpay,
        Self::Cancel,
        Self::Reject,
        Self::Expire,
        Self::SendBack,
    ];

    /// The last part of its address.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::PayLost => "pay-lost",
            Self::PayTwice => "pay-twice",
            Self::PayLate => "pay-late",
            Self::Underpay => "underpay",
            Self::Cancel => "cancel",
            Self::Reject => "reject",
            Self::Expire => "expire",
            Self::SendBack => "send-back",
        }
    }

    pub(super) fn from_slug(slug: &str) -> Option<Self> {
        let mut all = Self::PAYING.into_iter().chain(Self::ENDING);
        all.find(|action| action.slug() == slug)
    }

    /// What the button says.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Pay => "Pay",
            Self::PayLost => "Pay, but lose the webhook",
            Self::PayTwice => "Pay, and send the webhook twice",
            Self::PayLate => "Pay, and send the webhook late",
            Self::Underpay => "Underpay",
            Self::Cancel => "Cancel",
            Self::Reject => "Reject",
            Self::Expire => "Expire",
            Self::SendBack => "Send back",
        }
    }

    /// The status right after the button was pressed.
    pub(super) const fn first_status(self) -> Status {
        match self {
            Self::Pay | Self::PayLost | Self::PayTwice | Self::PayLate => Status::ON_CHAIN,
            Self::Underpay => Status::UNDERPAID,
            Self::Cancel => Status::CANCELED,
            Self::Reject => Status::REJECTED,
            Self::Expire => Status::TIMEOUT,
            Self::SendBack => Status::SEND_BACK,
        }
    }

    /// The coins that arrive, of those owed.
    pub(super) const fn pays(self, owed: i64) -> Option<i64> {
        match self.first_status() {
            Status::ON_CHAIN => Some(owed),
            Status::UNDERPAID => Some(owed / 2),
            _ => None,
        }
    }

    /// Money under way cannot be stopped, but it can arrive after all.
    pub(super) const fn is_possible(self, status: Status) -> bool {
        match status {
            Status::ON_CHAIN | Status::CONFIRMED => false,
            _ => !status.is_negative() || matches!(self.first_status(), Status::ON_CHAIN),
        }
    }
}

/// Where an action has led.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Outcome {
    pub status: Status,
    /// The HTTP status of each try to deliver a webhook; `None`: no answer.
    pub deliveries: Vec<Option<u16>>,
}

/// Why a button could not be pressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ActionError {
    #[error("no such intent")]
    UnknownIntent,
    #[error("not possible while the intent is {0}")]
    NotNow(Status),
    #[error("the stand-in was stopped meanwhile")]
    Stopped,
}

/// Presses a button; the rest goes on in the background.
pub(super) fn press(
    desk: &Arc<Desk>,
    id: &str,
    action: Action,
) -> Result<
    (
        Intent,
        impl Future<Output = Result<Outcome, ActionError>> + use<>,
    ),
    ActionError,
> {
    let intent = desk.intents.begin(id, action)?;
    let chain = follow(Arc::clone(desk), intent.clone(), action);
    let rest = tokio::spawn(desk.stop.clone().run_until_cancelled_owned(chain));
    let outcome = async move { rest.await.ok().flatten().ok_or(ActionError::Stopped) };
    Ok((intent, outcome))
}

/// Presses a button and waits for all that follows.
pub(super) async fn act(
    desk: &Arc<Desk>,
    id: &str,
    action: Action,
) -> Result<Outcome, ActionError> {
    let (_, outcome) = press(desk, id, action)?;
    outcome.await
}

async fn follow(desk: Arc<Desk>, intent: Intent, action: Action) -> Outcome {
    let mut outcome = Outcome {
        status: intent.status,
        deliveries: Vec::new(),
    };
    if intent.status != Status::ON_CHAIN {
        return outcome;
    }
    tokio::time::sleep(desk.step).await;
    let Ok(intent) = desk.intents.confirm(&intent.id) else {
        return outcome;
    };
    outcome.status = intent.status;
    match action {
        Action::PayLost => {}
        Action::PayLate => send_later(desk, intent),
        Action::PayTwice => {
            outcome.deliveries = delivery::deliver(&desk, &intent).await;
            let again = delivery::deliver(&desk, &intent).await;
            outcome.deliveries.extend(again);
        }
        _ => outcome.deliveries = delivery::deliver(&desk, &intent).await,
    }
    outcome
}

fn send_later(desk: Arc<Desk>, intent: Intent) {
    let (stop, late): (_, Duration) = (desk.stop.clone(), desk.late);
    tokio::spawn(stop.run_until_cancelled_owned(async move {
        tokio::time::sleep(late).await;
        delivery::deliver(&desk, &intent).await;
    }));
}
