//! Connections inward: accepted up to a cap, each with deadlines, all of them
//! asked to end when the program stops.
//!
//! `axum::serve` has no header timeout, so silent and dripping clients would
//! hold their connections for ever. Here every connection is HTTP/1 with a
//! deadline for the head of each request, a cap on its size, and a life that
//! ends even when the client never reads an answer.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use tracing::warn;

use crate::deadlines;
use crate::web::Peer;

/// Largest head of a request, in bytes.
const MAX_HEAD: usize = 32 * 1024;

/// Who connected just before the stop has a request on the way.
const ON_THE_WAY: Duration = Duration::from_millis(100);

/// What connections are allowed.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Open at most; more wait in the kernel's queue.
    pub(super) open: usize,
    /// How long the head of a request may take to arrive.
    pub(super) head: Duration,
    /// How long one connection serves; a client then makes another.
    pub(super) life: Duration,
    /// How long the last request on a connection may take.
    pub(super) last_request: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            open: 4096,
            head: deadlines::HEAD,
            life: Duration::from_mins(2),
            last_request: deadlines::REQUEST,
        }
    }
}

/// All connections to one router.
pub(super) struct Connections {
    router: Router,
    limits: Limits,
    places: Arc<Semaphore>,
    closing: CancellationToken,
    open: TaskTracker,
}

impl Connections {
    pub(super) fn new(router: Router, limits: Limits) -> Self {
        Self {
            router,
            limits,
            places: Arc::new(Semaphore::new(limits.open)),
            closing: CancellationToken::new(),
            open: TaskTracker::new(),
        }
    }

    /// Accepts and serves connections until it is dropped.
    pub(super) async fn accept(&self, listener: &TcpListener) {
        while let Ok(place) = Arc::clone(&self.places).acquire_owned().await {
            match listener.accept().await {
                Ok((stream, peer)) => self.serve(stream, peer, place),
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
        while let Ok(place) = Arc::clone(&self.places).try_acquire_owned()
            && let Ok((stream, peer)) = listener.accept()
        {
            let stream = stream.set_nonblocking(true).map(|()| stream);
            if let Ok(stream) = stream.and_then(TcpStream::from_std) {
                self.serve(stream, peer, place);
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

    fn serve(&self, stream: TcpStream, peer: SocketAddr, place: OwnedSemaphorePermit) {
        let (router, limits) = (self.router.clone(), self.limits);
        let closing = self.closing.clone();
        self.open.spawn(async move {
            let _place = place;
            let service = service_fn(|request| answer(router.clone(), peer, request));
            let mut connection = pin!(
                http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(limits.head)
                    .max_header_size(MAX_HEAD)
                    .serve_connection(TokioIo::new(stream), service)
            );
            tokio::select! {
                // A request that has arrived comes before any end.
                biased;
                // A client that breaks off is its own affair.
                _ = connection.as_mut() => return,
                () = closing.cancelled() => {}
                () = sleep(limits.life) => {}
            }
            connection.as_mut().graceful_shutdown();
            let _ = timeout(limits.last_request, connection).await;
        });
    }
}

async fn answer(
    router: Router,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Result<Response, Infallible> {
    request.extensions_mut().insert(Peer(peer));
    router.oneshot(request.map(Body::new)).await
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// Far longer than any limit of these tests.
    const PATIENCE: Duration = Duration::from_secs(10);
    const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";

    struct Running {
        address: SocketAddr,
        connections: Arc<Connections>,
    }

    async fn start(limits: Limits) -> Running {
        let big = || async { vec![b'a'; 1024 * 1024] };
        let slow = || async {
            sleep(Duration::from_millis(300)).await;
            "done"
        };
        let router = Router::new()
            .route("/", get(|| async { "ok" }))
            .route("/big", get(big))
            .route("/slow", get(slow));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(Connections::new(router, limits));
        let accepting = Arc::clone(&connections);
        tokio::spawn(async move { accepting.accept(&listener).await });
        Running {
            address,
            connections,
        }
    }

    async fn connect(running: &Running, say: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(say).await.unwrap();
        stream
    }

    async fn hear(mut stream: TcpStream) -> String {
        let mut heard = Vec::new();
        let _ = timeout(PATIENCE, stream.read_to_end(&mut heard)).await;
        String::from_utf8(heard).unwrap()
    }

    async fn until_open(running: &Running, count: usize) {
        let wait = async {
            while running.connections.open.len() != count {
                sleep(Duration::from_millis(5)).await;
            }
        };
        assert!(timeout(PATIENCE, wait).await.is_ok(), "never {count} open");
    }

    #[tokio::test]
    async fn more_than_the_cap_wait_for_a_place() {
        let head = Duration::from_millis(500);
        let limits = Limits {
            open: 3,
            head,
            ..Limits::default()
        };
        let running = start(limits).await;
        let mut silent = Vec::new();
        for _ in 0..3 {
            silent.push(connect(&running, b"").await);
        }
        until_open(&running, 3).await;
        let waiting = connect(&running, GET).await;
        sleep(head / 5).await;
        assert_eq!(running.connections.open.len(), 3);
        assert!(hear(waiting).await.ends_with("ok"));
    }

    #[tokio::test]
    async fn who_never_reads_an_answer_is_cut_as_well() {
        let limits = Limits {
            life: Duration::from_millis(100),
            last_request: Duration::from_millis(100),
            ..Limits::default()
        };
        let running = start(limits).await;
        let many = b"GET /big HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20);
        let _deaf = connect(&running, &many).await;
        until_open(&running, 1).await;
        until_open(&running, 0).await;
    }

    #[tokio::test]
    async fn who_was_let_in_by_the_kernel_is_answered_before_the_end() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let router = Router::new().route("/", get(|| async { "ok" }));
        let connections = Connections::new(router, Limits::default());
        let address = listener.local_addr().unwrap();
        let mut waiting = TcpStream::connect(address).await.unwrap();
        connections.accept_queued(listener);
        assert!(
            TcpStream::connect(address).await.is_err(),
            "still listening"
        );
        let asking = async {
            tokio::task::yield_now().await;
            waiting.write_all(GET).await.unwrap();
            hear(waiting).await
        };
        let (ended, answer) = tokio::join!(connections.drain(PATIENCE), asking);
        assert!(ended && answer.ends_with("ok"), "{answer}");
    }

    #[tokio::test]
    async fn a_drain_lets_the_request_under_way_finish() {
        let running = start(Limits::default()).await;
        let slow = connect(&running, b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let _silent = connect(&running, b"").await;
        let _half = connect(&running, b"GET / HT").await;
        until_open(&running, 3).await;
        let (answer, ended) = tokio::join!(
            hear(slow),
            running.connections.drain(Duration::from_secs(1))
        );
        assert!(answer.ends_with("done"), "{answer}");
        assert!(!ended, "the half request holds its connection to the end");
    }
}
