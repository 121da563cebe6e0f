//! Alchemy Pay's protocol, spoken from the provider's side: the hosted page
//! behind a signed link, the two calls, the webhook.
//!
//! Everything here is written from the provider's documentation alone and
//! shares no line with the project's own client: where the two disagree, a
//! test fails, which is what this module is for.

mod api;
mod caller;
mod levers;
mod link;
pub(super) mod merchant;
pub(super) mod notice;
pub(super) mod page;
mod payload;
mod protocol;
mod reply;
mod signature;
pub(super) mod webhook;

use protocol::AlchemyPay;

/// Where the hosted page and the calls are, on the stand-in's one port.
const CHECKOUT: &str = "/alchemy-pay/checkout";
const API: &str = "/alchemy-pay/api";

#[cfg(test)]
mod tests;
