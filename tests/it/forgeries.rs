//! Forged webhooks: thousands of alterations, none believed, each peer tired
//! of after a minute's worth, and none of it in the way of a genuine one.

use bagel::stand_in::SignedWebhook;
use bagel::status::Status;

use crate::dice::Dice;
use crate::house::{House, Plan};

const PATH: &str = "/webhooks/allscale";
const ALTERATIONS: u32 = 5_000;
const SIGNED: [&str; 5] = [
    "x-api-key",
    "x-webhook-id",
    "x-webhook-timestamp",
    "x-webhook-nonce",
    "x-webhook-signature",
];

/// Another visible character.
fn other_than(byte: u8, dice: &mut Dice) -> u8 {
    loop {
        let other = u8::try_from(33 + dice.roll(94)).unwrap();
        if other != byte {
            return other;
        }
    }
}

/// The same webhook with one thing changed.
fn altered(genuine: &SignedWebhook, dice: &mut Dice) -> SignedWebhook {
    let name = SIGNED[dice.roll(SIGNED.len())];
    let mut value = genuine.header(name).as_bytes().to_vec();
    let place = dice.roll(value.len());
    match dice.roll(6) {
        0 => {
            let mut body = genuine.body.clone();
            let place = dice.roll(body.len());
            body[place] ^= 1 << dice.roll(8);
            return genuine.clone().with_body(body);
        }
        1 => {
            let length = dice.roll(genuine.body.len());
            return genuine.clone().with_body(&genuine.body[..length]);
        }
        2 => {
            let mut twice = genuine.clone();
            twice.headers.push((name, genuine.header(name).to_owned()));
            return twice;
        }
        3 => value.truncate(place),
        4 => value.insert(place, other_than(b' ', dice)),
        _ => value[place] = other_than(value[place], dice),
    }
    let value = String::from_utf8(value).unwrap();
    genuine.clone().with_header(name, &value)
}

#[tokio::test]
async fn no_alteration_of_a_genuine_webhook_is_believed() {
    // Each forgery comes from an address of its own, so that none is limited.
    let house = House::build(Plan::with(|config| {
        config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    }))
    .await;
    let given = house.donate_and_pay_unheard().await;
    let genuine = house.webhook_of(&given).sign();
    let mut dice = Dice(1);
    let mut answers = std::collections::BTreeMap::new();
    for number in 0..ALTERATIONS {
        let from = std::net::Ipv4Addr::from(0x0a00_0000 + number).to_string();
        let mut forged = altered(&genuine, &mut dice);
        forged.headers.push(("x-forwarded-for", from));
        let answer = house.post_webhook(PATH, &forged).await;
        *answers.entry(answer).or_insert(0) += 1;
    }
    println!("{ALTERATIONS} alterations: {answers:#?}");
    let refused = |word: &str| {
        let body = format!(r#"{{"code":"not_authentic","error":"This webhook is {word}."}}"#);
        (401, body)
    };
    let expected = [refused("not authentic"), refused("stale")];
    assert!(answers.keys().all(|answer| expected.contains(answer)));
    assert_eq!(house.status(given.id).await, Status::Created);
    assert_eq!(house.deliver(&genuine).await, 200, "the original still is");
}

#[tokio::test]
async fn a_forger_hears_429_after_sixty_and_a_genuine_webhook_never_does() {
    let house = House::open().await;
    let given = house.donate_and_pay_unheard().await;
    let genuine = house.webhook_of(&given).sign();
    let forged = genuine
        .clone()
        .with_header("x-webhook-signature", "v1=AAAA");
    let mut answers = Vec::new();
    for _ in 0..80 {
        answers.push(house.deliver(&forged).await);
    }
    assert!(
        answers[..60].iter().all(|status| *status == 401),
        "{answers:?}"
    );
    let limited = answers[60..].iter().filter(|status| **status == 429);
    assert!(limited.count() >= 15, "{answers:?}");
    for _ in 0..80 {
        assert_eq!(house.deliver(&genuine).await, 200);
    }
    assert_eq!(house.deliver(&house.webhook_of(&given).sign()).await, 200);
    assert_eq!(house.counted().await, (1, 500));
}
