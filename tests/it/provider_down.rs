//! A provider that is down for long: the page stays up, the provider is asked
//! ever so rarely, and its return is noticed within one interval.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bagel::reconcile;
use stand_in::{Call, Fault, FaultKind};
use tokio::time::sleep;

use crate::figures::{figure, measured};
use crate::house::{House, Plan};

/// Of a sweep that runs as it does in earnest, only faster: for each interval
/// of half a minute so long.
fn interval() -> Duration {
    figure(Duration::from_secs(1), Duration::from_secs(30))
}

/// The ten minutes, in intervals.
const OUTAGE: u32 = 20;
const PAYMENTS: i64 = 5;
const BEAT: Duration = Duration::from_millis(50);

async fn house() -> Arc<House> {
    let plan = Plan::with(|config| config.reconcile_every = interval());
    let plan = Plan { budget: 2, ..plan };
    Arc::new(House::build(plan).await)
}

/// Lets time pass for real.
async fn beat(house: &House) {
    sleep(BEAT).await;
    house.pass(BEAT);
}

/// How many calls were made while it was down, and how long after its return
/// all payments were found.
async fn outlast(fault: FaultKind) -> (u64, Duration) {
    let house = house().await;
    for _ in 0..PAYMENTS {
        house.donate_and_pay_unheard().await;
    }
    house.stand_in.inject(Fault::always(Call::Any, fault));
    let sweep = tokio::spawn({
        let house = Arc::clone(&house);
        async move { reconcile::run(Arc::clone(&house.app)).await }
    });
    let began = Instant::now();
    while began.elapsed() < interval() * OUTAGE {
        beat(&house).await;
        assert_eq!(house.get("/").await.status(), 200);
        assert_eq!(house.get("/readyz").await.status(), 200);
    }
    let calls = house.stand_in.calls().status;
    house.stand_in.clear_faults();
    let back = Instant::now();
    while house.counted().await.0 < PAYMENTS {
        beat(&house).await;
    }
    let found = back.elapsed();
    assert_eq!(house.counted().await, (PAYMENTS, PAYMENTS * 500));
    sweep.abort();
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
