//! Places: what a client holds at the same time, such as a connection, counted
//! in each of its networks.
//!
//! Owns the count alone. A place that is not given is refused at once: nothing
//! ever waits here.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Client, LEVELS};

/// How many places a /64 or an IPv4 address has, then a /56, then a /48.
const MOST: [usize; LEVELS] = [256, 512, 1024];

type Held = [HashMap<IpAddr, usize>; LEVELS];

/// One set of places; each client has a share of its own.
#[derive(Clone, Default)]
pub struct Places(Arc<Mutex<Held>>);

/// A place that is taken. Dropping it gives it back.
pub struct Place {
    places: Places,
    client: Client,
}

impl Places {
    /// A place for `client`; `None` where one of its networks has all it may have.
    pub fn take(&self, client: Client) -> Option<Place> {
        let mut held = self.held();
        let mut levels = held.iter().zip(MOST).zip(client.counted());
        let is_full = |((held, most), network): ((&HashMap<_, _>, usize), IpAddr)| {
            held.get(&network).is_some_and(|count| *count >= most)
        };
        if levels.any(is_full) {
            return None;
        }
        for (held, network) in held.iter_mut().zip(client.counted()) {
            *held.entry(network).or_default() += 1;
        }
        let places = self.clone();
        Some(Place { places, client })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.places.held();
        for (held, network) in held.iter_mut().zip(self.client.counted()) {
            if let Some(count) = held.get_mut(&network) {
                *count -= 1;
                if *count == 0 {
                    held.remove(&network);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;

    use super::*;

    fn ipv4(last: u8) -> Client {
        Client::at([198, 51, 100, last].into())
    }

    /// Takes all that clients in `networks` neighbouring /64s can have.
    fn take_all(places: &Places, networks: u128) -> Vec<Place> {
        let first = "2001:db8:1::".parse::<Ipv6Addr>().unwrap().to_bits();
        let networks = (0..networks).map(|nth| Ipv6Addr::from_bits(first + (nth << 64)));
        let clients = networks.map(|address| Client::at(address.into()));
        let taken = clients.flat_map(|client| std::iter::from_fn(move || places.take(client)));
        taken.collect()
    }

    #[test]
    fn a_client_that_has_all_its_places_takes_none_of_anothers() {
        let places = Places::default();
        let mut taken: Vec<_> = std::iter::from_fn(|| places.take(ipv4(1))).collect();
        assert_eq!(taken.len(), 256);
        assert!(places.take(ipv4(2)).is_some());
        taken.pop();
        assert!(places.take(ipv4(1)).is_some());
    }

    #[test]
    fn a_56_has_twice_and_a_48_four_times_what_a_64_has() {
        for (networks, most) in [(1, 256), (2, 512), (256, 512), (65_536, 1024)] {
            let places = Places::default();
            let taken = take_all(&places, networks);
            assert_eq!(taken.len(), most, "{networks} networks of a /64");
            assert!(places.take(ipv4(1)).is_some());
            drop(taken);
            assert!(places.held().iter().all(HashMap::is_empty), "remembered");
        }
    }
}
