//! `bagel serve`: opens the ledger, serves the page, stops on a signal; and
//! `bagel healthcheck`, which asks it whether it lives, for images that have no
//! shell and no curl.
//!
//! Owns where logs go: to stderr, and of a panic where it was but never what.

use std::io::{self, IsTerminal};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{anyhow, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;
use tracing::{info, warn};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{fmt, registry};

use super::ledger;
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, LogFormat};
use crate::deadlines;
use crate::ledger::Ledger;
use crate::server::Server;

/// Starts logging.
pub fn start_logs(format: LogFormat, filter: Targets) {
    let filtered = registry().with(filter);
    let logs = fmt::layer()
        // Colours in a file or a container's log are noise.
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    // A second start, in a test, keeps the first.
    let _ = match format {
        LogFormat::Json => filtered.with(logs.json().flatten_event(true)).try_init(),
        LogFormat::Text => filtered.with(logs.with_target(false)).try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a panic was caught");
    }));
}

/// Serves until SIGTERM or SIGINT, then drains.
pub async fn run(config: Config) -> anyhow::Result<()> {
    for warning in &config.warnings {
        warn!(%warning);
    }
    let ledger = ledger::open(&config.database).await?;
    let server = start(config, Arc::clone(&ledger), "BAGEL_BIND")?;
    server.run(stop_signal()?).await;
    // A ledger that stands still is not waited for: what was begun ends or is
    // undone without us.
    if timeout(deadlines::LET_GO, ledger.close()).await.is_err() {
        warn!("the ledger did not let go in time");
    }
    Ok(())
}

/// Binds and says where the page is. `setting` is what moves the address.
pub fn start(config: Config, ledger: Arc<dyn Ledger>, setting: &str) -> anyhow::Result<Server> {
    let address = config.bind;
    let app = App::new(config, ledger, Clock::System)?;
    let server =
        Server::bind(Arc::new(app)).map_err(|error| cannot_listen(address, &error, setting))?;
    info!("the page is on http://{address}");
    match server.room() {
        room if room.is_tight() => warn!("{room}"),
        room => info!("{room}"),
    }
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

/// Asks `/healthz` at the address the server is bound to.
///
/// # Errors
/// A sentence, when no server answers 200 within two seconds.
pub async fn healthcheck(bind: SocketAddr) -> anyhow::Result<()> {
    let address = reachable(bind);
    let answer = timeout(Duration::from_secs(2), ask(address)).await;
    match answer {
        Ok(Ok(head)) if head.starts_with("HTTP/1.1 200") => Ok(()),
        Ok(Ok(_)) => bail!("the server at {address} is not healthy"),
        Ok(Err(error)) => bail!("no server at {address}: {error}"),
        Err(_) => bail!("the server at {address} does not answer"),
    }
}

/// A server bound to every address is asked on loopback.
fn reachable(bind: SocketAddr) -> SocketAddr {
    let ip = match bind.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bind.port())
}

async fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await?;
    Ok(String::from_utf8_lossy(&head).into_owned())
}
