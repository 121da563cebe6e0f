//! Thousands of clients who hold on to a connection and say next to nothing:
//! each is cut in time, honest visitors do not notice, and nothing of it stays.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::support::measured::{figure, measured};
use crate::support::served::Served;
use crate::support::wire::{Wire, status_of};

/// What attackers begin with and drip after it (an empty drip is silence), and
/// how many do so.
type Habit = (&'static str, &'static str, usize);

const HABITS: [Habit; 3] = [
    ("", "", 1_000),
    ("GET / HTTP/1.1\r\nx", "-", 1_000),
    (
        "POST /api/checkout HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\
         content-type: application/json\r\n\r\n{",
        " ",
        200,
    ),
];
const MIB: u64 = 1024;
/// Files the ledger's readers open when first needed, and keep.
const LEDGER_FILES: usize = 16;

/// Attacks until `end`, connecting anew whenever it is cut; gives the longest
/// time it was let hold on.
async fn hold_on(address: SocketAddr, (first, drip, _): Habit, end: Instant) -> Duration {
    let mut longest = Duration::ZERO;
    while Instant::now() < end {
        let mut wire = Wire::open(address).await;
        wire.say(first).await;
        let (held, answer) = wire.drip(drip, Duration::from_secs(1)).await;
        // A client that had sent a whole head gets an answer that names the error.
        let told = answer.contains("request_timeout");
        assert!(told || !first.contains("length"), "{answer}");
        assert!([0, 408].contains(&status_of(&answer)), "{answer}");
        longest = longest.max(held);
    }
    longest
}

/// Asks for the page again and again until all attackers are gone; gives the
/// times it took and the most memory seen.
async fn visit(
    served: &Served,
    attackers: &mut JoinSet<Duration>,
) -> (Vec<Duration>, u64, Duration) {
    let (mut times, mut memory, mut longest) = (Vec::new(), 0, Duration::ZERO);
    while !attackers.is_empty() {
        let asked = Instant::now();
        let page = served.get("/").send().await.unwrap();
        assert_eq!(page.status(), 200);
        times.push(asked.elapsed());
        memory = memory.max(served.memory("VmRSS"));
        while let Some(held) = attackers.try_join_next() {
            longest = longest.max(held.unwrap());
        }
        sleep(Duration::from_millis(20)).await;
    }
    times.sort_unstable();
    (times, memory, longest)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_who_say_next_to_nothing_hold_nobody_up() {
    let _ = rlimit::increase_nofile_limit(16_384);
    let served = Served::open(&[]).await;
    assert_eq!(served.get("/").send().await.unwrap().status(), 200);
    let (files, memory) = (served.open_files(), served.memory("VmRSS"));
    let address = served.address.parse().unwrap();
    let end = Instant::now() + figure(Duration::from_secs(15), Duration::from_secs(30));
    let mut attackers = JoinSet::new();
    for habit in HABITS {
        for _ in 0..habit.2 {
            attackers.spawn(hold_on(address, habit, end));
            // All at once would only fill the kernel's queue.
            sleep(Duration::from_millis(1)).await;
        }
    }
    let (times, most, longest) = visit(&served, &mut attackers).await;
    let p99 = times[times.len() * 99 / 100];
    let grown = (most - memory) / MIB;
    while served.open_files() > files + LEDGER_FILES {
        sleep(Duration::from_millis(20)).await;
    }
    measured(
        "L1",
        format!(
            "2,200 slow clients: {} honest requests, 99 % within {p99:.0?}, none failed; cut after \
             {longest:.1?} at most; {grown} MiB more; all files closed again",
            times.len()
        ),
    );
    assert!(longest < Duration::from_secs(12), "{longest:?}");
    assert!(grown < 64, "{grown} MiB");
    assert!(p99 < Duration::from_millis(100), "{p99:?}");
}
