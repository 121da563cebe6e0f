//! Memory stays flat whatever is sent, from either side.

use std::time::Duration;

use stand_in::{Call, Fault, FaultKind};
use tokio::task::JoinSet;

use crate::support::measured::measured;
use crate::support::served::Served;
use crate::support::wire::Wire;

/// In kB.
const MIB: u64 = 1024;

#[tokio::test]
async fn two_hundred_megabytes_from_the_provider_are_not_kept() {
    let served = Served::open(&[]).await;
    assert_eq!(served.checkout().await.status(), 200);
    let before = served.memory("VmHWM");
    served
        .stand_in
        .faults
        .inject(Fault::always(Call::Create, FaultKind::Huge));
    for _ in 0..5 {
        assert_eq!(served.checkout().await.status(), 504);
    }
    let grown = served.memory("VmHWM") - before;
    measured(
        "U1 memory",
        format!("5 answers of 200 MiB: {} MiB more", grown / MIB),
    );
    assert!(grown < 8 * MIB, "{grown} kB");
}

#[tokio::test]
async fn a_hundred_endless_uploads_are_not_kept() {
    let served = Served::open(&[]).await;
    assert_eq!(served.checkout().await.status(), 200);
    let before = served.memory("VmHWM");
    let mut uploads = JoinSet::new();
    for _ in 0..100 {
        let address = served.address.parse().unwrap();
        uploads.spawn(async move {
            let mut wire = Wire::open(address).await;
            wire.say(
                "POST /webhooks/allscale HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n",
            )
            .await;
            let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
            let mut said = 0;
            while said < 1000 && wire.say(&chunk).await {
                said += 1;
            }
            said
        });
    }
    let uploads = tokio::time::timeout(Duration::from_secs(15), uploads.join_all());
    let longest = uploads.await.unwrap().into_iter().max().unwrap();
    assert!(longest < 1000, "an endless upload was taken");
    let grown = served.memory("VmHWM") - before;
    assert!(grown < 32 * MIB, "{grown} kB");
}
