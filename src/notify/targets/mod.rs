//! The creator's targets: one [`Messenger`] for each service there are settings
//! for, all by the rules of calls outward.
//!
//! Each file knows one kind of service: its address, and how a notification is
//! written there so that nothing in a supporter's text is taken for markup, a
//! mention or a link. Addresses and tokens are secrets: no error, log or `Debug`
//! output shows one. Never sees a donation's own id.

mod channel;
#[cfg(feature = "email")]
mod email;
mod ntfy;
mod telegram;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::Value;
use url::Url;

pub use self::channel::{Discord, Slack};
#[cfg(feature = "email")]
pub use self::email::{Email, MailAddress, MailServer};
pub use self::ntfy::{Ntfy, Topic};
pub use self::telegram::{BotToken, Chat, Telegram};
pub use self::webhook::{SigningSecret, Webhook};
use super::{DeliveryError, Notification, Target};
use crate::clock::{Clock, Millis};
use crate::ledger::Queued;
use crate::outward::{self, Answer, NoRootCertificates, client_for};
use crate::provider::Providers;

/// How to reach each service; none of them by default.
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

/// The creator's targets, for donations paid through `providers`.
pub fn targets(
    settings: &Settings,
    providers: &Providers,
    clock: &Clock,
) -> Result<Vec<Arc<dyn Target>>, NoRootCertificates> {
    let messengers = messengers(settings, providers, clock)?;
    Ok(messengers.into_iter().map(|it| it as _).collect())
}

/// A messenger for each service there are settings for.
pub fn messengers(
    settings: &Settings,
    providers: &Providers,
    clock: &Clock,
) -> Result<Vec<Arc<Messenger>>, NoRootCertificates> {
    let settings = settings.clone();
    let transports = [
        settings.webhook.map(|it| {
            let here = it.url.is_loopback();
            Transport::http("webhook", here, clock, move |new, now| it.call(new, now))
        }),
        settings.discord.map(|it| {
            let here = it.url.is_loopback();
            Transport::http("discord", here, clock, move |new, _| it.call(new))
        }),
        settings.slack.map(|it| {
            let here = it.url.is_loopback();
            Transport::http("slack", here, clock, move |new, _| it.call(new))
        }),
        settings.ntfy.map(|it| {
            let here = it.topic.is_loopback();
            Transport::http("ntfy", here, clock, move |new, _| it.call(new))
        }),
        settings.telegram.map(|it| {
            let here = it.api.is_loopback();
            Transport::http("telegram", here, clock, move |new, _| it.call(new))
        }),
        #[cfg(feature = "email")]
        settings
            .email
            .map(|it| Ok(("email", Transport::Mail(Box::new(email::Mailer::new(it)?))))),
    ];
    let messenger = |(name, transport)| {
        Arc::new(Messenger {
            name,
            transport,
            providers: providers.clone(),
        })
    };
    let made = transports.into_iter().flatten();
    made.map(|transport| transport.map(messenger)).collect()
}

/// One service that can be sent notifications.
pub struct Messenger {
    name: &'static str,
    transport: Transport,
    /// The providers whose names and links a notification shows.
    providers: Providers,
}

impl Messenger {
    /// Sends it once; `Ok` only when the other side acknowledged.
    pub async fn send(&self, notification: &Notification) -> Result<(), DeliveryError> {
        match &self.transport {
            Transport::Http { http, clock, call } => {
                let call = call(notification, clock.now());
                let request = http.post(call.url).headers(call.headers);
                acknowledged(&outward::send(http, request.body(call.body)).await?)
            }
            #[cfg(feature = "email")]
            Transport::Mail(mailer) => mailer.send(notification).await,
        }
    }
}

#[async_trait]
impl Target for Messenger {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn deliver(&self, queued: &Queued) -> Result<(), DeliveryError> {
        self.send(&Notification::new(queued, &self.providers)).await
    }
}

/// How a notification leaves.
enum Transport {
    /// A POST with JSON; any 2xx acknowledges it.
    Http {
        http: reqwest::Client,
        clock: Clock,
        call: Box<MakeCall>,
    },
    #[cfg(feature = "email")]
    Mail(Box<email::Mailer>),
}

/// The call that carries a notification at a time. Pure.
type MakeCall = dyn Fn(&Notification, Millis) -> Call + Send + Sync;

impl Transport {
    fn http(
        name: &'static str,
        is_loopback: bool,
        clock: &Clock,
        call: impl Fn(&Notification, Millis) -> Call + Send + Sync + 'static,
    ) -> Result<(&'static str, Self), NoRootCertificates> {
        let transport = Self::Http {
            http: client_for(is_loopback)?,
            clock: clock.clone(),
            call: Box::new(call),
        };
        Ok((name, transport))
    }
}

/// One call over HTTP.
struct Call {
    url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Call {
    /// A POST of `body`.
    fn new(url: Url, body: &Value) -> Self {
        let json = HeaderValue::from_static("application/json");
        Self {
            url,
            headers: HeaderMap::from_iter([(header::CONTENT_TYPE, json)]),
            body: body.to_string().into_bytes(),
        }
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }
}

fn acknowledged(answer: &Answer) -> Result<(), DeliveryError> {
    if answer.status.is_success() {
        return Ok(());
    }
    Err(DeliveryError {
        why: format!("status {}{}", answer.status.as_u16(), advice(answer.status)),
        wait: wait(&answer.headers),
    })
}

fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ": is its token or secret right?",
        StatusCode::NOT_FOUND | StatusCode::GONE => ": is its address still right?",
        _ => "",
    }
}

/// The pause that the answer asks for in seconds, rounded up: some services
/// send fractions.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: u64 = seconds.parse().ok()?;
    let more = u64::from(!fraction.trim_matches('0').is_empty());
    Some(Duration::from_secs(whole.saturating_add(more)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: Option<&'static str>) -> Answer {
        let retry_after = retry_after.map(HeaderValue::from_static);
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: retry_after
                .map(|it| (header::RETRY_AFTER, it))
                .into_iter()
                .collect(),
            body: b"CANARY".to_vec(),
        }
    }

    #[test]
    fn any_2xx_acknowledges_and_nothing_else() {
        for status in [200, 201, 202, 204] {
            assert_eq!(acknowledged(&answer(status, None)), Ok(()));
        }
        for status in [304, 400, 401, 404, 410, 429, 500, 503] {
            let error = acknowledged(&answer(status, None)).unwrap_err();
            assert!(
                error.why.starts_with(&format!("status {status}")),
                "{error:?}"
            );
            assert!(!error.why.contains("CANARY"), "{error:?}");
        }
    }

    #[test]
    fn a_wait_is_read_in_seconds_and_never_too_short() {
        for (text, seconds) in [("7", Some(7)), ("0.35", Some(1)), ("2.0", Some(2))] {
            let error = acknowledged(&answer(429, Some(text))).unwrap_err();
            assert_eq!(error.wait, seconds.map(Duration::from_secs), "{text}");
        }
        for odd in ["", "soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT", "1e9"] {
            assert_eq!(
                acknowledged(&answer(429, Some(odd))).unwrap_err().wait,
                None
            );
        }
    }
}
