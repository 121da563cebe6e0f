//! Fair turns: those who wait, shared out by client.
//!
//! Owns the order in which waiters come to their turn: each client in its round,
//! and inside a client the newest first. A client is a path of networks, the
//! widest first, and each level is a round of its own: a /48 full of /64s gets
//! one turn in the round of the /48s. How many of one network wait is bounded,
//! so that a stranger fills his own place alone.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::IpAddr;

use crate::client::{Client, LEVELS};

/// Waiters of one network at each level; a further one is refused.
const MOST: [usize; LEVELS] = [512, 128, 64];
/// Waiters in all.
const MOST_IN_ALL: usize = 10_000;

/// One that waits for its turn.
pub(super) trait Waiter {
    /// Whether it waits no more.
    fn is_gone(&self) -> bool;
}

/// Waiters in the order of their turns.
#[derive(Debug)]
pub(super) struct Turns<W>(Round<Round<Round<Newest<W>>>>);

impl<W> Default for Turns<W> {
    fn default() -> Self {
        Self(Round::default())
    }
}

impl<W: Waiter> Turns<W> {
    /// Puts a waiter in its client's queue, where the latest `time` comes
    /// first; false where there is no place left for this client.
    pub(super) fn push(&mut self, client: Client, time: i64, waiter: W) -> bool {
        let mut path = client.networks();
        path.reverse();
        self.0.len() < MOST_IN_ALL && self.0.push(&path, &MOST, time, waiter)
    }

    /// The waiter whose turn it is.
    pub(super) fn pop(&mut self) -> Option<W> {
        self.0.pop()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// What can be queued in and taken from, one level of a client's networks.
trait Queue<W>: Default {
    /// `path` and `most` are of the levels below this one.
    fn push(&mut self, path: &[IpAddr], most: &[usize], time: i64, waiter: W) -> bool;

    /// The next that still waits; those who have gone are dropped on the way.
    fn pop(&mut self) -> Option<W>;

    fn len(&self) -> usize;
}

/// Round robin: one waiter of each network, then one more of each.
#[derive(Debug)]
struct Round<Q> {
    order: VecDeque<IpAddr>,
    queues: HashMap<IpAddr, Q>,
    /// Waiters in all queues.
    len: usize,
}

impl<Q> Default for Round<Q> {
    fn default() -> Self {
        Self {
            order: VecDeque::new(),
            queues: HashMap::new(),
            len: 0,
        }
    }
}

impl<W, Q: Queue<W>> Queue<W> for Round<Q> {
    fn push(&mut self, path: &[IpAddr], most: &[usize], time: i64, waiter: W) -> bool {
        let (Some((network, path)), Some((here, most))) = (path.split_first(), most.split_first())
        else {
            return false;
        };
        let queue = self.queues.entry(*network).or_default();
        let before = queue.len();
        let taken = before < *here && queue.push(path, most, time, waiter);
        if taken {
            self.len += 1;
            if before == 0 {
                self.order.push_back(*network);
            }
        } else if before == 0 {
            self.queues.remove(network);
        }
        taken
    }

    fn pop(&mut self) -> Option<W> {
        while let Some(network) = self.order.pop_front() {
            let Some(queue) = self.queues.get_mut(&network) else {
                continue;
            };
            let before = queue.len();
            let waiter = queue.pop();
            self.len = (self.len + queue.len()).saturating_sub(before);
            if queue.len() == 0 {
                self.queues.remove(&network);
            } else {
                self.order.push_back(network);
            }
            if waiter.is_some() {
                return waiter;
            }
        }
        None
    }

    fn len(&self) -> usize {
        self.len
    }
}

/// The waiters of one client, the newest first.
#[derive(Debug)]
struct Newest<W> {
    /// By time, and then in the order they came.
    waiting: BTreeMap<(i64, u64), W>,
    came: u64,
}

impl<W> Default for Newest<W> {
    fn default() -> Self {
        Self {
            waiting: BTreeMap::new(),
            came: 0,
        }
    }
}

impl<W: Waiter> Queue<W> for Newest<W> {
    fn push(&mut self, _: &[IpAddr], _: &[usize], time: i64, waiter: W) -> bool {
        self.came += 1;
        self.waiting.insert((time, self.came), waiter).is_none()
    }

    fn pop(&mut self) -> Option<W> {
        while let Some((_, waiter)) = self.waiting.pop_last() {
            if !waiter.is_gone() {
                return Some(waiter);
            }
        }
        None
    }

    fn len(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use proptest::prelude::*;

    use super::*;

    #[derive(Debug)]
    struct Named(u32, bool);

    impl Waiter for Named {
        fn is_gone(&self) -> bool {
            self.1
        }
    }

    fn v4(last: u8) -> Client {
        Client::at(Ipv4Addr::new(203, 0, 113, last).into())
    }

    /// A client in a /64 of a /56 of a /48.
    fn v6(site: u16, line: u8, network: u8) -> Client {
        let net = u16::from_be_bytes([line, network]);
        Client::at(Ipv6Addr::new(0x2001, 0xdb8, site, net, 0, 0, 0, 0).into())
    }

    fn order(turns: &mut Turns<Named>) -> Vec<u32> {
        std::iter::from_fn(|| turns.pop().map(|Named(name, _)| name)).collect()
    }

    #[test]
    fn each_client_has_its_turn_and_its_newest_comes_first() {
        let mut turns = Turns::default();
        for (name, client, time) in [(1, 1, 10), (2, 1, 30), (3, 1, 20), (4, 2, 1), (5, 3, 5)] {
            assert!(turns.push(v4(client), time, Named(name, false)));
        }
        assert_eq!(order(&mut turns), [2, 4, 5, 3, 1]);
        assert_eq!(turns.len(), 0);
    }

    #[test]
    fn a_network_full_of_networks_has_one_turn() {
        let mut turns = Turns::default();
        for network in 0..100 {
            assert!(turns.push(v6(1, network, network), 9, Named(100, false)));
        }
        assert!(turns.push(v6(2, 0, 0), 1, Named(1, false)));
        assert!(turns.push(v4(7), 1, Named(2, false)));
        assert_eq!(order(&mut turns)[..3], [100, 1, 2]);
        // The same inside a /48, between its /56s.
        for network in 0..100 {
            assert!(turns.push(v6(1, 0, network), 9, Named(100, false)));
        }
        assert!(turns.push(v6(1, 1, 0), 1, Named(1, false)));
        assert_eq!(order(&mut turns)[..2], [100, 1]);
    }

    #[test]
    fn those_who_have_gone_cost_their_client_no_turn() {
        let mut turns = Turns::default();
        for (name, client, gone) in [(1, 1, true), (2, 1, false), (3, 2, true), (4, 3, false)] {
            turns.push(v4(client), i64::from(100 - name), Named(name, gone));
        }
        assert_eq!(order(&mut turns), [2, 4]);
    }

    #[test]
    fn a_stranger_fills_his_own_place_alone() {
        let mut turns = Turns::default();
        let mut taken = 0;
        for line in 0..=255 {
            for network in 0..=255 {
                taken += u32::from(turns.push(v6(1, line, network), 0, Named(0, false)));
            }
        }
        assert_eq!(taken, 512);
        assert!(turns.push(v6(2, 0, 0), 0, Named(1, false)));
        assert!(order(&mut turns)[..2].contains(&1));
        assert!(turns.0.queues.is_empty() && turns.0.order.is_empty());
    }

    proptest! {
        #[test]
        fn whatever_comes_and_goes_is_counted_right(
            steps in prop::collection::vec((0..4_u8, 0..4_u8, any::<bool>(), 0..3_u8), 0..200)
        ) {
            let (mut turns, mut live, mut all) = (Turns::default(), 0_usize, 0_usize);
            for (site, network, gone, pops) in steps {
                if turns.push(v6(site.into(), 0, network), 0, Named(0, gone)) {
                    live += usize::from(!gone);
                    all += 1;
                }
                for _ in 0..pops {
                    let popped = turns.pop().is_some();
                    prop_assert_eq!(popped, live > 0);
                    live -= usize::from(popped);
                    prop_assert!(turns.len() >= live && turns.len() <= all);
                }
            }
            prop_assert_eq!(order(&mut turns).len(), live);
            prop_assert_eq!(turns.len(), 0);
        }
    }
}
