//! The notice of release is taken for what was paid, and counted.

use super::*;

async fn paid() -> (StandIn, Shop, Value) {
    let (stand_in, shop) = start().await;
    shop.order("o-1").await;
    stand_in.act("o-1", Action::Pay).await.unwrap();
    let notice = json!({
        "merchantOrderNo": "o-1",
        "orderNo": stand_in.intents()[0].id,
        "releaseStatus": "SUCCESS",
        "releaseTime": "1675394255000",
    });
    (stand_in, shop, notice)
}

#[tokio::test]
async fn a_notice_is_acknowledged_as_often_as_its_answer_arrives() {
    let (stand_in, shop, notice) = paid().await;
    let (error, message) = (9999, "later".to_owned());
    for kind in [
        FaultKind::Http(503),
        FaultKind::Error {
            code: error,
            message,
        },
        FaultKind::Garbage,
    ] {
        stand_in.inject(Fault::once(Call::Notice, kind));
        let call = shop.call("POST", "/nft/openapi/merchant/notice");
        call.body(notice.to_string()).send().await.unwrap();
    }
    assert_eq!(shop.notify(&notice).await["returnCode"], "0000");
    let [told] = &stand_in.notices()[..] else {
        panic!("one order")
    };
    assert_eq!(
        (told.order_id.as_str(), told.release_status.as_str()),
        ("o-1", "SUCCESS")
    );
    assert_eq!((told.received, told.acknowledged), (2, 1));
    assert_eq!(stand_in.calls().notice, 4);
}

#[tokio::test]
async fn a_notice_must_be_true() {
    let (stand_in, shop, notice) = paid().await;
    for (field, value) in [
        ("merchantOrderNo", json!("o-2")),
        ("orderNo", json!("7")),
        ("releaseStatus", json!("DONE")),
        ("releaseTime", json!("1675394255")),
        ("releaseTime", Value::Null),
        ("orderNo", Value::Null),
    ] {
        let mut wrong = notice.clone();
        wrong[field] = value;
        assert_eq!(shop.notify(&wrong).await["success"], false, "{wrong}");
    }
    stand_in.set_status("o-1", Status::FAILED).unwrap();
    assert_eq!(shop.notify(&notice).await["success"], false, "not paid");
    assert!(stand_in.notices().is_empty());
    stand_in.set_status("o-1", Status::CONFIRMED).unwrap();
    let mut number = notice;
    number["releaseTime"] = json!(1_675_394_255_000_i64);
    assert_eq!(shop.notify(&number).await["success"], true);
}
