//! `bagel serve`: opens the ledger, serves the page, stops on a signal.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Database};
use crate::ledger::{LedgerError, SqliteLedger};
use crate::provider::NoRootCertificates;
use crate::server::Server;

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("cannot listen on {address}: {error}. Is it taken? Choose another with {setting}.")]
    Bind {
        address: SocketAddr,
        error: io::Error,
        setting: &'static str,
    },
    #[error(transparent)]
    Roots(#[from] NoRootCertificates),
    #[error("signals cannot be waited for: {0}")]
    Signals(io::Error),
}

/// Serves until SIGTERM or SIGINT, then drains.
pub async fn run(config: Config) -> Result<(), ServeError> {
    for warning in &config.warnings {
        warn!(%warning);
    }
    let ledger = open_ledger(&config.database).await?;
    let server = start(config, ledger.clone(), "BAGEL_BIND").await?;
    server.run(stop_signal()?).await;
    ledger.close().await;
    Ok(())
}

/// Opens the ledger; the default folder is made, any other must be there.
pub async fn open_ledger(database: &Database) -> Result<SqliteLedger, LedgerError> {
    let Database::Sqlite {
        path,
        create_folder,
    } = database;
    let folder = folder_of(path);
    if *create_folder {
        std::fs::create_dir_all(folder)
            .map_err(|error| unusable(folder, "cannot be made", &error))?;
    }
    match SqliteLedger::open(path).await {
        Err(LedgerError::Unavailable(error)) => Err(unusable(path, "cannot be written", &error)),
        opened => opened,
    }
}

/// The ledger's file, if it is not there yet.
#[must_use]
pub fn absent_file(database: &Database) -> Option<&Path> {
    let Database::Sqlite { path, .. } = database;
    (!path.exists()).then_some(path)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Names who would need to write where.
fn unusable(place: &Path, what: &str, error: &dyn Error) -> LedgerError {
    let folder = folder_of(place).display();
    let owner = |path: &str| std::fs::metadata(path).map(|entry| entry.uid()).ok();
    let whom = match (owner("/proc/self"), owner(&folder.to_string())) {
        (Some(own), Some(other)) if own != other => {
            format!(", which belongs to user {other} (this program runs as user {own})")
        }
        _ => String::new(),
    };
    LedgerError::Unusable(format!(
        "{} {what}: {error}. See that it and its folder {folder}{whom} can be written, and that \
         the disk has space",
        place.display()
    ))
}

/// Binds and says where the page is. `setting` is what moves the address.
pub async fn start(
    config: Config,
    ledger: SqliteLedger,
    setting: &'static str,
) -> Result<Server, ServeError> {
    // Each connection is a file; the usual soft limit of 1024 is too few.
    let _ = rlimit::increase_nofile_limit(16_384);
    let address = config.bind;
    let app = App::new(config, Arc::new(ledger), Clock::System)?;
    let server = Server::bind(Arc::new(app))
        .await
        .map_err(|error| ServeError::Bind {
            address,
            error,
            setting,
        })?;
    info!("the page is on http://{address}");
    Ok(server)
}

/// Done when the process is asked to stop.
pub fn stop_signal() -> Result<impl Future<Output = ()>, ServeError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(ServeError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Signals)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
