//! A provider that fails is shown as such while the other works, and comes
//! back by itself.

use serde_json::json;
use stand_in::{Call, Fault, FaultKind};

use crate::by::By;
use crate::house::House;

const NOT_NOW: &str = "Not now: Allscale does not answer";

async fn page(house: &House) -> String {
    house.get("/").await.text().await.unwrap()
}

async fn provider_of_the_latest(house: &House) -> String {
    let donations = house.ledger.donations(None).await.unwrap();
    let latest = donations.iter().max_by_key(|it| it.created_at);
    latest.unwrap().provider.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_cannot_be_chosen_until_a_call_goes_well() {
    let house = House::by(By::Allscale).await;
    let earlier = house.donate().await;
    assert!(!page(&house).await.contains(NOT_NOW));

    let garbage = Fault::always(Call::Create, FaultKind::Garbage);
    house.stand_in.inject(garbage);
    let asked = json!({"amount": 5, "provider": "allscale"});
    for _ in 0..3 {
        assert_eq!(house.post_checkout(&asked).await.status(), 504);
    }
    let shown = page(&house).await;
    assert!(shown.contains(NOT_NOW), "{shown}");
    assert!(shown.contains(r#"value="alchemy_pay" checked"#), "{shown}");
    assert!(shown.contains(r#"value="allscale" disabled"#), "{shown}");

    // Who names no provider is sent to the one that works.
    house.pass(std::time::Duration::from_secs(1));
    let unnamed = house.post_checkout(&json!({"amount": 5})).await;
    assert_eq!(unnamed.status(), 200);
    assert_eq!(provider_of_the_latest(&house).await, "alchemy_pay");

    house.poll(earlier.id).await;
    assert!(!page(&house).await.contains(NOT_NOW), "it answers again");
}
