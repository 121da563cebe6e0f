//! Logs to stderr, and panics that tell where but never what.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Starts logging. `filter` is `RUST_LOG`'s value; one that cannot be read
/// counts as `info`.
pub fn start(format: LogFormat, filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        // Colours in a file or a container's log are noise.
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    // A second start, in a test, keeps the first.
    let _ = match format {
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
        LogFormat::Text => logs.with_target(false).try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a panic was caught");
    }));
}
