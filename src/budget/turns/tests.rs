//! Turns: shared out by client, bounded, and counted right.

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
