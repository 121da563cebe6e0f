//! A provider that fails is shown as such while the other works, and comes
//! back by itself.

use serde_json::json;
use stand_in::{Call, Fault, FaultKind};

use crate::support::provider_kind::ProviderKind;
use crate::support::test_app::TestApp;

const NOT_NOW: &str = "Not now: Allscale does not answer";

async fn page(app: &TestApp) -> String {
    app.get("/").await.text().await.unwrap()
}

async fn provider_of_the_latest(app: &TestApp) -> String {
    let donations = app.ledger.donations(None).await.unwrap();
    let latest = donations.iter().max_by_key(|it| it.created_at);
    latest.unwrap().provider.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_cannot_be_chosen_until_a_call_goes_well() {
    let app = TestApp::paying_by(ProviderKind::Allscale).await;
    let earlier = app.donate().await;
    assert!(!page(&app).await.contains(NOT_NOW));

    let garbage = Fault::always(Call::Create, FaultKind::Garbage);
    app.stand_in.faults.inject(garbage);
    let asked = json!({"amount": 5, "provider": "allscale"});
    for _ in 0..3 {
        assert_eq!(app.post_checkout(&asked).await.status(), 504);
    }
    let shown = page(&app).await;
    assert!(shown.contains(NOT_NOW), "{shown}");
    assert!(shown.contains(r#"value="alchemy_pay" checked"#), "{shown}");
    assert!(shown.contains(r#"value="allscale" disabled"#), "{shown}");

    // Who names no provider is sent to the one that works.
    app.pass(std::time::Duration::from_secs(1));
    let unnamed = app.post_checkout(&json!({"amount": 5})).await;
    assert_eq!(unnamed.status(), 200);
    assert_eq!(provider_of_the_latest(&app).await, "alchemy_pay");

    app.poll(earlier.id).await;
    assert!(!page(&app).await.contains(NOT_NOW), "it answers again");
}
