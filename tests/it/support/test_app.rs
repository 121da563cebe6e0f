//! The app under test: page, ledger and stand-in, all on free ports.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use bagel::app::App;
use bagel::budget::Pace;
use bagel::clock::Clock;
use bagel::config::Config;
use bagel::donation::{Donation, DonationId};
use bagel::money::Currency;
use bagel::notify::{Listeners, Target};
use bagel::provider;
use bagel::server::Server;
use bagel::status::Status;
use bagel::sweep::Sweeper;
use stand_in::{Options, StandIn};
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinHandle;

use crate::support::accounts::{cards, config, quick};
use crate::support::any_ledger::AnyLedger;
use crate::support::program::Program;
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
    pub(super) sweepers: Mutex<Vec<Sweeper>>,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
}

/// What an app shares with its replicas, and with itself after a restart.
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
    /// Notification targets; without any, those of the configuration.
    pub(crate) targets: Vec<Arc<dyn Target>>,
    /// Status calls a second; the program's own 10 would slow tests of other things.
    pub(crate) budget: u32,
    /// The ledger: a file of its own unless set.
    pub(crate) data: Scratch,
    /// Set: the page offers both providers, and supporters pay by this one.
    /// Unset: it offers Allscale alone.
    pub(crate) by: Option<ProviderKind>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            stand_in: quick(),
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
    /// An app with this change to its configuration.
    pub(crate) fn with(change: impl FnOnce(&mut Config) + 'static) -> Self {
        Self {
            config: Box::new(change),
            ..Self::default()
        }
    }

    /// An app whose supporters pay by this provider.
    pub(crate) fn paying_by(by: ProviderKind) -> Self {
        Self {
            by: Some(by),
            ..Self::default()
        }
    }

    /// An app that believes what loopback says of a client's address, so that
    /// each request can come from an address of its own.
    pub(crate) fn behind_a_proxy(data: Scratch) -> Self {
        let proxies = vec!["127.0.0.1/32".parse().unwrap()];
        Self {
            data,
            ..Self::with(|config| config.trusted_proxies = proxies)
        }
    }
}

impl TestApp {
    pub(crate) async fn open() -> Self {
        Self::build(Setup::default()).await
    }

    /// An app whose supporters pay by this provider.
    pub(crate) async fn paying_by(by: ProviderKind) -> Self {
        Self::build(Setup::paying_by(by)).await
    }

    pub(crate) async fn build(setup: Setup) -> Self {
        let stand_in = StandIn::start(Options {
            signed_responses: setup.signed_responses,
            ..setup.stand_in
        });
        let stand_in = stand_in.await.unwrap();
        let mut config = config(&stand_in, setup.currency, setup.signed_responses);
        (setup.config)(&mut config);
        if setup.by.is_some() {
            config.providers.alchemy_pay = Some(cards(&stand_in, &config));
        }
        let clock = Clock::manual(Clock::System.now());
        let shared = Shared {
            data: setup.data,
            targets: setup.targets,
            budget: setup.budget,
            by: setup.by,
        };
        let app = Self::start(config, Arc::new(stand_in), clock, Arc::new(shared)).await;
        app.receive_webhooks();
        app
    }

    /// Replica: another app over the same ledger and stand-in, by the same
    /// clock. Webhooks go on going to the first.
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
        self.receive_webhooks();
    }

    async fn start(
        config: Config,
        stand_in: Arc<StandIn>,
        clock: Clock,
        shared: Arc<Shared>,
    ) -> Self {
        let ledger = shared.data.ledger().await;
        let config = Config {
            providers: provider::Settings {
                looks: Pace::at(shared.budget),
                ..config.providers
            },
            ..config
        };
        let mut state = App::new(config, ledger.shared(), clock).unwrap();
        if !shared.targets.is_empty() {
            state.listeners = Listeners::new(shared.targets.clone(), &state.providers);
        }
        let state = Arc::new(state);
        let server = Server::bind(Arc::clone(&state)).unwrap();
        let url = format!("http://{}", server.address().unwrap());
        let routes = server.routes();
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(server.run_without_workers(async move {
            let _ = stopped.await;
        }));
        Self {
            http: bagel::outward::loopback_client().unwrap(),
            sweepers: Mutex::new(Sweeper::of_all(&state)),
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

    /// Points both providers' webhooks at this app.
    fn receive_webhooks(&self) {
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

    /// The provider that supporters pay by, when the page offers both.
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

    /// The real program over the same ledger, for commands.
    pub(crate) fn program(&self) -> Program {
        Program::on_ledger(&self.shared.data.url())
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
}
