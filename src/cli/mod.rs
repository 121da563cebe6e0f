//! The commands beside the page: each reads what it needs, does one thing and
//! says how it went. Results go to stdout, everything else to stderr.

#[cfg(feature = "stand-in")]
pub mod demo;
pub mod doctor;
pub mod donations;
pub mod ledger;
pub mod notifications;
pub mod serve;

use std::io::{self, Write};

/// Writes to stderr. There is no other place to report that stderr is gone.
pub fn say(text: &impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Says of an error of the output that it is one.
fn unwritten(error: anyhow::Error) -> anyhow::Error {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        anyhow::anyhow!("the result could not be written: {error}")
    } else if let Some(error) = error.downcast_ref::<csv::Error>() {
        anyhow::anyhow!("the result could not be written as CSV: {error}")
    } else {
        error
    }
}
