//! What the buttons of the pay page do.
//!
//! A payment goes to `ON_CHAIN` at once and to CONFIRMED a step later;
//! everything else is one move. Webhooks follow where the provider sends any.
//! Runs in tasks of its own, so a payer who closes the page stops nothing.

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
    /// Pay, and the webhook is sent twice.
    PayTwice,
    /// Pay, and the webhook is sent after [`super::Options::late`].
    PayLate,
    /// Pay, and a webhook from before the payment comes after the payment's.
    PayStale,
    /// Pay one unit more than was asked for.
    PayOther,
    Underpay,
    Cancel,
    Reject,
    Fail,
    Expire,
    SendBack,
}

impl Action {
    const ALL: [Self; 12] = [
        Self::Pay,
        Self::PayLost,
        Self::PayTwice,
        Self::PayLate,
        Self::PayStale,
        Self::PayOther,
        Self::Underpay,
        Self::Cancel,
        Self::Reject,
        Self::Fail,
        Self::Expire,
        Self::SendBack,
    ];

    /// The last part of its address.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Pay => "pay",
            Self::PayLost => "pay-lost",
            Self::PayTwice => "pay-twice",
            Self::PayLate => "pay-late",
            Self::PayStale => "pay-stale",
            Self::PayOther => "pay-other",
            Self::Underpay => "underpay",
            Self::Cancel => "cancel",
            Self::Reject => "reject",
            Self::Fail => "fail",
            Self::Expire => "expire",
            Self::SendBack => "send-back",
        }
    }

    pub(super) fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.slug() == slug)
    }

    /// What the button says.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Pay => "Pay",
            Self::PayLost => "Pay, but lose the webhook",
            Self::PayTwice => "Pay, and send the webhook twice",
            Self::PayLate => "Pay, and send the webhook late",
            Self::PayStale => "Pay, and send an old webhook last",
            Self::PayOther => "Pay another amount",
            Self::Underpay => "Underpay",
            Self::Cancel => "Cancel",
            Self::Reject => "Reject",
            Self::Fail => "Fail",
            Self::Expire => "Expire",
            Self::SendBack => "Send back",
        }
    }

    /// The status right after the button was pressed.
    pub(super) const fn first_status(self) -> Status {
        match self {
            Self::Pay
            | Self::PayLost
            | Self::PayTwice
            | Self::PayLate
            | Self::PayStale
            | Self::PayOther => Status::ON_CHAIN,
            Self::Underpay => Status::UNDERPAID,
            Self::Cancel => Status::CANCELED,
            Self::Reject => Status::REJECTED,
            Self::Fail => Status::FAILED,
            Self::Expire => Status::TIMEOUT,
            Self::SendBack => Status::SEND_BACK,
        }
    }

    /// The hundredths that arrive, of those asked for.
    pub(super) const fn pays(self, asked: i64) -> Option<i64> {
        match self {
            Self::PayOther => Some(asked + 100),
            Self::Underpay => Some(asked / 2),
            _ if matches!(self.first_status(), Status::ON_CHAIN) => Some(asked),
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
    #[error("{0} has no such button")]
    NotOffered(&'static str),
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
    let intent = desk.intents.begin(id, action, desk.now())?;
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

async fn follow(desk: Arc<Desk>, mut intent: Intent, action: Action) -> Outcome {
    if intent.status == Status::ON_CHAIN {
        tokio::time::sleep(desk.step).await;
        if let Ok(confirmed) = desk.intents.confirm(&intent.id, desk.now()) {
            intent = confirmed;
        }
    }
    Outcome {
        status: intent.status,
        deliveries: tell(&desk, intent, action).await,
    }
}

/// Sends the webhooks; gives what was answered to those sent at once.
async fn tell(desk: &Arc<Desk>, intent: Intent, action: Action) -> Vec<Option<u16>> {
    if !intent.provider.tells_of(intent.status) || action == Action::PayLost {
        return Vec::new();
    }
    if action == Action::PayLate {
        send_later(Arc::clone(desk), intent);
        return Vec::new();
    }
    let mut answers = delivery::deliver(desk, &intent).await;
    let again = match action {
        Action::PayTwice => intent,
        Action::PayStale => intent.before_payment(),
        _ => return answers,
    };
    answers.extend(delivery::deliver(desk, &again).await);
    answers
}

fn send_later(desk: Arc<Desk>, intent: Intent) {
    let (stop, late): (_, Duration) = (desk.stop.clone(), desk.late);
    tokio::spawn(stop.run_until_cancelled_owned(async move {
        tokio::time::sleep(late).await;
        delivery::deliver(&desk, &intent).await;
    }));
}
