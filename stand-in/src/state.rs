//! Shared state: what every request to the stand-in uses. The accounts at
//! either provider, the clock, intents, faults and journal.
//!
//! Holds; must never decide what is answered.

use std::io;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract;
use axum::http::HeaderValue;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use reqwest::redirect::Policy;
use tokio_util::sync::CancellationToken;

use super::Options;
use super::alchemy_pay::merchant::Merchant;
use super::allscale::store::Store;
use super::faults::Faults;
use super::intents::Intents;
use super::journal::Journal;
use super::payment::ActionError;
use super::protocol::Status;
use super::webhook::{SignedWebhook, WebhookDraft};

/// The state as a handler extracts it.
pub(crate) type Shared = extract::State<Arc<State>>;

/// What a stand-in holds.
pub struct State {
    /// The account at Allscale.
    pub allscale: Store,
    /// The account at Alchemy Pay.
    pub alchemy_pay: Merchant,
    pub intents: Intents,
    pub faults: Faults,
    pub journal: Journal,
    pub(crate) options: Options,
    pub(crate) sender: reqwest::Client,
    pub(crate) stop: CancellationToken,
    public_url: String,
    clock_skew: AtomicI64,
}

impl State {
    pub(crate) fn new(options: Options, port: u16) -> io::Result<Self> {
        let public_url = options.public_url.as_ref().map_or_else(
            || format!("http://localhost:{port}"),
            |url| url.as_str().trim_end_matches('/').to_owned(),
        );
        Ok(Self {
            allscale: Store::new(options.webhook_url.clone(), options.tolerance),
            alchemy_pay: Merchant::new(),
            intents: Intents::default(),
            faults: Faults::default(),
            journal: Journal::default(),
            sender: loopback_client().map_err(io::Error::other)?,
            stop: CancellationToken::new(),
            options,
            public_url,
            clock_skew: AtomicI64::new(0),
        })
    }

    /// Where a browser reaches the pay pages, without a trailing slash.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// Sets the stand-in's clock `seconds` ahead of (or behind) this machine's,
    /// for freshness checks, signatures and the `Date` header.
    pub fn set_clock_skew(&self, seconds: i64) {
        self.clock_skew.store(seconds, Ordering::SeqCst);
    }

    /// Gives an intent any status, listed or not, without a webhook.
    pub fn set_status(&self, intent_id: &str, status: Status) -> Result<(), ActionError> {
        self.intents.set_status(intent_id, status, self.now())
    }

    /// The webhook of an intent, to be altered before it is signed.
    pub fn webhook(&self, intent_id: &str) -> Option<WebhookDraft> {
        let intent = self.intents.find(intent_id)?;
        Some(intent.provider.draft(self, &intent))
    }

    /// The webhook of an intent, signed, to be sent, altered or replayed.
    pub fn signed_webhook(&self, intent_id: &str) -> Option<SignedWebhook> {
        self.webhook(intent_id).map(WebhookDraft::sign)
    }

    /// Unix seconds by the stand-in's clock.
    pub(crate) fn now(&self) -> i64 {
        self.now_millis().div_euclid(1000)
    }

    pub(crate) fn now_millis(&self) -> i64 {
        let skew = self.clock_skew.load(Ordering::SeqCst);
        let here = system_millis();
        here.saturating_add(skew.saturating_mul(1000))
    }

    /// The `Date` of an answer, if the stand-in's clock was set wrong.
    pub(crate) fn wrong_date(&self) -> Option<HeaderValue> {
        if self.clock_skew.load(Ordering::SeqCst) == 0 {
            return None;
        }
        let now = Timestamp::from_second(self.now()).ok()?;
        let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
        HeaderValue::from_str(&text.ok()?).ok()
    }
}

/// The machine's clock, in milliseconds since the Unix epoch.
#[expect(
    clippy::disallowed_methods,
    reason = "the stand-in shares no code with the program it tests"
)]
pub(crate) fn system_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// A client for this machine only: it trusts no certificate and follows no
/// redirect, and no call takes longer than five seconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the stand-in shares no code with the program it tests"
)]
pub(crate) fn loopback_client() -> reqwest::Result<reqwest::Client> {
    // An error means that a provider is installed already, which will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .tls_certs_only([])
        .connect_timeout(Duration::from_secs(2))
        .timeout(Duration::from_secs(5))
        .build()
}

/// Locks a mutex even if it is poisoned, so that a failed test is reported as
/// itself and not as a poisoned lock.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
