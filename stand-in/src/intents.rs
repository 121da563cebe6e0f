//! Every payment request, and every payment that settled.
//!
//! Owns the moves between statuses. The list of settled payments is the oracle
//! that tests compare a ledger with, so one function alone may write it, once
//! per intent. In memory, and bounded.

use std::collections::HashMap;
use std::sync::Mutex;

use serde::{Serialize, Serializer};
use serde_json::Value;
use uuid::Uuid;

use super::payment::{Action, ActionError};
use super::protocol::{Protocol, Status};
use super::state::lock;

/// More than any test needs.
const MOST_INTENTS: usize = 200_000;

/// One payment request.
#[derive(Clone, Debug, Serialize)]
pub struct Intent {
    /// The provider's own id for it.
    pub id: String,
    #[serde(serialize_with = "name")]
    pub(crate) provider: &'static dyn Protocol,
    pub status: Status,
    /// Hundredths of the fiat unit, or of the coin.
    pub amount_cents: i64,
    /// ISO code of the fiat currency; `None`: priced in USDT.
    pub fiat: Option<String>,
    pub order_id: Option<String>,
    pub description: Option<String>,
    pub user_name: Option<String>,
    pub redirect_url: Option<String>,
    /// The request as it came, as a JSON object.
    pub request: Value,
    pub payment: Option<Payment>,
}

impl Intent {
    /// The provider's name, as in the app.
    pub fn provider(&self) -> &'static str {
        self.provider.name()
    }

    /// Hundredths that arrived; before a payment, hundredths asked for.
    pub fn charged_cents(&self) -> i64 {
        let payment = self.payment.as_ref();
        payment.map_or(self.amount_cents, |payment| payment.cents)
    }

    /// As it was when the payer had only opened it.
    pub(crate) fn before_payment(self) -> Self {
        Self {
            status: Status::VIEWED,
            payment: None,
            ..self
        }
    }
}

fn name<S: Serializer>(provider: &&'static dyn Protocol, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(provider.name())
}

/// Money that was sent.
#[derive(Clone, Debug, Serialize)]
pub struct Payment {
    /// 32 hex digits.
    pub id: String,
    /// Hundredths that really arrived.
    pub cents: i64,
    /// Unix seconds by the stand-in's clock.
    pub at: i64,
    /// Whether it was sent after the time-out.
    pub late: bool,
}

impl Payment {
    /// The payment of an intent that stands at `status`.
    fn new(cents: i64, at: i64, status: Status) -> Self {
        Self {
            id: Uuid::new_v4().simple().to_string(),
            cents,
            at,
            late: status == Status::TIMEOUT,
        }
    }
}

/// A payment that reached CONFIRMED.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Settled {
    pub intent_id: String,
    pub provider: &'static str,
    pub order_id: Option<String>,
    /// What really arrived.
    pub amount_cents: i64,
    pub fiat: Option<String>,
}

impl Settled {
    fn of(intent: &Intent) -> Self {
        Self {
            intent_id: intent.id.clone(),
            provider: intent.provider(),
            order_id: intent.order_id.clone(),
            amount_cents: intent.charged_cents(),
            fiat: intent.fiat.clone(),
        }
    }
}

/// The intents of both providers.
#[derive(Default)]
pub struct Intents(Mutex<Books>);

#[derive(Default)]
struct Books {
    intents: Vec<Intent>,
    places: HashMap<String, usize>,
    settled: Vec<Settled>,
}

impl Books {
    fn find(&mut self, id: &str) -> Result<&mut Intent, ActionError> {
        let place = *self.places.get(id).ok_or(ActionError::UnknownIntent)?;
        Ok(&mut self.intents[place])
    }

    fn add(&mut self, intent: Intent) -> Option<usize> {
        let place = self.intents.len();
        if place >= MOST_INTENTS {
            return None;
        }
        self.places.insert(intent.id.clone(), place);
        self.intents.push(intent);
        Some(place)
    }

    /// The only place where a payment settles; a second time changes nothing.
    fn enter(&mut self, id: &str, status: Status, now: i64) -> Result<Intent, ActionError> {
        let intent = self.find(id)?;
        let first = status == Status::CONFIRMED && intent.status != status;
        if status == Status::CONFIRMED && intent.payment.is_none() {
            intent.payment = Some(Payment::new(intent.amount_cents, now, intent.status));
        }
        intent.status = status;
        let intent = intent.clone();
        if first {
            self.settled.push(Settled::of(&intent));
        }
        Ok(intent)
    }
}

impl Intents {
    /// False when there are too many.
    pub(crate) fn add(&self, intent: Intent) -> bool {
        lock(&self.0).add(intent).is_some()
    }

    /// Adds an intent under a second name, or returns the one that has this
    /// name already; `None` when there are too many.
    pub(crate) fn add_known_as(&self, name: &str, intent: Intent) -> Option<Intent> {
        let mut books = lock(&self.0);
        if let Ok(first) = books.find(name) {
            return Some(first.clone());
        }
        let place = books.add(intent.clone())?;
        books.places.insert(name.to_owned(), place);
        Some(intent)
    }

    pub(crate) fn find(&self, id: &str) -> Option<Intent> {
        lock(&self.0).find(id).ok().cloned()
    }

    /// The intent, if it is this provider's.
    pub(crate) fn get(&self, provider: &dyn Protocol, id: &str) -> Option<Intent> {
        let intent = self.find(id);
        intent.filter(|intent| intent.provider() == provider.name())
    }

    /// Every intent, oldest first.
    pub fn all(&self) -> Vec<Intent> {
        lock(&self.0).intents.clone()
    }

    /// The oracle: every payment that reached CONFIRMED, in that order.
    pub fn settled(&self) -> Vec<Settled> {
        lock(&self.0).settled.clone()
    }

    /// The payer opened the checkout.
    pub(crate) fn view(&self, id: &str) -> Option<Intent> {
        let mut books = lock(&self.0);
        let intent = books.find(id).ok()?;
        if intent.status == Status::CREATED {
            intent.status = Status::VIEWED;
        }
        Some(intent.clone())
    }

    /// Makes the first move of an action. `now` is in Unix seconds here and
    /// below.
    pub(crate) fn begin(&self, id: &str, action: Action, now: i64) -> Result<Intent, ActionError> {
        let mut books = lock(&self.0);
        let intent = books.find(id)?;
        if !intent.provider.offers(action) {
            return Err(ActionError::NotOffered(intent.provider()));
        }
        if !action.is_possible(intent.status) {
            return Err(ActionError::NotNow(intent.status));
        }
        if let Some(cents) = action.pays(intent.amount_cents) {
            intent.payment = Some(Payment::new(cents, now, intent.status));
        }
        intent.status = action.first_status();
        Ok(intent.clone())
    }

    pub(crate) fn confirm(&self, id: &str, now: i64) -> Result<Intent, ActionError> {
        lock(&self.0).enter(id, Status::CONFIRMED, now)
    }

    pub(crate) fn set_status(&self, id: &str, status: Status, now: i64) -> Result<(), ActionError> {
        lock(&self.0).enter(id, status, now).map(|_| ())
    }
}
