//! What a payer does, and which webhooks the merchant gets.

use super::*;

#[tokio::test]
async fn an_intent_is_created_viewed_paid_and_announced_once() {
    let (stand_in, client) = start().await;
    let mut webhooks = merchant(&stand_in, &[]).await;
    let id = open(&client).await;
    let status = format!("/v1/checkout_intents/{id}/status");
    assert_eq!(client.get(&status).await.json()["payload"], 1);

    let page = client.browse(&format!("/pay/{id}")).await;
    assert_eq!(client.get(&status).await.json()["payload"], 2);
    assert!(page.text.contains("&#60;b&#62;Bagel") && page.text.contains("5.00 USD"));

    let outcome = stand_in.act(&id, Action::Pay).await.unwrap();
    assert_eq!(outcome.deliveries, [Some(200)]);
    assert_eq!(client.get(&status).await.json()["payload"], 20);
    let whole = client
        .get(&format!("/v1/checkout_intents/{id}"))
        .await
        .json();
    assert_eq!(whole["payload"]["status"], 20);
    assert_eq!(whole["payload"]["net_income_amount"], "4.9000");

    let again = stand_in.act(&id, Action::Pay).await;
    assert_eq!(again, Err(ActionError::NotNow(Status::CONFIRMED)));
    assert_eq!(stand_in.intents.settled().len(), 1);
    assert_eq!(
        stand_in.intents.settled()[0].order_id.as_deref(),
        Some("o-1")
    );
    assert!(webhooks.try_recv().is_ok() && webhooks.try_recv().is_err());
}

#[tokio::test]
async fn a_webhook_goes_to_the_whole_url_and_is_sent_until_taken() {
    let (stand_in, client) = start().await;
    let mut webhooks = merchant(&stand_in, &[503, 401]).await;
    let id = open(&client).await;
    let outcome = stand_in.act(&id, Action::PayTwice).await.unwrap();
    assert_eq!(outcome.deliveries, [503, 401, 200, 200].map(Some));

    let mut seen = Vec::new();
    while let Ok(request) = webhooks.try_recv() {
        assert_eq!(request.uri(), "/hooks/a?x=1");
        assert_eq!(request.headers()["x-api-key"], stand_in.allscale.key());
        let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
        seen.push((header("x-webhook-id"), header("x-webhook-nonce")));
    }
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|(id, _)| *id == seen[0].0));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 4, "every try has a nonce of its own");
}

#[tokio::test]
async fn webhooks_are_lost_or_late_on_demand_and_given_up_in_the_end() {
    let (stand_in, client) = start().await;
    let mut webhooks = merchant(&stand_in, &[500; 5]).await;
    let refused = stand_in
        .act(&open(&client).await, Action::Pay)
        .await
        .unwrap();
    assert_eq!(refused.deliveries, [Some(500); 5]);
    while webhooks.try_recv().is_ok() {}

    let lost = stand_in
        .act(&open(&client).await, Action::PayLost)
        .await
        .unwrap();
    assert_eq!((lost.status, lost.deliveries.len()), (Status::CONFIRMED, 0));
    assert!(webhooks.try_recv().is_err());

    let late = stand_in
        .act(&open(&client).await, Action::PayLate)
        .await
        .unwrap();
    assert_eq!((late.status, late.deliveries.len()), (Status::CONFIRMED, 0));
    assert!(webhooks.recv().await.is_some());
    assert_eq!(stand_in.intents.settled().len(), 3);
}

#[tokio::test]
async fn other_endings_settle_nothing_and_can_be_paid_after_all() {
    let (stand_in, client) = start().await;
    for (action, status) in [
        (Action::Underpay, Status::UNDERPAID),
        (Action::Cancel, Status::CANCELED),
        (Action::Reject, Status::REJECTED),
        (Action::Expire, Status::TIMEOUT),
        (Action::SendBack, Status::SEND_BACK),
    ] {
        let id = open(&client).await;
        assert_eq!(stand_in.act(&id, action).await.unwrap().status, status);
        let again = stand_in.act(&id, Action::Cancel).await;
        assert_eq!(again.is_err(), status.is_negative());
    }
    assert!(stand_in.intents.settled().is_empty());
    let id = &stand_in.intents.all()[0].id;
    stand_in.act(id, Action::Pay).await.unwrap();
    assert_eq!(stand_in.intents.settled().len(), 1);
    let unknown = stand_in.act("nobody", Action::Pay).await;
    assert_eq!(unknown, Err(ActionError::UnknownIntent));
}

#[tokio::test]
async fn the_pay_page_needs_no_script_and_sends_the_payer_back() {
    let (stand_in, client) = start().await;
    let id = open(&client).await;
    let page = client.browse(&format!("/pay/{id}")).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("form-action 'self' http://127.0.0.1:9;"),
        "{policy}"
    );
    assert!(!page.text.contains("<script") && !page.text.contains("style="));
    assert!(page.text.contains("No real money moves"));
    let intent = &stand_in.intents.all()[0];
    for action in intent
        .provider
        .paying()
        .iter()
        .chain(intent.provider.ending())
    {
        assert!(
            page.text
                .contains(&format!("/pay/{id}/{}\"", action.slug()))
        );
    }

    let pressed = client.press(&format!("/pay/{id}/cancel")).await;
    assert_eq!(pressed.status, 303);
    assert_eq!(pressed.headers["location"], "http://127.0.0.1:9/thanks/1");
    assert_eq!(stand_in.intents.all()[0].status, Status::CANCELED);
    assert_eq!(client.press(&format!("/pay/{id}/cancel")).await.status, 303);
    assert_eq!(client.browse("/pay/nobody").await.status, 404);
    assert_eq!(client.press(&format!("/pay/{id}/dance")).await.status, 404);
}

#[tokio::test]
async fn a_draft_is_signed_as_altered() {
    let (stand_in, client) = start().await;
    let mut webhooks = merchant(&stand_in, &[401]).await;
    let id = open(&client).await;
    let webhook = stand_in.webhook(&id).unwrap();
    let nonce = Uuid::new_v4().to_string();
    let webhook = webhook
        .set("amount_cents", 1)
        .nonce(&nonce)
        .webhook_id("whk_2");
    let signed = webhook.without("currency").sign();
    assert_eq!(stand_in.send(&signed).await, Some(401));
    assert_eq!(
        webhooks.recv().await.unwrap().headers()["x-webhook-nonce"],
        nonce.as_str()
    );
    let body: Value = serde_json::from_slice(&signed.body).unwrap();
    assert_eq!(
        (&body["amount_cents"], &body["webhook_id"]),
        (&json!(1), &json!("whk_2"))
    );
    assert!(body.get("currency").is_none());
    assert_eq!(stand_in.journal.deliveries().len(), 1);
    assert!(stand_in.signed_webhook("nobody").is_none());
}
