//! `GET /api/status`: how a donation stands.
//!
//! The ledger answers, at once. Owns how often a poll makes the provider be
//! asked: once per 2 s and donation however many ask, and no more once it is
//! settled. A poll waits for that look only where it can be made at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Query, State};
use axum::{Extension, Json};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::timeout;
use tracing::info;

use super::error::Error;
use super::face::Face;
use super::limits::{Counted, Limits};
use super::request_language::PageLanguage;
use super::standing::Standings;
use crate::app::App;
use crate::budget::Lane;
use crate::client::Client;
use crate::deadlines;
use crate::donation::{Donation, DonationId};
use crate::ledger::LedgerError;
use crate::look::{self, LookError};
use crate::provider::Entry;
use crate::report::Source;

/// How long one answer of the provider serves everybody who polls.
const FLOOR: Duration = Duration::from_secs(2);
/// Donations polled at the same time; beyond it the oldest lose their floor, and
/// further ones are left to the sweep.
const MAX_POLLED: usize = 10_000;

/// Single flight and floor of all polls: a look is under way once, and not
/// repeated for a while after it.
#[derive(Clone)]
pub(crate) struct Polls {
    under_way: Arc<Mutex<HashMap<DonationId, watch::Receiver<()>>>>,
    asked: Cache<DonationId, ()>,
}

impl Polls {
    pub(super) fn new() -> Self {
        let asked = Cache::builder().time_to_live(FLOOR);
        Self {
            under_way: Arc::default(),
            asked: asked
                .max_capacity(MAX_POLLED.try_into().unwrap_or(u64::MAX))
                .build(),
        }
    }

    /// Makes a look at the donation of this id, where the ledger may be behind;
    /// does not wait for it.
    pub(super) async fn glance(
        &self,
        app: &Arc<App>,
        id: DonationId,
        client: Client,
    ) -> Result<(), LedgerError> {
        let donation = app.ledger.donation(id).await?;
        if let Some(donation) = donation.filter(Donation::may_be_asked_about) {
            self.look(app, &donation, client);
        }
        Ok(())
    }

    /// The look at a donation: one that is under way, or a new one in a task of
    /// its own, in the turn of the client that asks. Its channel closes once the
    /// look has ended. `None` where the ledger knows all that can be known now.
    fn look(
        &self,
        app: &Arc<App>,
        donation: &Donation,
        client: Client,
    ) -> Option<watch::Receiver<()>> {
        let id = donation.id;
        let mut under_way = self
            .under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(look) = under_way.get(&id) {
            return Some(look.clone());
        }
        if self.asked.contains_key(&id) || under_way.len() >= MAX_POLLED {
            return None;
        }
        let provider = Arc::clone(app.providers.find(&donation.provider)?);
        let (ends, look) = watch::channel(());
        under_way.insert(id, look.clone());
        let (polls, app) = (self.clone(), Arc::clone(app));
        let lane = Lane::Client(client, donation.created_at);
        let tasks = app.tasks.clone();
        tasks.spawn(async move {
            let mut under_way = UnderWay {
                polls,
                id,
                asked: true,
            };
            under_way.asked = ask(&app, id, &provider, lane).await;
            drop(ends);
        });
        Some(look)
    }
}

/// One look; a panic ends it like anything else.
struct UnderWay {
    polls: Polls,
    id: DonationId,
    /// Whether its turn came; one that waited in vain may be queued again at once.
    asked: bool,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if self.asked {
            self.polls.asked.insert(self.id, ());
        }
        let under_way = self.polls.under_way.lock();
        under_way
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.id);
    }
}

#[derive(Serialize)]
pub(super) struct Answer {
    status: i8,
    name: &'static str,
    terminal: bool,
    message: String,
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    intent_id: String,
}

pub(super) async fn get(
    State(app): State<Arc<App>>,
    State(polls): State<Polls>,
    State(standings): State<Standings>,
    State(limits): State<Arc<Limits>>,
    Extension(client): Extension<Client>,
    language: PageLanguage,
    Query(asked): Query<Asked>,
) -> Result<Json<Answer>, Error> {
    let id = asked.id()?;
    limits.count(Counted::Poll, client)?;
    let mut donation = standings.of(&app, id).await?;
    // Otherwise the look has to wait for its turn, and the next poll sees it.
    let provider = app.providers.find(&donation.provider);
    let is_free = provider.is_some_and(|provider| provider.looks.is_free());
    if donation.may_be_asked_about()
        && let Some(mut look) = polls.look(&app, &donation, client)
        && is_free
    {
        // Whatever becomes of it, what the ledger said already is an answer.
        let looked = async {
            let _ = look.changed().await;
            standings.of(&app, id).await
        };
        if let Ok(now) = timeout(deadlines::POLL, looked).await {
            donation = now?;
        }
    }
    let creator = &app.config.page.name;
    Ok(Json(Answer {
        status: donation.status.code(),
        name: donation.status.name(),
        terminal: donation.status.is_terminal(),
        message: Face::of(donation.status).sentence(language.words(), creator),
    }))
}

impl Asked {
    /// Missing is a question without a subject; anything that is no id of ours
    /// names nothing, and the provider never hears of it.
    fn id(&self) -> Result<DonationId, Error> {
        match &*self.intent_id {
            "" => Err(Error::NoIntentId),
            id => DonationId::parse(id).ok_or(Error::NotFound),
        }
    }
}

/// Asks the provider, in its turn; false where that did not come. A failure leaves
/// the ledger's answer as it was: the next poll or look repeats it.
async fn ask(app: &App, id: DonationId, provider: &Entry, lane: Lane) -> bool {
    let granted = timeout(deadlines::QUEUED, provider.looks.draw(lane)).await;
    if !matches!(granted, Ok(Ok(()))) {
        return false;
    }
    // Thousands may wait for their turn: what a call needs is not theirs yet.
    let looked = Box::pin(look(app, id));
    if let Err(error) = looked.await {
        info!(donation.id = %id, %error, "a poll could not ask the provider");
    }
    true
}

/// A webhook may have settled the donation while its look waited.
async fn look(app: &App, id: DonationId) -> Result<(), LookError> {
    match app.ledger.donation(id).await? {
        Some(donation) if donation.may_be_asked_about() => {
            look::look(app, &donation, Source::Poll).await
        }
        _ => Ok(()),
    }
}
