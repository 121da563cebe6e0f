//! The stand-in's books: every payment request, and every one really settled.
//!
//! Owns the moves between states. What it lists as settled is the oracle the
//! tests compare a ledger with, so it is written at one place only, once per
//! intent. In memory, and bounded.

use std::collections::HashMap;
use std::sync::Mutex;

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::desk::lock;
use super::payment::{Action, ActionError};
use super::status::Status;

/// More would be a test gone wrong.
const MOST_INTENTS: usize = 200_000;

/// One payment request.
#[derive(Clone, Debug, Serialize)]
pub struct Intent {
    /// 24 hex digits.
    pub id: String,
    pub status: Status,
    /// Hundredths of the fiat unit, or of the coin.
    pub amount_cents: i64,
    /// The provider's number of the fiat currency; `None`: priced in coins.
    pub currency: Option<i64>,
    /// Its ISO code.
    pub currency_symbol: Option<&'static str>,
    /// USDT for one unit of fiat, as a decimal.
    pub rate: Option<String>,
    /// The provider's number of the coin; `None`: priced in fiat.
    pub stable_coin: Option<i64>,
    /// What the payer owes in USDT, as a decimal.
    pub amount_coins: String,
    /// The same in ten-thousandths.
    pub coins: i64,
    pub order_id: Option<String>,
    pub description: Option<String>,
    pub user_id: Option<String>,
    pub user_name: Option<String>,
    pub redirect_url: Option<String>,
    /// An object, or null.
    pub extra: Value,
    /// The identity of this intent's webhook, the same at every try.
    pub webhook_id: String,
    pub transaction: Option<Transaction>,
}

/// What would be on the chain.
#[derive(Clone, Debug, Serialize)]
pub struct Transaction {
    pub id: String,
    pub hash: String,
    pub from: String,
    /// Ten-thousandths of a USDT that really arrived.
    pub paid: i64,
}

impl Transaction {
    fn of(paid: i64) -> Self {
        let hex = || Uuid::new_v4().simple().to_string();
        Self {
            id: format!("tx_{}", hex()),
            hash: format!("0x{}{}", hex(), hex()),
            from: format!("0x{}{}", hex(), &hex()[..8]),
            paid,
        }
    }
}

/// A payment that reached CONFIRMED.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Settled {
    pub intent_id: String,
    pub order_id: Option<String>,
    pub amount_cents: i64,
    pub currency: Option<i64>,
    pub stable_coin: Option<i64>,
    pub amount_coins: String,
}

impl Settled {
    fn of(intent: &Intent) -> Self {
        Self {
            intent_id: intent.id.clone(),
            order_id: intent.order_id.clone(),
            amount_cents: intent.amount_cents,
            currency: intent.currency,
            stable_coin: intent.stable_coin,
            amount_coins: intent.amount_coins.clone(),
        }
    }
}

#[derive(Default)]
pub(super) struct Intents(Mutex<Books>);

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

    /// The one place where something is settled; twice is once.
    fn enter(&mut self, id: &str, status: Status) -> Result<Intent, ActionError> {
        let intent = self.find(id)?;
        let first = status == Status::CONFIRMED && intent.status != status;
        intent.status = status;
        if status == Status::CONFIRMED && intent.transaction.is_none() {
            intent.transaction = Some(Transaction::of(intent.coins));
        }
        let intent = intent.clone();
        if first {
            self.settled.push(Settled::of(&intent));
        }
        Ok(intent)
    }
}

impl Intents {
    /// False when the books are full.
    pub(super) fn add(&self, intent: Intent) -> bool {
        let mut books = lock(&self.0);
        let place = books.intents.len();
        if place >= MOST_INTENTS {
            return false;
        }
        books.places.insert(intent.id.clone(), place);
        books.intents.push(intent);
        true
    }

    pub(super) fn get(&self, id: &str) -> Option<Intent> {
        lock(&self.0).find(id).ok().cloned()
    }

    pub(super) fn all(&self) -> Vec<Intent> {
        lock(&self.0).intents.clone()
    }

    pub(super) fn settled(&self) -> Vec<Settled> {
        lock(&self.0).settled.clone()
    }

    /// The payer opened the checkout.
    pub(super) fn view(&self, id: &str) -> Option<Intent> {
        let mut books = lock(&self.0);
        let intent = books.find(id).ok()?;
        if intent.status == Status::CREATED {
            intent.status = Status::VIEWED;
        }
        Some(intent.clone())
    }

    /// The payer (or the provider) acts: the first move that follows.
    pub(super) fn begin(&self, id: &str, action: Action) -> Result<Intent, ActionError> {
        let mut books = lock(&self.0);
        let intent = books.find(id)?;
        if !action.is_possible(intent.status) {
            return Err(ActionError::NotNow(intent.status));
        }
        if let Some(paid) = action.pays(intent.coins) {
            intent.transaction = Some(Transaction::of(paid));
        }
        intent.status = action.first_status();
        Ok(intent.clone())
    }

    pub(super) fn confirm(&self, id: &str) -> Result<Intent, ActionError> {
        lock(&self.0).enter(id, Status::CONFIRMED)
    }

    pub(super) fn set_status(&self, id: &str, status: Status) -> Result<(), ActionError> {
        lock(&self.0).enter(id, status).map(|_| ())
    }
}
