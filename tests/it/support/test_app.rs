//! The app under test: page, ledger and stand-in, all on free ports.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use bagel::app::App;
use bagel::budget::Budget;
use bagel::clock::Clock;
use bagel::config::Config;
use bagel::donation::{Donation, DonationId};
use bagel::money::Currency;
use bagel::notify::{Listeners, Target};
use bagel::server::Server;
use bagel::status::Status;
use bagel::sweep::{self, Step};
use stand_in::{Options, StandIn};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::support::accounts::{cards, config};
use crate::support::any_ledger::AnyLedger;
use crate::support::provider_kind::{self, ProviderKind};
use crate::support::scratch_ledgers::Scratch;

/// A running app. Dropping it stops everything.
pub(crate) struct TestApp {
    pub(crate) state: Arc<App>,
    pub(crate) stand_in: Arc<StandIn>,
    pub(crate) ledger: AnyLedger,
    pub(crate) http: reqwest::Client,
    /// Where the page is: `http://127.0.0.1:…`.
    pub(crate) url: String,
    /// The same without a socket.
    pub(crate) routes: Router,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
}

/// What an app keeps when it starts again, and shares with its replicas.
struct Shared {
    data: Scratch,
    targets: Vec<Arc<dyn Target>>,
    budget: u32,
    by: Option<ProviderKind>,
}

/// How an app differs from the usual one.
pub(crate) struct Setup {
    pub(crate) stand_in: Options,
    pub(crate) config: Box<dyn FnOnce(&mut Config)>,
    pub(crate) signed_responses: bool,
    pub(crate) currency: Currency,
    /// Who is told of settled donations, when a test steps that; else those of
    /// its configuration.
    pub(crate) targets: Vec<Arc<dyn Target>>,
    /// Status calls a second; the usual 2 would slow tests of other things.
    pub(crate) budget: u32,
    /// Where its ledger is: a file of its own, unless it is told.
    pub(crate) data: Scratch,
    /// The page offers both providers, and everybody pays by this one; unless
    /// it is told, it offers Allscale alone.
    pub(crate) by: Option<ProviderKind>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            stand_in: Options {
                step: Duration::ZERO,
                late: Duration::ZERO,
                retry_pause: Duration::from_millis(1),
                callback_pause: Duration::from_millis(1),
                ..Options::default()
            },
            config: Box::new(|_| {}),
            signed_responses: false,
            currency: Currency::Usd,
            targets: Vec::new(),
            budget: 10_000,
            data: Scratch::sqlite(),
            by: None,
        }
    }
}

impl Setup {
    /// The usual app, with `change` made to its configuration.
    pub(crate) fn with(change: impl FnOnce(&mut Config) + 'static) -> Self {
        Self {
            config: Box::new(change),
            ..Self::default()
        }
    }

    /// The usual app, where people pay by `by`.
    pub(crate) fn paying_by(by: ProviderKind) -> Self {
        Self {
            by: Some(by),
            ..Self::default()
        }
    }
}

impl TestApp {
    pub(crate) async fn open() -> Self {
        Self::build(Setup::default()).await
    }

    /// The usual app, where people pay by `by`.
    pub(crate) async fn paying_by(by: ProviderKind) -> Self {
        Self::build(Setup::paying_by(by)).await
    }

    pub(crate) async fn build(plan: Setup) -> Self {
        let stand_in = StandIn::start(Options {
            signed_responses: plan.signed_responses,
            ..plan.stand_in
        });
        let stand_in = stand_in.await.unwrap();
        let mut config = config(&stand_in, plan.currency, plan.signed_responses);
        (plan.config)(&mut config);
        if plan.by.is_some() {
            config.providers.alchemy_pay = Some(cards(&stand_in, &config));
        }
        let clock = Clock::manual(Clock::System.now());
        let shared = Shared {
            data: plan.data,
            targets: plan.targets,
            budget: plan.budget,
            by: plan.by,
        };
        let app = Self::start(config, Arc::new(stand_in), clock, Arc::new(shared)).await;
        app.hear_webhooks();
        app
    }

    /// Another program over the same ledger, for the same store, at the same
    /// time of day. The provider goes on telling the first.
    pub(crate) async fn replica(&self) -> Self {
        let (config, clock) = (self.state.config.clone(), self.state.clock.clone());
        let stand_in = Arc::clone(&self.stand_in);
        Self::start(config, stand_in, clock, Arc::clone(&self.shared)).await
    }

    /// Stops the app and starts the program again on the same ledger.
    pub(crate) async fn restart(&mut self) {
        self.close().await;
        self.ledger.close().await;
        *self = self.replica().await;
        self.hear_webhooks();
    }

    async fn start(
        config: Config,
        stand_in: Arc<StandIn>,
        clock: Clock,
        shared: Arc<Shared>,
    ) -> Self {
        let ledger = shared.data.ledger().await;
        let mut state = App::new(config, ledger.shared(), clock).unwrap();
        if !shared.targets.is_empty() {
            state.listeners = Listeners::new(shared.targets.clone(), &state.providers);
        }
        state.budget = Budget::per_second(shared.budget);
        let state = Arc::new(state);
        let server = Server::bind(Arc::clone(&state)).await.unwrap();
        let url = format!("http://{}", server.address().unwrap());
        let routes = server.routes();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(server.run_without_workers(async move {
            let _ = stopped.await;
        }));
        Self {
            http: bagel::outward::loopback_client().unwrap(),
            state,
            stand_in,
            ledger,
            url,
            routes,
            shared,
            stop: Some(stop),
            serving: Some(serving),
        }
    }

    /// Webhooks come to this app from now on.
    fn hear_webhooks(&self) {
        let here = |by: ProviderKind| Some(self.webhook_url(by.name()).parse().unwrap());
        self.stand_in
            .allscale
            .set_webhook_url(here(ProviderKind::Allscale));
        self.stand_in
            .alchemy_pay
            .set_callback(here(ProviderKind::AlchemyPay));
    }

    /// Where the webhooks of the provider of this name go.
    pub(crate) fn webhook_url(&self, provider: &str) -> String {
        format!(
            "{}{}{}",
            self.url,
            self.state.prefix(),
            provider_kind::path(provider)
        )
    }

    /// By whom people pay, when the page offers both.
    pub(crate) fn payer(&self) -> Option<ProviderKind> {
        self.shared.by
    }

    /// Stops the server as SIGTERM does and waits for its drain.
    pub(crate) async fn close(&mut self) {
        drop(self.stop.take());
        if let Some(serving) = self.serving.take() {
            serving.await.unwrap();
        }
    }

    pub(crate) fn ledger_path(&self) -> PathBuf {
        self.shared.data.file()
    }

    /// Runs one statement behind the ledger's back.
    pub(crate) async fn tamper(&self, sql: &'static str) {
        self.ledger.tamper(sql).await;
    }

    /// One number straight from the data.
    pub(crate) async fn figure(&self, sql: &'static str) -> i64 {
        self.ledger.figure(sql).await
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
        self.state.clock.advance(time);
        let ahead = self.state.clock.now().seconds() - Clock::System.now().seconds();
        self.stand_in.set_clock_skew(ahead);
    }

    /// Steps the sweep until nothing is due; returns how many looks it took.
    pub(crate) async fn sweep(&self) -> usize {
        let mut looks = 0;
        loop {
            match sweep::step(&self.state).await.unwrap() {
                Step::Idle => return looks,
                Step::Looked | Step::Failed(_) | Step::Down(_) => looks += 1,
            }
        }
    }
}
