//! The audit of a running program: at its start and every hour the ledger is
//! asked whether it agrees with itself.
//!
//! Owns when that is asked and how a difference is reported. Stops nothing and
//! changes nothing: a page that goes on loses less than one that does not.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::interval;
use tracing::{debug, error, warn};

use crate::app::App;
use crate::ledger::{Audit, Ledger};

/// An audit reads every donation, so it is not asked for at every sweep.
pub const EVERY: Duration = Duration::from_hours(1);
/// Differences told by one audit; the command tells them all.
const TOLD: usize = 20;

/// Audits at once and then at every interval, until the end of the program.
pub async fn run(app: Arc<App>, every: Duration) {
    let mut due = interval(every);
    loop {
        due.tick().await;
        audit(&*app.ledger).await;
    }
}

async fn audit(ledger: &dyn Ledger) {
    match ledger.audit().await {
        Ok(audit) => tell(&audit),
        Err(error) => warn!(%error, "the ledger could not be audited; will try again"),
    }
}

fn tell(audit: &Audit) {
    for difference in audit.differences.iter().take(TOLD) {
        error!(%difference, "the ledger does not agree with itself");
    }
    match audit.differences.len() {
        0 => debug!("the ledger agrees with itself: {audit}"),
        differences => error!(
            differences,
            "run `bagel donations verify` and see docs/donations.md"
        ),
    }
}
