//! What every step of a donation's walk works with: configuration, ledger,
//! providers, targets, clock, budget.

use std::sync::Arc;

use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use crate::budget::Budget;
use crate::clock::Clock;
use crate::config::{Config, PublicUrl};
use crate::donation::DonationId;
use crate::ledger::Ledger;
use crate::notify::Target;
use crate::outward::NoRootCertificates;
use crate::provider::Providers;

/// Status calls a second to all providers together.
pub const STATUS_CALLS_PER_SECOND: u32 = 2;

/// The running program, shared by all requests and workers.
pub struct App {
    pub config: Config,
    pub ledger: Arc<dyn Ledger>,
    pub providers: Providers,
    /// Who is told of settled donations.
    pub targets: Vec<Arc<dyn Target>>,
    /// Wakes whoever tells them.
    pub news: Notify,
    pub clock: Clock,
    pub budget: Budget,
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
        Ok(Self {
            providers: Providers::from_config(&config, &clock)?,
            config,
            targets: Vec::new(),
            news: Notify::new(),
            ledger,
            clock,
            budget: Budget::per_second(STATUS_CALLS_PER_SECOND),
            tasks: TaskTracker::new(),
        })
    }

    /// The path every route stands under: nothing, or such as `/tips`.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.config
            .public_url
            .as_ref()
            .map_or("", PublicUrl::prefix)
    }

    /// The names of those who are told of settled donations.
    #[must_use]
    pub fn tell(&self) -> Vec<&'static str> {
        self.targets.iter().map(|target| target.name()).collect()
    }

    /// Where a supporter comes back to after paying; `None` without a public
    /// address, which no header of a visitor can stand in for.
    #[must_use]
    pub fn thanks_url(&self, id: DonationId) -> Option<String> {
        let public_url = self.config.public_url.as_ref()?;
        Some(public_url.join(&format!("/thanks/{id}")))
    }
}
