//! The hosted page takes the merchant's links and no others.

use super::*;

#[tokio::test]
async fn an_order_exists_once_its_link_was_opened() {
    let (stand_in, shop) = start().await;
    assert_eq!(shop.query("o-1").await["success"], false);
    let link = shop.link(&shop.sign(shop.params("o-1")));
    let (status, page) = shop.follow(&link).await;
    assert!(status == 200 && page.contains("5.00 USD") && page.contains("&#60;b&#62;Bagel"));
    assert_eq!(shop.query("o-1").await["data"]["status"], "NEW");

    assert_eq!(shop.follow(&link).await.0, 200, "it may be opened again");
    let orders = stand_in.intents();
    assert_eq!(orders.len(), 1);
    assert_eq!(
        (orders[0].amount_cents, orders[0].provider()),
        (500, "alchemy_pay")
    );
    assert_eq!(orders[0].order_id.as_deref(), Some("o-1"));
    assert_eq!(orders[0].request["merchantName"], "Ada's & co = 🥯 + more");
    assert_eq!((stand_in.calls().visits, stand_in.calls().refused), (2, 0));
}

#[tokio::test]
async fn the_page_has_the_buttons_of_its_provider() {
    let (stand_in, shop) = start().await;
    let page = shop.order("o-1").await;
    let order = &stand_in.intents()[0];
    for slug in [
        "pay",
        "pay-lost",
        "pay-twice",
        "pay-late",
        "pay-other",
        "fail",
        "expire",
    ] {
        assert!(
            page.contains(&format!("/pay/{}/{slug}\"", order.id)),
            "{slug}"
        );
    }
    assert!(!page.contains("underpay"), "{page}");
    let pressed = shop
        .http
        .post(format!("{}/pay/{}/pay", stand_in.base_url(), order.id));
    let back = pressed.send().await.unwrap().headers()["location"].clone();
    assert_eq!(back, "http://127.0.0.1:9/thanks/1");
    let none = stand_in.act("o-1", Action::Underpay).await;
    assert_eq!(none, Err(ActionError::NotOffered("alchemy_pay")));
}

#[tokio::test]
async fn every_change_after_signing_is_refused() {
    let (stand_in, shop) = start().await;
    let genuine = shop.sign(shop.params("o-1"));
    for name in genuine.keys().filter(|name| **name != "appId") {
        let mut changed = genuine.clone();
        changed.get_mut(name).unwrap().push('1');
        let (status, page) = shop.follow(&shop.link(&changed)).await;
        assert!(
            status == 400 && page.contains("signature does not match"),
            "{name}: {page}"
        );
    }
    let mut added = genuine.clone();
    added.insert("language", "en".into());
    let (_, page) = shop.follow(&shop.link(&added)).await;
    assert!(page.contains("signature does not match"), "{page}");
    assert!(stand_in.intents().is_empty());

    let mut unsigned = genuine.clone();
    unsigned.insert("email", "ada@example.com".into());
    assert_eq!(shop.follow(&shop.link(&unsigned)).await.0, 200);
}

#[tokio::test]
async fn an_unencoded_plus_is_a_space_and_breaks_the_signature() {
    let (_stand_in, shop) = start().await;
    let mut params = shop.params("o-1");
    params.insert("name", "one + one".into());
    let link = shop.link(&shop.sign(params));
    assert_eq!(shop.follow(&link.replace("%2B", "+")).await.0, 400);
    assert_eq!(shop.follow(&link).await.0, 200);
    assert_eq!(shop.follow(&link.replace('+', "%20")).await.0, 200);
}

#[tokio::test]
async fn what_is_rightly_signed_must_be_right_too() {
    let (stand_in, shop) = start().await;
    let now: i64 = shop.params("o-1")["timestamp"].parse().unwrap();
    let (old, ahead) = ((now - 3_700_000).to_string(), (now + 400_000).to_string());
    for (name, value, why) in [
        ("appId", "another", "appId is not known"),
        ("timestamp", "1675417608", "timestamp is not milliseconds"),
        ("timestamp", &old, "timestamp is too far"),
        ("timestamp", &ahead, "timestamp is too far"),
        ("timeout", "1675394255000", "timeout has passed"),
        ("timeout", "soon", "timeout is not milliseconds"),
        ("type", "MINT", "type is not MARKET"),
        ("fiat", "usd", "fiat is not a code"),
        ("amount", "5.001", "amount is not"),
        ("amount", "0.00", "amount is not"),
        ("callbackUrl", "javascript:alert(1)", "callbackUrl is not"),
        ("redirectUrl", "/thanks", "redirectUrl is not"),
        ("picture", "bagel.png", "picture is not"),
        ("uniqueId", "", "uniqueId is missing"),
        ("message", "hi", "message is no parameter"),
    ] {
        let mut params = shop.params("o-1");
        params.insert(name, value.to_owned());
        let (status, page) = shop.follow(&shop.link(&shop.sign(params))).await;
        assert!(
            status == 400 && page.contains(why),
            "{name}={value}: {page}"
        );
    }
    let twice = format!("{}&fiat=USD", shop.link(&shop.sign(shop.params("o-1"))));
    assert!(shop.follow(&twice).await.1.contains("fiat is there twice"));
    assert!(stand_in.intents().is_empty());
    assert_eq!(stand_in.calls().refused, 16);
}

#[tokio::test]
async fn a_number_is_good_for_one_order() {
    let (stand_in, shop) = start().await;
    shop.order("o-1").await;
    let mut dearer = shop.params("o-1");
    dearer.insert("amount", "6.00".into());
    let (status, page) = shop.follow(&shop.link(&shop.sign(dearer))).await;
    assert!(
        status == 400 && page.contains("merchantOrderNo was used"),
        "{page}"
    );
    assert_eq!(stand_in.intents().len(), 1);
}

#[tokio::test]
async fn an_open_page_can_be_loaded_again_after_its_time() {
    let (stand_in, shop) = start().await;
    let [first, second] = ["o-1", "o-2"].map(|order| shop.link(&shop.sign(shop.params(order))));
    assert_eq!(shop.follow(&first).await.0, 200);
    stand_in.set_clock_skew(1000);
    assert_eq!(shop.follow(&first).await.0, 200);
    let (status, page) = shop.follow(&second).await;
    assert!(
        status == 400 && page.contains("timeout has passed"),
        "{page}"
    );
}
