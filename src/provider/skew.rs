//! [`Skew`]: how this machine's clock compares with a provider's.
//!
//! Signatures carry the time, so both clocks must agree.

use std::fmt;

use super::Finding;

/// Beyond this many seconds signatures and webhooks are refused.
const MOST: u64 = 300;
/// Seconds nobody needs to do anything about.
const FINE: u64 = 30;

#[derive(Clone, Copy, Debug)]
pub(super) struct Skew {
    /// The provider, as it writes its own name.
    pub(super) whose: &'static str,
    /// How many seconds this machine is ahead.
    pub(super) ahead: i64,
}

impl Skew {
    /// Whether signatures are refused for it.
    pub(super) fn is_fatal(self) -> bool {
        self.ahead.unsigned_abs() > MOST
    }

    /// With what to do about it.
    pub(super) fn judged(self) -> Finding {
        if self.is_fatal() {
            Finding::Bad(format!(
                "{self}. Set it right (NTP): signatures are refused and webhooks look stale"
            ))
        } else if self.ahead.unsigned_abs() > FINE {
            Finding::Warning(format!(
                "{self}. Set it right (NTP): beyond {MOST} s nothing works"
            ))
        } else {
            Finding::Good(self.to_string())
        }
    }
}

impl fmt::Display for Skew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { whose, ahead } = self;
        match ahead {
            -5..=5 => write!(f, "This machine's clock agrees with {whose}'s"),
            6.. => write!(f, "This machine's clock is {ahead} s ahead of {whose}'s"),
            _ => {
                let behind = ahead.unsigned_abs();
                write!(f, "This machine's clock is {behind} s behind {whose}'s")
            }
        }
    }
}
