//! The statements of the ledger, once for both engines.
//!
//! Each engine includes this module with its own [`Engine`], [`Connection`] and
//! [`Row`], so every statement runs natively on its own types and yet is
//! written once; [`crate::ledger`] says how one is added. The text is `$n` style
//! and uses what both understand; the clauses they do not share, `for_update!`,
//! `skip_locked!` and those that claim an idempotency key, are the engine's.

pub(super) mod audit;
mod donations;
mod identity;
mod outbox;
mod rows;
pub(super) mod settle;
mod sweep;

use super::{CLAIMS_AS_IT_STORES, Connection, Engine, Row};

impl crate::ledger::Ledger for Engine {}
