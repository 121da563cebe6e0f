//! Room: how many connections there can be, by the file descriptors there are.
//!
//! A connection takes one. Without a bound below what the system allows,
//! strangers would take those that the ledger and calls to a provider need.

use std::fmt;

/// Connections at most, wherever there are descriptors enough.
const MOST: u64 = 4096;
/// Descriptors kept for the ledger's files or connections, for calls outward,
/// and for listening.
const RESERVE: u64 = 320;
/// Descriptors to ask the system for.
const WISHED: u64 = 16_384;

/// What the system lets this process have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Room {
    /// Connections that may be open at the same time.
    pub connections: usize,
    descriptors: u64,
}

impl Room {
    /// Asks for more descriptors where a higher limit is allowed, and says what
    /// there is.
    pub fn make() -> Self {
        let descriptors = rlimit::increase_nofile_limit(WISHED);
        Self::within(descriptors.unwrap_or(RESERVE + MOST))
    }

    fn within(descriptors: u64) -> Self {
        // At least half of very few.
        let reserve = RESERVE.min(descriptors / 2);
        let connections = MOST.min(descriptors - reserve);
        Self {
            connections: usize::try_from(connections).unwrap_or(usize::MAX),
            descriptors,
        }
    }

    /// Whether there are fewer connections than there could be.
    pub fn is_tight(self) -> bool {
        self.descriptors < MOST + RESERVE
    }
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            connections,
            descriptors,
        } = self;
        write!(f, "room for {connections} connections")?;
        if self.is_tight() {
            let enough = MOST + RESERVE;
            write!(
                f,
                ": there are {descriptors} file descriptors; {enough} are enough for {MOST} \
                 (LimitNOFILE of systemd, ulimit -n of a shell)"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_everything_else() {
        for (descriptors, connections) in [
            (20_000, 4096),
            (4416, 4096),
            (4415, 4095),
            (1024, 704),
            (256, 128),
            (0, 0),
        ] {
            let room = Room::within(descriptors);
            assert_eq!(room.connections, connections, "{descriptors}");
            assert_eq!(room.is_tight(), descriptors < 4416);
        }
    }
}
