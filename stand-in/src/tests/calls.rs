//! The API: verified, answered, signed.

use super::*;

#[tokio::test]
async fn the_three_test_calls() {
    let (stand_in, client) = start().await;
    let ping = client.get("/v1/test/ping").await;
    assert_eq!(ping.json()["payload"], json!({ "pong": "ok" }));
    assert!(
        ping.json()["request_id"]
            .as_str()
            .unwrap()
            .starts_with("req_")
    );
    assert_eq!(client.get("/v1/test/fail").await.json()["code"], 90000);
    let echo = client.post("/v1/test/post", r#"{"a":[1]}"#).await;
    assert_eq!(echo.json()["payload"], json!({ "a": [1] }));
    assert_eq!(
        client.post("/v1/test/post", "{").await.json()["code"],
        10001
    );
    let calls = stand_in.calls();
    assert_eq!((calls.ping, calls.fail, calls.post), (1, 1, 2));
    assert_eq!((calls.refused, calls.peak_per_second), (0, 4));
}

#[tokio::test]
async fn bad_calls_are_told_apart() {
    let (stand_in, client) = start().await;
    let create = "/v1/checkout_intents/";
    for (reply, code) in [
        (client.browse("/v1/test/ping").await, 20001),
        (client.forged("/v1/test/ping").await, 20002),
        (
            client
                .post(create, r#"{"amount_cents":9,"stable_coin":1}"#)
                .await,
            10001,
        ),
        (
            client.post("/v1/checkout_intents", FIVE_DOLLARS).await,
            99999,
        ),
        (
            client
                .get("/v1/checkout_intents/0123456789abcdef01234567/status")
                .await,
            50001,
        ),
        (
            client
                .get("/v1/checkout_intents/0123456789abcdef01234567")
                .await,
            50001,
        ),
        (client.post(create, &" ".repeat(65 * 1024)).await, 10001),
    ] {
        assert_eq!(reply.json()["code"], code, "{}", reply.text);
        assert!(reply.json()["error"]["message"].is_string());
    }
    assert!(stand_in.intents().is_empty());
    assert_eq!(stand_in.calls().refused, 2);
    let signed: Vec<bool> = stand_in
        .requests()
        .iter()
        .map(|request| request.signed)
        .collect();
    assert_eq!(&signed[..2], [false, true]);
}

#[tokio::test]
async fn responses_are_signed_on_request_and_spoilt_on_demand() {
    let options = Options {
        signed_responses: true,
        ..quick()
    };
    let stand_in = StandIn::start(options).await.unwrap();
    let client = Client::of(&stand_in);
    let post = async || client.post("/v1/test/post", "[1]").await;
    assert!(post().await.is_genuine());
    assert!(client.get("/v1/test/fail").await.is_genuine());
    assert!(client.forged("/v1/test/ping").await.is_genuine());
    for kind in [
        FaultKind::WrongResponseSignature,
        FaultKind::UnsignedResponse,
        FaultKind::StaleResponse,
        FaultKind::ForeignNonce,
    ] {
        stand_in.inject(Fault::once(Call::Post, kind.clone()));
        assert!(!post().await.is_genuine(), "{kind:?}");
    }
    assert!(post().await.is_genuine());
}

#[tokio::test]
async fn the_clock_can_be_wrong() {
    let (stand_in, client) = start().await;
    for (skew, code) in [(290, 0), (310, 20002), (-310, 20002), (0, 0)] {
        stand_in.set_clock_skew(skew);
        assert_eq!(
            client.get("/v1/test/ping").await.json()["code"],
            code,
            "{skew}"
        );
    }
    stand_in.set_clock_skew(86_400 * 365);
    let date = client.get("/v1/test/ping").await.headers["date"].clone();
    let now = client.browse("/pay/nobody").await.headers["date"].clone();
    assert_ne!(
        date.to_str().unwrap()[12..16],
        now.to_str().unwrap()[12..16]
    );
}

#[tokio::test]
async fn stopping_frees_the_port_though_a_call_hangs() {
    let (stand_in, client) = start().await;
    stand_in.inject(Fault::once(Call::Ping, FaultKind::Hang));
    let address = stand_in.address();
    let hanging = tokio::spawn(async move { client.try_get("/v1/test/ping").await.is_err() });
    while stand_in.calls().ping == 0 {
        tokio::task::yield_now().await;
    }
    stand_in.stop().await;
    assert!(hanging.await.unwrap());
    let options = Options {
        bind: address,
        ..quick()
    };
    assert_eq!(StandIn::start(options).await.unwrap().address(), address);
}
