//! A client: where a request comes from, as limits and shares count it.
//!
//! Owns which networks an address belongs to. An IPv4 address is one client. Of
//! IPv6 a household or a rented server has a /64, a /56 or a /48 to itself, so an
//! address counts in all three, and what it may take rises from one to the next.
//! How much that is, and whom to believe about an address, is decided elsewhere:
//! this type is for counting and never for trust.

mod places;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub use self::places::{Place, Places};

/// How many networks an address is counted in.
pub const LEVELS: usize = 3;

/// Whom a request comes from: an IPv4 address, or a /64 of IPv6.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Client(IpAddr);

impl Client {
    /// The client at `address`. An IPv4 address that is written within an IPv6
    /// one (mapped, 6to4, NAT64) is that IPv4 address.
    pub fn at(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(v4) => v4.into(),
            IpAddr::V6(v6) => embedded(v6).map_or(prefix(v6, 0).into(), IpAddr::V4),
        })
    }

    /// Its /64, /56 and /48, in this order; an IPv4 address is itself in all
    /// three places.
    pub fn networks(self) -> [IpAddr; LEVELS] {
        match self.0 {
            IpAddr::V4(_) => [self.0; LEVELS],
            IpAddr::V6(v6) => [0, 8, 16].map(|bits| prefix(v6, bits).into()),
        }
    }

    /// [`Client::networks`] without repeating an IPv4 address: what to count.
    pub fn counted(self) -> impl Iterator<Item = IpAddr> {
        let levels = if self.0.is_ipv4() { 1 } else { LEVELS };
        self.networks().into_iter().take(levels)
    }
}

/// What is left of an address without its last 64 bits, and so many more.
fn prefix(address: Ipv6Addr, bits: u32) -> Ipv6Addr {
    Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (64 + bits)))
}

/// The IPv4 address in one of 6to4 (RFC 3056) or of NAT64 (RFC 6052).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.octets() {
        [0x20, 0x02, a, b, c, d, ..]
        | [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d] => {
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(address: &str) -> [String; LEVELS] {
        let client = Client::at(address.parse().unwrap());
        client.networks().map(|network| network.to_string())
    }

    #[test]
    fn ipv6_is_counted_in_its_64_its_56_and_its_48() {
        assert_eq!(
            networks("2001:db8:1:2345:6:7:8:9"),
            ["2001:db8:1:2345::", "2001:db8:1:2300::", "2001:db8:1::"]
        );
        assert_eq!(
            Client::at("2001:db8::1".parse().unwrap()).counted().count(),
            3
        );
    }

    #[test]
    fn ipv4_is_one_address_however_it_is_written() {
        for written in [
            "198.51.100.7",
            "::ffff:198.51.100.7",
            "2002:c633:6407:1:2:3:4:5",
            "64:ff9b::198.51.100.7",
        ] {
            assert_eq!(networks(written), ["198.51.100.7"; LEVELS], "{written}");
            assert_eq!(Client::at(written.parse().unwrap()).counted().count(), 1);
        }
        assert_eq!(networks("64:ff9b:1::198.51.100.7")[2], "64:ff9b:1::");
    }
}
