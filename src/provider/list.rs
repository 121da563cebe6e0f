//! The list of providers in use: the one place that makes them.

use std::sync::Arc;

use super::Provider;
use super::allscale::{self, Allscale};
use crate::clock::Clock;
use crate::outward::{NoRootCertificates, client_for};

/// The providers in use, the default one first.
pub struct Providers(Vec<Arc<dyn Provider>>);

/// How to reach each provider; `None`: it is not used.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub allscale: Option<allscale::Settings>,
}

impl Providers {
    /// Makes those there are settings for.
    pub fn from_settings(settings: &Settings, clock: &Clock) -> Result<Self, NoRootCertificates> {
        let allscale = settings.allscale.clone().map(|settings| {
            let http = client_for(&settings.base_url)?;
            Ok(Allscale::new(settings, clock.clone(), http))
        });
        let provider = allscale
            .transpose()?
            .map(|provider| Arc::new(provider) as _);
        Ok(Self(provider.into_iter().collect()))
    }

    /// The provider of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Arc<dyn Provider>> {
        self.iter().find(|provider| provider.name() == name)
    }

    /// The one used when the supporter names none.
    #[must_use]
    pub fn preferred(&self) -> Option<&Arc<dyn Provider>> {
        self.0.first()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.0.iter()
    }
}
