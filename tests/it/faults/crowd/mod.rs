//! Crowd: supporters, payers and the provider around programs that are killed,
//! cut off or starved. They never give up, and every answer is recorded.
//!
//! The programs share one ledger and know nothing of each other. Each request
//! goes to the next address in turn, so what one program did not answer the next
//! is asked. Supporters choose one of both providers by chance.
//! [`Crowd::examine`] says at the end what was lost.

mod answers;
mod books;
mod load;
mod on_postgres;
mod people;
mod visit;

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use stand_in::StandIn;
use tokio::time::sleep;

pub(crate) use self::answers::{Answer, What};
pub(crate) use self::on_postgres::OnPostgres;
use crate::support::accounts::stand_in;
use crate::support::program::{Program, Running, answers, free_port};
use crate::support::wire::{patient, strangers};

const BREATH: Duration = Duration::from_millis(5);

/// The provider, the programs, and all that was answered with 200.
pub(crate) struct Crowd {
    pub(crate) stand_in: StandIn,
    programs: Vec<Program>,
    /// The address of each program.
    pages: Vec<String>,
    /// Where requests go: to the programs, or to a balancer before them.
    entrances: Vec<String>,
    turn: AtomicUsize,
    http: reqwest::Client,
    /// Set: no new visit begins.
    pub(crate) over: AtomicBool,
    answers: Mutex<Vec<Answer>>,
    checkouts: Mutex<HashSet<String>>,
    /// The donations whose webhook was taken.
    webhooks: Mutex<HashSet<String>>,
}

impl Crowd {
    /// A crowd around this many programs on one ledger, none of them started.
    pub(crate) async fn new(database_url: &str, programs: usize) -> Self {
        let stand_in = stand_in().await;
        let pages: Vec<_> = (0..programs)
            .map(|_| format!("127.0.0.1:{}", free_port()))
            .collect();
        let programs = pages.iter().map(|page| {
            Program::for_both(&stand_in)
                .at(page)
                .var("DATABASE_URL", database_url)
                .var("BAGEL_RECONCILE_SECONDS", "1")
        });
        Self {
            programs: programs.collect(),
            stand_in,
            entrances: pages.clone(),
            pages,
            turn: AtomicUsize::new(0),
            http: patient(),
            over: AtomicBool::new(false),
            answers: Mutex::default(),
            checkouts: Mutex::default(),
            webhooks: Mutex::default(),
        }
    }

    /// The same, its programs started through another one.
    pub(crate) fn through(mut self, entrance: &[String]) -> Self {
        let programs = self.programs.into_iter();
        self.programs = programs.map(|it| it.through(entrance)).collect();
        self
    }

    /// The same, its programs with these settings as well.
    pub(crate) fn with(mut self, settings: &[(&str, String)]) -> Self {
        for (name, value) in settings {
            let programs = self.programs.into_iter();
            self.programs = programs.map(|it| it.var(name, value)).collect();
        }
        self
    }

    /// The address of each program.
    pub(crate) fn pages<const N: usize>(&self) -> [&str; N] {
        let pages: Vec<_> = self.pages.iter().map(String::as_str).collect();
        pages.try_into().unwrap()
    }

    /// Sends every request to this balancer from now on, each on a connection of
    /// its own: on a used one, the balancer may hang up to be asked again.
    pub(crate) fn go_through(&mut self, balancer: &str) {
        self.entrances = vec![balancer.to_owned()];
        self.http = strangers();
    }

    /// Starts the nth program; dropping it kills it.
    pub(crate) fn start(&self, nth: usize) -> Running {
        self.programs[nth].start(&["serve"])
    }

    /// Waits until the nth page answers; gives the time it took.
    pub(crate) async fn ready(&self, nth: usize) -> Duration {
        answers(&self.http, &self.pages[nth]).await
    }

    /// Asks the nth program for a page.
    pub(crate) async fn get(&self, nth: usize, path: &str) -> reqwest::Result<reqwest::Response> {
        let address = format!("http://{}{path}", self.pages[nth]);
        self.http.get(address).send().await
    }

    /// Waits until so many more webhooks were answered with 200.
    pub(crate) async fn go_on(&self, webhooks: usize) {
        let (begun, enough) = (
            Instant::now(),
            self.webhooks.lock().unwrap().len() + webhooks,
        );
        while self.webhooks.lock().unwrap().len() < enough {
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "no webhook is taken"
            );
            sleep(BREATH).await;
        }
    }

    /// The address whose turn it is.
    fn entrance(&self, path: &str) -> String {
        let turn = self.turn.fetch_add(1, SeqCst) % self.entrances.len();
        format!("http://{}{path}", self.entrances[turn])
    }
}
