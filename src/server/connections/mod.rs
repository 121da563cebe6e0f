//! Connections inward: let in by the gate, each with deadlines, all of them asked
//! to end when the program stops.
//!
//! `axum::serve` has no header timeout, so silent and dripping clients would
//! hold their connections for ever. Here every connection is HTTP/1 with a
//! deadline for the head of each request, a cap on its size, an end for a client
//! that takes nothing of its answer, and a life that ends in any case. The time
//! for a body stands in [`crate::deadlines`].

#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutWriter;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use tracing::warn;

use super::gate::{Entry, Gate};
use crate::deadlines;
use crate::web::Peer;

/// Largest head of a request, in bytes.
const MAX_HEAD: usize = 32 * 1024;

/// Who connected just before the stop has a request on the way.
const ON_THE_WAY: Duration = Duration::from_millis(100);

/// What connections are allowed.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Open at most; more are closed at once.
    pub(super) open: usize,
    /// How long the head of a request may take to arrive.
    pub(super) head: Duration,
    /// How long a client may take nothing of an answer.
    pub(super) stall: Duration,
    /// How long one connection serves; a client then makes another.
    pub(super) life: Duration,
    /// How long the last request on a connection may take.
    pub(super) last_request: Duration,
}

impl Limits {
    /// The program's own, with so many connections.
    pub(super) fn of(open: usize) -> Self {
        Self {
            open,
            head: deadlines::HEAD,
            stall: Duration::from_secs(10),
            life: Duration::from_mins(2),
            last_request: deadlines::REQUEST,
        }
    }
}

/// All connections to one router.
pub(super) struct Connections {
    router: Router,
    limits: Limits,
    gate: Gate,
    closing: CancellationToken,
    open: TaskTracker,
}

impl Connections {
    /// To `router`, directly or through these `trusted` proxies.
    pub(super) fn new(router: Router, limits: Limits, trusted: Vec<IpNet>) -> Self {
        Self {
            router,
            limits,
            gate: Gate::new(limits.open, trusted),
            closing: CancellationToken::new(),
            open: TaskTracker::new(),
        }
    }

    /// Accepts and serves connections until it is dropped.
    pub(super) async fn accept(&self, listener: &TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => self.let_in(stream, peer),
                // Out of file descriptors, most likely: some will be free again soon.
                Err(error) => {
                    warn!(%error, "a connection could not be accepted");
                    sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    /// Stops listening, and serves the connections that the kernel has accepted
    /// already: to a balancer they are open.
    pub(super) fn accept_queued(&self, listener: TcpListener) {
        let Ok(listener) = listener.into_std() else {
            return;
        };
        while let Ok((stream, peer)) = listener.accept() {
            let stream = stream.set_nonblocking(true).map(|()| stream);
            if let Ok(stream) = stream.and_then(TcpStream::from_std) {
                self.let_in(stream, peer);
            }
        }
    }

    /// Lets every connection finish the request under way; false when some
    /// did not in time.
    pub(super) async fn drain(&self, patience: Duration) -> bool {
        sleep(ON_THE_WAY).await;
        self.closing.cancel();
        self.open.close();
        timeout(patience, self.open.wait()).await.is_ok()
    }

    /// Serves a connection, or closes it where its client has enough of them.
    fn let_in(&self, stream: TcpStream, peer: SocketAddr) {
        if let Some(entry) = self.gate.enter(peer.ip()) {
            self.serve(stream, peer, entry);
        }
    }

    fn serve(&self, stream: TcpStream, peer: SocketAddr, entry: Entry) {
        let service = Service {
            router: self.router.clone(),
            limits: self.limits,
            closing: self.closing.clone(),
        };
        self.open.spawn(async move {
            let _entry = entry;
            let mut stream = TimeoutWriter::new(stream);
            stream.set_timeout(Some(service.limits.stall));
            let mut stream = pin!(stream);
            if !service.converse(stream.as_mut(), peer).await {
                // Or the kernel keeps what it did not take, for minutes.
                let _ = (*stream).get_ref().set_zero_linger();
            }
        });
    }
}

/// What one connection needs.
struct Service {
    router: Router,
    limits: Limits,
    closing: CancellationToken,
}

impl Service {
    /// Answers all requests of a connection; false when the client did not take
    /// its answers in time.
    async fn converse(self, stream: Pin<&mut TimeoutWriter<TcpStream>>, peer: SocketAddr) -> bool {
        let answer = service_fn(|request| answer(self.router.clone(), peer, request));
        let mut connection = pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(self.limits.head)
                .max_header_size(MAX_HEAD)
                .serve_connection(TokioIo::new(stream), answer)
        );
        tokio::select! {
            // A request that has arrived comes before any end.
            biased;
            // A client that breaks off is its own affair.
            ended = connection.as_mut() => return !has_stalled(&ended),
            () = self.closing.cancelled() => {}
            () = sleep(self.limits.life) => {}
        }
        connection.as_mut().graceful_shutdown();
        let ended = timeout(self.limits.last_request, connection).await;
        ended.is_ok_and(|ended| !has_stalled(&ended))
    }
}

/// Whether a connection ended because its client took nothing.
fn has_stalled(ended: &hyper::Result<()>) -> bool {
    let cause = ended.as_ref().err().and_then(std::error::Error::source);
    let cause = cause.and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::TimedOut)
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Result<Response, Infallible> {
    request.extensions_mut().insert(Peer(peer));
    router.oneshot(request.map(Body::new)).await
}
