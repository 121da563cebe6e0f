//! The form of a browser without the script: 303 to the checkout, or the page
//! again with what was typed.

use reqwest::{RequestBuilder, Response};

use crate::support::test_app::TestApp;

const PAGE: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

fn post(app: &TestApp, fields: &str) -> RequestBuilder {
    app.http
        .post(format!("{}/api/checkout", app.url))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", PAGE)
        .body(fields.to_owned())
}

async fn send(app: &TestApp, fields: &str) -> Response {
    post(app, fields).send().await.unwrap()
}

async fn page(app: &TestApp, fields: &str, status: u16) -> String {
    let response = send(app, fields).await;
    assert_eq!(response.status().as_u16(), status, "{fields}");
    let kind = response.headers()["content-type"].to_str().unwrap();
    assert_eq!(kind, "text/html; charset=utf-8");
    assert_eq!(response.headers()["cache-control"], "no-store");
    response.text().await.unwrap()
}

#[tokio::test]
async fn a_form_is_sent_on_to_the_checkout() {
    let app = TestApp::open().await;
    for (fields, cents) in [
        (
            "amount=5&custom_amount=&name=&message=&idempotency_key=",
            500,
        ),
        ("amount=other&custom_amount=4.20", 420),
        ("amount=other&custom_amount=+7+", 700),
        ("custom_amount=3", 300),
        ("amount=1&custom_amount=99&provider=allscale", 100),
    ] {
        let response = send(&app, fields).await;
        assert_eq!(response.status(), 303, "{fields}");
        let to = response.headers()["location"].to_str().unwrap();
        let intent = app.stand_in.intents.all().pop().unwrap();
        assert!(to.starts_with(app.stand_in.public_url()), "{to}");
        assert!(to.ends_with(&intent.id), "{to}");
        assert_eq!(intent.amount_cents, cents, "{fields}");
    }
}

#[tokio::test]
async fn texts_arrive_as_they_were_typed() {
    let app = TestApp::open().await;
    let fields = "amount=5&name=Ad%C3%A8le+%26+co&message=one%0D%0Atwo+%F0%9F%A5%AF";
    assert_eq!(send(&app, fields).await.status(), 303);
    let intent = app.stand_in.intents.all().pop().unwrap();
    assert_eq!(intent.user_name.as_deref(), Some("Adèle & co"));
    assert_eq!(intent.description.as_deref(), Some("one\ntwo 🥯"));
}

#[tokio::test]
async fn a_page_that_refuses_keeps_what_was_typed() {
    let app = TestApp::open().await;
    let fields = "amount=other&custom_amount=five&name=Ad%C3%A8le&message=So+good%0D%0Atwice";
    let page = page(&app, fields, 400).await;
    assert!(page.contains(r#"value="five""#), "{page}");
    assert!(page.contains(r#"value="Adèle""#), "{page}");
    assert!(page.contains("So good\r\ntwice"), "{page}");
    assert!(page.contains(r#"value="other" checked"#), "{page}");
    assert!(page.contains("Enter an amount as a plain number"), "{page}");
    assert_eq!(app.stand_in.journal.calls().create, 0);
}

#[tokio::test]
async fn each_problem_is_shown_on_a_page_with_its_status() {
    let app = TestApp::open().await;
    for (fields, status, sentence) in [
        ("amount=other&custom_amount=", 400, "plain number"),
        (
            "amount=other&custom_amount=5.005",
            400,
            "at most two decimals",
        ),
        ("amount=other&custom_amount=0.01", 422, "or more"),
        ("amount=20000", 422, "or less"),
        ("", 400, "plain number"),
        ("amount=5&provider=paypal", 400, "ways to pay"),
        ("amount=5&idempotency_key=1", 400, "random UUID"),
        ("amount=5&name=a%07b", 400, "cannot be shown"),
        ("amount=5&amount=6", 400, "cannot be read"),
    ] {
        let page = page(&app, fields, status).await;
        assert!(page.contains(sentence), "{fields}: {page}");
    }
    let long = format!("amount=5&message={}", "a".repeat(281));
    assert!(page(&app, &long, 400).await.contains(&"a".repeat(281)));
    assert!(
        page(&app, &"a".repeat(70_000), 413)
            .await
            .contains("too large")
    );
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let app = TestApp::open().await;
    for (site, status) in [
        ("cross-site", 403),
        ("same-site", 403),
        ("SAME-ORIGIN", 403),
        ("", 403),
        ("same-origin", 303),
        ("none", 303),
    ] {
        let request = post(&app, "amount=5").header("sec-fetch-site", site);
        assert_eq!(request.send().await.unwrap().status(), status, "{site}");
    }
    assert_eq!(app.stand_in.journal.calls().create, 2);
}

#[tokio::test]
async fn a_provider_that_is_busy_is_said_on_the_page_and_nothing_is_lost() {
    use stand_in::{Call, Fault, FaultKind};
    let app = TestApp::open().await;
    app.stand_in.faults.inject(Fault::always(
        Call::Create,
        FaultKind::Error {
            code: 40001,
            message: "UPSTREAM".into(),
        },
    ));
    let response = send(&app, "amount=5&name=Ada").await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "60");
    let request_id = response.headers()["x-request-id"].clone();
    let page = response.text().await.unwrap();
    let named = format!("<code>{}</code>", request_id.to_str().unwrap());
    assert!(page.contains(&named), "the log can be looked into: {page}");
    assert!(
        page.contains(r#"value="Ada""#) && page.contains("busy"),
        "{page}"
    );
    assert!(!page.contains("UPSTREAM"));
}

#[tokio::test]
async fn what_nobody_can_have_typed_is_not_shown_again() {
    let app = TestApp::open().await;
    let quotes = "'".repeat(20 * 1024);
    let page = page(&app, &format!("amount=x&name={quotes}"), 400).await;
    assert!(!page.contains("&#39;&#39;"), "the error alone is answered");
}
