//! How often one client may ask.
//!
//! Owns the limiters (GCRA), keyed on a [`Client`]'s networks, and the sweeping
//! that keeps their tables small. A /56 may take 3 times and a /48 10 times what
//! a /64 or an IPv4 address may. What a client uses up is counted once its request
//! is read; [`outer`] bounds what is refused before that. Genuine webhooks are
//! never limited; forged ones are counted only after they were refused.

mod outer;
mod tables;

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use self::outer::Outer;
use self::tables::Tables;
use super::error::Error;
use crate::client::{Client, LEVELS};

/// How many times the limit of a /64 a /64, a /56 and a /48 may take.
const TIMES: [NonZeroU32; LEVELS] = [times(1), times(3), times(10)];

/// Refused webhooks a minute from one client before it hears 429.
const FORGED_PER_MINUTE: NonZeroU32 = times(60);
/// Most changes to donations a minute; never more than polls.
const EDITS_PER_MINUTE: NonZeroU32 = times(60);
/// Pages a minute that are made for one client, rendered or read from the ledger,
/// unless it may poll more often. What is served from memory is not counted.
const PAGES_PER_MINUTE: NonZeroU32 = times(600);

const fn times(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).expect("no limit is zero")
}

/// What is counted, each in tables of its own: pages that wait use up nothing of
/// what changing something takes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Counted {
    Checkout,
    Poll,
    Edit,
    Page,
    Forgery,
}

/// All limiters of the program.
pub(crate) struct Limits {
    posts: Outer,
    questions: Outer,
    checkouts: Tables,
    polls: Tables,
    edits: Tables,
    pages: Tables,
    forgeries: Tables,
}

impl Limits {
    /// Limits of so many a minute: that many at once, then one each
    /// `60 / n` seconds.
    pub(super) fn new(checkout: NonZeroU32, status: NonZeroU32) -> Self {
        Self {
            posts: Outer::around(checkout),
            questions: Outer::around(status),
            checkouts: Tables::new(checkout),
            polls: Tables::new(status),
            edits: Tables::new(status.min(EDITS_PER_MINUTE)),
            pages: Tables::new(status.max(PAGES_PER_MINUTE)),
            forgeries: Tables::new(FORGED_PER_MINUTE),
        }
    }

    /// Counts what a client is about to use up; the error tells its wait.
    pub(super) fn count(&self, what: Counted, client: Client) -> Result<(), Error> {
        let tables = match what {
            Counted::Checkout => &self.checkouts,
            Counted::Poll => &self.polls,
            Counted::Edit => &self.edits,
            Counted::Page => &self.pages,
            Counted::Forgery => &self.forgeries,
        };
        tables.count(client).map_err(Error::TooMany)
    }

    /// Forgets clients that could ask freely again, and gives the memory back.
    pub(super) fn sweep(&self) {
        self.posts.sweep();
        self.questions.sweep();
        for tables in self.tables() {
            tables.sweep();
        }
    }

    fn tables(&self) -> [&Tables; 5] {
        let Self {
            checkouts,
            polls,
            edits,
            pages,
            forgeries,
            ..
        } = self;
        [checkouts, polls, edits, pages, forgeries]
    }
}

/// Layer: the outer bound of checkouts and changes, one for all of them.
pub(super) async fn around_posts(
    State(limits): State<Arc<Limits>>,
    request: Request,
    next: Next,
) -> Response {
    limits.posts.pass(request, next).await
}

/// Layer: the outer bound of polls.
pub(super) async fn around_polls(
    State(limits): State<Arc<Limits>>,
    request: Request,
    next: Next,
) -> Response {
    limits.questions.pass(request, next).await
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;
    use std::time::{Duration, Instant};

    use super::*;

    fn per_minute(count: u32) -> NonZeroU32 {
        NonZeroU32::new(count).unwrap()
    }

    /// A client in a /64 of its own, which its neighbours' numbers share a /56
    /// and a /48 with.
    fn client(number: u32) -> Client {
        Client::at(Ipv6Addr::from_bits(u128::from(number) << 64).into())
    }

    /// MiB of this process in memory, by the kernel's account.
    fn resident() -> u64 {
        let account = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = account.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.unwrap().split_whitespace().next().unwrap();
        kib.parse::<u64>().unwrap() / 1024
    }

    #[test]
    fn a_million_clients_are_forgotten_once_they_could_ask_freely_again() {
        let limits = Limits::new(per_minute(6000), per_minute(6000));
        let before = resident();
        for number in 0..1_000_000_u32 {
            // Sixteen in each of 65,536 networks of a /48.
            limits
                .count(Counted::Checkout, client(number.rotate_right(16)))
                .unwrap();
        }
        for number in 0..10_000 {
            limits
                .count(Counted::Forgery, client(number << 16))
                .unwrap();
            assert!(limits.posts.admits(client(number << 16)));
        }
        let full = resident() - before;
        let begun = Instant::now();
        let is_empty = || limits.tables().iter().all(|it| it.is_empty()) && limits.posts.is_empty();
        while !is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(10), "never forgotten");
            std::thread::sleep(Duration::from_millis(100));
            limits.sweep();
        }
        let left = resident().saturating_sub(before);
        println!("a million clients: {full} MiB, and {left} once they are forgotten");
        assert!(full < 256 && left < 32, "{full} MiB, then {left}");
    }

    #[test]
    fn a_client_that_was_refused_stays_remembered() {
        let limits = Limits::new(per_minute(1), per_minute(1));
        assert_eq!(limits.count(Counted::Checkout, client(1)), Ok(()));
        limits.sweep();
        let refused = limits.count(Counted::Checkout, client(1)).unwrap_err();
        let Error::TooMany(wait) = refused else {
            panic!("{refused:?}")
        };
        assert!((59..=60).contains(&wait.as_secs()), "{wait:?}");
        assert_eq!(limits.count(Counted::Checkout, client(2)), Ok(()));
        assert_eq!(limits.count(Counted::Poll, client(1)), Ok(()));
    }

    /// How many of so many /64s in one /56, or in one /48, are counted once.
    fn counted(limits: &Limits, numbers: impl Iterator<Item = u32>) -> usize {
        numbers
            .filter(|number| limits.count(Counted::Checkout, client(*number)).is_ok())
            .count()
    }

    #[test]
    fn a_56_may_take_3_times_and_a_48_10_times_what_a_64_may() {
        let five = || Limits::new(per_minute(5), per_minute(600));
        assert_eq!(counted(&five(), [1; 20].into_iter()), 5);
        assert_eq!(counted(&five(), 0..100), 15, "of one /56");
        let limits = five();
        let of_one_48 = (0..100).map(|number| number << 8);
        assert_eq!(counted(&limits, of_one_48), 50);
        assert_eq!(counted(&limits, [1 << 16].into_iter()), 1, "the next /48");
    }
}
