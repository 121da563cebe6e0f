//! The house under test: page, ledger and stand-in, all on free ports.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bagel::app::App;
use bagel::budget::Budget;
use bagel::clock::Clock;
use bagel::config::{Config, PublicUrl};
use bagel::donation::{Donation, DonationId};
use bagel::ledger::{Ledger, SqliteLedger};
use bagel::money::Currency;
use bagel::notify::Target;
use bagel::provider::{BaseUrl, allscale};
use bagel::reconcile::{self, Step};
use bagel::server::Server;
use bagel::stand_in::{Action, Options, SignedWebhook, StandIn};
use bagel::status::Status;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running house. Dropping it stops everything.
pub(crate) struct House {
    pub(crate) app: Arc<App>,
    pub(crate) stand_in: StandIn,
    pub(crate) ledger: SqliteLedger,
    pub(crate) http: reqwest::Client,
    /// Where the page is: `http://127.0.0.1:…`.
    pub(crate) url: String,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
    folder: TempDir,
}

/// How a house differs from the usual one.
pub(crate) struct Plan {
    pub(crate) stand_in: Options,
    pub(crate) config: Box<dyn FnOnce(&mut Config)>,
    pub(crate) signed_responses: bool,
    pub(crate) currency: Currency,
    /// Who is told of settled donations, when a test steps that.
    pub(crate) targets: Vec<Arc<dyn Target>>,
    /// Status calls a second; the usual 2 would slow tests of other things.
    pub(crate) budget: u32,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            stand_in: Options {
                step: Duration::ZERO,
                late: Duration::ZERO,
                retry_pause: Duration::from_millis(1),
                ..Options::default()
            },
            config: Box::new(|_| {}),
            signed_responses: false,
            currency: Currency::Usd,
            targets: Vec::new(),
            budget: 10_000,
        }
    }
}

impl Plan {
    /// The usual house, with `change` made to its configuration.
    pub(crate) fn with(change: impl FnOnce(&mut Config) + 'static) -> Self {
        Self {
            config: Box::new(change),
            ..Self::default()
        }
    }
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::build(Plan::default()).await
    }

    pub(crate) async fn build(plan: Plan) -> Self {
        let folder = TempDir::new().unwrap();
        let ledger = SqliteLedger::open(&folder.path().join("bagel.db"))
            .await
            .unwrap();
        let stand_in = StandIn::start(Options {
            signed_responses: plan.signed_responses,
            ..plan.stand_in
        })
        .await
        .unwrap();
        let mut config = config(&stand_in, &folder, plan.currency, plan.signed_responses);
        (plan.config)(&mut config);
        let clock = Clock::manual(Clock::System.now());
        let mut app = App::new(config, Arc::new(ledger.clone()), clock).unwrap();
        app.budget = Budget::per_second(plan.budget);
        app.targets = plan.targets;
        let app = Arc::new(app);
        let server = Server::bind(Arc::clone(&app)).await.unwrap();
        let url = format!("http://{}", server.address().unwrap());
        let webhooks = format!("{url}{}/webhooks/allscale", app.prefix());
        stand_in.set_webhook_url(Some(webhooks.parse().unwrap()));
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(server.run_without_workers(async move {
            let _ = stopped.await;
        }));
        Self {
            http: bagel::provider::loopback_client().unwrap(),
            app,
            stand_in,
            ledger,
            url,
            stop: Some(stop),
            serving: Some(serving),
            folder,
        }
    }

    /// Stops the server as SIGTERM does and waits for its drain.
    pub(crate) async fn close(&mut self) {
        drop(self.stop.take());
        if let Some(serving) = self.serving.take() {
            serving.await.unwrap();
        }
    }

    pub(crate) fn ledger_path(&self) -> PathBuf {
        self.folder.path().join("bagel.db")
    }

    /// Sends a checkout request as the page's script does.
    pub(crate) async fn post_checkout(&self, body: &Value) -> reqwest::Response {
        self.post_checkout_with_key(body, None).await
    }

    pub(crate) async fn post_checkout_with_key(
        &self,
        body: &Value,
        key: Option<&str>,
    ) -> reqwest::Response {
        let mut request = self
            .http
            .post(format!("{}/api/checkout", self.url))
            .header("content-type", "application/json")
            .body(body.to_string());
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        request.send().await.unwrap()
    }

    /// Opens a checkout of five units that must succeed.
    pub(crate) async fn donate(&self) -> Given {
        self.donate_with(&json!({"amount": 5, "name": "Ada", "message": "Thank you"}))
            .await
    }

    pub(crate) async fn donate_with(&self, body: &Value) -> Given {
        let response = self.post_checkout(body).await;
        let status = response.status();
        let answer = json_of(response).await;
        assert_eq!(status, 200, "{answer}");
        let id = DonationId::parse(answer["intent_id"].as_str().unwrap()).unwrap();
        let donation = self.donation(id).await;
        Given {
            id,
            intent: donation.intent.unwrap().to_string(),
            checkout_url: answer["checkout_url"].as_str().unwrap().to_owned(),
        }
    }

    /// Asks how a donation stands, as the page does.
    pub(crate) async fn poll(&self, id: DonationId) -> Value {
        let response = self.get(&format!("/api/status?intent_id={id}")).await;
        assert_eq!(response.status(), 200);
        json_of(response).await
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        self.http
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .unwrap()
    }

    /// Presses a button on the stand-in's pay page and waits for what follows.
    pub(crate) async fn press(&self, given: &Given, action: Action) {
        self.stand_in.act(&given.intent, action).await.unwrap();
    }

    /// Delivers a webhook and returns the answer's status.
    pub(crate) async fn deliver(&self, webhook: &SignedWebhook) -> u16 {
        let mut request = self
            .http
            .post(format!(
                "{}{}/webhooks/allscale",
                self.url,
                self.app.prefix()
            ))
            .body(webhook.body.clone());
        for (name, value) in &webhook.headers {
            request = request.header(*name, value);
        }
        request.send().await.unwrap().status().as_u16()
    }

    /// The donation as the ledger has it.
    pub(crate) async fn donation(&self, id: DonationId) -> Donation {
        self.ledger.donation(id).await.unwrap().unwrap()
    }

    pub(crate) async fn status(&self, id: DonationId) -> Status {
        self.donation(id).await.status
    }

    /// Confirmed donations and their sum in hundredths.
    pub(crate) async fn counted(&self) -> (i64, i64) {
        let totals = self.ledger.totals().await.unwrap();
        totals.iter().fold((0, 0), |(n, sum), (money, count)| {
            (n + count, sum + money.cents.0)
        })
    }

    /// Lets time pass, for both sides.
    pub(crate) fn pass(&self, time: Duration) {
        self.app.clock.advance(time);
        let ahead = self.app.clock.now().seconds() - Clock::System.now().seconds();
        self.stand_in.set_clock_skew(ahead);
    }

    /// Steps the sweep until nothing is due; returns how many looks it took.
    pub(crate) async fn sweep(&self) -> usize {
        let mut looks = 0;
        loop {
            match reconcile::step(&self.app).await.unwrap() {
                Step::Idle => return looks,
                Step::Looked | Step::Failed(_) => looks += 1,
            }
        }
    }
}

/// A donation that was begun.
pub(crate) struct Given {
    pub(crate) id: DonationId,
    pub(crate) intent: String,
    pub(crate) checkout_url: String,
}

pub(crate) async fn json_of(response: reqwest::Response) -> Value {
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

fn config(
    stand_in: &StandIn,
    folder: &TempDir,
    currency: Currency,
    signed_responses: bool,
) -> Config {
    let store = allscale::Settings {
        base_url: BaseUrl::parse(&stand_in.base_url()).unwrap(),
        api_key: stand_in.api_key().to_owned(),
        api_secret: stand_in.api_secret().into(),
        currency,
        signed_responses,
    };
    let mut config = Config::for_demo(
        "127.0.0.1:0".parse().unwrap(),
        store,
        folder.path().join("bagel.db"),
        PublicUrl::parse("http://localhost:8080").unwrap(),
    );
    config.page.bounds = currency.default_bounds();
    config.page.presets = currency.default_presets();
    // Tests of other things press more often than a person would.
    config.checkout_per_minute = 6000.try_into().unwrap();
    config.status_per_minute = 6000.try_into().unwrap();
    config
}
