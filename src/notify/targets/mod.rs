//! The creator's targets: each in its own way of saying, all by the rules of
//! calls outward.
//!
//! Each file knows one service: how it is addressed, and how a notification
//! is written there so that nothing a supporter wrote is taken for markup, a
//! mention or a link. Addresses and tokens are secrets: no error, log or
//! `Debug` output shows one. Never sees a donation's own id.

mod discord;
#[cfg(feature = "email")]
mod email;
mod ntfy;
mod over_http;
mod slack;
mod telegram;
mod webhook;

use std::sync::Arc;

use async_trait::async_trait;

pub use self::discord::Discord;
#[cfg(feature = "email")]
pub use self::email::{Email, MailAddress, MailServer};
pub use self::ntfy::{Ntfy, Topic};
use self::over_http::{OneCall, OverHttp};
pub use self::slack::Slack;
pub use self::telegram::{BotToken, Chat, Telegram};
pub use self::webhook::{SigningSecret, Webhook};
use super::{DeliveryError, Notification, Target};
use crate::clock::Clock;
use crate::ledger::Queued;
use crate::outward::NoRootCertificates;
use crate::provider::Providers;

/// Who is told, as the settings say; nobody by default.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub webhook: Option<Webhook>,
    pub discord: Option<Discord>,
    pub slack: Option<Slack>,
    pub ntfy: Option<Ntfy>,
    pub telegram: Option<Telegram>,
    #[cfg(feature = "email")]
    pub email: Option<Email>,
}

/// A way to the creator.
#[async_trait]
pub trait Messenger: Send + Sync {
    /// Its name in the ledger: `discord`.
    fn name(&self) -> &'static str;

    /// Sends it once; `Ok` only when the other side acknowledged.
    async fn send(&self, notification: &Notification) -> Result<(), DeliveryError>;
}

/// The ways there are settings for.
pub fn messengers(
    settings: &Settings,
    clock: &Clock,
) -> Result<Vec<Arc<dyn Messenger>>, NoRootCertificates> {
    let settings = settings.clone();
    let made = [
        over_http(settings.webhook, clock)?,
        over_http(settings.discord, clock)?,
        over_http(settings.slack, clock)?,
        over_http(settings.ntfy, clock)?,
        over_http(settings.telegram, clock)?,
        #[cfg(feature = "email")]
        email(settings.email)?,
    ];
    Ok(made.into_iter().flatten().collect())
}

fn over_http<C: OneCall + 'static>(
    settings: Option<C>,
    clock: &Clock,
) -> Result<Option<Arc<dyn Messenger>>, NoRootCertificates> {
    let made = settings.map(|settings| OverHttp::new(settings, clock.clone()));
    Ok(made.transpose()?.map(|made| Arc::new(made) as _))
}

#[cfg(feature = "email")]
fn email(settings: Option<Email>) -> Result<Option<Arc<dyn Messenger>>, NoRootCertificates> {
    let made = settings.map(email::Mailer::new);
    Ok(made.transpose()?.map(|made| Arc::new(made) as _))
}

/// The creator's targets, for donations that `providers` were paid.
pub fn targets(
    settings: &Settings,
    providers: &Providers,
    clock: &Clock,
) -> Result<Vec<Arc<dyn Target>>, NoRootCertificates> {
    let target = |messenger| {
        let providers = providers.clone();
        Arc::new(ByMessenger {
            messenger,
            providers,
        }) as _
    };
    Ok(messengers(settings, clock)?
        .into_iter()
        .map(target)
        .collect())
}

/// Keeps the donation from the messenger, but for what the creator is told.
struct ByMessenger {
    messenger: Arc<dyn Messenger>,
    providers: Providers,
}

#[async_trait]
impl Target for ByMessenger {
    fn name(&self) -> &'static str {
        self.messenger.name()
    }

    async fn deliver(&self, queued: &Queued) -> Result<(), DeliveryError> {
        let notification = Notification::new(queued, &self.providers);
        self.messenger.send(&notification).await
    }
}
