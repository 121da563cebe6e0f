//! What the merchant is told, in every form it may be told.

use super::super::signature::{Signature, canonical, verify};
use super::*;
use crate::SignedWebhook;

fn body(webhook: &SignedWebhook) -> Value {
    serde_json::from_slice(&webhook.body).unwrap()
}

/// What is signed, put together apart from the code under test.
fn signed(body: &Value, keeps_empty: bool) -> String {
    let fields = body.as_object().unwrap().iter();
    let fields = fields.filter(|(name, _)| *name != "signature" && *name != "id");
    let fields = fields.filter_map(|(name, value)| Some((&**name, value.as_str()?)));
    canonical(fields.filter(|(_, value)| keeps_empty || !value.is_empty()))
}

async fn paid() -> (StandIn, Shop) {
    let (stand_in, shop) = start().await;
    shop.order("o-1").await;
    stand_in.act("o-1", Action::PayLost).await.unwrap();
    (stand_in, shop)
}

#[tokio::test]
async fn a_webhook_goes_to_the_callback_three_times_at_most() {
    let (stand_in, mut shop) = start().await;
    shop.order("o-1").await;
    shop.will_answer(&[503, 500, 503]);
    let outcome = stand_in.act("o-1", Action::Pay).await.unwrap();
    assert_eq!(outcome.deliveries, [503, 500, 503].map(Some));
    assert_eq!(outcome.status, Status::CONFIRMED);
    let heard = shop.heard();
    assert_eq!(heard.len(), 3);
    assert!(heard.iter().all(|body| *body == heard[0]), "all the same");
    let signature = heard[0]["signature"].as_str().unwrap();
    assert!(verify(&shop.secret, &signed(&heard[0], true), signature));
    assert_eq!(heard[0]["merchantOrderNo"], "o-1");
    assert_eq!(stand_in.deliveries()[0].webhook_id, "o-1:PAY_SUCCESS");
    let settled = &stand_in.settled()[0];
    assert_eq!(
        (settled.provider, settled.amount_cents),
        ("alchemy_pay", 500)
    );
    assert_eq!(settled.order_id.as_deref(), Some("o-1"));
}

#[tokio::test]
async fn mishaps_of_a_payment() {
    let (stand_in, mut shop) = start().await;
    for (action, told) in [
        (Action::PayLost, &[][..]),
        (Action::PayTwice, &["PAY_SUCCESS", "PAY_SUCCESS"]),
        (Action::PayStale, &["PAY_SUCCESS", "NEW"]),
        (Action::PayOther, &["PAY_SUCCESS"]),
        (Action::Fail, &["PAY_FAIL"]),
        (Action::Expire, &["TIMEOUT"]),
    ] {
        let order = action.slug();
        shop.order(order).await;
        stand_in.act(order, action).await.unwrap();
        let heard = shop.heard();
        let states: Vec<_> = heard
            .iter()
            .map(|body| body["status"].as_str().unwrap())
            .collect();
        assert_eq!(states, told, "{order}");
    }
    assert_eq!(shop.query("pay-other").await["data"]["amount"], "6");
    assert_eq!(stand_in.settled().len(), 4);
    stand_in.act("fail", Action::Pay).await.unwrap();
    assert_eq!(stand_in.settled().len(), 5);
    shop.order("late").await;
    let late = stand_in.act("late", Action::PayLate).await.unwrap();
    assert!(late.deliveries.is_empty());
    assert_eq!(shop.heard()[0]["merchantOrderNo"], "fail");
    assert_eq!(
        shop.webhooks.recv().await.unwrap()["merchantOrderNo"],
        "late"
    );
}

#[tokio::test]
async fn a_callback_can_be_led_elsewhere() {
    let (stand_in, mut shop) = start().await;
    shop.order("o-1").await;
    stand_in.set_alchemy_callback(Some("http://127.0.0.1:1/".parse().unwrap()));
    let outcome = stand_in.act("o-1", Action::Pay).await.unwrap();
    assert_eq!((outcome.deliveries.len(), shop.heard().len()), (3, 0));
    stand_in.set_alchemy_callback(None);
    let webhook = stand_in.signed_webhook("o-1").unwrap();
    assert_eq!(stand_in.send(&webhook).await, Some(200));
}

#[tokio::test]
async fn every_form_of_a_signature() {
    let (stand_in, shop) = paid().await;
    let draft = || stand_in.alchemy_webhook("o-1").unwrap();
    let of = |body: &Value, keeps| Signature::of(&shop.secret, &signed(body, keeps));
    let forms: [(AlchemyWebhookDraft, bool, bool); 6] = [
        (draft(), false, true),
        (draft().in_hex(), true, true),
        (draft().without_empty(), false, false),
        (draft().in_hex().without_empty(), true, false),
        (
            draft().set("payTime", Value::Null).set("id", "9"),
            false,
            true,
        ),
        (draft().without("message"), false, true),
    ];
    for (draft, hex, keeps_empty) in forms {
        let body = body(&draft.sign());
        let expected = of(&body, keeps_empty);
        let expected = if hex {
            expected.hex()
        } else {
            expected.base64()
        };
        assert_eq!(body["signature"], expected, "{body}");
    }
    let number = body(&draft().set("amount", 5).sign());
    let text = body(&draft().set("amount", "5").sign());
    assert!(number["amount"].is_number() && number["signature"] == text["signature"]);
    let foreign = body(&draft().secret("another").sign());
    assert_ne!(foreign["signature"], body(&draft().sign())["signature"]);
    assert!(stand_in.alchemy_webhook("nobody").is_none());
    assert!(stand_in.webhook("o-1").is_none(), "not Allscale's");
}

#[tokio::test]
async fn a_webhook_can_be_altered_after_it_was_signed() {
    let (stand_in, shop) = paid().await;
    let genuine = stand_in.signed_webhook("o-1").unwrap();
    let changed = body(&genuine.clone().with_field("amount", "1"));
    let signature = changed["signature"].as_str().unwrap();
    assert!(!verify(&shop.secret, &signed(&changed, true), signature));
    assert!(
        body(&genuine.clone().without_field("fiat"))
            .get("fiat")
            .is_none()
    );
    let doubled = genuine.clone().with_field_before("status", "PAY_FAIL");
    assert!(doubled.body.starts_with(br#"{"status":"PAY_FAIL","#));
    assert_eq!(body(&doubled), body(&genuine), "a map keeps the last");
}
