//! A server on loopback that answers as a test's script says: with a
//! response, slowly, without end, broken off, or never.

use std::convert::Infallible;
use std::future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{self, Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::Response;
use hyper::body::Frame;
use tokio::net::TcpListener;
use tokio::time::{Interval, interval};
use tower::service_fn;

use super::BaseUrl;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Serves `script` until the test ends; `None` is an answer that never comes.
pub(crate) async fn serve(
    script: impl Fn(Received) -> Option<Response> + Clone + Send + Sync + 'static,
) -> BaseUrl {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let answer = service_fn(move |request: Request<Body>| {
        let script = script.clone();
        async move {
            match script(receive(request).await) {
                Some(response) => Ok::<_, Infallible>(response),
                None => future::pending().await,
            }
        }
    });
    let app = axum::Router::new().fallback_service(answer);
    tokio::spawn(async move { axum::serve(listener, app).await });
    BaseUrl::parse(&base).unwrap()
}

async fn receive(request: Request<Body>) -> Received {
    let (parts, body) = request.into_parts();
    Received {
        path: parts.uri.to_string(),
        headers: parts.headers,
        body: body::to_bytes(body, 1 << 20).await.unwrap(),
    }
}

/// A base URL where no server listens.
pub(crate) async fn nobody() -> BaseUrl {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    BaseUrl::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap()
}

/// A body that comes in pieces.
pub(crate) struct Flow {
    piece: Bytes,
    /// How many are left until the connection breaks.
    left: usize,
    pause: Option<Interval>,
    /// Counts the bytes taken.
    taken: Arc<AtomicUsize>,
}

impl Flow {
    /// One space after each `pause`, for ever.
    pub(crate) fn drip(pause: Duration) -> Self {
        Self {
            piece: Bytes::from_static(b" "),
            left: usize::MAX,
            pause: Some(interval(pause)),
            taken: Arc::default(),
        }
    }

    /// As much as is taken, counted in `taken`.
    pub(crate) fn endless(taken: Arc<AtomicUsize>) -> Self {
        Self {
            piece: vec![b' '; 64 * 1024].into(),
            left: usize::MAX,
            pause: None,
            taken,
        }
    }

    /// A start without an end.
    pub(crate) fn cut() -> Self {
        Self {
            piece: Bytes::from_static(b"{\"code\":0"),
            left: 1,
            pause: None,
            taken: Arc::default(),
        }
    }
}

impl HttpBody for Flow {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.poll_tick(context));
        }
        if self.left == 0 {
            return Poll::Ready(Some(Err(io::ErrorKind::BrokenPipe.into())));
        }
        self.left -= 1;
        self.taken.fetch_add(self.piece.len(), Ordering::SeqCst);
        Poll::Ready(Some(Ok(Frame::data(self.piece.clone()))))
    }
}
