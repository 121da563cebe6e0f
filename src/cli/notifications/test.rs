//! `bagel notifications test`: tells every target of a donation nobody gave.
//!
//! Goes past the outbox: nothing is kept, nothing is tried again.

use std::io::{self, Write};
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::notify::targets::Messenger;
use crate::notify::{DeliveryError, Notification, Target as _};

/// Why not everybody heard.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    #[error(
        "nobody is to be told: set a variable such as BAGEL_NOTIFY_NTFY_URL; see \
         docs/notifications.md"
    )]
    Nobody,
    #[error("not every target acknowledged the sample")]
    Unheard,
    #[error("the result could not be written: {0}")]
    Output(#[from] io::Error),
}

/// Sends a sample to all of `ways` at once and writes a line for each.
pub async fn run(
    ways: &[Arc<Messenger>],
    clock: &Clock,
    out: &mut (impl Write + Send),
) -> Result<(), TestError> {
    if ways.is_empty() {
        return Err(TestError::Nobody);
    }
    let mut heard = true;
    for (name, result) in send(ways, clock).await {
        match result {
            Ok(()) => writeln!(out, "✓ {name}: acknowledged")?,
            Err(error) => {
                heard = false;
                writeln!(out, "✗ {name}: {error}")?;
            }
        }
    }
    heard.then_some(()).ok_or(TestError::Unheard)
}

/// What each of `ways` made of its sample, by name.
async fn send(
    ways: &[Arc<Messenger>],
    clock: &Clock,
) -> Vec<(&'static str, Result<(), DeliveryError>)> {
    let mut sending = JoinSet::new();
    for way in ways {
        let way = Arc::clone(way);
        let sample = Notification::sample(clock.now());
        sending.spawn(async move { (way.name(), way.send(&sample).await) });
    }
    let mut results = sending.join_all().await;
    results.sort_by_key(|(name, _)| *name);
    results
}
