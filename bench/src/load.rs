//! A load: many clients that send requests, as fast as they are answered or
//! each at its own time.
//!
//! A request that has its time is late from that time on, whatever kept it from
//! being sent: a server that stalls cannot hide what it stalled.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::client::Client;
use crate::requests::Requests;

/// When requests are sent.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// Each client sends the next as soon as the last is answered.
    For(Duration),
    /// The same, until so many are sent.
    Count(u32),
    /// One each `gap`, by whichever client is free.
    Every { gap: Duration, length: Duration },
}

impl Pace {
    /// When request `n` of a load that began at `start` is sent; `None`: the
    /// load is over.
    fn due(self, n: u32, start: Instant, now: Instant) -> Option<Instant> {
        match self {
            Self::For(length) => (now < start + length).then_some(now),
            Self::Count(count) => (n < count).then_some(now),
            Self::Every { gap, length } => {
                let after = gap.saturating_mul(n);
                (after < length).then_some(start + after)
            }
        }
    }
}

/// What came of a load.
#[derive(Default)]
pub(crate) struct Tally {
    /// Of each answer 200, from when its request was due.
    pub(crate) waits: Vec<Duration>,
    /// How often each went wrong: another status, or no answer.
    pub(crate) failures: BTreeMap<String, u32>,
    /// Donations made, as the server names them.
    pub(crate) ids: Vec<String>,
    /// From the first request to the last answer.
    pub(crate) took: Duration,
}

impl Tally {
    fn fail(&mut self, why: String) {
        *self.failures.entry(why).or_default() += 1;
    }

    fn merge(&mut self, other: Self) {
        self.waits.extend(other.waits);
        self.ids.extend(other.ids);
        for (why, count) in other.failures {
            *self.failures.entry(why).or_default() += count;
        }
    }
}

/// Who sends a load, one connection each.
#[derive(Clone, Copy)]
pub(crate) enum Clients {
    /// The connections of one proxy, at 127.0.0.1.
    Proxied(u32),
    /// So many who come directly, each from an address of its own.
    Direct(u32),
}

impl Clients {
    /// The address of each.
    fn addresses(self) -> impl Iterator<Item = Ipv4Addr> {
        let (count, first, apart) = match self {
            Self::Proxied(count) => (count, Ipv4Addr::LOCALHOST, 0),
            Self::Direct(count) => (count, Ipv4Addr::new(127, 1, 0, 0), 1),
        };
        (0..count).map(move |n| Ipv4Addr::from_bits(first.to_bits() + n * apart))
    }
}

/// What the clients of a load share.
struct Shared {
    address: SocketAddr,
    pace: Pace,
    requests: Requests,
    start: Instant,
    next: AtomicU32,
}

/// Sends a load to the server at `address`, and waits for every answer.
pub(crate) async fn run(
    address: SocketAddr,
    clients: Clients,
    pace: Pace,
    requests: Requests,
) -> Tally {
    let shared = Arc::new(Shared {
        address,
        pace,
        requests,
        start: Instant::now(),
        next: AtomicU32::new(0),
    });
    let mut running = JoinSet::new();
    for own in clients.addresses() {
        running.spawn(client(Arc::clone(&shared), own));
    }
    let mut all = Tally::default();
    while let Some(one) = running.join_next().await {
        match one {
            Ok(tally) => all.merge(tally),
            Err(error) => all.fail(error.to_string()),
        }
    }
    all.took = shared.start.elapsed();
    all
}

async fn client(load: Arc<Shared>, own: Ipv4Addr) -> Tally {
    let mut client = Client::new(load.address, own);
    let mut tally = Tally::default();
    let mut request = Vec::new();
    loop {
        let n = load.next.fetch_add(1, Ordering::Relaxed);
        let now = Instant::now();
        let Some(due) = load.pace.due(n, load.start, now) else {
            return tally;
        };
        if due > now {
            sleep_until(due).await;
        }
        request.clear();
        load.requests.write(n, &mut request);
        match client.ask(&request, load.requests.may_repeat()).await {
            Ok(answer) if answer.status == 200 => {
                tally.waits.push(due.elapsed());
                tally.ids.extend(load.requests.made(answer.body));
            }
            Ok(answer) => tally.fail(answer.status.to_string()),
            Err(error) => tally.fail(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn each_request_has_its_time_however_late_the_last_one_was() {
        let start = Instant::now();
        let pace = Pace::Every {
            gap: Duration::from_millis(250),
            length: SECOND,
        };
        let late = start + 10 * SECOND;
        let due = |n| pace.due(n, start, late).map(|due| due - start);
        assert_eq!(due(0), Some(Duration::ZERO));
        assert_eq!(due(3), Some(Duration::from_millis(750)));
        assert_eq!(due(4), None);
    }

    #[test]
    fn who_comes_directly_has_an_address_of_its_own() {
        let of = |clients: Clients, n| clients.addresses().nth(n).map(|it| it.to_string());
        assert_eq!(of(Clients::Proxied(9), 8).as_deref(), Some("127.0.0.1"));
        let direct = Clients::Direct(4_000);
        assert_eq!(of(direct, 3_999).as_deref(), Some("127.1.15.159"));
        assert_eq!(of(direct, 4_000), None);
    }

    #[test]
    fn without_times_a_load_ends_by_the_clock_or_by_its_count() {
        let start = Instant::now();
        let now = start + SECOND / 2;
        assert_eq!(Pace::For(SECOND).due(9, start, now), Some(now));
        assert_eq!(Pace::For(SECOND).due(0, start, start + SECOND), None);
        assert_eq!(Pace::Count(3).due(2, start, now), Some(now));
        assert_eq!(Pace::Count(3).due(3, start, now), None);
    }
}
