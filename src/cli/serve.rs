//! `bagel serve`: opens the ledger, serves the page, stops on a signal.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::anyhow;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;
use tracing::{info, warn};

use super::ledger;
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::deadlines;
use crate::ledger::Ledger;
use crate::server::Server;

/// Serves until SIGTERM or SIGINT, then drains.
pub async fn run(config: Config) -> anyhow::Result<()> {
    for warning in &config.warnings {
        warn!(%warning);
    }
    let ledger = ledger::open(&config.database).await?;
    let server = start(config, Arc::clone(&ledger), "BAGEL_BIND").await?;
    server.run(stop_signal()?).await;
    // A ledger that stands still is not waited for: what was begun ends or is
    // undone without us.
    if timeout(deadlines::LET_GO, ledger.close()).await.is_err() {
        warn!("the ledger did not let go in time");
    }
    Ok(())
}

/// Binds and says where the page is. `setting` is what moves the address.
pub async fn start(
    config: Config,
    ledger: Arc<dyn Ledger>,
    setting: &str,
) -> anyhow::Result<Server> {
    // Each connection is a file; the usual soft limit of 1024 is too few.
    let _ = rlimit::increase_nofile_limit(16_384);
    let address = config.bind;
    let app = App::new(config, ledger, Clock::System)?;
    let server = Server::bind(Arc::new(app))
        .await
        .map_err(|error| cannot_listen(address, &error, setting))?;
    info!("the page is on http://{address}");
    Ok(server)
}

pub(super) fn cannot_listen(
    address: SocketAddr,
    error: &io::Error,
    setting: &str,
) -> anyhow::Error {
    anyhow!("cannot listen on {address}: {error}. Is it taken? Choose another with {setting}.")
}

/// Done when the process is asked to stop.
pub fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    let unheard = |error: io::Error| anyhow!("signals cannot be waited for: {error}");
    let mut terminate = signal(SignalKind::terminate()).map_err(unheard)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(unheard)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
