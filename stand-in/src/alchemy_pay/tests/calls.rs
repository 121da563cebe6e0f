//! The query call: who may ask, what is told, how it is spoilt.

use super::super::signature::call_sign;
use super::merchant::json_of;
use super::*;
use crate::desk::system_millis;

const TRADE: &str = "/nft/openapi/query/trade?merchantOrderNo=o-1";

#[tokio::test]
async fn an_order_is_told_by_either_number() {
    let (stand_in, shop) = start().await;
    shop.order("o-1").await;
    stand_in.act("o-1", Action::Pay).await.unwrap();
    let told = shop.query("o-1").await;
    assert_eq!(
        (&told["returnCode"], &told["success"]),
        (&json!("0000"), &json!(true))
    );
    let data = &told["data"];
    for (field, value) in [
        ("amount", "5"),
        ("fiat", "USD"),
        ("payType", "CREDIT_CARD"),
        ("type", "MARKET"),
        ("name", "<b>Bagel</b> ü"),
        ("quantity", "1"),
        ("uniqueId", "o-1"),
        ("appId", &shop.app_id),
        ("merchantOrderNo", "o-1"),
        ("message", ""),
        ("status", "PAY_SUCCESS"),
    ] {
        assert_eq!(data[field], value, "{field}");
    }
    assert_eq!(data["payTime"].as_str().unwrap().len(), 19);
    let own = data["orderNo"].as_str().unwrap();
    assert_eq!(own, stand_in.intents()[0].id);
    let by_own = shop.call("GET", &format!("/nft/openapi/query/trade?orderNo={own}"));
    assert_eq!(json_of(by_own).await["data"], *data);
    let calls = stand_in.calls();
    assert_eq!((calls.query, calls.peak_lookups_per_second), (2, 2));
    assert!(stand_in.requests().iter().all(|request| request.signed));
}

#[tokio::test]
async fn what_is_no_order_is_not_told() {
    let (_stand_in, shop) = start().await;
    shop.order("o-1").await;
    for path in [
        "/nft/openapi/query/trade",
        "/nft/openapi/query/trade?merchantOrderNo=o-2",
        "/nft/openapi/query/trade?merchantOrderNo=o-1&orderNo=7",
        "/nft/openapi/query",
    ] {
        let told = json_of(shop.call("GET", path)).await;
        assert_eq!(
            (&told["success"], &told["data"]),
            (&json!(false), &Value::Null)
        );
        assert_ne!(told["returnCode"], "0000", "{path}");
    }
}

#[tokio::test]
async fn states_by_their_names() {
    let (stand_in, shop) = start().await;
    shop.order("o-1").await;
    for (status, name) in [
        (Status::CREATED, "NEW"),
        (Status::VIEWED, "NEW"),
        (Status::ON_CHAIN, "NEW"),
        (Status::FAILED, "PAY_FAIL"),
        (Status::TIMEOUT, "TIMEOUT"),
        (Status(-77), "-77"),
        (Status::CONFIRMED, "PAY_SUCCESS"),
    ] {
        stand_in.set_status("o-1", status).unwrap();
        assert_eq!(shop.query("o-1").await["data"]["status"], name);
    }
    assert_eq!(stand_in.settled().len(), 1);
}

#[tokio::test]
async fn a_call_is_signed_and_not_five_minutes_old() {
    let (stand_in, shop) = start().await;
    shop.order("o-1").await;
    for (skew, code) in [(298, "0000"), (302, "8007"), (-298, "0000"), (-302, "8007")] {
        stand_in.set_clock_skew(skew);
        assert_eq!(shop.query("o-1").await["returnCode"], code, "{skew}");
    }
    stand_in.set_clock_skew(0);
    let now = system_millis().to_string();
    let seconds = &now[..10];
    let sign = |timestamp: &str| call_sign(&shop.app_id, &shop.secret, timestamp);
    let other = call_sign(&shop.app_id, "another", &now);
    for (app_id, timestamp, sign) in [
        ("another", &*now, sign(&now)),
        (&*shop.app_id, &*now, other),
        (&*shop.app_id, &*now, sign(&now).to_uppercase()),
        (&*shop.app_id, seconds, sign(seconds)),
        (&*shop.app_id, &*now, String::new()),
    ] {
        let call = shop.http.get(format!("{}{TRADE}", shop.api));
        let call = call.header("appId", app_id).header("timestamp", timestamp);
        let told = json_of(call.header("sign", &sign)).await;
        assert_eq!(told["returnCode"], "8007", "{timestamp} {sign}");
    }
    let told = json_of(shop.http.get(format!("{}{TRADE}", shop.api))).await;
    assert_eq!(
        (&told["returnCode"], &told["data"]),
        (&json!("8007"), &Value::Null)
    );
    assert_eq!(stand_in.calls().refused, 8);
}

#[tokio::test]
async fn answers_are_spoilt_on_demand() {
    let (stand_in, shop) = start().await;
    shop.order("o-1").await;
    stand_in.act("o-1", Action::Pay).await.unwrap();
    let spoilt = async |kind| {
        stand_in.inject(Fault::once(Call::Query, kind));
        shop.call("GET", TRADE).send().await.unwrap()
    };
    let data = async |kind| {
        let answer = spoilt(kind).await.text().await.unwrap();
        serde_json::from_str::<Value>(&answer).unwrap()["data"].clone()
    };
    let field = |name: &str, value: Value| FaultKind::Field(name.into(), value);
    assert_eq!(data(field("status", json!("NEW"))).await["status"], "NEW");
    assert_eq!(data(field("amount", json!("6"))).await["amount"], "6");
    assert_eq!(data(field("fiat", Value::Null)).await["fiat"], Value::Null);
    let without = data(FaultKind::Without("amount".into())).await;
    assert!(without.get("amount").is_none() && without.get("fiat").is_some());
    assert_eq!(data(FaultKind::Payload(Value::Null)).await, Value::Null);
    assert!(data(FaultKind::WrongResponseSignature).await["signature"].is_string());
    assert_eq!(spoilt(FaultKind::Http(503)).await.status(), 503);
    let garbage = spoilt(FaultKind::Garbage).await.text().await.unwrap();
    assert!(garbage.starts_with('<'));
    stand_in.inject(Fault::once(Call::Query, FaultKind::Hang));
    let hanging = shop.call("GET", TRADE).timeout(Duration::from_millis(200));
    assert!(hanging.send().await.is_err());
    let error = FaultKind::Error {
        code: 9999,
        message: "later".into(),
    };
    stand_in.inject(Fault::once(Call::Query, error));
    assert_eq!(shop.query("o-1").await["returnCode"], "9999");
    assert_eq!(shop.query("o-1").await["data"]["status"], "PAY_SUCCESS");
}
