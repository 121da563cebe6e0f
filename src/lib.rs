//! Buy Me a Bagel: a self-hosted donation page. Money goes from supporter to
//! creator; this program never holds it. What it holds is the truth about each
//! donation, and it never loses or doubles it.
//!
//! # The walk of one donation
//!
//! 1. [`web`]`::page` serves the form, rendered once from [`config`].
//! 2. [`web`]`::checkout` reads a request: limits per client, then parse into
//!    [`money::Cents`], [`supporter::SupporterName`], [`supporter::Message`].
//!    Nothing unparsed goes further.
//! 3. [`checkout`] stores the [`donation::Donation`] in the [`ledger`] as
//!    *created*, before a provider is called.
//! 4. A [`provider`] signs and makes the checkout; the ledger notes the intent;
//!    the supporter is sent there.
//! 5. The provider's word comes back on one of three ways: a webhook
//!    ([`web`]`::webhook`), the supporter's page polling ([`web`]`::status`), or
//!    the sweep of open donations ([`sweep`]), which share the provider's [`budget`].
//! 6. All three [`look`] at the provider's own answer, or are the provider's word
//!    themselves, and end in [`settle`]: the ledger applies the [`rules`] (provider,
//!    intent, amount and currency as asked, the allowed moves of
//!    [`status::Status`]) and commits all or nothing.
//! 7. [`tell`] delivers what settling queued to the creator's targets
//!    ([`notify`]), until each has acknowledged it.
//! 8. The page, `/thanks/{id}` ([`web`]`::thanks`) and `bagel donations`
//!    ([`cli`]) show it.
//!
//! Every sentence a supporter reads comes from [`language`].
//! [`server`] runs it all, [`app`] is what the steps share, [`outward`] has the
//! rules of every outgoing call, [`client`] says who an incoming one is from, [`explorer`] links transactions,
//! [`clock`] is the time as a value, [`deadlines`] are all time limits, [`accent`] makes the creator's colour
//! readable, and [`audit`] asks the ledger now and then
//! whether it agrees with itself. The stand-in provider of `bagel demo` and the
//! tests is a crate of its own, `stand-in/`, behind the cargo feature of that
//! name; it depends on nothing of this one.

// Top to bottom: each names only what stands below it, which
// `tests/it/module_order.rs` holds.

pub mod cli;

pub mod server;

pub mod web;

// The steps, and the workers.
pub mod checkout;

pub mod sweep;

pub mod look;

pub mod settle;

pub mod tell;

pub mod audit;

pub mod app;

pub mod config;

pub mod notify;

pub mod explorer;

pub mod ledger;

pub mod provider;

pub mod budget;

pub mod rules;

pub mod report;

pub mod donation;

pub mod supporter;

pub mod status;

pub mod language;

pub mod money;

pub mod accent;

pub mod client;

pub mod outward;

pub mod ids;

pub mod clock;

pub mod deadlines;
