//! What each target is told: the donation, in words nobody can bend.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use stand_in::{Action, Call, Fault, FaultKind};

use super::receiver::Heard;
use super::{Everyone, SIGNING_SECRET};
use crate::support::test_app::TestApp;
use crate::support::visits::Given;

const HOSTILE: &str =
    "@everyone <!channel> <b>&amp;</b> *_~`|\n\n# [x](https://y.example) #tag $ETH 🥯";

async fn told(app: &TestApp, name: &str, message: &str) -> Given {
    let body = json!({"amount": "5.25", "name": name, "message": message});
    let given = app.donate_with(&body).await;
    app.press(&given, Action::Pay).await;
    app.tell_everyone().await;
    given
}

fn text(heard: &Heard, path: &str) -> String {
    heard
        .json()
        .pointer(path)
        .and_then(Value::as_str)
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn everybody_is_told_who_gave_what() {
    let everyone = Everyone::open().await;
    let app = everyone.app().await;
    told(&app, "Zoë", "one\ntwo").await;
    let headline = "Zoë gave 5.25 USD";
    let body = "> one\n> two\nPaid through Allscale.";

    let webhook = everyone.webhook.only();
    assert_eq!(webhook.target, "/hook");
    let data = &webhook.json()["data"];
    assert_eq!(data["amount"], "5.25");
    assert_eq!(
        (&data["currency"], &data["name"]),
        (&json!("USD"), &json!("Zoë"))
    );
    assert_eq!(
        (&data["message"], &data["provider"]),
        (&json!("one\ntwo"), &json!("allscale"))
    );

    let discord = everyone.discord.only();
    assert_eq!(discord.target, "/hook?thread_id=7&wait=true");
    let escaped = "**Zoë gave 5\\.25 USD**\n> one\n> two\nPaid through Allscale\\.";
    assert_eq!(text(&discord, "/content"), escaped);

    let slack = everyone.slack.only();
    assert_eq!(text(&slack, "/text"), headline);
    let quoted = format!("{headline}\n{}", body.replace('>', "&gt;"));
    assert_eq!(text(&slack, "/blocks/0/text/text"), quoted);

    let ntfy = everyone.ntfy.only();
    assert_eq!(
        (ntfy.target.as_str(), text(&ntfy, "/topic")),
        ("/", "topic".into())
    );
    assert_eq!(
        (text(&ntfy, "/title"), text(&ntfy, "/message")),
        (headline.into(), body.into())
    );
    assert_eq!(ntfy.headers["authorization"], "Bearer tk_CANARY");

    let telegram = everyone.telegram.only();
    assert_eq!(telegram.target, "/bot1:CANARY/sendMessage");
    assert_eq!(text(&telegram, "/chat_id"), "-1001");
    assert_eq!(text(&telegram, "/text"), format!("{headline}\n{body}"));

    let mails = everyone.mail.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].field("Subject"), headline);
    assert_eq!(mails[0].body, format!("{headline}\n\n{body}\n"));
}

#[tokio::test]
async fn a_webhook_is_signed_over_what_was_sent() {
    let everyone = Everyone::open().await;
    let app = everyone.app().await;
    told(&app, "Ada", HOSTILE).await;
    let heard = everyone.webhook.only();
    let header = |name: &str| heard.headers[name].to_str().unwrap().to_owned();
    let now = app.state.clock.now().seconds().to_string();
    assert_eq!(header("webhook-timestamp"), now);
    let signed = format!("{}.{now}.{}", header("webhook-id"), heard.body);
    let key = BASE64_STANDARD
        .decode(&SIGNING_SECRET["whsec_".len()..])
        .unwrap();
    let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    let tag = mac.chain_update(signed).finalize().into_bytes();
    let signature = format!("v1,{}", BASE64_STANDARD.encode(tag));
    assert_eq!(header("webhook-signature"), signature);
    assert_eq!(heard.json()["type"], "donation.confirmed");
    assert_eq!(heard.json()["data"]["message"], HOSTILE);
}

#[tokio::test]
async fn what_a_supporter_wrote_is_text_and_nothing_else() {
    let everyone = Everyone::open().await;
    let app = everyone.app().await;
    told(&app, "@everyone <!here> *x*", HOSTILE).await;

    let discord = everyone.discord.only();
    assert_eq!(discord.json()["allowed_mentions"], json!({"parse": []}));
    assert_eq!(discord.json()["flags"], 4, "shows previews of links");
    let content = text(&discord, "/content");
    for markup in [
        "@everyone",
        "<!",
        "<b>",
        "*_",
        "[x]",
        "](",
        "https:",
        "\n#",
        "\n\n",
    ] {
        let inner = content.trim_matches('*').replace("\\\\", "");
        let unescaped = inner
            .match_indices(markup)
            .find(|(at, _)| !inner[..*at].ends_with('\\'));
        assert_eq!(unescaped, None, "{content}");
    }

    let slack = everyone.slack.only();
    let shown = [text(&slack, "/text"), text(&slack, "/blocks/0/text/text")].concat();
    assert!(
        !shown.contains(['<', '>']) && shown.contains("&amp;amp;"),
        "{shown}"
    );
    assert_eq!(text(&slack, "/blocks/0/text/type"), "plain_text");
    assert_eq!(slack.json()["mrkdwn"], false);

    let telegram = everyone.telegram.only();
    assert!(telegram.json().get("parse_mode").is_none());
    let shown = text(&telegram, "/text");
    for link in ["@everyone", "https://", "y.example", "#tag", "$ETH"] {
        assert!(!shown.contains(link), "{link} in {shown}");
    }

    let mail = &everyone.mail.mails()[0];
    assert_eq!(mail.field("Subject"), "@everyone <!here> *x* gave 5.25 USD");
    assert_eq!(mail.field("To"), "\"Ada Lovelace\" <ada@example.com>");
    for (name, heard) in everyone.over_http() {
        assert!(heard.only().body.contains('🥯'), "{name}");
    }
    assert!(mail.body.contains('🥯'));
}

#[tokio::test]
async fn the_longest_message_arrives_whole() {
    let everyone = Everyone::open().await;
    let app = everyone.app().await;
    let longest = "🥯".repeat(280);
    told(&app, &"ö".repeat(50), &longest).await;
    for (name, heard) in everyone.over_http() {
        assert!(heard.only().body.contains(&longest), "{name}");
    }
    let mail = &everyone.mail.mails()[0];
    assert!(mail.body.contains(&longest));
    assert!(
        mail.raw.lines().all(|line| line.len() <= 998),
        "{}",
        mail.raw
    );
}

#[tokio::test]
async fn a_payment_for_review_asks_for_a_decision() {
    let everyone = Everyone::open().await;
    let app = everyone.app().await;
    let given = app.donate().await;
    let webhook = app.webhook_of(&given).set("amount_cents", 499).sign();
    assert_eq!(app.deliver(&webhook).await, 200);
    app.tell_everyone().await;
    let told = everyone.webhook.only().json();
    assert_eq!(told["type"], "donation.review");
    let reason = "amount 4.99 USD, asked 5.00 USD";
    assert_eq!(told["data"]["review_reason"], reason);
    let ntfy = everyone.ntfy.only();
    assert_eq!(
        text(&ntfy, "/title"),
        "A payment of 5.00 USD by Ada needs your decision"
    );
    let message = text(&ntfy, "/message");
    assert!(message.contains(reason), "{message}");
    assert!(
        message.contains("bagel donations list --status REVIEW"),
        "{message}"
    );
    assert_eq!(ntfy.json()["priority"], 4);
}

#[tokio::test]
async fn no_donations_id_and_no_link_to_a_stand_ins_payment_is_told() {
    let everyone = Everyone::open().await;
    let app = everyone.app().await;
    let first = told(&app, "Ada", "Thank you").await;
    let crossed = app.donate().await;
    let webhook = app
        .webhook_of(&crossed)
        .set("order_id", first.id.to_string());
    assert_eq!(app.deliver(&webhook.sign()).await, 200);
    app.tell_everyone().await;
    let mails = everyone
        .mail
        .mails()
        .into_iter()
        .map(|mail| mail.raw + &mail.body);
    let heard = everyone
        .over_http()
        .into_iter()
        .flat_map(|(_, at)| at.heard());
    let all: Vec<_> = heard
        .map(|heard| format!("{heard:?}"))
        .chain(mails)
        .collect();
    assert_eq!(all.len(), 12);
    for id in [first.id, crossed.id].map(|id| id.to_string()) {
        let bare = id.replace('-', "");
        let told = all
            .iter()
            .find(|text| text.contains(&id) || text.contains(&bare));
        assert_eq!(told, None);
    }
    assert!(!all.concat().contains("/tx/"));
    let transaction = &everyone.webhook.heard()[0].json()["data"]["transaction"];
    assert!(
        transaction["hash"].is_string() && transaction["url"].is_null(),
        "{transaction}"
    );
}

#[tokio::test]
async fn a_payment_that_fell_short_is_told_with_what_came() {
    let everyone = Everyone::open().await;
    let app = everyone.app().await;
    let given = app
        .donate_with(&json!({"amount": "5", "name": "Zoë"}))
        .await;
    app.press(&given, Action::Underpay).await;
    let came = FaultKind::Field("actual_paid_amount".to_owned(), json!("4.9000"));
    app.stand_in
        .faults
        .inject(Fault::always(Call::Intent, came));
    app.poll(given.id).await;
    app.tell_everyone().await;
    let webhook = everyone.webhook.only().json();
    assert_eq!(webhook["type"], "donation.underpaid");
    assert_eq!(webhook["data"]["arrived"], "4.9000 USDT");
    assert_eq!(webhook["data"]["amount"], "5.00");
    let slack = text(&everyone.slack.only(), "/blocks/0/text/text");
    let told =
        "A payment of 5.00 USD by Zoë fell short\nPaid through Allscale: 4.9000 USDT arrived";
    assert!(slack.starts_with(told), "{slack}");
}
