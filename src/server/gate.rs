//! The gate: whose connection is let in.
//!
//! Owns how many connections there may be, in all and from one client, counted
//! by the peer: behind a proxy all of its clients are one peer. Nothing waits
//! here: a connection without a place is closed at once, so that one client
//! never holds up the next.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ipnet::IpNet;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tracing::warn;

use crate::client::{Client, Place, Places};

/// Places that only this machine and trusted proxies may take, so that a crowd
/// shuts out neither the health check nor what comes through the proxy.
const RESERVED: usize = 64;
/// How often the log says that connections are closed.
const SAY_EVERY: Duration = Duration::from_mins(1);

/// All places for connections.
pub(super) struct Gate {
    trusted: Vec<IpNet>,
    open: Arc<Semaphore>,
    reserved: Arc<Semaphore>,
    clients: Places,
    said: Mutex<Option<Instant>>,
}

/// A place that is taken. Dropping it gives it back.
pub(super) struct Entry {
    _place: OwnedSemaphorePermit,
    _share: Option<Place>,
}

impl Gate {
    /// Of `most` places; peers in `trusted` have no share of their own.
    pub(super) fn new(most: usize, trusted: Vec<IpNet>) -> Self {
        Self {
            trusted,
            open: Arc::new(Semaphore::new(most.saturating_sub(RESERVED))),
            reserved: Arc::new(Semaphore::new(RESERVED.min(most))),
            clients: Places::default(),
            said: Mutex::default(),
        }
    }

    /// A place for a connection from `peer`, if there is one.
    pub(super) fn enter(&self, peer: IpAddr) -> Option<Entry> {
        let entry = self.place_for(peer.to_canonical());
        if entry.is_none() && self.has_to_say() {
            warn!(
                "connections are closed at once: their clients, or all together, have as many \
                 as they may"
            );
        }
        entry
    }

    fn place_for(&self, peer: IpAddr) -> Option<Entry> {
        let open = |places| Semaphore::try_acquire_owned(Arc::clone(places)).ok();
        let (place, share) = if self.is_exempt(peer) {
            (open(&self.open).or_else(|| open(&self.reserved))?, None)
        } else {
            let share = self.clients.take(Client::at(peer))?;
            (open(&self.open)?, Some(share))
        };
        Some(Entry {
            _place: place,
            _share: share,
        })
    }

    /// Whether many clients may be behind this peer, or the creator's own machine.
    fn is_exempt(&self, peer: IpAddr) -> bool {
        let own = peer == Ipv4Addr::LOCALHOST || peer == Ipv6Addr::LOCALHOST;
        own || self.trusted.iter().any(|network| network.contains(&peer))
    }

    fn has_to_say(&self) -> bool {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = said.is_none_or(|said| said.elapsed() >= SAY_EVERY);
        if is_due {
            *said = Some(Instant::now());
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes all that `peer` can have.
    fn take_all(gate: &Gate, peer: &str) -> Vec<Entry> {
        let peer = peer.parse().unwrap();
        std::iter::from_fn(|| gate.enter(peer)).collect()
    }

    fn gate(most: usize) -> Gate {
        Gate::new(most, vec!["192.0.2.0/24".parse().unwrap()])
    }

    #[tokio::test]
    async fn a_client_has_256_connections_and_the_next_one_has_its_own() {
        let gate = gate(4096);
        let attackers = ["198.51.100.1", "::ffff:198.51.100.2", "127.0.0.2"];
        for attacker in attackers {
            let taken = take_all(&gate, attacker);
            assert_eq!(taken.len(), 256, "{attacker}");
            assert!(gate.enter("198.51.100.9".parse().unwrap()).is_some());
        }
        assert_eq!(take_all(&gate, "198.51.100.1").len(), 256, "given back");
    }

    #[tokio::test]
    async fn this_machine_and_trusted_proxies_have_all_there_are_and_64_of_their_own() {
        for exempt in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "192.0.2.7"] {
            let gate = gate(1064);
            let first = take_all(&gate, exempt);
            assert_eq!(first.len(), 1064, "{exempt}");
            drop(first);
            let crowd: Vec<_> = (0..9)
                .map(|nth| take_all(&gate, &format!("198.51.100.{nth}")))
                .collect();
            assert_eq!(crowd.iter().map(Vec::len).sum::<usize>(), 1000);
            assert_eq!(take_all(&gate, exempt).len(), 64, "{exempt}");
        }
    }

    #[tokio::test]
    async fn an_address_that_only_counts_as_an_exempt_one_is_not_exempt() {
        for written in ["2002:7f00:1::1", "64:ff9b::127.0.0.1", "64:ff9b::192.0.2.7"] {
            assert_eq!(take_all(&gate(4096), written).len(), 256, "{written}");
        }
    }
}
