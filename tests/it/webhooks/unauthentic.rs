//! What is not authentic is refused, whatever is wrong with it, with one and
//! the same answer.

use bagel::provider::allscale::signature::{RequestParts, SigningKey};
use bagel::status::Status;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stand_in::SignedWebhook;

use crate::support::test_app::TestApp;
use crate::support::visits::Given;

const PATH: &str = "/webhooks/allscale";

/// What the genuine webhook of `given` becomes in wrong hands, each with its name.
fn unauthentic(app: &TestApp, given: &Given) -> Vec<(&'static str, SignedWebhook)> {
    let draft = || app.webhook_of(given);
    let genuine = draft().sign();
    let signature = genuine.header("x-webhook-signature").to_owned();
    let raw = STANDARD.decode(&signature[3..]).unwrap();
    let hex = raw.iter().map(|byte| format!("{byte:02x}"));
    let hex = hex.collect::<Vec<_>>().concat();
    let signed = |value: &str| genuine.clone().with_header("x-webhook-signature", value);
    let (key, secret) = (app.stand_in.allscale.key(), app.stand_in.allscale.secret());
    let mut doubled = genuine.clone();
    doubled
        .headers
        .push(("x-webhook-nonce", genuine.header("x-webhook-nonce").into()));
    let mut altered = genuine.body.clone();
    altered[10] ^= 1;
    let long = "w".repeat(129);
    vec![
        (
            "another store's key",
            draft().credentials("st_other", secret).sign(),
        ),
        (
            "another secret",
            draft().credentials(key, "st_other").sign(),
        ),
        ("no signature", without(&genuine, "x-webhook-signature")),
        ("no key", without(&genuine, "x-api-key")),
        ("no id", without(&genuine, "x-webhook-id")),
        ("no time", without(&genuine, "x-webhook-timestamp")),
        ("no nonce", without(&genuine, "x-webhook-nonce")),
        ("an empty signature", signed("")),
        ("an empty signature of v1", signed("v1=")),
        (
            "a truncated signature",
            signed(&format!("v1={}", STANDARD.encode(&raw[..16]))),
        ),
        (
            "one byte of a signature",
            signed(&format!("v1={}", STANDARD.encode(&raw[..1]))),
        ),
        ("a signature in hex", signed(&format!("v1={hex}"))),
        ("a signature of no version", signed(&signature[3..])),
        (
            "a signature of another version",
            signed(&signature.replace("v1", "v2")),
        ),
        (
            "a request's signature",
            signed(&request_signature(app, &genuine)),
        ),
        ("a header twice", doubled),
        ("an endless id", draft().webhook_id(&long).sign()),
        ("an endless nonce", draft().nonce(&long).sign()),
        ("an altered body", genuine.clone().with_body(altered)),
        ("an empty body", genuine.clone().with_body("")),
        (
            "another id",
            genuine.clone().with_header("x-webhook-id", "whk_other"),
        ),
        (
            "another nonce",
            genuine.clone().with_header("x-webhook-nonce", "other"),
        ),
        ("another path", draft().target("/webhooks/other", "").sign()),
        ("another query", draft().target(PATH, "a=1").sign()),
    ]
}

fn without(webhook: &SignedWebhook, name: &str) -> SignedWebhook {
    let mut bare = webhook.clone();
    bare.headers.retain(|(candidate, _)| *candidate != name);
    bare
}

fn request_signature(app: &TestApp, webhook: &SignedWebhook) -> String {
    let parts = RequestParts {
        method: "POST",
        path: PATH,
        query: "",
        timestamp: webhook.header("x-webhook-timestamp"),
        nonce: webhook.header("x-webhook-nonce"),
        body: &webhook.body,
    };
    SigningKey::new(app.stand_in.allscale.secret().into()).sign(&parts.canonical())
}

#[tokio::test]
async fn what_is_not_authentic_is_401_with_one_answer_and_leaves_no_trace() {
    let app = TestApp::open().await;
    let given = app.donate_and_pay_unheard().await;
    let refused = r#"{"code":"not_authentic","error":"This webhook is not authentic."}"#;
    for (name, webhook) in unauthentic(&app, &given) {
        let answer = app.post_webhook(PATH, &webhook).await;
        assert_eq!(answer, (401, refused.to_owned()), "{name}");
    }
    assert_eq!(app.status(given.id).await, Status::Created);
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhooks").await, 0);
    assert_eq!(app.figure("SELECT COUNT(*) FROM webhook_nonces").await, 0);
    let genuine = app.webhook_of(&given).sign();
    assert_eq!(app.deliver(&genuine).await, 200);
    assert_eq!(app.counted().await, (1, 500));
}
