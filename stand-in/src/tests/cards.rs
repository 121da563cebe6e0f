//! The same as Alchemy Pay: what a payer does, which webhooks the merchant gets,
//! and what its calls are answered.

use url::form_urlencoded;

use super::*;
use crate::alchemy_pay::signature::{Signature, call_sign, canonical, verify};
use crate::state::system_millis;

/// Opens the link of an order for five dollars.
async fn order(stand_in: &StandIn, client: &Client, order: &str, amount: &str) -> Answer {
    let now = system_millis();
    let (made, ends) = (now.to_string(), (now + 900_000).to_string());
    let merchant = &stand_in.alchemy_pay;
    let params = [
        ("amount", amount),
        ("appId", merchant.app_id()),
        ("callbackUrl", "http://127.0.0.1:9/hooks"),
        ("fiat", "USD"),
        ("merchantOrderNo", order),
        ("name", "<b>Bagel</b>"),
        ("picture", "http://127.0.0.1:9/bagel.png"),
        ("redirectUrl", "http://127.0.0.1:9/thanks/1"),
        ("timeout", &ends),
        ("timestamp", &made),
        ("type", "MARKET"),
        ("uniqueId", order),
    ];
    let signature = Signature::of(merchant.secret(), &canonical(params)).base64();
    let mut query = form_urlencoded::Serializer::new(String::new());
    query
        .extend_pairs(params)
        .append_pair("signature", &signature);
    let query = query.finish();
    client
        .browse(&format!("/alchemy-pay/checkout?{query}"))
        .await
}

/// Makes a signed call.
async fn call(stand_in: &StandIn, method: &str, path: &str, body: &Value) -> Value {
    let time = system_millis().to_string();
    let merchant = &stand_in.alchemy_pay;
    let sign = call_sign(merchant.app_id(), merchant.secret(), &time);
    let url = format!("{}/nft/openapi/{path}", stand_in.alchemy_api_url());
    let request = loopback_client()
        .unwrap()
        .request(method.parse().unwrap(), url);
    let request = request.header("appId", merchant.app_id());
    let request = request.header("timestamp", time).header("sign", sign);
    let answer = request.body(body.to_string()).send().await.unwrap();
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

async fn query(stand_in: &StandIn, order: &str) -> Value {
    let path = format!("query/trade?merchantOrderNo={order}");
    call(stand_in, "GET", &path, &Value::Null).await
}

/// What is signed, put together apart from the code under test.
fn signed(body: &Value) -> String {
    let fields = body.as_object().unwrap().iter();
    let fields = fields.filter(|(name, _)| *name != "signature");
    canonical(fields.filter_map(|(name, value)| Some((&**name, value.as_str()?))))
}

#[tokio::test]
async fn an_order_exists_once_its_link_was_opened_and_a_number_has_one_order() {
    let (stand_in, client) = start().await;
    assert_eq!(query(&stand_in, "o-1").await["success"], false);
    let page = order(&stand_in, &client, "o-1", "5.00").await;
    assert!(page.text.contains("5.00 USD") && page.text.contains("&#60;b&#62;Bagel"));
    assert!(
        !page.text.contains("underpay"),
        "no button of the other provider"
    );
    let found = query(&stand_in, "o-1").await;
    assert_eq!(
        (&found["returnCode"], &found["data"]["status"]),
        (&json!("0000"), &json!("NEW"))
    );
    let dearer = order(&stand_in, &client, "o-1", "6.00").await;
    assert!(dearer.status == 400 && dearer.text.contains("merchantOrderNo was used"));
    assert_eq!(stand_in.intents.all().len(), 1);
    let none = stand_in.act("o-1", Action::Underpay).await;
    assert_eq!(none, Err(ActionError::NotOffered("alchemy_pay")));
}

#[tokio::test]
async fn a_query_is_by_either_number_and_by_none_that_disagrees() {
    let (stand_in, client) = start().await;
    order(&stand_in, &client, "o-1", "5.00").await;
    let own = stand_in.intents.all()[0].id.clone();
    for (numbers, found) in [
        (format!("orderNo={own}"), true),
        (format!("merchantOrderNo=o-1&orderNo={own}"), true),
        ("merchantOrderNo=o-1&orderNo=7".to_owned(), false),
        ("merchantOrderNo=o-2".to_owned(), false),
    ] {
        let path = format!("query/trade?{numbers}");
        let answer = call(&stand_in, "GET", &path, &Value::Null).await;
        assert_eq!(answer["success"], found, "{numbers}");
    }
    let calls = stand_in.journal.calls();
    assert_eq!((calls.query, calls.peak_lookups_per_second), (4, 4));
}

#[tokio::test]
async fn every_form_of_a_webhooks_signature() {
    let (stand_in, client) = start().await;
    order(&stand_in, &client, "o-1", "5.00").await;
    let secret = stand_in.alchemy_pay.secret();
    let draft = || stand_in.webhook("o-1").unwrap();
    for (draft, hex, signs_empty) in [
        (draft(), false, true),
        (draft().in_hex(), true, true),
        (draft().without_empty(), false, false),
        (draft().in_hex().without_empty(), true, false),
    ] {
        let body: Value = serde_json::from_slice(&draft.sign().body).unwrap();
        assert_eq!(body["message"], "", "an empty value");
        let whole = signed(&body);
        let expected = if signs_empty {
            whole
        } else {
            whole.replace("&message=", "")
        };
        let expected = Signature::of(secret, &expected);
        let expected = if hex {
            expected.hex()
        } else {
            expected.base64()
        };
        assert_eq!(body["signature"], expected, "{body}");
    }
}

#[tokio::test]
async fn a_webhook_is_sent_three_times_at_most_and_signed() {
    let (stand_in, client) = start().await;
    let mut webhooks = merchant(&stand_in, &[503, 500, 503]).await;
    order(&stand_in, &client, "o-1", "5.00").await;
    let outcome = stand_in.act("o-1", Action::Pay).await.unwrap();
    assert_eq!(outcome.deliveries, [503, 500, 503].map(Some));
    let body = webhooks.recv().await.unwrap().into_body();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (&body["merchantOrderNo"], &body["status"]),
        (&json!("o-1"), &json!("PAY_SUCCESS"))
    );
    let signature = body["signature"].as_str().unwrap();
    assert!(verify(
        stand_in.alchemy_pay.secret(),
        &signed(&body),
        signature
    ));
    let settled = &stand_in.intents.settled()[0];
    assert_eq!(
        (settled.provider, settled.amount_cents),
        ("alchemy_pay", 500)
    );
}

#[tokio::test]
async fn every_mishap_is_in_the_webhooks() {
    let (stand_in, client) = start().await;
    let mut webhooks = merchant(&stand_in, &[]).await;
    for (action, statuses) in [
        (Action::PayLost, &[][..]),
        (Action::PayTwice, &["PAY_SUCCESS", "PAY_SUCCESS"]),
        (Action::PayStale, &["PAY_SUCCESS", "NEW"]),
        (Action::PayOther, &["PAY_SUCCESS"]),
        (Action::Fail, &["PAY_FAIL"]),
        (Action::Expire, &["TIMEOUT"]),
    ] {
        order(&stand_in, &client, action.slug(), "5.00").await;
        stand_in.act(action.slug(), action).await.unwrap();
        for status in statuses {
            let body = webhooks.try_recv().unwrap().into_body();
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["status"], *status, "{action:?}");
        }
        assert!(webhooks.try_recv().is_err(), "{action:?}");
    }
    assert_eq!(query(&stand_in, "pay-other").await["data"]["amount"], "6");
    assert_eq!(stand_in.intents.settled().len(), 4);
}

#[tokio::test]
async fn a_release_must_be_true_and_is_counted() {
    let (stand_in, client) = start().await;
    order(&stand_in, &client, "o-1", "5.00").await;
    stand_in.act("o-1", Action::Pay).await.unwrap();
    let release = json!({
        "merchantOrderNo": "o-1",
        "orderNo": stand_in.intents.all()[0].id,
        "releaseStatus": "SUCCESS",
        "releaseTime": "1675394255000",
    });
    let report = async |body: &Value| call(&stand_in, "POST", "merchant/notice", body).await;
    for (field, value) in [
        ("merchantOrderNo", json!("o-2")),
        ("orderNo", json!("7")),
        ("releaseStatus", json!("DONE")),
        ("releaseTime", json!("1675394255")),
        ("orderNo", Value::Null),
    ] {
        let mut wrong = release.clone();
        wrong[field] = value;
        assert_eq!(report(&wrong).await["success"], false, "{wrong}");
    }
    stand_in.set_status("o-1", Status::FAILED).unwrap();
    assert_eq!(report(&release).await["success"], false, "not paid");
    assert!(stand_in.alchemy_pay.releases().is_empty());
    stand_in.set_status("o-1", Status::CONFIRMED).unwrap();
    let later = FaultKind::Error {
        code: 9999,
        message: "later".into(),
    };
    stand_in.faults.inject(Fault::once(Call::Release, later));
    assert_eq!(report(&release).await["returnCode"], "9999");
    assert_eq!(report(&release).await["success"], true);
    let releases = stand_in.alchemy_pay.releases();
    assert_eq!((releases[0].received, releases[0].acknowledged), (1, 1));
}
