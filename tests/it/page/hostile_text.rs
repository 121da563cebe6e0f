//! Hostile names and messages are shown as the text they are: on the page of
//! a donation and in the form that keeps what was typed.

use reqwest::Response;
use serde_json::json;

use crate::support::test_app::TestApp;

const HOSTILE: [&str; 32] = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert`1`>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=alert(1) x=\"",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</bdi></dd><b>bold</b>",
    "<!--<script>-->",
    "--><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "<meta http-equiv=refresh content=0;url=//e.example>",
    "<base href=//e.example/>",
    "<form action=//e.example><input name=x>",
    "<link rel=stylesheet href=//e.example/x.css>",
    "<style>*{display:none}</style>",
    "<math><mtext></p><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "\\u003cscript\\u003ealert(1)",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "＜script＞alert(1)＜/script＞",
    "\u{202e}<b>\u{2066}x\u{200f}",
];

/// Without the two marks among [`HOSTILE`] that turn letters around.
fn neutral(text: &str) -> String {
    text.replace(['\u{202e}', '\u{2066}'], "")
}

/// The text between two marks, as a browser would show it.
fn shown(page: &str, from: &str, to: &str) -> String {
    let (_, rest) = page.split_once(from).unwrap();
    let (escaped, _) = rest.split_once(to).unwrap();
    assert!(
        !escaped.contains(['<', '>', '"', '\'']),
        "not escaped: {escaped}"
    );
    [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ]
    .iter()
    .fold(escaped.to_owned(), |text, (from, to)| {
        text.replace(from, to)
    })
}

async fn html(response: Response) -> String {
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let kind = response.headers()["content-type"].to_str().unwrap();
    assert_eq!(kind, "text/html; charset=utf-8");
    response.text().await.unwrap()
}

#[tokio::test]
async fn a_donations_page_shows_them_as_text() {
    let app = TestApp::open().await;
    for text in HOSTILE {
        let name: String = text.chars().take(50).collect();
        let body = json!({"amount": 5, "name": name, "message": text});
        let given = app.donate_with(&body).await;
        let page = html(app.get(&format!("/thanks/{}", given.id)).await).await;
        assert_eq!(
            shown(&page, "<dt>From</dt><dd><bdi>", "</bdi>"),
            neutral(name.trim())
        );
        let message = shown(&page, "<dt>Message</dt><dd dir=\"auto\">", "</dd>");
        assert_eq!(message, neutral(text));
    }
}

#[tokio::test]
async fn the_form_keeps_them_as_text() {
    let app = TestApp::open().await;
    for text in HOSTILE {
        let typed = url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let fields = format!(
            "amount=other&custom_amount={typed}&name={typed}&message={typed}&provider={typed}"
        );
        let request = app.http.post(format!("{}/api/checkout", app.url));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = request.header("accept", "text/html").body(fields);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 400);
        let page = html(response).await;
        for field in ["custom_amount", "name"] {
            let input = &page[page.find(&format!("id=\"{field}\"")).unwrap()..];
            assert_eq!(shown(input, " value=\"", "\""), text, "{field}");
        }
        let area = &page[page.find("<textarea").unwrap()..];
        assert_eq!(shown(area, ">", "</textarea>"), text);
    }
    assert_eq!(app.stand_in.journal.calls().create, 0);
}

#[tokio::test]
async fn no_answer_repeats_an_address() {
    let app = TestApp::open().await;
    for text in HOSTILE {
        let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for path in [
            format!("/{text}"),
            format!("/thanks/{text}"),
            format!("/?x={text}"),
        ] {
            let request = app.http.get(format!("{}{path}", app.url));
            let page = html(request.header("accept", "text/html").send().await.unwrap()).await;
            assert!(
                !page.contains("alert(1)") && !page.contains(&*text),
                "{path}"
            );
        }
    }
}
