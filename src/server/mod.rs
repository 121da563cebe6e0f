//! The server: bind, workers, serve, drain.
//!
//! Owns the order of starting and stopping. `gate` owns who gets a connection,
//! `connections` what a client may do to it; a drain ends in time whatever clients
//! do.

mod connections;
mod gate;
mod room;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinSet;
use tokio::time::{interval, timeout};
use tracing::{info, warn};

use self::connections::{Connections, Limits};
pub use self::room::Room;
use crate::app::App;
use crate::sweep::Sweeper;
use crate::web::Web;
use crate::{audit, deadlines, sweep, tell};

/// Bytes of an answer that the kernel keeps for a client that does not take them;
/// by itself it keeps megabytes. The page is a tenth of it.
const SEND_BUFFER: u32 = 256 * 1024;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

/// A server that is bound and not yet serving.
pub struct Server {
    app: Arc<App>,
    web: Web,
    listener: TcpListener,
    room: Room,
}

impl Server {
    /// Binds the configured address.
    pub fn bind(app: Arc<App>) -> io::Result<Self> {
        let room = Room::make();
        let listener = listen(app.config.bind)?;
        let web = Web::new(Arc::clone(&app)).map_err(io::Error::other)?;
        Ok(Self {
            app,
            web,
            listener,
            room,
        })
    }

    /// How many connections there can be.
    pub fn room(&self) -> Room {
        self.room
    }

    /// The address bound, with the real port where port 0 was asked for.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// All routes with their layers, for callers without a socket.
    pub fn routes(&self) -> Router {
        self.web.router()
    }

    /// Serves, with all workers, until `stop` is done; then drains.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut pollers = JoinSet::new();
        for sweeper in Sweeper::of_all(&self.app) {
            pollers.spawn(sweeper.run());
        }
        pollers.spawn(sweep::keep_tidy(Arc::clone(&self.app)));
        pollers.spawn(audit::run(Arc::clone(&self.app), audit::EVERY));
        for target in self.app.listeners.iter() {
            pollers.spawn(tell::run(Arc::clone(&self.app), Arc::clone(target)));
        }
        self.serve_with(pollers, stop).await;
    }

    /// Serves without the sweep and without notifications, which a test steps
    /// by hand.
    pub async fn run_without_workers(self, stop: impl Future<Output = ()>) {
        self.serve_with(JoinSet::new(), stop).await;
    }

    /// `pollers` look for work by themselves, so they stop before the drain.
    async fn serve_with(self, mut pollers: JoinSet<()>, stop: impl Future<Output = ()>) {
        let mut workers = JoinSet::new();
        for provider in self.app.providers.iter().map(Arc::clone) {
            workers.spawn(async move { provider.run().await });
        }
        workers.spawn(sweep_limits(self.web.clone()));
        let limits = Limits::of(self.room.connections);
        let trusted = self.app.config.trusted_proxies.clone();
        let connections = Connections::new(self.routes(), limits, trusted);
        tokio::select! {
            () = stop => {}
            () = connections.accept(&self.listener) => {}
        }
        connections.accept_queued(self.listener);
        pollers.shutdown().await;
        drain(&connections, &self.app).await;
        workers.shutdown().await;
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // Or a restart finds its own address taken.
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER / 2)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

async fn sweep_limits(web: Web) {
    let mut minute = interval(Duration::from_mins(1));
    loop {
        minute.tick().await;
        web.sweep_limits();
    }
}

/// Lets requests and the work they began finish, within ten seconds in all.
async fn drain(connections: &Connections, app: &App) {
    info!("stopping: no new connections, finishing what is under way");
    if !connections.drain(deadlines::DRAIN).await {
        warn!("some clients did not finish in time and are cut off");
    }
    app.tasks.close();
    if timeout(deadlines::FINISH, app.tasks.wait()).await.is_err() {
        warn!("some work did not finish in time; the sweep will take it up again");
    }
    info!("stopped");
}
