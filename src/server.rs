//! The server: bind, workers, serve, drain.
//!
//! Owns the accept loop. `axum::serve` has no header timeout, so silent and
//! dripping clients would hold their connections for ever; here every
//! connection is HTTP/1 with a deadline for its headers, their number has a
//! cap, and a drain ends in time whatever clients do.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};
use tower::ServiceExt;
use tracing::{info, warn};

use crate::app::App;
use crate::reconcile;
use crate::web::{Peer, Web};

/// How long a connection may take to send the head of a request.
const HEADERS: Duration = Duration::from_secs(5);
/// Open connections at most; more wait in the kernel's queue.
const CONNECTIONS: usize = 4096;
/// Requests under way are given this long after SIGTERM, and the work they
/// began the rest of ten seconds.
const DRAIN: Duration = Duration::from_secs(7);
const FINISH: Duration = Duration::from_secs(2);

/// A server that is bound and not yet serving.
pub struct Server {
    app: Arc<App>,
    web: Arc<Web>,
    listener: TcpListener,
}

impl Server {
    /// Binds the configured address.
    pub async fn bind(app: Arc<App>) -> io::Result<Self> {
        let listener = TcpListener::bind(app.config.bind).await?;
        let web = Web::new(Arc::clone(&app)).map_err(io::Error::other)?;
        Ok(Self { app, web, listener })
    }

    /// The address bound, with the real port where port 0 was asked for.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves, with all workers, until `stop` is done; then drains.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let mut workers = JoinSet::new();
        workers.spawn(reconcile::run(Arc::clone(&self.app)));
        self.serve_with(workers, stop).await;
    }

    /// Serves without the sweep, which a test steps by hand.
    pub async fn run_without_sweep(self, stop: impl Future<Output = ()>) {
        self.serve_with(JoinSet::new(), stop).await;
    }

    async fn serve_with(self, mut workers: JoinSet<()>, stop: impl Future<Output = ()>) {
        let (budget, web) = (Arc::clone(&self.app), Arc::clone(&self.web));
        workers.spawn(async move { budget.budget.run().await });
        workers.spawn(sweep_limits(web));
        let connections = GracefulShutdown::new();
        tokio::select! {
            () = stop => {}
            () = accept(&self.listener, self.web.router(), &connections) => {}
        }
        drop(self.listener);
        drain(connections, &self.app).await;
        workers.shutdown().await;
    }
}

async fn sweep_limits(web: Arc<Web>) {
    let mut minute = interval(Duration::from_mins(1));
    loop {
        minute.tick().await;
        web.sweep_limits();
    }
}

async fn accept(listener: &TcpListener, router: Router, connections: &GracefulShutdown) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, peer)) => serve(stream, peer, router.clone(), connections, place),
            // Out of file descriptors, most likely: some will be free again soon.
            Err(error) => {
                warn!(%error, "a connection could not be accepted");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    connections: &GracefulShutdown,
    place: OwnedSemaphorePermit,
) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        answer(router.clone(), request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        // A client that breaks off is its own affair.
        let _ = connection.await;
        drop(place);
    });
}

async fn answer(
    router: Router,
    request: hyper::Request<Incoming>,
) -> Result<axum::response::Response, Infallible> {
    router.oneshot(request.map(Body::new)).await
}

/// Lets requests and the work they began finish, within ten seconds in all.
async fn drain(connections: GracefulShutdown, app: &App) {
    info!("stopping: no new connections, finishing what is under way");
    if timeout(DRAIN, connections.shutdown()).await.is_err() {
        warn!("some clients did not finish in time and are cut off");
    }
    app.tasks.close();
    if timeout(FINISH, app.tasks.wait()).await.is_err() {
        warn!("some work did not finish in time; the sweep will take it up again");
    }
    info!("stopped");
}
