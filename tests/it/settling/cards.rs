//! Alchemy Pay on the wire: our links, calls and verification against the
//! stand-in's own, which were written from the protocol alone.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use bagel::clock::Clock;
use bagel::donation::{DonationId, NewDonation, Request};
use bagel::money::{Cents, Currency, Money};
use bagel::outward::{PublicUrl, loopback_client};
use bagel::provider::alchemy_pay::{AlchemyPay, NAME, Settings};
use bagel::provider::{Event, Finding, Provider, ProviderError, Trust, Webhook, WebhookRefusal};
use bagel::report::Charged;
use bagel::status::Status;
use reqwest::{Method, Url};
use serde_json::json;
use stand_in::{Action, SignedWebhook, StandIn};

use crate::support::accounts::{cards, config, stand_in};
use crate::support::provider_kind::ProviderKind;
use crate::support::test_app::{Setup, TestApp};
use crate::support::visits::json_of;

const NAMES: [&str; 4] = [
    "Ada",
    "é + ü 100%41 %2B",
    "さようなら 🥯\u{301}",
    "a/b?c#d'\"<e>",
];

fn partner(stand_in: &StandIn, merchant: &str, secret: &str) -> AlchemyPay {
    let mut config = config(stand_in, Currency::Usd, false);
    config.public_url = Some(PublicUrl::parse("http://127.0.0.1:9/tips").unwrap());
    let settings = Settings {
        app_secret: secret.into(),
        merchant: merchant.to_owned(),
        ..cards(stand_in, &config)
    };
    AlchemyPay::new(settings, Clock::System, loopback_client().unwrap())
}

fn ours(stand_in: &StandIn, merchant: &str) -> AlchemyPay {
    partner(stand_in, merchant, stand_in.alchemy_pay.secret())
}

fn donation(cents: i64, currency: Currency) -> NewDonation {
    NewDonation {
        id: DonationId::random(),
        created_at: Clock::System.now(),
        request: Request::anonymous(Money {
            cents: Cents(cents),
            currency,
        }),
        provider: NAME,
    }
}

/// Opens the link of a donation as a supporter does; whether it is taken.
async fn visit(partner: &AlchemyPay, donation: &NewDonation) -> bool {
    let opened = partner.open(donation, None).await.unwrap();
    let page = loopback_client().unwrap().get(opened.checkout_url);
    page.send().await.unwrap().status().is_success()
}

fn judge(partner: &AlchemyPay, webhook: &SignedWebhook) -> Result<Event, WebhookRefusal> {
    let webhook = Webhook {
        method: "POST",
        path: "/tips/webhooks/alchemy-pay",
        query: "",
        headers: &HeaderMap::new(),
        body: &webhook.body,
    };
    partner.verify(&webhook, Clock::System.now())
}

#[tokio::test]
async fn a_link_is_taken_whatever_the_creator_is_called() {
    let stand_in = stand_in().await;
    for name in NAMES {
        let donation = donation(525, Currency::Eur);
        assert!(visit(&ours(&stand_in, name), &donation).await, "{name}");
        let orders = stand_in.intents.all();
        let order = orders
            .iter()
            .find(|order| order.order_id == Some(donation.id.to_string()));
        assert_eq!(order.unwrap().request["merchantName"], name);
        let another = partner(&stand_in, name, "another secret");
        assert!(!visit(&another, &donation).await, "{name}");
    }
}

#[tokio::test]
async fn a_payment_is_seen_by_the_query_and_in_every_webhook() {
    let stand_in = stand_in().await;
    let partner = ours(&stand_in, NAMES[1]);
    for (cents, currency) in [
        (500, Currency::Usd),
        (525, Currency::Gbp),
        (70_000, Currency::Jpy),
    ] {
        let donation = donation(cents, currency);
        let (intent, id) = (donation.id.into(), donation.id.to_string());
        let report = partner.look(&intent).await.unwrap();
        assert_eq!(report.status, Status::Created, "not known yet");
        assert!(visit(&partner, &donation).await);
        assert_eq!(partner.look(&intent).await.unwrap().status, Status::Created);
        stand_in.act(&id, Action::Pay).await.unwrap();
        let report = partner.look(&intent).await.unwrap();
        assert_eq!(report.status, Status::Confirmed);
        assert_eq!(report.charged, Charged::Amount(donation.request.asked));
        let draft = stand_in.webhook(&id).unwrap();
        let forms = [
            draft.clone(),
            draft.clone().in_hex(),
            draft.clone().without_empty(),
            draft.clone().in_hex().without_empty(),
        ];
        for webhook in forms.map(stand_in::WebhookDraft::sign) {
            let event = judge(&partner, &webhook).unwrap();
            assert_eq!(
                (event.trust, event.report.order),
                (Trust::MustAsk, Some(donation.id))
            );
            let forged = webhook.with_field("amount", "500");
            assert!(judge(&partner, &forged).is_err());
        }
        assert!(judge(&partner, &draft.credentials(NAMES[1], "another").sign()).is_err());
    }
}

#[tokio::test]
async fn a_paid_order_is_released() {
    let stand_in = stand_in().await;
    let partner = ours(&stand_in, "Ada");
    let donation = donation(500, Currency::Usd);
    let release = || partner.release(donation.id, Clock::System.now());
    assert!(release().await.is_err(), "not known yet");
    assert!(visit(&partner, &donation).await);
    assert!(release().await.is_err(), "not paid yet");
    assert!(stand_in.alchemy_pay.releases().is_empty());
    stand_in
        .act(&donation.id.to_string(), Action::Pay)
        .await
        .unwrap();
    release().await.unwrap();
    let release = &stand_in.alchemy_pay.releases()[0];
    assert_eq!((&*release.status, release.acknowledged), ("SUCCESS", 1));
}

#[tokio::test]
async fn the_doctors_call_tells_a_right_secret_from_a_wrong_one() {
    let stand_in = stand_in().await;
    let findings = ours(&stand_in, "Ada").checkup().await;
    assert!(
        findings.iter().all(|it| matches!(it, Finding::Good(_))),
        "{findings:?}"
    );
    let stranger = partner(&stand_in, "Ada", "another secret");
    let findings = stranger.checkup().await;
    assert!(findings.last().is_some_and(Finding::is_bad), "{findings:?}");
    let look = stranger.look(&DonationId::random().into()).await;
    assert!(matches!(look, Err(ProviderError::Denied(_))), "{look:?}");
    stand_in.set_clock_skew(-600);
    let findings = ours(&stand_in, "Ada").checkup().await;
    assert!(findings.iter().all(Finding::is_bad), "{findings:?}");
    assert!(
        format!("{findings:?}").contains("THIS IS IT"),
        "{findings:?}"
    );
}

/// A link and a webhook are signed with the same key in the same form: of every
/// way to read the link's signed string as a webhook's fields, one is authentic,
/// the link's own, which tells no state.
#[tokio::test]
async fn a_link_of_our_own_making_is_no_webhook() {
    let stand_in = stand_in().await;
    let (partner, donation) = (ours(&stand_in, "Ada"), donation(500, Currency::Usd));
    assert!(visit(&partner, &donation).await);
    let webhook = stand_in.webhook(&donation.id.to_string()).unwrap().sign();
    assert!(judge(&partner, &webhook).is_ok());
    let link = partner.open(&donation, None).await.unwrap().checkout_url;
    let link = Url::parse(&link).unwrap();
    let pairs = link.query_pairs().into_owned();
    let (signature, terms): (Vec<_>, Vec<_>) = pairs.partition(|(name, _)| name == "signature");
    // Each bit says whether a parameter hides in the text of the one before.
    for hidden in 0..1 << (terms.len() - 1) {
        let fields = read_as(&terms, hidden).into_iter().chain(signature.clone());
        let body: BTreeMap<_, _> = fields.collect();
        let forged = webhook.clone().with_body(json!(body).to_string());
        match judge(&partner, &forged) {
            Ok(event) if hidden == 0 => {
                assert_eq!(event.trust, Trust::LikeAPoll);
                assert_eq!(event.report.status, Status::Pending);
            }
            judged => assert_eq!(judged.err(), Some(WebhookRefusal::NotAuthentic), "{body:?}"),
        }
    }
}

fn read_as(terms: &[(String, String)], hidden: u32) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for (place, (name, text)) in terms.iter().enumerate() {
        match fields.last_mut() {
            Some(last) if hidden >> (place - 1) & 1 == 1 => {
                last.1 = format!("{}&{name}={text}", last.1);
            }
            _ => fields.push((name.clone(), text.clone())),
        }
    }
    fields
}

#[tokio::test]
async fn the_addresses_in_a_link_are_served() {
    let app = TestApp::build(Setup {
        by: Some(ProviderKind::AlchemyPay),
        ..Setup::with(|config| {
            config.public_url = Some(PublicUrl::parse("http://localhost/tips").unwrap());
        })
    })
    .await;
    let request = app.http.post(format!("{}/tips/api/checkout", app.url));
    let order = json!({"amount": 5, "provider": NAME}).to_string();
    let request = request.header("content-type", "application/json");
    let answer = json_of(request.body(order).send().await.unwrap()).await;
    let link = Url::parse(answer["checkout_url"].as_str().unwrap()).unwrap();
    let links: BTreeMap<_, _> = link.query_pairs().into_owned().collect();
    for (name, method, status) in [
        // Where webhooks are taken, an unsigned one is refused.
        ("callbackUrl", Method::POST, 401),
        ("picture", Method::GET, 200),
        ("redirectUrl", Method::GET, 200),
    ] {
        let url = links[name].replace("http://localhost", &app.url);
        let answer = app.http.request(method, url).send().await.unwrap();
        assert_eq!(answer.status(), status, "{name}");
    }
}
