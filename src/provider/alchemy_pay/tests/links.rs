//! Links: what they say, how they are encoded, and what never gets into them.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::supporter::{Message, SupporterName};

const THANKS: &str = "https://bagel.example/tips/thanks/1";

async fn open(provider: &AlchemyPay, donation: &NewDonation) -> Url {
    let opened = provider.open(donation, Some(THANKS)).await.unwrap();
    assert_eq!(opened.intent.as_str(), donation.id.to_string());
    opened.checkout_url.parse().unwrap()
}

/// What the hosted page reads in a link.
fn read(link: &Url) -> BTreeMap<String, String> {
    link.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn a_link_says_what_is_sold_to_whom_and_until_when() {
    let donation = donation(Currency::Eur);
    let link = open(&uncalled(), &donation).await;
    let (mut told, id) = (read(&link), donation.id.to_string());
    assert_eq!(
        &link[..url::Position::AfterPath],
        "https://checkout.example/"
    );
    let nonce = told.remove("nonce").unwrap();
    assert!(nonce.bytes().all(|byte| byte.is_ascii_digit()) && nonce != "0");
    assert!(told.remove("signature").is_some());
    let expected = [
        ("amount", "5.00"),
        ("appId", APP_ID),
        (
            "callbackUrl",
            "https://bagel.example/tips/webhooks/alchemy-pay",
        ),
        ("fiat", "EUR"),
        ("merchantName", "Ada"),
        ("merchantOrderNo", &id),
        ("name", "Buy Ada a bagel"),
        ("picture", "https://bagel.example/tips/bagel.png"),
        ("redirectUrl", THANKS),
        ("targetFiat", "EUR"),
        ("timeout", "1763777700123"),
        ("timestamp", "1763776800123"),
        ("type", "MARKET"),
        ("uniqueId", &id),
    ];
    assert_eq!(
        told,
        expected
            .map(|(name, text)| (name.into(), text.into()))
            .into()
    );
}

#[tokio::test]
async fn yen_are_asked_for_without_decimals() {
    let mut donation = donation(Currency::Jpy);
    donation.request.asked.cents = Cents(70_000);
    assert_eq!(read(&open(&uncalled(), &donation).await)["amount"], "700");
}

#[tokio::test]
async fn nothing_a_supporter_wrote_is_in_a_link() {
    let mut donation = donation(Currency::Usd);
    donation.request.name = SupporterName::parse("CANARY&status=PAY_SUCCESS&t=").unwrap();
    donation.request.message = Message::parse("CANARY").unwrap();
    let link = open(&uncalled(), &donation).await;
    assert!(!link.as_str().contains("CANARY") && !link.as_str().contains("status"));
}

#[tokio::test]
async fn a_link_leads_where_money_is_safe_or_nowhere() {
    let settings = |checkout: &str, api: &str| Settings {
        checkout_url: BaseUrl::parse(checkout).unwrap(),
        ..settings(BaseUrl::parse(api).unwrap())
    };
    let here = settings("http://localhost:8081/card", "http://localhost:8081");
    let link = open(&provider(here), &donation(Currency::Usd)).await;
    assert!(
        link.as_str()
            .starts_with("http://localhost:8081/card?amount=5.00&")
    );
    let mixed = settings("http://localhost:8081", "https://api.example");
    let outcome = provider(mixed).open(&donation(Currency::Usd), None).await;
    assert!(
        matches!(outcome, Err(ProviderError::UnsafeCheckout(_))),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_signed_or_paid_by_card_is_refused() {
    let outcome = uncalled().open(&donation(Currency::Usdt), None).await;
    assert!(
        matches!(outcome, Err(ProviderError::Refused(_))),
        "{outcome:?}"
    );
    for merchant in ["Ada & Grace", "a=b"] {
        let mut settings = settings(BaseUrl::parse("https://api.example").unwrap());
        settings.merchant = merchant.to_owned();
        let outcome = provider(settings)
            .open(&donation(Currency::Usd), None)
            .await;
        assert!(
            matches!(outcome, Err(ProviderError::Refused(_))),
            "{outcome:?}"
        );
    }
}

/// A name of the kinds that encodings stumble over.
fn merchant() -> impl Strategy<Value = String> {
    prop_oneof![
        "[^&=\\x00-\\x1f\\x7f]{1,40}",
        "[ +%~*'\"#?/;:@2B0é🥯さ\u{202e}\u{301}]{1,40}",
    ]
}

proptest! {
    #[test]
    fn every_text_survives_signing_and_encoding(merchant in merchant()) {
        let mut partner = uncalled();
        partner.merchant.clone_from(&merchant);
        let terms = partner.terms(&donation(Currency::Usd), None);
        let link = partner.signed(&terms);
        let query = link.query().unwrap();
        // With no + left, every decoder reads the same.
        prop_assert!(query.is_ascii() && !query.contains(['+', ' ']));
        let mut told = Parameters::from_iter(read(&link));
        let signature = told.take("signature").unwrap();
        prop_assert_eq!(told.get("merchantName"), Some(&*merchant));
        prop_assert_eq!(&told, &terms);
        prop_assert!(secret().verifies(&told, &signature));
    }
}
