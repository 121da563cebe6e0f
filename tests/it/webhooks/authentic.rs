//! A webhook is believed only when it is authentic and fresh, and answered by
//! what is wrong with it: 401, 400, or 200 once it is kept.

use bagel::status::Status;

use crate::support::test_app::TestApp;

const PATH: &str = "/webhooks/allscale";

#[tokio::test]
async fn a_query_is_part_of_what_is_signed() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    let target = format!("{PATH}?tenant=1&x=%20");
    let bare = app.webhook_of(&given).sign();
    assert_eq!(app.post_webhook(&target, &bare).await.0, 401);
    let signed = app.webhook_of(&given).target(PATH, "tenant=1&x=%20").sign();
    assert_eq!(app.post_webhook(&target, &signed).await.0, 200);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn a_time_is_read_in_one_spelling() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    let genuine = app.webhook_of(&given).sign();
    let time = genuine.header("x-webhook-timestamp").to_owned();
    for spelling in [
        format!("+{time}"),
        format!("0{time}"),
        format!("{time}.0"),
        format!("{time}000"),
        "now".to_owned(),
    ] {
        let webhook = genuine
            .clone()
            .with_header("x-webhook-timestamp", &spelling);
        assert_eq!(app.deliver(&webhook).await, 401, "{spelling}");
    }
}

#[tokio::test]
async fn what_is_authentic_but_cannot_be_read_is_400_and_burns_no_nonce() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    let draft = || app.webhook_of(&given).nonce("the-same-nonce");
    for (name, webhook) in [
        ("no JSON", draft().raw_body("not json").sign()),
        ("nothing", draft().raw_body("").sign()),
        ("a list", draft().raw_body("[]").sign()),
        (
            "another id than its header",
            draft().set("webhook_id", "whk_other").sign(),
        ),
        ("no id", draft().without("webhook_id").sign()),
        (
            "no intent",
            draft().without("all_scale_checkout_intent_id").sign(),
        ),
        (
            "an intent that climbs",
            draft().set("all_scale_checkout_intent_id", "../x").sign(),
        ),
        ("not UTF-8", draft().raw_body([b'"', 0xff, b'"']).sign()),
    ] {
        assert_eq!(app.deliver(&webhook).await, 400, "{name}");
    }
    assert_eq!(app.counted().await, (0, 0));
    assert_eq!(app.deliver(&draft().sign()).await, 200);
    assert_eq!(app.counted().await, (1, 500));
}

#[tokio::test]
async fn one_for_an_unknown_donation_is_kept_for_review() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    let webhook = app
        .webhook_of(&given)
        .set("all_scale_checkout_intent_id", "f00f00")
        .set("order_id", "0b9f9a5e-6f0f-4c5c-9f1f-3c1f6b1c7a01")
        .sign();
    assert_eq!(app.deliver(&webhook).await, 200);
    assert_eq!(app.deliver(&webhook).await, 200);
    let kept = app.ledger.unmatched().await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].intent, "f00f00");
    assert_eq!(kept[0].charged, "5.00 USD");
    assert_eq!(app.counted().await, (0, 0));
}

#[tokio::test]
async fn a_state_that_a_webhook_tells_is_obeyed() {
    let app = TestApp::open().await;
    for (field, told, becomes) in [
        ("status", serde_json::json!(10), Status::OnChain),
        (
            "payment_status",
            serde_json::json!("CANCELED"),
            Status::Canceled,
        ),
        ("status", serde_json::json!(-5), Status::Timeout),
        ("status", serde_json::json!(20), Status::Confirmed),
    ] {
        let given = app.donate_and_pay_unheard().await;
        let webhook = app.webhook_of(&given).set(field, told).sign();
        assert_eq!(app.deliver(&webhook).await, 200);
        assert_eq!(app.status(given.id).await, becomes);
    }
    assert_eq!(app.counted().await, (1, 500));
}
