//! Words that were erased before they were told: the creator hears of the
//! donation, and no target of the words.

use serde_json::json;
use stand_in::Action;

use super::Everyone;
use super::receiver::Answer;

const NAME: &str = "Wilhelmina";
const MESSAGE: &str = "Unforgettable bagels";

#[tokio::test]
async fn nobody_is_told_words_that_were_erased() {
    let everyone = Everyone::open().await;
    let app = everyone.app().await;
    let body = json!({"amount": 5, "name": NAME, "message": MESSAGE, "show_amount": true});
    let given = app.donate_with(&body).await;
    app.press(&given, Action::Pay).await;
    // One attempt with the words has failed already.
    everyone.webhook.will_answer(&[Answer::Status(500)]);
    app.step_target("webhook").await;
    let first = everyone.webhook.heard().remove(0).json();
    assert_eq!(first["data"]["name"], NAME);

    let erase = format!("{}/thanks/{}/erase", app.url, given.id);
    assert_eq!(app.http.post(erase).send().await.unwrap().status(), 303);
    app.pass(std::time::Duration::from_mins(1));
    app.tell_everyone().await;
    for (name, at) in everyone.over_http() {
        let heard = at.heard().pop().unwrap();
        let all = format!("{heard:?}");
        assert!(all.to_lowercase().contains("allscale"), "{name}: {all}");
        assert!(
            !all.contains(NAME) && !all.contains(MESSAGE),
            "{name}: {all}"
        );
    }
    let ntfy = everyone.ntfy.only().json();
    assert_eq!(ntfy["title"], "Somebody gave 5.00 USD");
    assert_eq!(ntfy["message"], "Paid through Allscale.");
    let mail = everyone.mail.mails().remove(0);
    let mail = format!("{mail:?}");
    assert!(
        !mail.contains(NAME) && !mail.contains("Unforgettable"),
        "{mail}"
    );
    let data = &everyone.webhook.heard()[1].json()["data"];
    for (field, value) in [
        ("name", json!(null)),
        ("message", json!(null)),
        ("show_name", json!(false)),
        ("show_message", json!(false)),
        ("show_amount", json!(true)),
    ] {
        assert_eq!(data[field], value, "{field}");
    }
}
