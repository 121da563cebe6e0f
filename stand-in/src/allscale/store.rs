//! The one account the stand-in has at Allscale: its key pair, the nonces it
//! has spent, and where its webhooks go.

use std::collections::{HashSet, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;
use uuid::Uuid;

use crate::state::lock;

/// A request dated ahead stays fresh for twice the tolerance; nonces are kept a
/// little longer than that, in seconds.
const MARGIN: u64 = 60;
const LONGEST_NONCE: usize = 128;

/// A store at Allscale. The secret never shows in `Debug`.
#[derive(Debug)]
pub struct Store {
    key: String,
    secret: SecretString,
    pub(super) nonces: Nonces,
    webhook_url: Mutex<Option<Url>>,
}

impl Store {
    /// With a random key pair, which begins with `st_` as the provider's do;
    /// `tolerance` is how far a request may be dated from our clock.
    pub(crate) fn new(webhook_url: Option<Url>, tolerance: Duration) -> Self {
        let random = || Uuid::new_v4().simple();
        Self {
            key: format!("st_{}", random()),
            secret: format!("st_{}{}", random(), random()).into(),
            nonces: Nonces::new(tolerance),
            webhook_url: Mutex::new(webhook_url),
        }
    }

    #[cfg(test)]
    pub(super) fn with_keys(mut self, key: &str, secret: &str) -> Self {
        key.clone_into(&mut self.key);
        self.secret = secret.into();
        self
    }

    pub fn key(&self) -> &str {
        &self.key
    }

    pub fn secret(&self) -> &str {
        self.secret.expose_secret()
    }

    pub(super) fn webhook_url(&self) -> Option<Url> {
        lock(&self.webhook_url).clone()
    }

    /// Sends Allscale's webhooks to `url` from now on; `None`: nowhere.
    pub fn set_webhook_url(&self, url: Option<Url>) {
        *lock(&self.webhook_url) = url;
    }
}

/// Replay protection: the nonces seen, each for as long as a request with it
/// could still be fresh.
#[derive(Debug)]
pub(super) struct Nonces {
    /// In seconds.
    pub(super) tolerance: u64,
    spent: Mutex<Spent>,
}

#[derive(Default, Debug)]
struct Spent {
    nonces: HashSet<String>,
    by_age: VecDeque<(i64, String)>,
}

impl Nonces {
    fn new(tolerance: Duration) -> Self {
        Self {
            tolerance: tolerance.as_secs(),
            spent: Mutex::default(),
        }
    }

    /// False when it was spent before.
    pub(super) fn spend(&self, nonce: &str, now: i64) -> bool {
        let mut spent = lock(&self.spent);
        let is_old = |since: i64| {
            let age = u64::try_from(now.saturating_sub(since));
            age.is_ok_and(|age| age > 2 * self.tolerance + MARGIN)
        };
        while let Some((_, old)) = spent.by_age.pop_front_if(|(since, _)| is_old(*since)) {
            spent.nonces.remove(&old);
        }
        if nonce.len() > LONGEST_NONCE || !spent.nonces.insert(nonce.to_owned()) {
            return false;
        }
        spent.by_age.push_back((now, nonce.to_owned()));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_763_776_801;

    #[test]
    fn nonces_are_forgotten_when_they_can_no_longer_be_fresh() {
        let nonces = Nonces::new(Duration::from_mins(5));
        assert!(nonces.spend("a", NOW));
        assert!(!nonces.spend("a", NOW + 600));
        assert!(nonces.spend("b", NOW + 700));
        assert_eq!(lock(&nonces.spent).nonces.len(), 1);
        assert!(!nonces.spend(&"n".repeat(129), NOW));
    }
}
