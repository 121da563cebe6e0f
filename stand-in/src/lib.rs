//! The provider's stand-in: the other side of the wire, for `bagel demo`,
//! `bagel stand-in` and the tests.
//!
//! It is an HTTP server on its own port, reached by base URL like the real
//! provider, so signing, timeouts and decoding all run. It verifies and signs
//! with code of its own, written from the provider's guide, and it depends on no
//! other crate of the project: with shared signing, a wrong canonical string
//! would agree with itself.
//! It moves no money, and it only ever calls a webhook URL it was given.
//!
//! `intents` and `payment` are what a provider does, `pay_page` what a
//! payer sees of it, `allscale` and `alchemy_pay` how either provider speaks
//! about it (`protocol` says what one brings); `faults` and `control` let a
//! test misbehave on purpose.

mod alchemy_pay;
mod allscale;
mod amount;
mod control;
mod delivery;
mod desk;
mod faults;
mod intents;
mod journal;
mod pay_page;
mod payment;
mod protocol;
mod signed_webhook;
mod status;
mod transport;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

pub use alchemy_pay::notice::Notice;
pub use alchemy_pay::webhook::WebhookDraft as AlchemyWebhookDraft;
pub use allscale::webhook::WebhookDraft;
pub use delivery::Delivery;
use desk::Desk;
pub use faults::{Call, Fault, FaultKind};
pub use intents::{Intent, Payment, Settled};
pub use journal::{Calls, RecordedRequest};
pub use payment::{Action, ActionError, Outcome};
pub use signed_webhook::SignedWebhook;
pub use status::Status;

/// How a stand-in is set up. Start from [`Options::default`].
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
    /// Where a browser reaches the pay page; unset: `http://localhost:<port>`.
    pub public_url: Option<Url>,
    /// Where Allscale's webhooks go; unset: nowhere. [`StandIn::set_webhook_url`]
    /// moves it.
    pub webhook_url: Option<Url>,
    /// Whether replies carry the headers of response signing.
    pub signed_responses: bool,
    /// From `ON_CHAIN` to CONFIRMED.
    pub step: Duration,
    /// From CONFIRMED to the webhook of "send the webhook late".
    pub late: Duration,
    /// Before Allscale's refused webhook is sent again; doubles each time.
    pub retry_pause: Duration,
    /// Before Alchemy Pay's refused webhook is sent again.
    pub callback_pause: Duration,
    /// How far the time of a request to Allscale may be from ours. The guide
    /// says five minutes; a later one ten, unless the store narrows it.
    pub tolerance: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            webhook_url: None,
            signed_responses: false,
            step: Duration::from_secs(2),
            late: Duration::from_secs(20),
            retry_pause: Duration::from_millis(200),
            callback_pause: Duration::from_mins(5),
            tolerance: allscale::verifier::TOLERANCE,
        }
    }
}

/// A running stand-in. Dropping it stops it.
pub struct StandIn {
    desk: Arc<Desk>,
    address: SocketAddr,
    server: JoinHandle<io::Result<()>>,
}

impl StandIn {
    /// Binds, makes random keys and starts to answer.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.bind).await?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk::new(options, address.port())?);
        let app = router(&desk).into_make_service_with_connect_info::<SocketAddr>();
        let stopped = desk.stop.clone().cancelled_owned();
        let serving = axum::serve(listener, app).with_graceful_shutdown(stopped);
        Ok(Self {
            desk,
            address,
            server: tokio::spawn(serving.into_future()),
        })
    }

    /// Stops and waits until the port is free and replies in flight are out,
    /// at most a second for a client that does not let go.
    pub async fn stop(mut self) {
        self.desk.stop.cancel();
        let patience = Duration::from_secs(1);
        if tokio::time::timeout(patience, &mut self.server)
            .await
            .is_err()
        {
            self.server.abort();
        }
    }

    /// The address listened on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The provider's base URL, for a client on this machine.
    pub fn base_url(&self) -> String {
        let ip = self.address.ip();
        let ip = if ip.is_unspecified() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            ip
        };
        format!("http://{}", SocketAddr::new(ip, self.address.port()))
    }

    /// Where a browser reaches the pay pages, without a trailing slash.
    pub fn public_url(&self) -> &str {
        &self.desk.public_url
    }

    pub fn api_key(&self) -> &str {
        self.desk.allscale.credentials.key()
    }

    pub fn api_secret(&self) -> &str {
        self.desk.allscale.credentials.secret()
    }

    /// Sends Allscale's webhooks to `url` from now on; `None`: nowhere.
    pub fn set_webhook_url(&self, url: Option<Url>) {
        self.desk.allscale.set_webhook_url(url);
    }

    /// Sets the stand-in's clock `seconds` ahead of (or behind) this machine's,
    /// for freshness checks, signatures and the `Date` header.
    pub fn set_clock_skew(&self, seconds: i64) {
        self.desk.set_clock_skew(seconds);
    }

    /// Misbehaves as told at the next call it is meant for.
    pub fn inject(&self, fault: Fault) {
        self.desk.faults.inject(fault);
    }

    pub fn clear_faults(&self) {
        self.desk.faults.clear();
    }

    /// Every intent, oldest first.
    pub fn intents(&self) -> Vec<Intent> {
        self.desk.intents.all()
    }

    /// The oracle: every payment that really reached CONFIRMED, in that order.
    pub fn settled(&self) -> Vec<Settled> {
        self.desk.intents.settled()
    }

    /// How often each call was made, and how fast.
    pub fn calls(&self) -> Calls {
        self.desk.journal.calls()
    }

    /// The last thousand calls, oldest first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.desk.journal.requests()
    }

    /// The last thousand tries to deliver a webhook, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.desk.journal.deliveries()
    }

    /// Presses a button of the pay page and waits until all that follows is
    /// done, its webhooks included (not those sent late).
    pub async fn act(&self, intent_id: &str, action: Action) -> Result<Outcome, ActionError> {
        payment::act(&self.desk, intent_id, action).await
    }

    /// Puts an intent into any status, listed or not, without a webhook.
    pub fn set_status(&self, intent_id: &str, status: Status) -> Result<(), ActionError> {
        let now = self.desk.now();
        self.desk.intents.set_status(intent_id, status, now)
    }

    /// The webhook of this intent of Allscale's, fresh, to be altered before it
    /// is signed.
    pub fn webhook(&self, intent_id: &str) -> Option<WebhookDraft> {
        allscale::webhook::draft(&self.desk, intent_id)
    }

    /// The webhook of this intent, signed, to be sent, altered or replayed.
    pub fn signed_webhook(&self, intent_id: &str) -> Option<SignedWebhook> {
        let intent = self.desk.intents.find(intent_id)?;
        Some(intent.provider.webhook(&self.desk, &intent))
    }

    /// Sends `webhook` once, as it is; gives the HTTP status answered, if any.
    pub async fn send(&self, webhook: &SignedWebhook) -> Option<u16> {
        delivery::send(&self.desk, webhook).await
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.desk.stop.cancel();
    }
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StandIn")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

fn router(desk: &Arc<Desk>) -> Router {
    Router::new()
        .merge(pay_page::routes())
        .merge(control::routes())
        .merge(alchemy_pay::page::routes())
        .fallback(allscale::api::answer)
        .with_state(Arc::clone(desk))
}

#[cfg(test)]
mod tests;
