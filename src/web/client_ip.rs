//! Who a request is from, decided once.
//!
//! Owns the only reading of forwarding headers. The client is the peer, unless
//! the peer is a trusted proxy; then `X-Forwarded-For` is walked from the
//! right to the first address that is not trusted. What an untrusted peer
//! writes there is never believed.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::Request;
use axum::http::HeaderMap;
use ipnet::IpNet;
use tracing::warn;

use crate::client::Client;

/// The address of the TCP peer, put there by the accept loop.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Whom a request comes from.
pub(super) fn of(request: &Request, trusted: &[IpNet]) -> Client {
    let peer = request
        .extensions()
        .get::<Peer>()
        .map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |Peer(peer)| {
            peer.ip().to_canonical()
        });
    warn_of_unused_header(peer, trusted, request.headers());
    Client::at(client(peer, request.headers(), trusted))
}

fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    if !is_trusted(&peer) {
        return peer;
    }
    let mut client = peer;
    for hop in forwarded_from_the_right(headers) {
        // What cannot be read cannot be walked past.
        let Some(address) = parse_hop(hop) else { break };
        client = address;
        if !is_trusted(&address) {
            break;
        }
    }
    client
}

fn forwarded_from_the_right(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .map(|line| line.to_str().unwrap_or(""))
        .collect();
    lines
        .into_iter()
        .rev()
        .flat_map(|line| line.rsplit(','))
        .map(str::trim)
}

/// An address, with or without a port or brackets.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse().ok().or_else(|| {
        hop.parse::<SocketAddr>()
            .ok()
            .map(|with_port| with_port.ip())
    });
    address.map(|address: IpAddr| address.to_canonical())
}

/// Without trusted proxies everybody behind one shares a limit: say so once.
fn warn_of_unused_header(peer: IpAddr, trusted: &[IpNet], headers: &HeaderMap) {
    static WARNED: AtomicBool = AtomicBool::new(false);
    let private = match peer {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_loopback(),
    };
    let unused =
        headers.contains_key("x-forwarded-for") && !trusted.iter().any(|net| net.contains(&peer));
    if private && unused && !WARNED.swap(true, Ordering::Relaxed) {
        warn!(
            "a proxy on a private address sends X-Forwarded-For but is not in BAGEL_TRUSTED_PROXIES: all its visitors share one rate limit"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        client(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn an_untrusted_peer_is_itself_whatever_it_claims() {
        assert_eq!(seen("203.0.113.9", &["1.1.1.1"], &[]), "203.0.113.9");
        assert_eq!(
            seen("203.0.113.9", &["1.1.1.1"], &["10.0.0.0/8"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn behind_trusted_proxies_the_first_untrusted_from_the_right_counts() {
        let trusted = ["10.0.0.0/8"];
        for (forwarded, client) in [
            (&["198.51.100.7"][..], "198.51.100.7"),
            (&["6.6.6.6, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
            (&["6.6.6.6", "198.51.100.7"], "198.51.100.7"),
            (&["198.51.100.7:4711"], "198.51.100.7"),
            (&["6.6.6.6, rubbish, 10.0.0.2"], "10.0.0.2"),
            (&[], "10.0.0.1"),
            (&[""], "10.0.0.1"),
        ] {
            assert_eq!(
                seen("10.0.0.1", forwarded, &trusted),
                client,
                "{forwarded:?}"
            );
        }
    }

    #[test]
    fn an_address_is_read_with_its_port_and_mapped_ipv4_as_ipv4() {
        for (forwarded, client) in [
            ("[2001:db8:1:2::9]:443", "2001:db8:1:2::9"),
            ("2001:db8:1:2::9", "2001:db8:1:2::9"),
            ("::ffff:198.51.100.7", "198.51.100.7"),
        ] {
            assert_eq!(seen("10.0.0.1", &[forwarded], &["10.0.0.1/32"]), client);
        }
    }

    #[test]
    fn what_counts_as_a_trusted_address_is_not_trusted_for_it() {
        let through = "2002:a00:1::1, 6.6.6.6";
        assert_eq!(
            seen("2002:a00:1::1", &[through], &["10.0.0.1/32"]),
            "2002:a00:1::1"
        );
    }
}
