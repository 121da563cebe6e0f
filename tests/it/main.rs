//! ONE black-box test binary: the real app on port 0, speaking HTTP, against
//! the stand-in provider. Background work is stepped by hand, never slept for.
//!
//! An app under test comes from one of six builders: [`support::test_app`]
//! (in this process), [`support::served`] (the real program with a stand-in),
//! [`support::program`] (a command), [`faults::crowd`] (several programs under
//! load), [`support::bare_ledger`] and [`support::scratch_ledgers`].

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod support;

mod checkout;
mod cli;
mod contract;
mod faults;
mod limits;
mod module_order;
mod page;
mod settling;
mod targets;
mod webhooks;
