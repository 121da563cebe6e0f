//! Calls outward: to providers, and to those who are told of donations.
//!
//! Owns the rules every such call keeps: https, or http on this machine alone;
//! no redirects, no proxy variables; time limits, and a cap on what is read.
//! What goes wrong leaves as a [`CallError`]: neither an address nor a word of
//! the answer is in it. Knows nothing of what is said.

mod base_url;
mod call_error;
mod client;
#[cfg(test)]
pub(crate) mod scripted;
mod secret_url;
mod send;

pub use self::base_url::{BaseUrl, BaseUrlError};
pub use self::call_error::CallError;
pub use self::client::{
    NoRootCertificates, Timeouts, client, client_for, client_with, loopback_client,
};
pub use self::secret_url::SecretUrl;
pub(crate) use self::send::{Answer, send, sensitive};
