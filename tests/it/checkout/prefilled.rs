//! A link fills the form in: what the checkout would take, and nothing is paid.

use reqwest::header::ACCEPT;
use serde_json::json;
use stand_in::Action;

use crate::support::test_app::TestApp;

async fn page(app: &TestApp, query: &str) -> String {
    let request = app.http.get(format!("{}/?{query}", app.url));
    let answer = request.header(ACCEPT, "text/html").send().await.unwrap();
    assert_eq!(answer.status(), 200, "{query}");
    assert!(
        answer.headers()["cache-control"]
            .to_str()
            .unwrap()
            .contains("private")
    );
    answer.text().await.unwrap()
}

const NOTE: &str = r#"<p class="note">"#;

#[tokio::test]
async fn a_good_link_fills_the_form_in() {
    let app = TestApp::open().await;
    let page = page(
        &app,
        "amount=5&name=Grace&message=For+the+talk&provider=allscale",
    )
    .await;
    assert!(page.contains(r#"value="5" checked"#), "{page}");
    assert!(page.contains(r#"value="Grace""#));
    assert!(page.contains(">For the talk</textarea>"));
    assert!(!page.contains(NOTE), "{page}");
    assert!(
        app.stand_in.intents.all().is_empty(),
        "nothing is paid without a click"
    );
}

#[tokio::test]
async fn an_amount_that_is_no_preset_goes_into_the_box() {
    let app = TestApp::open().await;
    for amount in ["7.25", "7,25", "%247.25", "%EF%BC%97.25"] {
        let page = page(&app, &format!("amount={amount}&currency=usd")).await;
        assert!(page.contains(r#"value="7.25""#), "{amount}");
        assert!(page.contains(r#"value="other" checked"#), "{amount}");
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_left_out_and_named() {
    let app = TestApp::open().await;
    let long = "x".repeat(281);
    for (query, named, absent) in [
        ("amount=1e3".to_owned(), "the amount", "1e3"),
        ("amount=-5".to_owned(), "the amount", "value=\"-5\""),
        ("amount=0.01".to_owned(), "the amount", "value=\"0.01\""),
        ("amount=999999".to_owned(), "the amount", "999999"),
        ("amount=7.25&currency=EUR".to_owned(), "the amount", "7.25"),
        (format!("message={long}"), "the message", long.as_str()),
        (format!("name={}", "n".repeat(51)), "the name", "nnnnn"),
        ("name=a%00b".to_owned(), "the name", "a\0b"),
        ("provider=bank".to_owned(), "the way to pay", "bank"),
    ] {
        let page = page(&app, &query).await;
        let (_, note) = page.split_once(NOTE).unwrap();
        assert!(
            note.split_once("</p>").unwrap().0.contains(named),
            "{query}"
        );
        assert!(!page.contains(absent), "{query}");
        assert!(
            page.contains(" checked>"),
            "an amount is chosen all the same: {query}"
        );
    }
}

#[tokio::test]
async fn a_link_is_text_only() {
    let app = TestApp::open().await;
    let hostile = "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let page = page(
        &app,
        &format!("name={hostile}&message={hostile}&amount={hostile}&provider={hostile}"),
    )
    .await;
    assert!(!page.contains("<script>"), "{page}");
}

#[tokio::test]
async fn a_query_that_fills_nothing_in_is_the_kept_page() {
    let app = TestApp::open().await;
    let answer = app
        .http
        .get(format!("{}/?utm_source=x&currency=EUR", app.url));
    let answer = answer.send().await.unwrap();
    assert!(answer.headers().contains_key("etag"));
}

#[tokio::test]
async fn another_try_starts_with_the_same_amount_and_way_to_pay() {
    let app = TestApp::open().await;
    let body = json!({"amount": "7.25", "name": "Grace", "message": "Hello"});
    let given = app.donate_with(&body).await;
    app.press(&given, Action::Cancel).await;
    app.get(&format!("/api/status?intent_id={}", given.id))
        .await;
    let page = app.get(&format!("/thanks/{}", given.id)).await;
    let page = page.text().await.unwrap();
    let query = "amount=7.25&#38;currency=USD&#38;provider=allscale";
    let link = format!(r#"class="button" href="/?{query}""#);
    assert!(page.contains(&link), "{page}");

    let form = self::page(&app, &query.replace("&#38;", "&")).await;
    assert!(
        form.contains(r#"value="7.25""#) && !form.contains(NOTE),
        "{form}"
    );
}
