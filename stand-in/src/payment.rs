//! What the buttons of the pay page do.
//!
//! A payment goes to `ON_CHAIN` at once and to CONFIRMED a step later;
//! everything else is one move. Webhooks follow where the provider sends any.
//! Runs in tasks of its own, so that nothing stops when a payer closes the
//! page.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::intents::Intent;
use super::protocol::Status;
use super::state::State;

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
    /// Pay, and a webhook from before the payment is sent last.
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

    pub(crate) fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.slug() == slug)
    }

    /// What the button says.
    pub(crate) const fn label(self) -> &'static str {
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

    /// The status right after the button is pressed.
    pub(crate) const fn first_status(self) -> Status {
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
    pub(crate) const fn pays(self, asked: i64) -> Option<i64> {
        match self {
            Self::PayOther => Some(asked + 100),
            Self::Underpay => Some(asked / 2),
            _ if matches!(self.first_status(), Status::ON_CHAIN) => Some(asked),
            _ => None,
        }
    }

    /// A payment under way cannot be stopped; a failed one can still arrive.
    pub(crate) const fn is_possible(self, status: Status) -> bool {
        match status {
            Status::ON_CHAIN | Status::CONFIRMED => false,
            _ => !status.is_negative() || matches!(self.first_status(), Status::ON_CHAIN),
        }
    }
}

/// The result of an action.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Outcome {
    pub status: Status,
    /// The HTTP status of each attempt to deliver a webhook; `None`: no answer.
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

/// Presses a button; what follows goes on in the background.
pub(crate) fn press(
    state: &Arc<State>,
    id: &str,
    action: Action,
) -> Result<
    (
        Intent,
        impl Future<Output = Result<Outcome, ActionError>> + use<>,
    ),
    ActionError,
> {
    let intent = state.intents.begin(id, action, state.now())?;
    let chain = follow(Arc::clone(state), intent.clone(), action);
    let rest = tokio::spawn(state.stop.clone().run_until_cancelled_owned(chain));
    let outcome = async move { rest.await.ok().flatten().ok_or(ActionError::Stopped) };
    Ok((intent, outcome))
}

/// Presses a button and waits for all that follows.
pub(crate) async fn act(
    state: &Arc<State>,
    id: &str,
    action: Action,
) -> Result<Outcome, ActionError> {
    let (_, outcome) = press(state, id, action)?;
    outcome.await
}

async fn follow(state: Arc<State>, mut intent: Intent, action: Action) -> Outcome {
    if intent.status == Status::ON_CHAIN {
        tokio::time::sleep(state.options.step).await;
        if let Ok(confirmed) = state.intents.confirm(&intent.id, state.now()) {
            intent = confirmed;
        }
    }
    Outcome {
        status: intent.status,
        deliveries: send_webhooks(&state, intent, action).await,
    }
}

/// Sends the webhooks; returns the answers to those sent at once.
async fn send_webhooks(state: &Arc<State>, intent: Intent, action: Action) -> Vec<Option<u16>> {
    if !intent.provider.sends_webhook(intent.status) || action == Action::PayLost {
        return Vec::new();
    }
    if action == Action::PayLate {
        send_later(Arc::clone(state), intent);
        return Vec::new();
    }
    let mut answers = state.deliver(&intent).await;
    let again = match action {
        Action::PayTwice => intent,
        Action::PayStale => intent.before_payment(),
        _ => return answers,
    };
    answers.extend(state.deliver(&again).await);
    answers
}

fn send_later(state: Arc<State>, intent: Intent) {
    let (stop, late): (_, Duration) = (state.stop.clone(), state.options.late);
    tokio::spawn(stop.run_until_cancelled_owned(async move {
        tokio::time::sleep(late).await;
        state.deliver(&intent).await;
    }));
}
