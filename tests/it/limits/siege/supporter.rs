//! An honest supporter: the page, a card and a coin, and how long each took.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use stand_in::{Action, StandIn};
use tokio::time::sleep;

use crate::support::measured::figure;
use crate::support::provider_kind::{self, ProviderKind};

/// An address that no attacker has.
const HOME: Ipv4Addr = Ipv4Addr::new(127, 0, 9, 9);
/// How often the donation's page asks.
const BETWEEN_POLLS: Duration = Duration::from_millis(500);

pub(super) struct Supporter {
    stand_in: StandIn,
    entrance: String,
    http: Client,
    times: Mutex<BTreeMap<&'static str, Vec<Duration>>>,
}

impl Supporter {
    pub(super) fn new(stand_in: StandIn, entrance: &str) -> Self {
        Self {
            stand_in,
            entrance: format!("http://{entrance}"),
            http: crate::support::wire::stranger_at(HOME.into()),
            times: Mutex::default(),
        }
    }

    /// Opens the page, pays once by card and once where the webhook is lost.
    pub(super) async fn give(&self) {
        let page = self.http.get(&self.entrance);
        self.timed("page", page).await;
        self.pay_by_card().await;
        self.pay_unheard().await;
    }

    /// The first gift takes longest, in peace as well: what is made when it is
    /// first needed is made for it.
    pub(super) async fn give_first(&self) {
        self.give().await;
        self.times.lock().unwrap().clear();
    }

    async fn pay_by_card(&self) {
        let (_, order) = self.checkout(ProviderKind::AlchemyPay).await;
        let pay = self.stand_in.act(&order, Action::PayLost);
        pay.await.unwrap();
        let webhook = self.stand_in.signed_webhook(&order).unwrap();
        let path = provider_kind::path(webhook.provider());
        let mut request = self.http.post(format!("{}{path}", self.entrance));
        for (name, value) in &webhook.headers {
            request = request.header(*name, value);
        }
        // 200 is said after the payment is confirmed.
        self.timed("webhook", request.body(webhook.body)).await;
    }

    async fn pay_unheard(&self) {
        let (id, intent) = self.checkout(ProviderKind::Allscale).await;
        let pay = self.stand_in.act(&intent, Action::PayLost);
        pay.await.unwrap();
        let begun = Instant::now();
        loop {
            let poll = format!("{}/api/status?intent_id={id}", self.entrance);
            let answer = self.timed("poll", self.http.get(poll)).await;
            if answer["name"] == "CONFIRMED" {
                break;
            }
            sleep(BETWEEN_POLLS).await;
        }
        self.note("shown", begun);
    }

    /// The donation's id, and the provider's.
    async fn checkout(&self, by: ProviderKind) -> (String, String) {
        let request = self.http.post(format!("{}/api/checkout", self.entrance));
        let request = request.header("content-type", "application/json");
        let body = json!({"amount": 5, "provider": by.name()}).to_string();
        let answer = self.timed("checkout", request.body(body)).await;
        let text = |field: &str| answer[field].as_str().unwrap().to_owned();
        if by == ProviderKind::AlchemyPay {
            let link = self.http.get(text("checkout_url")).send();
            assert_eq!(link.await.unwrap().status(), 200);
        }
        let intents = self.stand_in.intents.all();
        let id = text("intent_id");
        let mut mine = intents.into_iter();
        let mine = mine.find(|intent| intent.order_id.as_deref() == Some(&id));
        (id, mine.unwrap().id)
    }

    /// Sends a request that has to be answered with 200.
    async fn timed(&self, what: &'static str, request: RequestBuilder) -> Value {
        let begun = Instant::now();
        let answer = request.send().await;
        let answer = answer.expect(what);
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, 200, "{what}: {text:.300}");
        self.note(what, begun);
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn note(&self, what: &'static str, begun: Instant) {
        let mut times = self.times.lock().unwrap();
        times.entry(what).or_default().push(begun.elapsed());
    }

    /// The longest time that each thing took.
    pub(super) fn longest(&self) -> String {
        let times = self.times.lock().unwrap();
        let longest = times.iter().map(|(what, times)| {
            let longest = times.iter().max().unwrap();
            format!("{what} within {longest:.0?}")
        });
        longest.collect::<Vec<_>>().join(", ")
    }

    /// Fails unless 19 of 20 took no longer than they may. The usual run is short
    /// and shares its processors with other tests.
    pub(super) fn assert_quick(&self, name: &str) {
        let second = figure(Duration::from_secs(5), Duration::from_secs(1));
        let mut times = self.times.lock().unwrap();
        for (what, times) in times.iter_mut() {
            let most = if *what == "shown" {
                Duration::from_secs(10)
            } else {
                second
            };
            times.sort_unstable();
            let p95 = times[times.len() * 95 / 100];
            assert!(p95 < most, "{name}: {what} took {p95:?}");
        }
    }
}
