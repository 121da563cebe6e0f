//! `bagel donations look`: asks the provider now how a payment stands.
//!
//! For a payment that the sweep has given up, or that the creator does not want to
//! wait for. What the provider says is settled like any other word of it.

use std::io::Write;
use std::sync::Arc;

use anyhow::bail;
use tokio::task::JoinSet;

use super::{Handle, absent};
use crate::app::App;
use crate::budget::Lane;
use crate::cli::ledger;
use crate::clock::Clock;
use crate::config::Config;
use crate::donation::Donation;
use crate::look;
use crate::report::Source;

/// Which donations.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct Options {
    /// As for `show`
    #[arg(value_parser = Handle::parse)]
    id: Option<Handle>,
    /// All that are not settled, also those that the sweep has given up
    #[arg(long)]
    all: bool,
}

impl Options {
    /// Asks about each, at the pace the provider bears, and says what became of it.
    pub(super) async fn run(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let config = Config::load()?;
        let ledger = ledger::open(&config.database).await?;
        let app = App::new(config, Arc::clone(&ledger), Clock::System)?;
        let mut budgets = JoinSet::new();
        for provider in app.providers.iter().map(Arc::clone) {
            budgets.spawn(async move { provider.run().await });
        }
        let asked = self.ask(&app, out).await;
        ledger.close().await;
        asked
    }

    async fn ask(&self, app: &App, out: &mut impl Write) -> anyhow::Result<()> {
        let donations = match self.id {
            Some(handle) => vec![one(app, handle).await?],
            None => open(app).await?,
        };
        let mut failed = 0;
        for donation in &donations {
            match ask(app, donation).await {
                Ok(outcome) => writeln!(out, "{}: {outcome}", donation.id)?,
                Err(error) => {
                    failed += 1;
                    writeln!(out, "{}: not answered: {error}", donation.id)?;
                }
            }
        }
        if failed > 0 {
            bail!("{failed} of {} could not be asked about", donations.len());
        }
        Ok(())
    }
}

async fn one(app: &App, handle: Handle) -> anyhow::Result<Donation> {
    let id = handle.find(&*app.ledger).await?;
    let donation = app.ledger.donation(id).await?;
    let donation = donation.ok_or_else(|| absent(handle))?;
    let status = donation.status.name();
    if donation.is_settled() {
        bail!("donation {id} is {status}, so there is nothing to ask");
    }
    if donation.intent.is_none() {
        bail!("donation {id} is {status} and has no checkout to ask about");
    }
    Ok(donation)
}

async fn open(app: &App) -> anyhow::Result<Vec<Donation>> {
    let all = app.ledger.donations(None).await?;
    Ok(all
        .into_iter()
        .filter(Donation::may_be_asked_about)
        .collect())
}

/// What became of a donation: `TIMEOUT is now CONFIRMED`, or `CREATED as before`.
async fn ask(app: &App, donation: &Donation) -> anyhow::Result<String> {
    if let Some(provider) = app.providers.find(&donation.provider) {
        // A place is always left: one waits at a time.
        let _ = provider.looks.draw(Lane::Sweep).await;
    }
    look::look(app, donation, Source::Poll).await?;
    let before = donation.status;
    let after = app.ledger.donation(donation.id).await?;
    let now = after.map_or(before, |donation| donation.status);
    Ok(if now == before {
        format!("{} as before", before.name())
    } else {
        format!("{} is now {}", before.name(), now.name())
    })
}
