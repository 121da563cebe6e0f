//! The list of providers in use: the one place that makes them.

use std::sync::Arc;

use super::Provider;
use super::alchemy_pay::{self, AlchemyPay};
use super::allscale::{self, Allscale};
use super::watched::Watched;
use crate::clock::Clock;
use crate::outward::{NoRootCertificates, client_for};

/// The providers in use, the default one first.
#[derive(Clone, Default)]
pub struct Providers(Vec<Arc<dyn Provider>>);

/// How to reach each provider; `None`: it is not used.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub allscale: Option<allscale::Settings>,
    pub alchemy_pay: Option<alchemy_pay::Settings>,
}

impl Providers {
    /// Makes those there are settings for.
    pub fn from_settings(settings: &Settings, clock: &Clock) -> Result<Self, NoRootCertificates> {
        let mut providers = Vec::new();
        if let Some(settings) = settings.allscale.clone() {
            let http = client_for(settings.base_url.is_loopback())?;
            providers.push(watched(Allscale::new(settings, clock.clone(), http)));
        }
        if let Some(settings) = settings.alchemy_pay.clone() {
            let http = client_for(settings.api_url.is_loopback())?;
            providers.push(watched(AlchemyPay::new(settings, clock.clone(), http)));
        }
        Ok(Self(providers))
    }

    /// The provider of this name.
    pub fn find(&self, name: &str) -> Option<&Arc<dyn Provider>> {
        self.iter().find(|provider| provider.name() == name)
    }

    /// The one used when the supporter names none.
    pub fn preferred(&self) -> Option<&Arc<dyn Provider>> {
        let working = self.iter().find(|provider| !provider.is_failing());
        working.or(self.0.first())
    }

    /// Of each, whether nobody should be sent there now. While none works all
    /// are offered: one of them may be back.
    pub fn unavailable(&self) -> Vec<bool> {
        let failing: Vec<_> = self.iter().map(|provider| provider.is_failing()).collect();
        let none_works = failing.iter().all(|failing| *failing);
        failing
            .into_iter()
            .map(|failing| failing && !none_works)
            .collect()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Provider>> {
        self.0.iter()
    }
}

fn watched(provider: impl Provider + 'static) -> Arc<dyn Provider> {
    Arc::new(Watched::new(Arc::new(provider)))
}
