//! Calls outward: to providers and to notification targets.
//!
//! Owns the rules of every such call: https, or http on this machine alone; no
//! redirects, no proxy variables; time limits, and a cap on what is read. What
//! goes wrong leaves as a [`CallError`], which holds neither an address nor a
//! word of the answer. Knows nothing of what the calls say.

mod address;
mod client;
#[cfg(test)]
pub(crate) mod scripted;

pub(crate) use self::address::https_link;
#[cfg(feature = "email")]
pub(crate) use self::address::is_loopback;
pub use self::address::{AddressError, BaseUrl, PublicUrl, SecretUrl};
pub(crate) use self::client::{Answer, send, sensitive};
pub use self::client::{
    CallError, NoRootCertificates, Timeouts, client, client_for, client_with, loopback_client,
};
