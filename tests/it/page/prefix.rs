//! A path in the public address is where everything stands: routes, links,
//! the way back and the webhook.

use bagel::config::Config;
use bagel::outward::PublicUrl;
use stand_in::Action;

use crate::support::test_app::{Setup, TestApp};

async fn under_tips() -> TestApp {
    TestApp::build(Setup::with(|config: &mut Config| {
        let url = PublicUrl::parse("http://localhost:8080/tips");
        config.public_url = Some(url.unwrap());
    }))
    .await
}

async fn text(app: &TestApp, path: &str) -> String {
    let response = app.get(path).await;
    assert_eq!(response.status(), 200, "{path}");
    response.text().await.unwrap()
}

#[tokio::test]
async fn every_link_of_ours_leads_somewhere_under_it() {
    let app = under_tips().await;
    let page = text(&app, "/tips").await;
    assert_eq!(text(&app, "/tips/").await, page);
    let pieces: Vec<&str> = page.split('"').collect();
    let mut followed = 0;
    for pair in pieces.windows(2) {
        let (name, address) = (pair[0], pair[1]);
        let names = ["href=", "src=", "action=", "data-thanks="];
        if !address.starts_with('/') || !names.iter().any(|it| name.ends_with(it)) {
            continue;
        }
        assert!(address.starts_with("/tips/"), "{address}");
        if name.ends_with("href=") || name.ends_with("src=") {
            text(&app, address).await;
            followed += 1;
        }
    }
    assert!(followed >= 4, "{page}");
    for path in [
        "/",
        "/api/status",
        "/thanks/x",
        "/badge.svg",
        "/tipsy",
        "/tips/tips/",
    ] {
        assert_eq!(app.get(path).await.status(), 404, "{path}");
    }
    assert_eq!(text(&app, "/healthz").await, "ok");
}

#[tokio::test]
async fn a_whole_donation_happens_under_it() {
    let app = under_tips().await;
    let fields = "amount=5&name=Ada";
    let request = app.http.post(format!("{}/tips/api/checkout", app.url));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(request.body(fields).send().await.unwrap().status(), 303);
    let intent = app.stand_in.intents.all().pop().unwrap();
    app.stand_in.act(&intent.id, Action::Pay).await.unwrap();
    assert_eq!(app.counted().await, (1, 500));
    let back = intent.redirect_url.unwrap();
    let path = back.strip_prefix("http://localhost:8080").unwrap();
    let page = text(&app, path).await;
    assert!(page.contains("data-status=\"CONFIRMED\""), "{page}");
    let status = format!("/tips/api/status?intent_id={}", intent.order_id.unwrap());
    assert!(text(&app, &status).await.contains("CONFIRMED"));
}
