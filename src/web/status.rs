//! `GET /api/status`: how a donation stands.
//!
//! The ledger answers. Owns how often a poll may ask the provider first: once
//! per 2 s and donation however many ask, and no more once it is settled.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{RawQuery, State};
use moka::future::Cache;
use serde::Serialize;
use tokio::time::{Instant, timeout, timeout_at};
use tracing::info;

use super::Web;
use super::error::Error;
use super::sentences::sentence;
use super::spoken::Spoken;
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

pub(super) async fn get(
    State(web): State<Arc<Web>>,
    spoken: Spoken,
    RawQuery(query): RawQuery,
) -> Result<Json<Answer>, Error> {
    let deadline = Instant::now() + deadlines::POLL;
    let id = intent_id(query.as_deref())?;
    let mut donation = known(&web.app, id).await?;
    if donation.may_be_asked_about() && ask_once(&web, donation.clone(), deadline).await {
        donation = known(&web.app, id).await?;
    }
    Ok(Json(Answer {
        status: donation.status.code(),
        name: donation.status.name(),
        terminal: donation.status.is_terminal(),
        message: sentence(donation.status, spoken.words(), &web.app.config.page.name),
    }))
}

/// Missing is a question without a subject; anything that is no id of ours
/// names nothing, and the provider never hears of it.
fn intent_id(query: Option<&str>) -> Result<DonationId, Error> {
    let written = query
        .unwrap_or_default()
        .split('&')
        .find_map(|pair| pair.strip_prefix("intent_id="))
        .filter(|id| !id.is_empty());
    DonationId::parse(written.ok_or(Error::NoIntentId)?).ok_or(Error::NotFound)
}

async fn known(app: &App, id: DonationId) -> Result<Donation, Error> {
    app.ledger.donation(id).await?.ok_or(Error::NotFound)
}

/// Single flight, in a task of its own: the first poll asks for all of them, and
/// goes on after it disconnects. Gives whether the ledger may know more now.
async fn ask_once(web: &Arc<Web>, donation: Donation, deadline: Instant) -> bool {
    let shared = Arc::clone(web);
    let asking = web.app.tasks.spawn(async move {
        let asked = ask(&shared.app, &donation);
        shared.polls.0.get_with(donation.id, asked).await
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
