//! Mail addresses, and where the mail server is.

use std::fmt;

use lettre::message::Mailbox;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::outward::is_loopback;

/// A name and an address, or the address alone.
#[derive(Clone, Debug)]
pub struct MailAddress(Mailbox);

/// Why a text is no mail address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("must be a mail address, such as ada@example.com or 'Ada <ada@example.com>'")]
pub struct NoMailAddress;

impl MailAddress {
    /// Reads one address.
    pub fn parse(text: &str) -> Result<Self, NoMailAddress> {
        text.parse().map(Self).map_err(|_| NoMailAddress)
    }

    pub(super) fn mailbox(&self) -> &Mailbox {
        &self.0
    }
}

/// A mail server with user and password.
#[derive(Clone)]
pub struct MailServer(SecretString);

/// Why a text is no mail server; never repeats it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoMailServer {
    #[error(
        "must be smtps://user:password@smtp.example.com, or smtp://…:587?tls=required for \
         STARTTLS, with the special characters of a password percent-encoded"
    )]
    NotSmtp,
    #[error("would send mail in the clear: write smtps://, or ?tls=required behind it")]
    InTheClear,
    #[error("has a user but no password")]
    NoPassword,
}

impl MailServer {
    /// Reads the address of a mail server; without TLS only on this machine.
    pub fn parse(text: &str) -> Result<Self, NoMailServer> {
        let url = Url::parse(text).map_err(|_| NoMailServer::NotSmtp)?;
        if url.host_str().unwrap_or_default().is_empty() {
            return Err(NoMailServer::NotSmtp);
        }
        match (url.scheme(), url.query()) {
            ("smtps", None) | ("smtp", Some("tls=required")) => {}
            ("smtp", None) if is_loopback(&url) => {}
            ("smtp", None) => return Err(NoMailServer::InTheClear),
            _ => return Err(NoMailServer::NotSmtp),
        }
        if !url.username().is_empty() && url.password().is_none() {
            return Err(NoMailServer::NoPassword);
        }
        Ok(Self(text.into()))
    }

    /// For the connection itself, and nothing else.
    pub(super) fn expose(&self) -> &str {
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
    use super::NoMailServer::{InTheClear, NoPassword, NotSmtp};
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
            ("smtp.example.com", NotSmtp),
            ("https://smtp.example.com", NotSmtp),
            ("smtps://", NotSmtp),
            ("smtp://smtp.example.com", InTheClear),
            ("smtp://localhost.example.com", InTheClear),
            ("smtp://smtp.example.com?tls=opportunistic", NotSmtp),
            ("smtps://CANARY@smtp.example.com", NoPassword),
        ] {
            assert_eq!(MailServer::parse(bad).err(), Some(why), "{bad}");
        }
        let server = MailServer::parse("smtps://x:CANARY@smtp.example.com").unwrap();
        assert!(!format!("{server:?}").contains("CANARY"));
    }
}
