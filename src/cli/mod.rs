//! The commands beside the page: each reads what it needs, does one thing and
//! says how it went. Results go to stdout, everything else to stderr.

#[cfg(feature = "stand-in")]
pub mod demo;
pub mod doctor;
pub mod donations;
pub mod healthcheck;
pub mod ledger;
pub mod logs;
pub mod notifications;
pub mod serve;
