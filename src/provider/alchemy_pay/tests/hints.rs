//! A page that takes cards: a webhook is a hint, and even with a valid
//! signature settles nothing that the query call does not confirm.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use tempfile::TempDir;
use tower::ServiceExt;

use super::*;
use crate::app::App;
use crate::budget::Budget;
use crate::checkout::{self, Order};
use crate::config::Config;
use crate::ledger::SqliteLedger;
use crate::provider;
use crate::web::Web;

/// The state of a provider that answers nothing of use.
const DOWN: &str = "DOWN";

/// A page that takes cards, and what its provider answers: a state and an
/// amount, or that it does not know the order.
struct Page {
    app: Arc<App>,
    routes: Router,
    answer: Arc<Mutex<Option<(&'static str, &'static str)>>>,
    asked: Arc<Mutex<usize>>,
    _folder: TempDir,
}

impl Page {
    async fn open() -> Self {
        let (answer, asked) = (Arc::<Mutex<_>>::default(), Arc::<Mutex<usize>>::default());
        let (told, count) = (Arc::clone(&answer), Arc::clone(&asked));
        let api_url = scripted::serve(move |received| {
            *count.lock().unwrap() += 1;
            Some(reply(&received, *told.lock().unwrap()).into_response())
        });
        let folder = tempfile::tempdir().unwrap();
        let app = app(settings(api_url.await), &folder).await;
        Self {
            routes: Web::new(Arc::clone(&app)).unwrap().router(),
            app,
            answer,
            asked,
            _folder: folder,
        }
    }

    fn answer(&self, status: &'static str, amount: &'static str) {
        *self.answer.lock().unwrap() = Some((status, amount));
    }

    async fn get(&self, path: &str) -> u16 {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = self.routes.clone().oneshot(request).await.unwrap();
        answer.status().as_u16()
    }

    async fn donate(&self) -> DonationId {
        let order = Order {
            request: crate::donation::Request::anonymous(five(Currency::Usd)),
            provider: Arc::clone(self.app.providers.find(NAME).unwrap()),
            claim: None,
        };
        checkout::open(&self.app, &order).await.unwrap().id
    }

    /// Delivers an authentic webhook of five dollars for `id`.
    async fn hear(&self, id: DonationId, status: &str) -> u16 {
        let body = signed(&trade(&id.to_string(), status)).to_string();
        let request = Request::post("/tips/webhooks/alchemy-pay").body(Body::from(body));
        let answer = self.routes.clone().oneshot(request.unwrap());
        answer.await.unwrap().status().as_u16()
    }

    async fn status(&self, id: DonationId) -> Status {
        self.app.ledger.donation(id).await.unwrap().unwrap().status
    }
}

fn reply(received: &Received, answer: Option<(&str, &str)>) -> String {
    let (_, order) = received.path.split_once("merchantOrderNo=").unwrap();
    let Some((status, amount)) = answer else {
        return failure("8029", UNKNOWN);
    };
    if status == DOWN {
        return "<html>".to_owned();
    }
    let mut data = trade(order, status);
    data["amount"] = amount.into();
    success(&data)
}

async fn app(settings: Settings, folder: &TempDir) -> Arc<App> {
    let path = folder.path().join("bagel.db");
    let ledger = SqliteLedger::open(&path).await.unwrap();
    let mut config = Config::for_demo(
        "127.0.0.1:0".parse().unwrap(),
        provider::allscale::Settings {
            base_url: settings.api_url.clone(),
            api_key: "key".to_owned(),
            api_secret: "secret".into(),
            currency: Currency::Usd,
            signed_responses: false,
        },
        path,
        settings.public_url.clone(),
    );
    config.providers = provider::Settings {
        allscale: None,
        alchemy_pay: Some(settings),
    };
    let mut app = App::new(config, Arc::new(ledger), Clock::manual(NOW)).unwrap();
    app.budget = Budget::per_second(10_000);
    let app = Arc::new(app);
    let worker = Arc::clone(&app);
    tokio::spawn(async move { worker.budget.run().await });
    app
}

#[tokio::test]
async fn the_addresses_in_a_link_are_served() {
    let page = Page::open().await;
    let id = page.donate().await;
    let donation = page.app.ledger.donation(id).await.unwrap().unwrap();
    let link: url::Url = donation.checkout_url.unwrap().parse().unwrap();
    let mut served = Vec::new();
    for (name, text) in link.query_pairs() {
        if let Some(path) = text.strip_prefix("https://bagel.example") {
            served.push((name.into_owned(), page.get(path).await));
        }
    }
    // A webhook is no page: it is there, but not to be read.
    let expected = [("callbackUrl", 405), ("picture", 200), ("redirectUrl", 200)];
    assert_eq!(
        served,
        expected.map(|(name, status)| (name.to_owned(), status))
    );
}

#[tokio::test]
async fn a_valid_signature_settles_nothing_that_the_query_does_not_confirm() {
    let page = Page::open().await;
    let id = page.donate().await;
    assert_eq!(page.hear(id, "PAY_SUCCESS").await, 503);
    assert_eq!(
        page.status(id).await,
        Status::Created,
        "not known to the query"
    );
    let id = page.donate().await;
    page.answer("NEW", "5.00");
    assert_eq!(page.hear(id, "PAY_SUCCESS").await, 503);
    assert_eq!(page.status(id).await, Status::Created, "new to the query");
    page.answer("PAY_SUCCESS", "5.00");
    assert_eq!(page.hear(id, "PAY_SUCCESS").await, 200);
    assert_eq!(
        page.status(id).await,
        Status::Confirmed,
        "when it comes again"
    );
    let id = page.donate().await;
    page.answer("PAY_SUCCESS", "4.99");
    assert_eq!(page.hear(id, "PAY_SUCCESS").await, 200);
    assert_eq!(page.status(id).await, Status::Review, "another amount");
    let totals = page.app.ledger.totals().await.unwrap();
    assert_eq!(totals, [(five(Currency::Usd), 1)]);
}

#[tokio::test]
async fn what_the_query_confirms_is_settled_once_and_for_all() {
    let page = Page::open().await;
    let id = page.donate().await;
    page.answer("PAY_SUCCESS", "5");
    for status in ["NEW", "PAY_SUCCESS", "PAY_SUCCESS", "PAY_FAIL"] {
        assert_eq!(page.hear(id, status).await, 200);
        assert_eq!(page.status(id).await, Status::Confirmed, "{status}");
    }
    assert_eq!(
        *page.asked.lock().unwrap(),
        1,
        "of a settled one nobody asks"
    );
    let totals = page.app.ledger.totals().await.unwrap();
    assert_eq!(totals, [(five(Currency::Usd), 1)]);
}

#[tokio::test]
async fn a_hint_that_overtakes_the_note_of_its_link_settles_nothing_either() {
    let page = Page::open().await;
    let new = donation(Currency::Usd);
    page.app.ledger.begin(new.clone(), None).await.unwrap();
    assert_eq!(page.hear(new.id, "PAY_SUCCESS").await, 503);
    assert_eq!(page.status(new.id).await, Status::Created);
    let new = donation(Currency::Usd);
    page.app.ledger.begin(new.clone(), None).await.unwrap();
    page.answer("PAY_SUCCESS", "5.00");
    assert_eq!(page.hear(new.id, "PAY_SUCCESS").await, 200);
    assert_eq!(page.status(new.id).await, Status::Confirmed);
}

#[tokio::test]
async fn without_an_answer_a_hint_is_not_kept_and_comes_again() {
    let page = Page::open().await;
    let id = page.donate().await;
    page.answer(DOWN, "");
    assert_eq!(page.hear(id, "PAY_SUCCESS").await, 503);
    assert_eq!(page.status(id).await, Status::Created);
    page.answer("PAY_SUCCESS", "5.00");
    assert_eq!(page.hear(id, "PAY_SUCCESS").await, 200);
    assert_eq!(page.status(id).await, Status::Confirmed);
}
