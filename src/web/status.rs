//! `GET /api/status`: how a donation stands.
//!
//! The ledger answers. Owns how often a poll may ask the provider first: once
//! per 2 s and donation however many ask, and no more once it is settled.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::{Extension, Json};
use moka::future::Cache;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout, timeout_at};
use tracing::info;

use super::client_ip::ClientIp;
use super::error::Error;
use super::face::Face;
use super::limits::{Counted, Limits};
use super::request_language::PageLanguage;
use crate::app::App;
use crate::deadlines;
use crate::donation::{Donation, DonationId};
use crate::report::Source;
use crate::sweep;

/// How long one answer of the provider serves everybody who polls.
const FLOOR: Duration = Duration::from_secs(2);
/// Donations polled at the same time; beyond it the oldest lose their floor.
const MAX_POLLED: u64 = 10_000;

/// Single flight and floor of all polls.
#[derive(Clone)]
pub(crate) struct Polls(Cache<DonationId, bool>);

impl Polls {
    pub(super) fn new() -> Self {
        Self(
            Cache::builder()
                .max_capacity(MAX_POLLED)
                .time_to_live(FLOOR)
                .build(),
        )
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
    State(limits): State<Arc<Limits>>,
    Extension(client): Extension<ClientIp>,
    language: PageLanguage,
    Query(asked): Query<Asked>,
) -> Result<Json<Answer>, Error> {
    let deadline = Instant::now() + deadlines::POLL;
    let id = asked.id()?;
    limits.count(Counted::Poll, client)?;
    let mut donation = known(&app, id).await?;
    if donation.may_be_asked_about() && ask_once(&app, polls, donation.clone(), deadline).await {
        donation = known(&app, id).await?;
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

async fn known(app: &App, id: DonationId) -> Result<Donation, Error> {
    app.ledger.donation(id).await?.ok_or(Error::NotFound)
}

/// Single flight, in a task of its own: the first poll asks for all of them, and
/// goes on after it disconnects. Gives whether the ledger may know more now.
async fn ask_once(app: &Arc<App>, polls: Polls, donation: Donation, deadline: Instant) -> bool {
    let shared = Arc::clone(app);
    let asking = app.tasks.spawn(async move {
        let asked = ask(&shared, &donation);
        polls.0.get_with(donation.id, asked).await
    });
    // Whatever becomes of it, the ledger answers.
    matches!(timeout_at(deadline, asking).await, Ok(Ok(true)))
}

/// A failure is the ledger's answer as it was: the next poll or look repeats
/// it. A ledger that kept this one waiting is not asked once more.
async fn ask(app: &App, donation: &Donation) -> bool {
    let turn = timeout(deadlines::TURN, app.budget.draw(donation.created_at)).await;
    if turn.is_err() {
        return false;
    }
    let look = sweep::look(app, donation, Source::Poll).await;
    if let Err(error) = &look {
        info!(donation.id = %donation.id, %error, "a poll could not ask the provider");
    }
    look.is_ok()
}
