//! Pace, lanes and turns, on a clock that is stepped.

use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::timeout;

use super::*;

fn running(per_second: u32) -> Arc<Budget> {
    let budget = Arc::new(Budget::new(Pace::at(per_second), 0));
    let worker = Arc::clone(&budget);
    tokio::spawn(async move { worker.run().await });
    budget
}

fn client(number: u8, created_at: i64) -> Lane {
    let address = Ipv4Addr::new(203, 0, 113, number).into();
    Lane::Client(Client::at(address), Millis(created_at))
}

/// Draws in a task of its own, which then says its name.
async fn waits(budget: &Arc<Budget>, lane: Lane, name: u32, said: &mpsc::UnboundedSender<u32>) {
    let (budget, said) = (Arc::clone(budget), said.clone());
    tokio::spawn(async move {
        budget.draw(lane).await.unwrap();
        said.send(name)
    });
    yield_now().await;
}

async fn next(order: &mut mpsc::UnboundedReceiver<u32>, count: usize) -> Vec<u32> {
    let mut seen = Vec::new();
    for _ in 0..count {
        seen.push(order.recv().await.unwrap());
    }
    seen
}

#[tokio::test(start_paused = true)]
async fn two_a_second_and_the_newest_of_a_client_first() {
    let budget = running(2);
    budget.draw(client(1, 0)).await.unwrap();
    let start = Instant::now();
    let (said, mut order) = mpsc::unbounded_channel();
    for created_at in [1, 3, 2] {
        let name = u32::try_from(created_at).unwrap();
        waits(&budget, client(1, created_at), name, &said).await;
    }
    assert_eq!(next(&mut order, 3).await, [3, 2, 1]);
    let spent = start.elapsed().as_millis();
    assert!((1500..1600).contains(&spent), "{spent}");
}

#[tokio::test(start_paused = true)]
async fn a_webhook_goes_before_all_others() {
    let budget = running(2);
    budget.draw(Lane::Sweep).await.unwrap();
    let (said, mut order) = mpsc::unbounded_channel();
    for number in 0..100 {
        waits(&budget, client(number, 9), 9, &said).await;
    }
    waits(&budget, Lane::Sweep, 8, &said).await;
    waits(&budget, Lane::Webhook, 1, &said).await;
    waits(&budget, Lane::Webhook, 2, &said).await;
    assert_eq!(next(&mut order, 2).await, [1, 2]);
}

#[tokio::test(start_paused = true)]
async fn one_call_in_four_is_the_sweeps() {
    let budget = running(10);
    let (said, mut order) = mpsc::unbounded_channel();
    budget.draw(Lane::Sweep).await.unwrap();
    for number in 0..100 {
        waits(&budget, client(number, 0), 0, &said).await;
        waits(&budget, Lane::Sweep, 1, &said).await;
    }
    let sweeps: u32 = next(&mut order, 80).await.iter().sum();
    assert_eq!(sweeps, 20);
    // What one lane leaves is the other's.
    assert_eq!(next(&mut order, 120).await.len(), 120);
}

#[tokio::test(start_paused = true)]
async fn a_crowd_of_one_client_keeps_another_waiting_for_one_call() {
    let budget = running(10);
    let (said, mut order) = mpsc::unbounded_channel();
    budget.draw(Lane::Sweep).await.unwrap();
    for newer in 0..60 {
        waits(&budget, client(1, 100 + newer), 0, &said).await;
    }
    waits(&budget, client(2, 1), 1, &said).await;
    assert!(next(&mut order, 2).await.contains(&1));
}

#[tokio::test(start_paused = true)]
async fn a_client_without_a_place_is_told_at_once() {
    let budget = Budget::new(Pace::at(1), 0);
    let mut waiting = Vec::new();
    for _ in 0..64 {
        waiting.push(Box::pin(budget.draw(client(1, 0))));
        let begun = timeout(Duration::ZERO, waiting.last_mut().unwrap());
        assert!(begun.await.is_err(), "it waits");
    }
    assert_eq!(budget.draw(client(1, 0)).await, Err(Full));
    let other = timeout(Duration::ZERO, budget.draw(client(2, 0)));
    assert!(other.await.is_err(), "another waits");
}

#[tokio::test(start_paused = true)]
async fn a_pause_holds_every_lane_as_long_as_the_provider_asks_for() {
    for (asked, wait) in [
        (None, PAUSE),
        (Some(Duration::from_secs(3)), Duration::from_secs(3)),
        (Some(Duration::from_hours(9)), Duration::from_hours(9)),
        (Some(Duration::from_hours(99)), LONGEST_PAUSE),
    ] {
        for lane in [Lane::Webhook, Lane::Sweep, client(1, 0)] {
            let budget = running(2);
            budget.pause(asked);
            assert!(!budget.is_free());
            let start = Instant::now();
            budget.draw(lane).await.unwrap();
            let spent = start.elapsed();
            assert!(spent >= wait && spent < wait + PAUSE / 60, "{spent:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_begins_while_calls_wait_holds_them() {
    let budget = running(2);
    budget.draw(Lane::Sweep).await.unwrap();
    let waiting = Arc::clone(&budget);
    let waiting = tokio::spawn(async move { waiting.draw(Lane::Sweep).await });
    yield_now().await;
    let start = Instant::now();
    budget.pause(None);
    waiting.await.unwrap().unwrap();
    assert!(start.elapsed() >= PAUSE);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_wants_fewer_calls_gets_half_as_many() {
    let budget = running(10);
    budget.pause(Some(Duration::ZERO));
    budget.draw(Lane::Sweep).await.unwrap();
    let start = Instant::now();
    budget.draw(Lane::Sweep).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(199));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_followed_at_once_is_paid_back() {
    let budget = running(2);
    budget.draw(Lane::Sweep).await.unwrap();
    budget.overdraw();
    let start = Instant::now();
    budget.draw(Lane::Sweep).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn after_a_rest_so_many_may_follow_at_once() {
    let budget = Arc::new(Budget::new(Pace::at(10), 5));
    let worker = Arc::clone(&budget);
    tokio::spawn(async move { worker.run().await });
    let start = Instant::now();
    for _ in 0..6 {
        budget.draw(client(1, 0)).await.unwrap();
    }
    assert!(start.elapsed() < Duration::from_millis(10));
    budget.draw(client(1, 0)).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(99));
}

#[tokio::test(start_paused = true)]
async fn a_place_given_up_costs_nothing() {
    let budget = running(2);
    budget.draw(Lane::Sweep).await.unwrap();
    for lane in [Lane::Webhook, Lane::Sweep, client(1, 0)] {
        let hurried = timeout(Duration::from_millis(10), budget.draw(lane));
        assert!(hurried.await.is_err());
    }
    let start = Instant::now();
    budget.draw(client(2, 0)).await.unwrap();
    assert!(start.elapsed() < Duration::from_millis(600));
}
