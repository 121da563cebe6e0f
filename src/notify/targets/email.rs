//! E-mail, by the creator's own mail server.
//!
//! SMTP is not HTTP, so this file repeats the rules of calls outward: TLS or this
//! machine alone, time limits, and none of the server's words in an error.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;
use url::Url;

use crate::deadlines;
use crate::notify::DeliveryError;
use crate::notify::notification::{Notification, Wording};
use crate::outward::{CallError, NoRootCertificates, is_loopback};

/// A mail server, the sender and the recipient.
#[derive(Clone, Debug)]
pub struct Email {
    pub server: MailServer,
    pub from: MailAddress,
    pub to: MailAddress,
}

/// [`Email`], ready to send.
pub(super) struct Mailer {
    settings: Email,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Mailer {
    pub(super) fn new(settings: Email) -> Result<Self, NoRootCertificates> {
        let url = settings.server.expose();
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            // What is left to fail is TLS without a certificate to trust.
            .map_err(|_| NoRootCertificates)?
            .timeout(Some(deadlines::CONNECT))
            .build();
        Ok(Self {
            settings,
            transport,
        })
    }

    /// Sends it once; `Ok` only when the mail server took it.
    pub(super) async fn send(&self, notification: &Notification) -> Result<(), DeliveryError> {
        let Ok(message) = message(&self.settings, notification) else {
            return Err(CallError::NotBuilt.into());
        };
        match timeout(deadlines::MAIL, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(refused(&error)),
            Err(_) => Err(CallError::TooSlow.into()),
        }
    }
}

/// The mail; the same, with the same `Message-ID`, at every attempt.
fn message(settings: &Email, notification: &Notification) -> Result<Message, lettre::error::Error> {
    let wording = Wording::from(notification);
    let (from, to) = (settings.from.mailbox(), settings.to.mailbox());
    let since_epoch = Duration::from_millis(notification.at.0.max(0).unsigned_abs());
    // Keeps automatic replies away.
    let automatic = HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    );
    // An encoded word in a name would be decoded.
    let subject = wording.headline.replace("=?", "= ?");
    let body = format!("{}\n\n{}", wording.headline, wording.body());
    Message::builder()
        .from(from.clone())
        .to(to.clone())
        .subject(subject)
        .date(UNIX_EPOCH + since_epoch)
        .message_id(Some(format!(
            "<{}@{}>",
            notification.id,
            from.email.domain()
        )))
        .raw_header(automatic)
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .body(body)
}

/// Names the failure; the server's own words stay out.
fn refused(error: &smtp::Error) -> DeliveryError {
    let why = match error.status() {
        Some(code) if [530, 534, 535].contains(&u16::from(code)) => {
            format!("status {code}: are user and password right?")
        }
        Some(code) => format!("status {code}"),
        None if error.is_timeout() => return CallError::TooSlow.into(),
        None if error.is_tls() => "cannot be reached over TLS".to_owned(),
        None if error.is_client() => {
            "the mail server offers no TLS, or no way to log in that we know".to_owned()
        }
        None if error.is_response() => "no answer that can be used".to_owned(),
        None => return CallError::Unreachable(None).into(),
    };
    DeliveryError { why, wait: None }
}

/// A name and an address, or the address alone.
#[derive(Clone, Debug)]
pub struct MailAddress(Mailbox);

impl MailAddress {
    /// Reads one address.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        text.parse().map(Self).map_err(
            |_| "must be a mail address, such as ada@example.com or 'Ada <ada@example.com>'",
        )
    }

    fn mailbox(&self) -> &Mailbox {
        &self.0
    }
}

/// A mail server with user and password.
#[derive(Clone)]
pub struct MailServer(SecretString);

const NOT_SMTP: &str = "must be smtps://user:password@smtp.example.com, or \
    smtp://…:587?tls=required for STARTTLS, with the special characters of a password \
    percent-encoded";
const IN_THE_CLEAR: &str =
    "would send mail in the clear: write smtps://, or ?tls=required behind it";
const NO_PASSWORD: &str = "has a user but no password";

impl MailServer {
    /// Reads the address of a mail server; without TLS only on this machine.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| NOT_SMTP)?;
        if url.host_str().unwrap_or_default().is_empty() {
            return Err(NOT_SMTP);
        }
        match (url.scheme(), url.query()) {
            ("smtps", None) | ("smtp", Some("tls=required")) => {}
            ("smtp", None) if is_loopback(&url) => {}
            ("smtp", None) => return Err(IN_THE_CLEAR),
            _ => return Err(NOT_SMTP),
        }
        if !url.username().is_empty() && url.password().is_none() {
            return Err(NO_PASSWORD);
        }
        Ok(Self(text.into()))
    }

    /// For the connection itself, and nothing else.
    fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_travels_over_tls_or_within_this_machine() {
        for good in [
            "smtps://ada:a%40b@smtp.example.com:465",
            "smtp://ada:key@smtp.example.com:587?tls=required",
            "smtp://localhost:25",
            "smtp://127.0.0.1:2525",
        ] {
            assert!(MailServer::parse(good).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("smtp.example.com", NOT_SMTP),
            ("https://smtp.example.com", NOT_SMTP),
            ("smtps://", NOT_SMTP),
            ("smtp://smtp.example.com", IN_THE_CLEAR),
            ("smtp://localhost.example.com", IN_THE_CLEAR),
            ("smtp://smtp.example.com?tls=opportunistic", NOT_SMTP),
            ("smtps://CANARY@smtp.example.com", NO_PASSWORD),
        ] {
            assert_eq!(MailServer::parse(bad).unwrap_err(), why, "{bad}");
        }
        let server = MailServer::parse("smtps://x:CANARY@smtp.example.com").unwrap();
        assert!(!format!("{server:?}").contains("CANARY"));
    }
}
