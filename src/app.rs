//! What every step of a donation's walk works with: configuration, ledger,
//! providers, listeners, clock.

use std::hash::RandomState;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::Config;
use crate::donation::DonationId;
use crate::ledger::Ledger;
use crate::notify::{Listeners, targets};
use crate::outward::{NoRootCertificates, PublicUrl};
use crate::provider::Providers;

/// The running program, shared by all requests and workers.
pub struct App {
    pub config: Config,
    pub ledger: Arc<dyn Ledger>,
    pub providers: Providers,
    /// Who hears of settled donations.
    pub listeners: Listeners,
    /// Wakes the workers that empty the outbox.
    pub outbox_signal: Notify,
    pub changes: Changes,
    /// Makes origins of addresses; a restart makes them mean nothing.
    pub origin_keys: RandomState,
    pub clock: Clock,
    /// Work that must end even when the request that began it is gone.
    pub tasks: TaskTracker,
}

impl App {
    /// Puts the program together; the providers are those of `config`.
    pub fn new(
        config: Config,
        ledger: Arc<dyn Ledger>,
        clock: Clock,
    ) -> Result<Self, NoRootCertificates> {
        let providers = Providers::from_settings(&config.providers, &clock)?;
        let creator = targets::targets(&config.notify, &providers, &clock)?;
        Ok(Self {
            listeners: Listeners::new(creator, &providers),
            providers,
            config,
            outbox_signal: Notify::new(),
            changes: Changes::default(),
            origin_keys: RandomState::new(),
            ledger,
            clock,
            tasks: TaskTracker::new(),
        })
    }

    /// The path every route stands under: nothing, or such as `/tips`.
    pub fn prefix(&self) -> &str {
        self.config
            .public_url
            .as_ref()
            .map_or("", PublicUrl::prefix)
    }

    /// Where a supporter comes back to after paying; `None` without a public
    /// address, which no header of a visitor can stand in for.
    pub fn thanks_url(&self, id: DonationId) -> Option<String> {
        let public_url = self.config.public_url.as_ref()?;
        Some(public_url.join(&format!("/thanks/{id}")))
    }
}

/// Counts the changes that pages show and this program made. What was read
/// before the last one may be out of date.
#[derive(Debug, Default)]
pub struct Changes(AtomicU64);

impl Changes {
    /// Notes a change, once it can be read.
    pub fn note(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }
}
