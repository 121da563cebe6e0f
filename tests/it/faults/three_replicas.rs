//! Three programs behind `HAProxy` and one Postgres behind them: they die in
//! turn, the database too, and hardly any visitor notices.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::faults::crowd::{Answer, Crowd, What};
use crate::support::balancer::Balancer;
use crate::support::creator::Creator;
use crate::support::measured::{figure, measured};
use crate::support::own_postgres::OwnPostgres;
use crate::support::program::Running;
use crate::support::scratch_ledgers::Scratch;
use crate::support::seeded::Seeded;

const REPLICAS: usize = 3;
const VISITORS: usize = 12;
const BETWEEN: Duration = Duration::from_secs(2);
/// Longer than what a dead program had claimed stays claimed.
const TAKEN_OVER: Duration = Duration::from_secs(90);
/// What a supervisor takes to notice a death.
const DEAD: Duration = Duration::from_millis(500);

/// The running programs, the balancer before them, and the creator they notify.
struct Replicas {
    crowd: Arc<Crowd>,
    creator: Creator,
    programs: Vec<Running>,
    _balancer: Balancer,
}

impl Replicas {
    async fn open(scratch: &Scratch) -> Self {
        let creator = Creator::open().await;
        let crowd = Crowd::new(&scratch.url(), REPLICAS).await;
        let mut crowd = crowd.with(&creator.settings());
        let balancer = Balancer::before(crowd.pages()).await;
        crowd.go_through(balancer.address());
        let programs = (0..REPLICAS).map(|nth| crowd.start(nth)).collect();
        for nth in 0..REPLICAS {
            crowd.ready(nth).await;
        }
        Self {
            crowd: Arc::new(crowd),
            creator,
            programs,
            _balancer: balancer,
        }
    }

    /// Waits, kills one program, and starts it again.
    async fn lose(&mut self, one: usize) {
        sleep(BETWEEN).await;
        self.programs[one].kill().await;
        sleep(DEAD).await;
        self.programs[one] = self.crowd.start(one);
        self.crowd.ready(one).await;
    }

    /// Waits, asks one program to stop, and starts another in its place.
    async fn replace(&mut self, one: usize) {
        sleep(BETWEEN).await;
        let said = self.programs.remove(one).stop().await;
        assert_eq!(said.code, Some(0), "{}", said.err);
        self.programs.insert(one, self.crowd.start(one));
        self.crowd.ready(one).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_and_their_database_die_in_turn_and_nothing_is_lost() {
    let server = OwnPostgres::start().await;
    let scratch = Scratch::postgres_on(server.url()).await;
    let mut replicas = Replicas::open(&scratch).await;
    let (crowd, began) = (Arc::clone(&replicas.crowd), Instant::now());
    let people = crowd.visitors(VISITORS);
    let half = figure(Duration::from_secs(18), Duration::from_mins(1));
    let (mut seeded, mut kills) = (Seeded(42), 0);
    for until in [half, 2 * half] {
        while began.elapsed() < until {
            replicas.lose(seeded.below(REPLICAS)).await;
            kills += 1;
        }
        if until == half {
            server.stop_at_once();
            server.start_again().await;
        }
    }
    crowd.over.store(true, SeqCst);
    people.join_all().await;
    let took = began.elapsed();
    let visits = Visits::of(&crowd);
    let told = told(&replicas, &scratch, kills).await;
    let found = crowd.examine(&scratch, 50).await;
    let longest = crowd.longest();
    measured(
        "REPLICAS",
        format!(
            "{took:.0?}, {kills} kills, Postgres restarted; {visits}, longest {longest:.2?}; \
             {found}; {told}"
        ),
    );
    visits.assert_fewer_than_one_in(100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_are_replaced_one_after_the_other_are_not_missed() {
    let scratch = Scratch::postgres().await;
    let mut replicas = Replicas::open(&scratch).await;
    let crowd = Arc::clone(&replicas.crowd);
    let people = crowd.visitors(VISITORS);
    let times = figure(1, 20) * REPLICAS;
    for nth in 0..times {
        replicas.replace(nth % REPLICAS).await;
    }
    crowd.over.store(true, SeqCst);
    people.join_all().await;
    let visits = Visits::of(&crowd);
    crowd.examine(&scratch, 10).await;
    measured("G2", format!("{times} replicas replaced; {visits}"));
    visits.assert_fewer_than_one_in(1000);
}

/// Waits until nothing is left to tell; the creator was told of each payment
/// under one id. A program killed between an acknowledgement and the note of it
/// may have one for each target repeated, and nobody else may.
async fn told(replicas: &Replicas, scratch: &Scratch, kills: usize) -> String {
    let (ledger, since) = (scratch.open().await, Instant::now());
    while !ledger.outbox(false).await.unwrap().is_empty() {
        assert!(since.elapsed() < TAKEN_OVER, "left untold");
        sleep(DEAD).await;
    }
    let paid = replicas.crowd.stand_in.intents.settled().len();
    let (webhook, ntfy) = (&replicas.creator.webhook, &replicas.creator.ntfy);
    assert_eq!((webhook.donations(), webhook.ids()), (paid, paid));
    assert_eq!(ntfy.donations(), paid);
    let repeats = [webhook.repeats(), ntfy.repeats()];
    assert!(repeats.iter().all(|it| *it <= kills), "{repeats:?}");
    let [webhook, ntfy] = repeats;
    format!("2 targets told of {paid} each, acknowledged twice: {webhook} and {ntfy}")
}

/// How many visits there were, and how those ended that were not served.
struct Visits {
    all: usize,
    failed: BTreeMap<u16, usize>,
}

impl Visits {
    /// All visits of a crowd. Each that failed has a time to come again.
    fn of(crowd: &Crowd) -> Self {
        let mut answers = crowd.answers();
        answers.retain(|it| ![What::Webhook, What::Hint].contains(&it.what));
        let mut failed = BTreeMap::new();
        for answer in answers.iter().filter(|it| it.status != 200) {
            assert!(is_clear(answer), "{answer:?}");
            *failed.entry(answer.status).or_default() += 1;
        }
        let all = answers.len();
        Self { all, failed }
    }

    /// Fails unless fewer than one in `many` visits failed.
    fn assert_fewer_than_one_in(&self, many: usize) {
        let failed: usize = self.failed.values().sum();
        assert!(failed * many < self.all, "{self}");
    }
}

impl fmt::Display for Visits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (all, failed) = (self.all, self.failed.values().sum::<usize>());
        write!(f, "{failed} of {all} visits failed {:?}", self.failed)
    }
}

fn is_clear(answer: &Answer) -> bool {
    [502, 503, 504].contains(&answer.status) && answer.retry_after
}
