//! The one HTTP client, and where it may go.
//!
//! No redirects (a 307 would carry a signature or a token to another host), no
//! proxy variables, and a time limit on everything.

use std::time::Duration;

use reqwest::redirect::Policy;

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
            connect: Duration::from_secs(2),
            total: Duration::from_secs(5),
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
    // Refused when a provider is installed already, which serves as well.
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
        // A kept connection that the other side is just closing would make the
        // outcome of a checkout unknown: keep none for long.
        .pool_idle_timeout(Duration::from_secs(15))
}
