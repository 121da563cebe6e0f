//! The one HTTP client: where it may go, what it sends and reads, and why a call
//! brought no answer.
//!
//! No redirects (a 307 would carry a signature or a token to another host), no
//! proxy variables, a time limit on everything, and a cap on what is read.

#[cfg(test)]
mod tests;

use std::error::Error;
use std::io;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::redirect::Policy;

use crate::deadlines;

/// How long one call may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// Until there is a connection: name, TCP and TLS.
    pub connect: Duration,
    /// From the call to the last byte of the answer.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: deadlines::CONNECT,
            total: deadlines::CALL,
        }
    }
}

/// The machine trusts no certificate authority.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("no trusted root certificates were found: install the package `ca-certificates`")]
pub struct NoRootCertificates;

/// The client for every call outward, made once.
pub fn client() -> Result<reqwest::Client, NoRootCertificates> {
    client_with(Timeouts::default())
}

/// [`client`] with other time limits, for tests that wait for them.
pub fn client_with(timeouts: Timeouts) -> Result<reqwest::Client, NoRootCertificates> {
    builder(timeouts).build().map_err(|_| NoRootCertificates)
}

/// The client for calls to this machine, or to any other.
pub fn client_for(is_loopback: bool) -> Result<reqwest::Client, NoRootCertificates> {
    if is_loopback {
        loopback_client().map_err(|_| NoRootCertificates)
    } else {
        client()
    }
}

/// A client for this machine only, which trusts no certificate: a bare machine
/// has none, and needs none to reach a stand-in.
pub fn loopback_client() -> Result<reqwest::Client, reqwest::Error> {
    builder(Timeouts::default()).tls_certs_only([]).build()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that makes a client"
)]
fn builder(timeouts: Timeouts) -> reqwest::ClientBuilder {
    // Fails when a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION")
        ))
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        // Reusing an idle connection that the other side is just closing would
        // make the outcome of a checkout unknown: keep none for long.
        .pool_idle_timeout(Duration::from_secs(15))
}

/// The longest answer that is read; real answers are far shorter.
const MAX_ANSWER_BYTES: usize = 256 * 1024;

/// What came back, whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Sends `request` and reads the answer, at most 256 KiB of it. A redirect is
/// no answer.
pub(crate) async fn send(
    client: &reqwest::Client,
    request: reqwest::RequestBuilder,
) -> Result<Answer, CallError> {
    let mut response = client.execute(request.build()?).await?;
    let status = response.status();
    if status.is_redirection() {
        return Err(CallError::Redirect(status.as_u16()));
    }
    let headers = std::mem::take(response.headers_mut());
    let body = read(&mut response).await?;
    Ok(Answer {
        status,
        headers,
        body,
    })
}

async fn read(response: &mut reqwest::Response) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(CallError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A header's value that no `Debug` output shows; `None` for characters that no
/// header carries.
pub(crate) fn sensitive(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Why there is no answer. Carries no address: the library's own text would.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CallError {
    #[error("the request cannot be built")]
    NotBuilt,
    /// Nothing was sent: connection refused, unknown name, no TLS. Holds the
    /// operating system's name for it.
    #[error("cannot be reached{}", because(*.0))]
    Unreachable(Option<io::ErrorKind>),
    /// Sent, but no answer in time.
    #[error("no answer in time")]
    TooSlow,
    /// A server that redirects has not processed the call.
    #[error("redirect ({0}) where an answer belongs")]
    Redirect(u16),
    #[error("the answer ended in the middle{}", because(*.0))]
    Cut(Option<io::ErrorKind>),
    #[error("the answer is longer than 256 KiB")]
    TooLong,
}

impl CallError {
    /// The operating system's name for it.
    pub fn cause(self) -> Option<io::ErrorKind> {
        match self {
            Self::Unreachable(cause) | Self::Cut(cause) => cause,
            Self::NotBuilt | Self::TooSlow | Self::Redirect(_) | Self::TooLong => None,
        }
    }
}

impl From<reqwest::Error> for CallError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_builder() {
            Self::NotBuilt
        } else if error.is_connect() {
            Self::Unreachable(io_cause(&error))
        } else if error.is_timeout() {
            Self::TooSlow
        } else {
            Self::Cut(io_cause(&error))
        }
    }
}

fn io_cause(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        cause = inner.source();
    }
    None
}

fn because(cause: Option<io::ErrorKind>) -> String {
    cause.map_or_else(String::new, |kind| format!(" ({kind})"))
}
