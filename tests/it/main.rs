//! ONE black-box test binary: the real app on port 0, speaking HTTP, against
//! the stand-in provider. Helpers are named as what people do; background work
//! is stepped by hand, never slept for.

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
