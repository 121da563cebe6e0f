//! [`Listeners`]: everybody who hears of settled donations.

use std::sync::Arc;

use super::Target;
use crate::ledger::Audience;
use crate::provider::Providers;

/// The creator's targets, and the providers that want to know.
#[derive(Default)]
pub struct Listeners {
    creator: Vec<Arc<dyn Target>>,
    /// With the provider's name; it hears of its own donations only, and only
    /// when they are counted.
    providers: Vec<(&'static str, Arc<dyn Target>)>,
}

impl Listeners {
    /// The creator's targets, and whoever of `providers` wants to know.
    pub fn new(creator: Vec<Arc<dyn Target>>, providers: &Providers) -> Self {
        let wanting = providers
            .iter()
            .filter_map(|provider| Some((provider.name(), provider.hears_of_settling()?)));
        Self {
            creator,
            providers: wanting.collect(),
        }
    }

    /// Who hears of a donation paid by `provider`.
    pub fn audience(&self, provider: &str) -> Audience {
        let review: Vec<_> = self.creator.iter().map(|target| target.name()).collect();
        let own = self.providers.iter().filter(|(name, _)| *name == provider);
        let own = own.map(|(_, target)| target.name());
        Audience {
            confirmed: review.iter().copied().chain(own).collect(),
            review,
        }
    }

    /// Each of them, for the workers that tell them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Target>> {
        let providers = self.providers.iter().map(|(_, target)| target);
        self.creator.iter().chain(providers)
    }
}
