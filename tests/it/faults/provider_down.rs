//! A provider that is down for long: the page stays up, the provider is asked
//! ever so rarely, and its return is noticed within one interval.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bagel::sweep::Sweeper;
use stand_in::{Call, Fault, FaultKind};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::support::measured::{figure, measured};
use crate::support::test_app::{Setup, TestApp};

/// Of a sweep that runs as it does in earnest, only faster: for each interval
/// of half a minute so long.
fn interval() -> Duration {
    figure(Duration::from_secs(1), Duration::from_secs(30))
}

/// The ten minutes, in intervals.
const OUTAGE: u32 = 20;
const PAYMENTS: i64 = 5;
const BEAT: Duration = Duration::from_millis(50);

async fn app() -> Arc<TestApp> {
    let setup = Setup {
        budget: 2,
        ..Setup::with(|config| config.reconcile_every = interval())
    };
    Arc::new(TestApp::build(setup).await)
}

/// Lets time pass for real.
async fn beat(app: &TestApp) {
    sleep(BEAT).await;
    app.pass(BEAT);
}

/// How many calls were made while it was down, and how long after its return
/// all payments were found.
async fn outlast(fault: FaultKind) -> (u64, Duration) {
    let app = app().await;
    for _ in 0..PAYMENTS {
        app.donate_and_pay_unheard().await;
    }
    app.stand_in.faults.inject(Fault::always(Call::Any, fault));
    let mut sweep = JoinSet::new();
    for sweeper in Sweeper::of_all(&app.state) {
        sweep.spawn(sweeper.run());
    }
    let began = Instant::now();
    while began.elapsed() < interval() * OUTAGE {
        beat(&app).await;
        assert_eq!(app.get("/").await.status(), 200);
        assert_eq!(app.get("/readyz").await.status(), 200);
    }
    let calls = app.stand_in.journal.calls().status;
    app.stand_in.faults.clear();
    let back = Instant::now();
    while app.counted().await.0 < PAYMENTS {
        beat(&app).await;
    }
    let found = back.elapsed();
    assert_eq!(app.counted().await, (PAYMENTS, PAYMENTS * 500));
    sweep.shutdown().await;
    (calls, found)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_is_down_is_asked_rarely_and_its_return_is_noticed() {
    let outages = [
        FaultKind::Http(503),
        FaultKind::Garbage,
        FaultKind::DropAfterCommit,
    ];
    let [refusing, babbling, cutting] = outages.map(outlast);
    let outcomes = tokio::join!(refusing, babbling, cutting);
    let outcomes: [_; 3] = outcomes.into();
    let most = outcomes.iter().map(|(calls, _)| *calls).max().unwrap();
    let latest = outcomes.iter().map(|(_, found)| *found).max().unwrap();
    measured(
        "U3",
        format!(
            "down for {OUTAGE} intervals of {:.0?}: page up, {most} calls at most; once it is back \
             {PAYMENTS} payments found in {latest:.1?}, two calls a second",
            interval()
        ),
    );
    // One an interval, and those before it was known to be down.
    assert!(most <= u64::from(OUTAGE) + 5, "{outcomes:?}");
    // Two calls for each, two a second; and the machine may be slow.
    let calls = Duration::from_secs(PAYMENTS.unsigned_abs());
    assert!(
        latest < interval() + calls + Duration::from_secs(3),
        "{outcomes:?}"
    );
}
