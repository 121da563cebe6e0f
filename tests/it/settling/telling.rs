//! Notifying the creator: once for each donation and target, after the ledger
//! has it, for as long as it takes.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bagel::ledger::{NotificationId, Queued, State};
use bagel::notify::{DeliveryError, Target};
use bagel::status::Status;
use bagel::tell::{self, Step};
use stand_in::Action;

use crate::support::any_ledger::AnyLedger;
use crate::support::program::Program;
use crate::support::provider_kind::{ProviderKind, for_both};
use crate::support::test_app::{Setup, TestApp};

for_both! {
    webhook_poll_and_sweep_tell_of_a_donation_once
}

/// A target that notes what it is sent, and acknowledges when it likes.
pub(crate) struct Ear {
    name: &'static str,
    hears: AtomicBool,
    heard: Mutex<Vec<NotificationId>>,
}

impl Ear {
    pub(crate) fn open(name: &'static str) -> Arc<Self> {
        Arc::new(Self {
            name,
            hears: AtomicBool::new(true),
            heard: Mutex::default(),
        })
    }

    fn deaf(name: &'static str) -> Arc<Self> {
        let ear = Self::open(name);
        ear.hears.store(false, SeqCst);
        ear
    }

    fn heard(&self) -> usize {
        self.heard.lock().unwrap().len()
    }
}

#[async_trait]
impl Target for Ear {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn deliver(&self, queued: &Queued) -> Result<(), DeliveryError> {
        self.heard.lock().unwrap().push(queued.id);
        if self.hears.load(SeqCst) {
            return Ok(());
        }
        let why = "status 500".into();
        Err(DeliveryError { why, wait: None })
    }
}

impl TestApp {
    async fn telling(ears: &[&Arc<Ear>], by: ProviderKind) -> Self {
        let targets = ears.iter().map(|ear| Arc::clone(ear) as Arc<dyn Target>);
        Self::build(Setup {
            targets: targets.collect(),
            ..Setup::paying_by(by)
        })
        .await
    }

    /// Steps one target's worker until nothing is due.
    async fn tell(&self, ear: &Ear) {
        while !matches!(tell::step(&self.state, ear).await.unwrap(), Step::Idle) {}
    }
}

async fn webhook_poll_and_sweep_tell_of_a_donation_once(by: ProviderKind) {
    let (one, two) = (Ear::open("one"), Ear::open("two"));
    let app = TestApp::telling(&[&one, &two], by).await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    app.poll(given.id).await;
    app.pass(Duration::from_hours(1));
    app.sweep().await;
    assert_eq!(app.status(given.id).await, Status::Confirmed);
    for ear in [&one, &two] {
        app.tell(ear).await;
        app.pass(Duration::from_hours(24));
        app.tell(ear).await;
        assert_eq!(ear.heard(), 1, "{}", ear.name);
    }
}

#[tokio::test]
async fn a_target_that_is_down_is_tried_for_three_days_and_delays_nobody() {
    let (deaf, open) = (Ear::deaf("deaf"), Ear::open("open"));
    let app = TestApp::telling(&[&deaf, &open], ProviderKind::Allscale).await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    for hour in 0..80 {
        app.tell(&deaf).await;
        app.tell(&open).await;
        assert_eq!(open.heard(), 1, "after {hour} hours");
        app.pass(Duration::from_hours(1));
    }
    // Every pause is at least an hour's step here, and at most four hours.
    assert!((18..80).contains(&deaf.heard()), "{}", deaf.heard());
    let told = deaf.heard.lock().unwrap().clone();
    assert!(told.iter().all(|id| *id == told[0]), "one id at every try");
    let notices = app.ledger.outbox(false).await.unwrap();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].state, State::Parked);

    deaf.hears.store(true, SeqCst);
    let now = app.state.clock.now();
    assert!(app.ledger.replay(notices[0].id, now).await.unwrap());
    app.tell(&deaf).await;
    assert!(app.ledger.outbox(false).await.unwrap().is_empty());
    assert_eq!(deaf.heard(), told.len() + 1);
}

#[tokio::test]
async fn a_payment_for_review_is_told_too() {
    let ear = Ear::open("one");
    let app = TestApp::telling(&[&ear], ProviderKind::Allscale).await;
    let given = app.donate().await;
    let webhook = app.webhook_of(&given).set("amount_cents", 499).sign();
    assert_eq!(app.deliver(&webhook).await, 200);
    app.tell(&ear).await;
    assert_eq!(ear.heard(), 1);
    // One target, one entry: nothing is queued without a target.
    assert_eq!(app.ledger.outbox(true).await.unwrap().len(), 1);
    assert_eq!(app.ledger.donations(None).await.unwrap().len(), 1);
}

/// A target that takes the outbox away while it delivers.
struct Unnotable(Arc<Ear>, AnyLedger);

#[async_trait]
impl Target for Unnotable {
    fn name(&self) -> &'static str {
        "one"
    }

    async fn deliver(&self, queued: &Queued) -> Result<(), DeliveryError> {
        self.1.tamper("ALTER TABLE outbox RENAME TO taken").await;
        self.0.deliver(queued).await
    }
}

#[tokio::test]
async fn an_acknowledgement_is_noted_however_long_that_takes() {
    let ear = Ear::open("one");
    let app = TestApp::telling(&[&ear], ProviderKind::Allscale).await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    let target = Arc::new(Unnotable(Arc::clone(&ear), app.ledger.clone()));
    let worker = tokio::spawn(tell::run(Arc::clone(&app.state), target));
    while ear.heard() == 0 {
        tokio::task::yield_now().await;
    }
    app.pass(Duration::from_hours(1));
    app.tamper("ALTER TABLE taken RENAME TO outbox").await;
    while !app.ledger.outbox(false).await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(ear.heard(), 1);
    worker.abort();
}

#[tokio::test]
async fn the_creator_sees_what_was_given_up_and_replays_it() {
    let ear = Ear::deaf("one");
    let app = TestApp::telling(&[&ear], ProviderKind::Allscale).await;
    let given = app.donate().await;
    app.press(&given, Action::Pay).await;
    app.tell(&ear).await;
    app.pass(Duration::from_hours(80));
    app.tell(&ear).await;
    let program = app.program();
    let list = program.run(&["notifications"]).await;
    assert!(list.out.contains("parked: status 500"), "{list:?}");
    assert!(!list.out.contains(&given.id.to_string()), "{list:?}");

    let id = app.ledger.outbox(false).await.unwrap()[0].id.to_string();
    let replayed = program.run(&["notifications", "replay", &id]).await;
    assert_eq!((replayed.code, replayed.err.as_str()), (Some(0), ""));
    ear.hears.store(true, SeqCst);
    app.pass(Duration::from_secs(1));
    app.tell(&ear).await;
    let list = program.run(&["notifications", "list"]).await;
    assert_eq!(list.out, "Nothing waits to be told.\n");
    let list = program.run(&["notifications", "list", "--all"]).await;
    assert!(list.out.contains("delivered 20"), "{list:?}");
}

#[tokio::test]
async fn a_notification_nobody_knows_is_said_to_be_none() {
    let program = Program::on_ledger("sqlite://bagel.db");
    let stranger = NotificationId::random().to_string();
    let said = program.run(&["notifications", "replay", &stranger]).await;
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("there is no notification"), "{said:?}");
    let said = program.run(&["notifications", "replay", "7"]).await;
    assert_eq!(said.code, Some(2));
}

#[tokio::test]
async fn a_panicking_target_does_not_end_its_worker() {
    struct Panicking(Arc<Ear>);
    #[async_trait]
    impl Target for Panicking {
        fn name(&self) -> &'static str {
            "one"
        }
        async fn deliver(&self, queued: &Queued) -> Result<(), DeliveryError> {
            assert!(self.0.heard() > 0 || self.0.deliver(queued).await.is_err());
            self.0.deliver(queued).await
        }
    }
    let ear = Ear::open("one");
    let app = TestApp::telling(&[&ear], ProviderKind::Allscale).await;
    let target = Arc::new(Panicking(Arc::clone(&ear)));
    let worker = tokio::spawn(tell::run(Arc::clone(&app.state), target));
    for expected in [1, 2] {
        let given = app.donate().await;
        app.press(&given, Action::Pay).await;
        while ear.heard() < expected {
            tokio::task::yield_now().await;
        }
    }
    worker.abort();
}
