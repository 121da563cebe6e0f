//! [`CallError`]: why a call brought no answer.

use std::error::Error;
use std::io;

/// Why there is no answer. Carries no address: the library's own text would.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CallError {
    #[error("the request cannot be built")]
    NotBuilt,
    /// Nothing was sent: nobody listens, no name, no TLS. Holds the operating
    /// system's word for it, such as "connection refused".
    #[error("cannot be reached{}", because(*.0))]
    Unreachable(Option<io::ErrorKind>),
    /// Sent, but no answer in time.
    #[error("no answer in time")]
    TooSlow,
    /// Whoever sends a redirect has not processed the call.
    #[error("redirect ({0}) where an answer belongs")]
    Redirect(u16),
    #[error("the answer ended in the middle{}", because(*.0))]
    Cut(Option<io::ErrorKind>),
    #[error("the answer is longer than 256 KiB")]
    TooLong,
}

impl CallError {
    /// The operating system's word for it.
    pub fn cause(self) -> Option<io::ErrorKind> {
        match self {
            Self::Unreachable(cause) | Self::Cut(cause) => cause,
            Self::NotBuilt | Self::TooSlow | Self::Redirect(_) | Self::TooLong => None,
        }
    }
}

impl From<reqwest::Error> for CallError {
    fn from(error: reqwest::Error) -> Self {
        if error.is_builder() {
            Self::NotBuilt
        } else if error.is_connect() {
            Self::Unreachable(io_cause(&error))
        } else if error.is_timeout() {
            Self::TooSlow
        } else {
            Self::Cut(io_cause(&error))
        }
    }
}

fn io_cause(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        cause = inner.source();
    }
    None
}

fn because(cause: Option<io::ErrorKind>) -> String {
    cause.map_or_else(String::new, |kind| format!(" ({kind})"))
}
