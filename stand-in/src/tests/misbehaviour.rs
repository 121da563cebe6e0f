//! Faults on demand, and the controls that order them.

use super::*;

#[tokio::test]
async fn faults_of_the_answer() {
    let (stand_in, client) = start().await;
    let id = open(&client).await;
    let ask = async |call, kind, path: &str| {
        stand_in.faults.inject(Fault::once(call, kind));
        client.get(path).await
    };
    let (status, whole) = (
        format!("/v1/checkout_intents/{id}/status"),
        format!("/v1/checkout_intents/{id}"),
    );
    let bare = ask(Call::Status, FaultKind::Payload(json!(-77)), &status).await;
    assert_eq!(bare.json()["payload"], -77);
    let field = FaultKind::Field("amount_cents".into(), json!(1));
    let altered = ask(Call::Intent, field, &whole).await.json();
    assert_eq!(altered["payload"]["amount_cents"], 1);
    assert_eq!(altered["payload"]["currency"], 1);
    let error = FaultKind::Error {
        code: 40001,
        message: "slow down".into(),
    };
    let slow_down = ask(Call::Any, error, &whole).await;
    assert_eq!(
        (slow_down.status, &slow_down.json()["code"]),
        (429, &json!(40001))
    );
    let moved = FaultKind::Redirect("http://127.0.0.1:9/".into());
    let moved = ask(Call::Any, moved, &whole).await;
    assert_eq!(
        (moved.status, &moved.headers["location"]),
        (307, &"http://127.0.0.1:9/".parse().unwrap())
    );
    assert_eq!(
        ask(Call::Any, FaultKind::Http(503), &whole).await.status,
        503
    );
    assert_eq!(ask(Call::Any, FaultKind::Empty, &whole).await.text, "");
    assert!(
        ask(Call::Any, FaultKind::Garbage, &whole)
            .await
            .text
            .starts_with('<')
    );
    let body = ask(Call::Any, FaultKind::Body("[]".into()), &whole).await;
    assert_eq!(body.text, "[]");
    assert_eq!(client.get(&status).await.json()["payload"], 1);
}

#[tokio::test]
async fn faults_of_the_wire() {
    let (stand_in, client) = start().await;
    let create = "/v1/checkout_intents/";
    stand_in
        .faults
        .inject(Fault::once(Call::Create, FaultKind::Hang));
    assert!(client.try_post(create, FIVE_DOLLARS, 200).await.is_none());
    assert_eq!(stand_in.intents.all().len(), 0);
    for kind in [FaultKind::HangAfterCommit, FaultKind::DropAfterCommit] {
        stand_in.faults.inject(Fault::once(Call::Create, kind));
        assert!(client.try_post(create, FIVE_DOLLARS, 200).await.is_none());
    }
    assert_eq!(stand_in.intents.all().len(), 2);

    let delay = Duration::from_millis(120);
    stand_in
        .faults
        .inject(Fault::once(Call::Ping, FaultKind::Delay(delay)));
    let asked = Instant::now();
    assert_eq!(client.get("/v1/test/ping").await.status, 200);
    assert!(asked.elapsed() >= delay);
    stand_in
        .faults
        .inject(Fault::once(Call::Post, FaultKind::Drip));
    assert!(client.try_post("/v1/test/post", "[]", 700).await.is_none());
}

#[tokio::test]
async fn a_cut_connection_closes_without_a_byte() {
    let (stand_in, client) = start().await;
    stand_in
        .faults
        .inject(Fault::once(Call::Ping, FaultKind::DropAfterCommit));
    let error = client.try_get("/v1/test/ping").await.unwrap_err();
    assert!(error.is_request() && !error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn a_huge_answer_is_huge() {
    let (stand_in, client) = start().await;
    stand_in
        .faults
        .inject(Fault::once(Call::Ping, FaultKind::Huge));
    let mut answer = client.try_get("/v1/test/ping").await.unwrap();
    let mut read = 0;
    while let Some(chunk) = answer.chunk().await.unwrap() {
        read += chunk.len();
    }
    assert_eq!(read, 200 * 1024 * 1024);
}

#[tokio::test]
async fn controls_work_over_http() {
    let (stand_in, client) = start().await;
    let fault = r#"{"call":"ping","kind":{"http":503},"times":1}"#;
    assert_eq!(client.control("/control/faults", fault).await.status, 204);
    assert_eq!(client.get("/v1/test/ping").await.status, 503);
    assert_eq!(client.get("/v1/test/ping").await.status, 200);

    let id = open(&client).await;
    let paid = client.control(&format!("/control/pay/{id}/pay"), "").await;
    assert_eq!(paid.json(), json!({ "status": 20, "deliveries": [] }));
    let again = client.control(&format!("/control/pay/{id}/pay"), "").await;
    assert_eq!(again.status, 409);
    let settled = client.browse("/control/settled").await.json();
    assert_eq!(settled[0]["intent_id"], Value::from(id));
    let intents = client.browse("/control/intents").await;
    assert!(!intents.text.contains(stand_in.allscale.secret()));
    assert!(
        !format!("{:?}{:?}", stand_in.allscale, stand_in.alchemy_pay)
            .contains(stand_in.allscale.secret())
    );
}
