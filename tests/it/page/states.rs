//! The donation's own page in each of its states: its picture, whether it
//! loads itself again, whether it thanks, and what it offers next.

use bagel::config::Config;
use bagel::status::Status;
use serde_json::json;

use crate::support::test_app::{Setup, TestApp};

const REFRESH: &str = r#"<noscript><meta http-equiv="refresh" content="10"></noscript>"#;

/// The scene of each status.
const SCENES: [(Status, &str); 15] = [
    (Status::Created, "waiting"),
    (Status::Viewed, "waiting"),
    (Status::TempWalletReceived, "waiting"),
    (Status::Pending, "waiting"),
    (Status::ManualOperation, "review"),
    (Status::Review, "review"),
    (Status::SendBack, "send-back"),
    (Status::OnChain, "on-chain"),
    (Status::Confirmed, "paid"),
    (Status::Failed, "failed"),
    (Status::Rejected, "refused"),
    (Status::Underpaid, "under-paid"),
    (Status::Canceled, "cancelled"),
    (Status::Timeout, "expired"),
    (Status::Unknown, "unknown"),
];

async fn app() -> TestApp {
    TestApp::build(Setup::with(|config: &mut Config| {
        "<3 So kind.".clone_into(&mut config.page.thanks);
    }))
    .await
}

/// The page of a new donation that stands at `status`, with `more` in its
/// address.
async fn page(app: &TestApp, status: Status, message: &str, more: &str) -> String {
    let given = app
        .donate_with(&json!({"amount": 5, "message": message}))
        .await;
    let set = format!(
        "UPDATE donations SET status = '{}' WHERE id = '{}'",
        status.name(),
        given.id
    );
    app.tamper(set.leak()).await;
    let path = format!("/thanks/{}{more}", given.id);
    app.get(&path).await.text().await.unwrap()
}

#[tokio::test]
async fn each_status_has_its_picture_and_only_a_paid_one_is_thanked_for() {
    let app = app().await;
    assert_eq!(SCENES.map(|(status, _)| status).len(), Status::ALL.len());
    for (status, scene) in SCENES {
        let html = page(&app, status, "", "").await;
        assert!(html.contains(&format!("scene-{scene}\"")), "{status:?}");
        let name = format!(r#"data-status="{}""#, status.name());
        assert!(html.contains(&name), "the script compares it: {status:?}");
        let paid = status == Status::Confirmed;
        assert_eq!(html.contains("Thank you!"), paid, "{status:?}");
        assert_eq!(html.contains("&#60;3 So kind."), paid, "{status:?}");
        assert_eq!(html.contains(REFRESH), !status.is_terminal(), "{status:?}");
        assert_eq!(html.contains("Check now"), !status.is_terminal());
        let payable = html.contains("Continue to payment");
        let unpaid = [Status::Created, Status::Viewed, Status::TempWalletReceived];
        assert_eq!(payable, unpaid.contains(&status), "{status:?}");
    }
}

#[tokio::test]
async fn a_page_on_which_something_is_changed_does_not_load_itself_again() {
    let app = app().await;
    for more in ["?words", "?saved=visibility"] {
        let html = page(&app, Status::Created, "", more).await;
        assert!(!html.contains(REFRESH), "{more}");
        assert!(html.contains(">Check now</a>"), "it can still be asked");
        let html = page(&app, Status::Confirmed, "", more).await;
        assert!(!html.contains("Check now"), "{more}");
    }
}

#[tokio::test]
async fn words_are_asked_about_once_there_is_a_payment() {
    let app = app().await;
    for (status, message, open) in [
        (Status::Canceled, "", None),
        (Status::Canceled, "Hello", Some(false)),
        (Status::Created, "", Some(false)),
        (Status::Confirmed, "", Some(true)),
    ] {
        let html = page(&app, status, message, "").await;
        let part = html.split_once(r#"<details class="words" id="words""#);
        let found = part.map(|(_, part)| part.starts_with(" open"));
        assert_eq!(found, open, "{status:?} {message}");
    }
}
