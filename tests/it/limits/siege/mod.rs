//! Siege: strangers take all they can get of connections, bodies and pages, for
//! as long as they like, and an honest supporter does not notice.
//!
//! The real program, alone or behind a proxy as the docs print it; each attacker
//! has an address of 127.0.0.0/8, which counts like any other.

mod attack;
mod supporter;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use self::attack::Attack;
use self::supporter::Supporter;
use crate::support::front::{Front, Proxy};
use crate::support::measured::{figure, measured};
use crate::support::program::{Program, Running, answers, free_port};
use crate::support::wire::strangers;

/// A program under attack.
struct Siege {
    supporter: Supporter,
    program: Program,
    entrance: String,
    _running: Running,
    _front: Option<Front>,
}

/// So many attackers, by their addresses.
fn attackers(count: u8) -> Vec<IpAddr> {
    let addresses = (0..count).map(|nth| Ipv4Addr::new(127, 0, 1, 1 + nth).into());
    addresses.collect()
}

impl Siege {
    async fn of(proxy: Option<Proxy>) -> Self {
        let _ = rlimit::increase_nofile_limit(16_384);
        let page = format!("127.0.0.1:{}", free_port());
        let stand_in = crate::support::accounts::stand_in().await;
        let program = Program::for_both(&stand_in)
            .at(&page)
            .var("BAGEL_STATUS_PER_MINUTE", "600")
            .var("BAGEL_TRUSTED_PROXIES", "127.0.0.1")
            .var("RUST_LOG", "warn");
        let running = program.start(&["serve"]);
        answers(&strangers(), &page).await;
        let front = match proxy {
            Some(proxy) => Some(Front::before(proxy, &page).await),
            None => None,
        };
        let entrance = front.as_ref().map_or(page, |front| front.address.clone());
        let supporter = Supporter::new(stand_in, &entrance);
        supporter.give_first().await;
        Self {
            supporter,
            program,
            entrance,
            _running: running,
            _front: front,
        }
    }

    /// Attacks for a while; a supporter gives all the time.
    async fn endure(&self, name: &str, attack: Attack) {
        let how_long = figure(Duration::from_secs(4), Duration::from_mins(1));
        let attack = Arc::new(attack).begin(&self.entrance);
        attack.stands().await;
        let end = tokio::time::Instant::now() + how_long;
        let mut gifts = 0;
        while gifts == 0 || tokio::time::Instant::now() < end {
            self.supporter.give().await;
            let health = self.program.run(&["healthcheck"]).await;
            assert_eq!(health.code, Some(0), "{name}: {}", health.err);
            gifts += 1;
        }
        let done = attack.end().await;
        let longest = self.supporter.longest();
        measured(
            &format!("SIEGE {name}"),
            format!("{done} in {how_long:.0?}; {gifts} gifts; {longest}"),
        );
        self.supporter.assert_quick(name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alone_by_connections_whose_answers_nobody_reads() {
    for count in [1, 4] {
        let siege = Siege::of(None).await;
        let name = format!("connections of {count}");
        siege.endure(&name, Attack::deaf(attackers(count))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alone_by_bodies_that_do_not_come() {
    for count in [1, 4] {
        let siege = Siege::of(None).await;
        let name = format!("bodies of {count}");
        siege.endure(&name, Attack::half(attackers(count))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alone_by_pages_that_take_long_to_make() {
    for path in [
        &format!("/?{}", vec!["amount=1"; 3000].join("&")),
        "/?amount=7",
    ] {
        let siege = Siege::of(None).await;
        let name = format!("pages of {} bytes", path.len());
        siege.endure(&name, Attack::pages(attackers(4), path)).await;
    }
}

/// As through a proxy that takes no request whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_plain_proxy_by_bodies_of_one_56_and_one_48() {
    for (network, step) in [("a 56", 1), ("a 48", 256)] {
        let siege = Siege::of(None).await;
        let name = format!("bodies of {network}");
        siege.endure(&name, Attack::half_from_a_line(step)).await;
    }
}

async fn behind(proxy: Proxy) {
    for count in [1, 4] {
        let siege = Siege::of(Some(proxy)).await;
        let name = |what| format!("{what} of {count} through {proxy:?}");
        siege
            .endure(&name("bodies"), Attack::half(attackers(count)))
            .await;
        siege
            .endure(&name("connections"), Attack::deaf(attackers(count)))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_haproxy() {
    behind(Proxy::Haproxy).await;
}

/// `./test --long` installs them; the usual run needs neither.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_caddy_and_nginx() {
    for proxy in figure(&[][..], &[Proxy::Caddy, Proxy::Nginx]) {
        behind(*proxy).await;
    }
}
