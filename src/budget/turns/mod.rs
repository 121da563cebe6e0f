//! Fair turns: those who wait, shared out by client.
//!
//! Owns the order in which waiters come to their turn: each client in its round,
//! and inside a client the newest first. A client is a path of networks, the
//! widest first, and each level is a round of its own: a /48 full of /64s gets
//! one turn in the round of the /48s. How many of one network wait is bounded,
//! so that a stranger fills his own place alone.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
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
pub(super) struct Turns<W>(Round<Ring<Ring<Newest<W>>>>);

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

/// Round robin of any number of networks: one waiter of each, then one more of
/// each.
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

/// Round robin of the few networks within one: searched one by one, and small,
/// as most clients are alone in theirs.
#[derive(Debug)]
struct Ring<Q> {
    queues: VecDeque<(IpAddr, Q)>,
    /// Waiters in all queues.
    len: usize,
}

impl<Q> Default for Ring<Q> {
    fn default() -> Self {
        Self {
            queues: VecDeque::with_capacity(1),
            len: 0,
        }
    }
}

impl<W, Q: Queue<W>> Queue<W> for Ring<Q> {
    fn push(&mut self, path: &[IpAddr], most: &[usize], time: i64, waiter: W) -> bool {
        let (Some((network, path)), Some((here, most))) = (path.split_first(), most.split_first())
        else {
            return false;
        };
        let mut known = self.queues.iter_mut().filter(|(of, _)| of == network);
        let taken = if let Some((_, queue)) = known.next() {
            queue.len() < *here && queue.push(path, most, time, waiter)
        } else {
            let mut queue = Q::default();
            let taken = queue.push(path, most, time, waiter);
            if taken {
                self.queues.push_back((*network, queue));
            }
            taken
        };
        self.len += usize::from(taken);
        taken
    }

    fn pop(&mut self) -> Option<W> {
        while let Some((network, mut queue)) = self.queues.pop_front() {
            let before = queue.len();
            let waiter = queue.pop();
            self.len = (self.len + queue.len()).saturating_sub(before);
            if queue.len() > 0 {
                self.queues.push_back((network, queue));
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
    waiting: Vec<(i64, W)>,
}

impl<W> Default for Newest<W> {
    fn default() -> Self {
        Self {
            waiting: Vec::with_capacity(1),
        }
    }
}

impl<W: Waiter> Queue<W> for Newest<W> {
    fn push(&mut self, _: &[IpAddr], _: &[usize], time: i64, waiter: W) -> bool {
        let place = self.waiting.partition_point(|(other, _)| *other <= time);
        self.waiting.insert(place, (time, waiter));
        true
    }

    fn pop(&mut self) -> Option<W> {
        while let Some((_, waiter)) = self.waiting.pop() {
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
