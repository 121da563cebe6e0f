//! SIGTERM: what is in flight ends well, no client holds the program up, and the
//! next one can start at once.

use std::time::{Duration, Instant};

use stand_in::{Action, Call, Fault, FaultKind};
use tokio::net::TcpListener;

use crate::support::measured::measured;
use crate::support::program::Program;
use crate::support::served::{Served, donation_of};
use crate::support::wire::{Wire, status_of};

#[tokio::test]
async fn a_checkout_in_flight_is_answered_whatever_other_clients_do() {
    let served = Served::open(&[]).await;
    let slow = FaultKind::Delay(Duration::from_secs(4));
    served
        .stand_in
        .faults
        .inject(Fault::once(Call::Create, slow));
    let mut idle = Vec::new();
    for n in 0..40 {
        let mut wire = Wire::open(served.address.parse().unwrap()).await;
        if n % 2 == 0 {
            wire.say("POST /api/checkout HT").await;
        }
        idle.push(wire);
    }
    let request = served.post("/api/checkout");
    let request = request.header("content-type", "application/json");
    let visitor = tokio::spawn(request.body(r#"{"amount": 5}"#).send());
    while served.stand_in.journal.calls().create == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (asked, address) = (Instant::now(), served.address.clone());
    let (ended, visitor) = tokio::join!(served.stop(), visitor);
    let took = asked.elapsed();
    let (said, program) = ended;
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(took < Duration::from_secs(10), "{took:?}");
    measured(
        "G1",
        format!(
            "SIGTERM with a checkout under way and 40 idle and half-open connections: checkout \
             answered and kept, exit code 0 after {took:.1?}"
        ),
    );
    let id = donation_of(visitor.unwrap().unwrap()).await;
    let kept = program.run(&["donations", "show", &id]).await;
    assert_eq!(kept.code, Some(0), "{}", kept.err);
    assert!(kept.out.contains("CREATED"), "{}", kept.out);
    assert!(
        TcpListener::bind(&address).await.is_ok(),
        "the port is free"
    );
}

#[tokio::test]
async fn new_visitors_are_turned_away_while_it_drains() {
    let served = Served::open(&[]).await;
    let mut half = Wire::open(served.address.parse().unwrap()).await;
    half.say("GET / HTTP/1.1\r\nx").await;
    let address = served.address.clone();
    let stopped = tokio::spawn(served.stop());
    let begun = Instant::now();
    while tokio::net::TcpStream::connect(&address).await.is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(2), "still open");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let (said, _) = stopped.await.unwrap();
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_body_that_does_not_come_holds_up_no_stop() {
    let served = Served::open(&[]).await;
    let mut half = Wire::open(served.address.parse().unwrap()).await;
    half.say("POST /api/checkout HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{")
        .await;
    let begun = Instant::now();
    let (said, _) = served.stop().await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    // A body has three seconds, a stop ten.
    assert!(begun.elapsed() < Duration::from_secs(6));
    assert_eq!(status_of(&half.hear().await), 408);
}

#[tokio::test]
async fn a_webhook_answered_before_the_end_is_there_after_it() {
    let served = Served::open(&[]).await;
    let id = donation_of(served.checkout().await).await;
    let intent = served.stand_in.intents.all().pop().unwrap().id;
    served.stand_in.act(&intent, Action::Pay).await.unwrap();
    let (said, program) = served.stop().await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    let kept = program.run(&["donations", "show", &id]).await;
    assert!(kept.out.contains("CONFIRMED"), "{}", kept.out);
}

#[tokio::test]
async fn a_taken_port_is_a_clear_error() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let program = Program::new()
        .var("ALLSCALE_BASE_URL", "http://127.0.0.1:9")
        .var("ALLSCALE_API_KEY", "st_key")
        .var("ALLSCALE_API_SECRET", "st_secret")
        .var("BAGEL_BIND", &address);
    let said = program.run(&["serve"]).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    for word in [&address, "BAGEL_BIND", "taken"] {
        assert!(said.err.contains(word), "{word}: {}", said.err);
    }
    assert!(said.out.is_empty(), "{}", said.out);
}
