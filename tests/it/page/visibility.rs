//! What a supporter lets everybody see: said with the donation, by form or by
//! JSON, and nothing when it was not said.

use bagel::donation::Donation;
use bagel::supporter::Visibility;
use reqwest::Response;
use serde_json::{Value, json};

use crate::support::provider_kind::{ProviderKind, for_both};
use crate::support::test_app::{Setup, TestApp};

for_both! {
    the_provider_never_hears_of_it
}

const KEY: &str = "0b9f9a5e-6f0f-4c5c-9f1f-3c1f6b1c7a01";

const BOXES: [&str; 3] = ["show_name", "show_message", "show_amount"];

fn shown(name: bool, message: bool, amount: bool) -> Visibility {
    Visibility {
        name,
        message,
        amount,
    }
}

async fn send(app: &TestApp, fields: &str) -> Response {
    let request = app.http.post(format!("{}/api/checkout", app.url));
    let form = "application/x-www-form-urlencoded";
    let request = request
        .header("content-type", form)
        .header("accept", "text/html");
    request.body(fields.to_owned()).send().await.unwrap()
}

async fn newest(app: &TestApp) -> Donation {
    app.ledger.donations(None).await.unwrap().remove(0)
}

/// The boxes of a page that are ticked.
pub(crate) fn ticked(page: &str) -> Vec<&'static str> {
    let is_ticked = |name: &&str| page.contains(&format!(r#"name="{name}" value="1" checked>"#));
    let boxes = BOXES
        .iter()
        .filter(|name| page.contains(&format!(r#"name="{name}""#)));
    boxes.copied().filter(is_ticked).collect()
}

#[tokio::test]
async fn what_was_ticked_is_kept_and_what_is_absent_is_not_shown() {
    for (fields, expected) in [
        ("", Visibility::NOTHING),
        ("&show_name=1", shown(true, false, false)),
        ("&show_message=1&show_amount=1", shown(false, true, true)),
        (
            "&show_name=0&show_message=on&show_amount=",
            Visibility::NOTHING,
        ),
    ] {
        let app = TestApp::open().await;
        let fields = format!("amount=5&name=Ada&message=Hi{fields}");
        assert_eq!(send(&app, &fields).await.status(), 303, "{fields}");
        assert_eq!(newest(&app).await.request.visibility, expected, "{fields}");
    }
    for (flags, expected) in [
        (json!({}), Visibility::NOTHING),
        (json!({"show_name": true}), shown(true, false, false)),
        (
            json!({"show_name": null, "show_message": false, "show_amount": true}),
            shown(false, false, true),
        ),
    ] {
        let app = TestApp::open().await;
        let mut body = json!({"amount": 5, "name": "Ada", "message": "Hi"});
        body.as_object_mut()
            .unwrap()
            .extend(flags.as_object().unwrap().clone());
        app.donate_with(&body).await;
        assert_eq!(newest(&app).await.request.visibility, expected, "{body}");
    }
}

#[tokio::test]
async fn another_say_is_another_request() {
    let app = TestApp::open().await;
    let give = |flags: Value| {
        let mut body = json!({"amount": 5, "name": "Ada"});
        body.as_object_mut()
            .unwrap()
            .extend(flags.as_object().unwrap().clone());
        let app = &app;
        async move { app.post_checkout_with_key(&body, Some(KEY)).await.status() }
    };
    assert_eq!(give(json!({"show_name": true})).await, 200);
    assert_eq!(
        give(json!({"show_name": true, "show_amount": false})).await,
        200
    );
    for other in [
        json!({}),
        json!({"show_message": true}),
        json!({"show_name": true, "show_amount": true}),
    ] {
        assert_eq!(give(other.clone()).await, 409, "{other}");
    }
    assert_eq!(app.ledger.donations(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_creator_says_what_is_ticked_at_first_and_the_supporter_what_stays() {
    let app = TestApp::open().await;
    let page = app.get("/").await.text().await.unwrap();
    assert_eq!(ticked(&page), [""; 0]);
    for name in BOXES {
        assert!(page.contains(&format!(r#"name="{name}""#)), "no {name}");
    }
    let open = Setup::with(|config| config.page.visibility = shown(true, false, true));
    let app = TestApp::build(open).await;
    let page = app.get("/").await.text().await.unwrap();
    assert_eq!(ticked(&page), ["show_name", "show_amount"]);
    for (fields, expected) in [("", &[][..]), ("&show_message=1", &["show_message"])] {
        let fields = format!("amount=other&custom_amount=five{fields}");
        let page = send(&app, &fields).await.text().await.unwrap();
        assert_eq!(ticked(&page), expected, "{fields}");
    }
}

async fn the_provider_never_hears_of_it(by: ProviderKind) {
    let app = TestApp::paying_by(by).await;
    let body = json!({"amount": 5, "name": "Ada", "show_name": true, "show_message": true, "show_amount": true});
    app.donate_with(&body).await;
    let asked = app
        .stand_in
        .intents
        .all()
        .pop()
        .unwrap()
        .request
        .to_string();
    for word in ["show", "visib"] {
        assert!(!asked.contains(word), "{asked}");
    }
}
