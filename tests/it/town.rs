//! Supporters, payers and the provider around a program that is killed again
//! and again: nobody gives up, and all that was answered with 200 is noted.

use std::collections::HashSet;
use std::path::Path;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bagel::stand_in::{Action, Options, StandIn};
use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::dice::Dice;
use crate::program::free_port;

const BREATH: Duration = Duration::from_millis(5);

/// The provider, the address of the page, and all that was answered with 200.
pub(crate) struct Town {
    pub(crate) stand_in: StandIn,
    page: String,
    http: reqwest::Client,
    /// Nobody begins anything any more.
    pub(crate) over: AtomicBool,
    pub(crate) checkouts: Mutex<HashSet<String>>,
    pub(crate) webhooks: Mutex<HashSet<String>>,
}

impl Town {
    pub(crate) async fn new() -> Arc<Self> {
        let page = format!("http://127.0.0.1:{}", free_port());
        let stand_in = StandIn::start(Options {
            webhook_url: Some(format!("{page}/webhooks/allscale").parse().unwrap()),
            step: Duration::ZERO,
            ..Options::default()
        });
        Arc::new(Self {
            stand_in: stand_in.await.unwrap(),
            page,
            http: bagel::provider::loopback_client().unwrap(),
            over: AtomicBool::new(false),
            checkouts: Mutex::default(),
            webhooks: Mutex::default(),
        })
    }

    /// Starts the program on this ledger; dropping it kills it.
    pub(crate) fn start(&self, ledger: &Path) -> Child {
        Command::new(env!("CARGO_BIN_EXE_bagel"))
            .env_clear()
            .env("ALLSCALE_BASE_URL", self.stand_in.base_url())
            .env("ALLSCALE_API_KEY", self.stand_in.api_key())
            .env("ALLSCALE_API_SECRET", self.stand_in.api_secret())
            .env("DATABASE_URL", format!("sqlite://{}", ledger.display()))
            .env("BAGEL_BIND", self.page.strip_prefix("http://").unwrap())
            .env("BAGEL_CHECKOUT_PER_MINUTE", "6000")
            .env("BAGEL_RECONCILE_SECONDS", "1")
            .current_dir(ledger.parent().unwrap())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    /// Waits until the page answers; gives the time it took.
    pub(crate) async fn ready(&self) -> Duration {
        let started = Instant::now();
        let address = format!("{}/healthz", self.page);
        while self.http.get(&address).send().await.is_err() {
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "it does not start"
            );
            sleep(BREATH).await;
        }
        started.elapsed()
    }

    /// Somebody who opens one checkout after the other.
    pub(crate) async fn give(self: Arc<Self>) {
        while !self.over.load(SeqCst) {
            let request = self.http.post(format!("{}/api/checkout", self.page));
            let request = request.header("content-type", "application/json");
            let body = json!({"amount": 5, "message": "for the bagels"}).to_string();
            if let Some(id) = answered_id(request.body(body)).await {
                self.checkouts.lock().unwrap().insert(id);
            } else {
                sleep(BREATH).await;
            }
        }
    }

    /// Pays most of what was asked for, whoever heard the answer, and delivers
    /// each webhook one to three times until as many were answered with 200.
    pub(crate) async fn pay(self: Arc<Self>) {
        let (mut dice, mut seen, mut senders) = (Dice(7), 0, JoinSet::new());
        loop {
            let last = self.over.load(SeqCst);
            let intents = self.stand_in.intents();
            for intent in &intents[seen..] {
                if dice.roll(4) > 0 {
                    let pay = self.stand_in.act(&intent.id, Action::PayLost);
                    pay.await.unwrap();
                    let town = Arc::clone(&self);
                    senders.spawn(town.deliver(intent.id.clone(), 1 + dice.roll(3)));
                }
            }
            seen = intents.len();
            if last {
                break;
            }
            sleep(BREATH * 4).await;
        }
        senders.join_all().await;
    }

    async fn deliver(self: Arc<Self>, intent: String, mut times: usize) {
        while times > 0 {
            let webhook = self.stand_in.signed_webhook(&intent).unwrap();
            if self.stand_in.send(&webhook).await == Some(200) {
                let id = webhook.webhook_id().to_owned();
                self.webhooks.lock().unwrap().insert(id);
                times -= 1;
            } else {
                sleep(BREATH).await;
            }
        }
    }
}

/// The donation's id when a checkout was answered with 200, and wholly.
async fn answered_id(request: reqwest::RequestBuilder) -> Option<String> {
    let answer = request.send().await.ok()?;
    let answer = answer.error_for_status().ok()?.text().await.ok()?;
    let answer: Value = serde_json::from_str(&answer).ok()?;
    Some(answer["intent_id"].as_str()?.to_owned())
}
