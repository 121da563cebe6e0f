//! What a supporter does later on the donation's own page: who may see what,
//! and no words at all.

use bagel::donation::DonationId;
use bagel::status::Status;
use bagel::supporter::Visibility;
use reqwest::Response;
use serde_json::json;
use stand_in::Action;

use crate::page::visibility::ticked;
use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::Given;

const NAME: &str = "Wilhelmina";
const MESSAGE: &str = "Unforgettable bagels";

async fn given(app: &TestApp) -> Given {
    let body = json!({"amount": 5, "name": NAME, "message": MESSAGE, "show_name": true});
    app.donate_with(&body).await
}

async fn post(app: &TestApp, path: &str, fields: &'static str) -> Response {
    let request = app.http.post(format!("{}{path}", app.url));
    let form = "application/x-www-form-urlencoded";
    let request = request.header("content-type", form);
    request.body(fields).send().await.unwrap()
}

/// Follows the answer to a form back to the page.
async fn back(app: &TestApp, answer: Response) -> String {
    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let to = answer.headers()["location"].to_str().unwrap();
    assert!(to.starts_with("/thanks/"), "{to}");
    app.get(to).await.text().await.unwrap()
}

async fn page(app: &TestApp, id: DonationId) -> String {
    let page = app.get(&format!("/thanks/{id}")).await;
    page.text().await.unwrap()
}

#[tokio::test]
async fn what_is_shown_can_be_changed_at_any_time() {
    let app = TestApp::open().await;
    let given = given(&app).await;
    assert_eq!(ticked(&page(&app, given.id).await), ["show_name"]);
    app.press(&given, Action::Pay).await;
    let path = format!("/thanks/{}/visibility", given.id);
    let all = ["show_name", "show_message", "show_amount"];
    for (fields, boxes) in [
        ("show_name=1&show_message=1&show_amount=1", &all[..]),
        ("show_amount=1", &all[2..]),
        ("", &[]),
    ] {
        let page = back(&app, post(&app, &path, fields).await).await;
        assert_eq!(ticked(&page), boxes, "{fields}");
        assert!(page.contains("Saved."), "{page}");
    }
    let donation = app.donation(given.id).await;
    assert_eq!(donation.request.visibility, Visibility::NOTHING);
    assert_eq!(donation.request.name.unwrap().as_str(), NAME);
    assert_eq!(donation.status, Status::Confirmed);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn erased_words_are_nowhere_any_more() {
    let mut app = TestApp::open().await;
    let given = given(&app).await;
    app.press(&given, Action::Pay).await;
    let before = page(&app, given.id).await;
    assert!(
        before.contains(NAME) && before.contains(MESSAGE),
        "{before}"
    );
    let path = format!("/thanks/{}/erase", given.id);
    for _ in 0..2 {
        let page = back(&app, post(&app, &path, "").await).await;
        assert!(page.contains("Your name and message are erased."), "{page}");
        assert!(page.contains(r#"data-status="CONFIRMED""#), "{page}");
        for word in [NAME, MESSAGE, "show_name", "show_message", "/erase\""] {
            assert!(!page.contains(word), "{word}: {page}");
        }
    }
    assert_eq!(app.counted().await, (1, 500));
    let program = app.program();
    for format in ["table", "json", "csv"] {
        let listed = program
            .run(&["donations", "list", "--format", format])
            .await;
        assert!(
            !listed.out.contains(NAME) && !listed.out.contains(MESSAGE),
            "{}",
            listed.out
        );
    }
    app.close().await;
    app.ledger.close().await;
    let file = std::fs::read(app.ledger_path()).unwrap();
    for word in [NAME, MESSAGE] {
        assert!(
            !file.windows(word.len()).any(|it| it == word.as_bytes()),
            "{word}"
        );
    }
}

#[tokio::test]
async fn a_note_is_never_a_proof() {
    let app = TestApp::open().await;
    let given = given(&app).await;
    for saved in ["erased", "%3Cb%3E", "CONFIRMED"] {
        let path = format!("/thanks/{}?saved={saved}", given.id);
        let page = app.get(&path).await.text().await.unwrap();
        for wrong in ["are erased", "Saved.", "<b>", "Thank you!"] {
            assert!(!page.contains(wrong), "{wrong}: {page}");
        }
    }
}

#[tokio::test]
async fn only_the_page_itself_may_ask_for_it() {
    let app = TestApp::open().await;
    let given = given(&app).await;
    for what in ["visibility", "erase"] {
        let path = format!("/thanks/{}/{what}", given.id);
        for site in ["cross-site", "same-site"] {
            let request = app.http.post(format!("{}{path}", app.url));
            let request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .header("sec-fetch-site", site);
            assert_eq!(request.send().await.unwrap().status(), 403, "{path} {site}");
        }
        assert_eq!(app.get(&path).await.status(), 405, "{path}");
        for id in [DonationId::random().to_string(), given.intent.clone()] {
            let answer = post(&app, &format!("/thanks/{id}/{what}"), "").await;
            assert_eq!(answer.status(), 404, "{id} {what}");
        }
    }
    let path = format!("/thanks/{}/visibility", given.id);
    let twice = post(&app, &path, "show_name=1&show_name=1").await;
    assert_eq!(twice.status(), 400);
    let json = app.http.post(format!("{}{path}", app.url)).body("{}");
    assert_eq!(json.send().await.unwrap().status(), 415);
    let donation = app.donation(given.id).await;
    assert_eq!(donation.request.message.unwrap().as_str(), MESSAGE);
    assert!(donation.request.visibility.name);
}

#[tokio::test]
async fn who_asks_too_often_has_to_wait() {
    let slow = Setup::with(|config| config.status_per_minute = 2.try_into().unwrap());
    let app = TestApp::build(slow).await;
    let given = given(&app).await;
    let path = format!("/thanks/{}/visibility", given.id);
    let status = format!("/api/status?intent_id={}", given.id);
    for expected in [200, 200, 429] {
        let waiting_page = app.get(&status).await;
        assert_eq!(waiting_page.status(), expected, "it counts for itself");
    }
    for expected in [303, 303, 429] {
        assert_eq!(post(&app, &path, "").await.status(), expected);
    }
    let erase = format!("/thanks/{}/erase", given.id);
    assert_eq!(post(&app, &erase, "").await.status(), 429);
}

#[tokio::test]
async fn the_page_is_a_receipt_that_permits_nothing() {
    let app = TestApp::open().await;
    let given = given(&app).await;
    app.press(&given, Action::Pay).await;
    let donation = app.donation(given.id).await;
    let page = page(&app, given.id).await;
    let slip = page.split("<dl").nth(1).unwrap();
    let slip = slip.split("</dl>").next().unwrap();
    let at = donation.created_at.to_string();
    let minute = at[..16].replace('T', " ");
    for part in [
        "$5.00",
        "<bdi>Allscale</bdi>",
        NAME,
        &format!(r#"<time datetime="{at}"><bdi>{minute} UTC</bdi></time>"#),
        &given.id.reference().to_string(),
    ] {
        assert!(slip.contains(part), "{part}: {slip}");
    }
    assert!(!slip.contains(&given.id.to_string()), "{slip}");
}
