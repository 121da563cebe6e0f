//! Bytes on a connection, for requests no client would send, and requests
//! with a body and headers of any shape.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::support::test_app::TestApp;

/// Longer than anything we promise; a test that waits so long fails.
const TOO_LONG: Duration = Duration::from_secs(20);

/// One connection, written and read byte by byte.
pub(crate) struct Wire(TcpStream);

impl Wire {
    pub(crate) async fn to(app: &TestApp) -> Self {
        Self::open(app.url.strip_prefix("http://").unwrap().parse().unwrap()).await
    }

    pub(crate) async fn open(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    /// Sends `bytes`; false when the other side has hung up.
    pub(crate) async fn say(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).await.is_ok()
    }

    /// Says one `drop` at a time until the other side hangs up, or nothing at
    /// all; gives how long that took and what was answered.
    pub(crate) async fn drip(mut self, drop: &'static str, pause: Duration) -> (Duration, String) {
        let begun = Instant::now();
        while !drop.is_empty() && !self.has_answered().await && self.say(drop).await {
            sleep(pause).await;
        }
        let answer = self.hear().await;
        (begun.elapsed(), answer)
    }

    /// All that is answered until the other side hangs up.
    pub(crate) async fn hear(mut self) -> String {
        let mut heard = Vec::new();
        // A reset ends the hearing as well.
        let read = timeout(TOO_LONG, self.0.read_to_end(&mut heard)).await;
        assert!(
            read.is_ok(),
            "still open: {}",
            String::from_utf8_lossy(&heard)
        );
        String::from_utf8_lossy(&heard).into_owned()
    }

    /// Whether the other side has answered, or hung up.
    pub(crate) async fn has_answered(&mut self) -> bool {
        let mut byte = [0];
        let peek = self.0.peek(&mut byte);
        timeout(Duration::from_millis(1), peek).await.is_ok()
    }
}

/// Sends `bytes` on a connection of their own and hears the answer out.
pub(crate) async fn exchange(app: &TestApp, bytes: impl AsRef<[u8]>) -> String {
    let mut wire = Wire::to(app).await;
    wire.say(bytes).await;
    wire.hear().await
}

/// The status of an answer's first line; 0 when there is none.
pub(crate) fn status_of(answer: &str) -> u16 {
    let code = answer.split(' ').nth(1).unwrap_or_default();
    code.parse().unwrap_or(0)
}

/// A client that waits longer than any visitor is let wait.
pub(crate) fn patient() -> reqwest::Client {
    waiting().build().unwrap()
}

/// The same for visitors who never met: each request comes on a connection of
/// its own.
pub(crate) fn strangers() -> reqwest::Client {
    waiting().pool_max_idle_per_host(0).build().unwrap()
}

/// The same for one visitor at this address.
pub(crate) fn stranger_at(address: IpAddr) -> reqwest::Client {
    let stranger = waiting().pool_max_idle_per_host(0).local_address(address);
    stranger.build().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "it waits longer than ours do")]
fn waiting() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_certs_only([])
        .no_proxy()
        .redirect(Policy::none())
        .timeout(TOO_LONG)
}
