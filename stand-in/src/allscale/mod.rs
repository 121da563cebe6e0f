//! Allscale's protocol, spoken from the provider's side.
//!
//! Everything here is written from the provider's guide alone and shares no
//! line with the project's own client: where the two disagree, a test fails,
//! which is what this module is for.

pub(super) mod api;
mod create;
mod credentials;
mod envelope;
mod payload;
mod protocol;
mod rates;
mod response;
mod signer;
pub(super) mod store;
#[cfg(test)]
pub(super) mod test_client;
pub(super) mod verifier;
pub(super) mod webhook;

use protocol::Allscale;
