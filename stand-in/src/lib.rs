//! The provider's stand-in: the other side of the wire, for `bagel demo`,
//! `bagel stand-in` and the tests.
//!
//! Owns an HTTP server on its own port, reached by base URL like the real
//! provider, so signing, timeouts and decoding all run. It verifies and signs
//! with code of its own, written from the providers' guides, and must never
//! depend on another crate of the project: with shared signing, a wrong
//! canonical string would agree with itself.
//! It moves no money, and calls no other address than the webhook URL it was
//! given.
//!
//! `intents` and `payment` do what a provider does; `pay_page` is what a payer
//! sees of it; `allscale` and `alchemy_pay` speak either provider's protocol
//! (`protocol` and `api` say what each must bring); with `faults` and `control`
//! a test makes the stand-in misbehave.

mod alchemy_pay;
mod allscale;
mod amount;
mod api;
mod control;
mod faults;
mod intents;
mod journal;
mod pay_page;
mod payment;
mod protocol;
mod state;
mod webhook;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

pub use alchemy_pay::merchant::Merchant;
pub use alchemy_pay::release::Release;
pub use allscale::store::Store;
pub use faults::{Call, Fault, FaultKind, Faults};
pub use intents::{Intent, Intents, Payment, Settled};
pub use journal::{Calls, Journal, RecordedRequest};
pub use payment::{Action, ActionError, Outcome};
pub use protocol::Status;
pub use state::State;
pub use webhook::{Delivery, SignedWebhook, WebhookDraft};

/// How a stand-in is set up. Start from [`Options::default`].
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub bind: SocketAddr,
    /// Where a browser reaches the pay page; unset: `http://localhost:<port>`.
    pub public_url: Option<Url>,
    /// Where Allscale's webhooks go; unset: nowhere. [`Store::set_webhook_url`]
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
    /// How far a request to Allscale may be dated from this clock. The guide
    /// says five minutes; a later one says ten, unless the store narrows it.
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
            tolerance: allscale::TOLERANCE,
        }
    }
}

/// A running stand-in. Dropping it stops it.
///
/// What it holds is its [`State`]: intents, faults, the journal, and the
/// account at either provider.
pub struct StandIn {
    state: Arc<State>,
    address: SocketAddr,
    server: JoinHandle<io::Result<()>>,
}

impl Deref for StandIn {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl StandIn {
    /// Binds, makes random keys and starts to answer.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(options.bind).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::new(options, address.port())?);
        let app = router(&state).into_make_service_with_connect_info::<SocketAddr>();
        let stopped = state.stop.clone().cancelled_owned();
        let serving = axum::serve(listener, app).with_graceful_shutdown(stopped);
        Ok(Self {
            state,
            address,
            server: tokio::spawn(serving.into_future()),
        })
    }

    /// Stops; returns when the port is free and replies in flight are out, or
    /// after a second if a client keeps its connection open.
    pub async fn stop(mut self) {
        self.state.stop.cancel();
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

    /// Allscale's base URL, for a client on this machine.
    pub fn base_url(&self) -> String {
        let ip = self.address.ip();
        let ip = if ip.is_unspecified() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            ip
        };
        format!("http://{}", SocketAddr::new(ip, self.address.port()))
    }

    /// The base URL of Alchemy Pay's calls, for a client on this machine.
    pub fn alchemy_api_url(&self) -> String {
        format!("{}{}", self.base_url(), alchemy_pay::API)
    }

    /// Alchemy Pay's hosted page, as a browser reaches it; links add their
    /// parameters.
    pub fn alchemy_checkout_url(&self) -> String {
        format!("{}{}", self.public_url(), alchemy_pay::CHECKOUT)
    }

    /// Presses a button of the pay page and waits until all that follows is
    /// done, its webhooks included (not those sent late).
    pub async fn act(&self, intent_id: &str, action: Action) -> Result<Outcome, ActionError> {
        payment::act(&self.state, intent_id, action).await
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.state.stop.cancel();
    }
}

impl fmt::Debug for StandIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StandIn")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

fn router(state: &Arc<State>) -> Router {
    Router::new()
        .merge(pay_page::routes())
        .merge(control::routes())
        .merge(alchemy_pay::page::routes())
        .fallback(api::answer::<allscale::Allscale>)
        .with_state(Arc::clone(state))
}

#[cfg(test)]
mod tests;
