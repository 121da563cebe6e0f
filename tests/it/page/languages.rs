//! The page in the supporter's language: the address says it, else the browser.

use bagel::outward::PublicUrl;
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::support::test_app::{Setup, TestApp};

/// A page as a browser asks for it.
async fn page(app: &TestApp, path: &str, accepted: &str) -> String {
    let request = app.http.get(format!("{}{path}", app.url));
    let request = request.header(ACCEPT, "text/html");
    let answer = request.header(ACCEPT_LANGUAGE, accepted).send().await;
    answer.unwrap().text().await.unwrap()
}

/// Every language by its code, its `lang` and `dir`, and what its button says.
const LANGUAGES: &[(&str, &str, &str, &str)] = &[
    ("en", "en", "ltr", "Give a bagel"),
    ("de", "de", "ltr", "bagel"),
    ("es", "es", "ltr", "bagel"),
    ("fr", "fr", "ltr", "bagel"),
    ("pt", "pt", "ltr", "bagel"),
    ("ja", "ja", "ltr", "ベーグル"),
    ("zh", "zh-Hans", "ltr", "贝果"),
    ("ar", "ar", "rtl", "بيغل"),
];

#[tokio::test]
async fn the_browser_is_answered_in_its_language() {
    let app = TestApp::open().await;
    for &(code, tag, direction, bagel) in LANGUAGES {
        let html = format!(r#"<html lang="{tag}" dir="{direction}""#);
        for (path, accepted) in [("/".to_owned(), code), (format!("/?lang={code}"), "en")] {
            let page = page(&app, &path, accepted).await;
            assert!(page.contains(&html), "{code} at {path}");
            assert!(
                page.to_lowercase().contains(&bagel.to_lowercase()),
                "{code}"
            );
        }
    }
}

#[tokio::test]
async fn an_unknown_language_is_english_and_the_first_known_wish_wins() {
    let app = TestApp::open().await;
    for (path, accepted, tag) in [
        ("/", "tlh, nl;q=0.9", "en"),
        ("/?lang=tlh", "", "en"),
        ("/?lang=tlh", "de", "de"),
        ("/", "en;q=0.1, fr-CH;q=0.8", "fr"),
    ] {
        let page = page(&app, path, accepted).await;
        assert!(
            page.contains(&format!(r#"<html lang="{tag}""#)),
            "{path} {accepted}"
        );
    }
}

#[tokio::test]
async fn a_cache_between_tells_the_languages_apart() {
    let app = TestApp::open().await;
    let answer = app.http.get(&app.url).send().await.unwrap();
    let vary: Vec<_> = answer.headers().get_all("vary").iter().collect();
    assert!(
        vary.iter().any(|name| *name == "accept-language"),
        "{vary:?}"
    );
    let tag = answer.headers()["etag"].clone();
    let german = app.http.get(&app.url).header(ACCEPT_LANGUAGE, "de");
    let german = german.header("if-none-match", tag).send().await.unwrap();
    assert_eq!(german.status(), 200, "the English page is no German one");
}

#[tokio::test]
async fn a_chosen_language_travels_in_the_links() {
    let app = TestApp::open().await;
    let chosen = page(&app, "/?lang=ja", "en").await;
    assert!(
        chosen.contains(r#"action="/api/checkout?lang=ja""#),
        "{chosen}"
    );
    let own = page(&app, "/", "ja").await;
    assert!(own.contains(r#"action="/api/checkout""#), "{own}");
}

#[tokio::test]
async fn an_error_is_told_in_the_language_too() {
    let app = TestApp::open().await;
    let too_little = json!({"amount": "0.05"}).to_string();
    let request = app.http.post(format!("{}/api/checkout", app.url));
    let request = request
        .header(CONTENT_TYPE, "application/json")
        .body(too_little);
    let answer = request.header(ACCEPT_LANGUAGE, "de").send().await.unwrap();
    let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(body["code"], "amount_too_small");
    assert!(
        body["error"].as_str().unwrap().contains("0,50\u{a0}$"),
        "{body}"
    );

    let form = app.http.post(format!("{}/api/checkout?lang=fr", app.url));
    let form = form.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let form = form
        .header(ACCEPT, "text/html")
        .body("amount=other&custom_amount=cinq");
    let page = form.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("5 ou 5,25"), "{page}");

    let nowhere = self::page(&app, "/nowhere", "de").await;
    assert!(nowhere.contains(r#"<html lang="de""#), "{nowhere}");
}

#[tokio::test]
async fn a_donation_is_shown_in_the_language_it_was_given_in() {
    let app = TestApp::open().await;
    let request = app.http.post(format!("{}/api/checkout?lang=ja", app.url));
    let request = request.header(CONTENT_TYPE, "application/json");
    let answer = request.body(r#"{"amount": 5}"#).send().await.unwrap();
    let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let path = format!("/thanks/{}", body["intent_id"].as_str().unwrap());
    let japanese = page(&app, &path, "en").await;
    assert!(japanese.contains(r#"<html lang="ja""#), "{japanese}");
    assert!(
        japanese.contains(r#"href="/?lang=ja""#),
        "the way back stays in it"
    );
    let german = page(&app, &format!("{path}?lang=de"), "en").await;
    assert!(german.contains(r#"<html lang="de""#));

    let id = body["intent_id"].as_str().unwrap();
    let status = app
        .http
        .get(format!("{}/api/status?intent_id={id}", app.url));
    let answer = status.header(ACCEPT_LANGUAGE, "fr").send().await.unwrap();
    let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert!(
        body["message"].as_str().unwrap().contains("paiement"),
        "{body}"
    );
}

#[tokio::test]
async fn no_header_is_too_strange_to_be_answered() {
    let app = TestApp::open().await;
    let weights: Vec<_> = (0..500)
        .map(|n| ["a;q=NaN", "b;q=1", "c;q=0", "-;q=inf"][n % 4])
        .collect();
    for header in [weights.join(","), "xx,".repeat(5_000), ";;;==,,".repeat(50)] {
        for path in ["/", "/healthz", "/nowhere"] {
            let request = app.http.get(format!("{}{path}", app.url));
            let answer = request.header(ACCEPT_LANGUAGE, &header).send().await;
            assert!(!answer.unwrap().status().is_server_error(), "{path}");
        }
    }
}

#[tokio::test]
async fn search_engines_are_told_of_every_language() {
    let app = TestApp::build(Setup::with(|config| {
        config.public_url = Some(PublicUrl::parse("https://tips.example/ada").unwrap());
    }))
    .await;
    let page = page(&app, "/ada/", "en").await;
    for (code, tag, ..) in LANGUAGES {
        let address = format!("https://tips.example/ada/?lang={code}");
        let link = format!(r#"<link rel="alternate" hreflang="{tag}" href="{address}">"#);
        assert!(page.contains(&link), "{link} in {page}");
    }
}
