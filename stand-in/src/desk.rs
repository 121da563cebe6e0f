//! What every request to the stand-in shares: its merchant's keys, its clock,
//! its books.
//!
//! It holds; it decides nothing.

use std::io;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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

pub(super) struct Desk {
    pub(super) allscale: Store,
    pub(super) alchemy_pay: Merchant,
    pub(super) public_url: String,
    pub(super) signed_responses: bool,
    pub(super) step: Duration,
    pub(super) late: Duration,
    pub(super) retry_pause: Duration,
    pub(super) callback_pause: Duration,
    pub(super) intents: Intents,
    pub(super) faults: Faults,
    pub(super) journal: Journal,
    pub(super) sender: reqwest::Client,
    pub(super) stop: CancellationToken,
    clock_skew: AtomicI64,
}

impl Desk {
    pub(super) fn new(options: Options, port: u16) -> io::Result<Self> {
        let public_url = options.public_url.map_or_else(
            || format!("http://localhost:{port}"),
            |url| url.as_str().trim_end_matches('/').to_owned(),
        );
        Ok(Self {
            allscale: Store::new(options.webhook_url, options.tolerance),
            alchemy_pay: Merchant::new(),
            public_url,
            signed_responses: options.signed_responses,
            step: options.step,
            late: options.late,
            retry_pause: options.retry_pause,
            callback_pause: options.callback_pause,
            intents: Intents::default(),
            faults: Faults::default(),
            journal: Journal::default(),
            sender: loopback_client().map_err(io::Error::other)?,
            stop: CancellationToken::new(),
            clock_skew: AtomicI64::new(0),
        })
    }

    /// Unix seconds by the stand-in's own clock.
    pub(super) fn now(&self) -> i64 {
        self.now_millis().div_euclid(1000)
    }

    pub(super) fn now_millis(&self) -> i64 {
        let skew = self.clock_skew.load(Ordering::SeqCst);
        let here = system_millis();
        here.saturating_add(skew.saturating_mul(1000))
    }

    /// The `Date` of an answer, while our own clock differs from the machine's.
    pub(super) fn wrong_date(&self) -> Option<HeaderValue> {
        if self.clock_skew.load(Ordering::SeqCst) == 0 {
            return None;
        }
        let now = Timestamp::from_second(self.now()).ok()?;
        let text = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
        HeaderValue::from_str(&text.ok()?).ok()
    }

    pub(super) fn set_clock_skew(&self, seconds: i64) {
        self.clock_skew.store(seconds, Ordering::SeqCst);
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
    // Refused when a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .tls_certs_only([])
        .connect_timeout(Duration::from_secs(2))
        .timeout(Duration::from_secs(5))
        .build()
}

/// Locks through poisoning: a test that failed elsewhere must not hide here.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
