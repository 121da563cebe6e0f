//! The real program, serving: a process of its own against a stand-in here.

use std::time::Duration;

use reqwest::{RequestBuilder, Response};
use serde_json::json;
use stand_in::{Options, StandIn};

use crate::support::accounts::quick;
use crate::support::program::{Program, Running, Said, answers, free_port};
use crate::support::visits::json_of;
use crate::support::wire::patient;

pub(crate) struct Served {
    pub(crate) stand_in: StandIn,
    pub(crate) program: Program,
    pub(crate) address: String,
    http: reqwest::Client,
    pub(crate) running: Running,
}

impl Served {
    /// Starts `bagel serve` with these variables and waits until it answers.
    pub(crate) async fn open(vars: &[(&str, &str)]) -> Self {
        Self::with(quick(), vars).await
    }

    /// The same with another stand-in.
    pub(crate) async fn with(provider: Options, vars: &[(&str, &str)]) -> Self {
        let stand_in = StandIn::start(provider).await.unwrap();
        let address = format!("127.0.0.1:{}", free_port());
        let webhooks = format!("http://{address}/webhooks/allscale");
        stand_in
            .allscale
            .set_webhook_url(Some(webhooks.parse().unwrap()));
        let mut program = Program::for_store(&stand_in).at(&address);
        for (name, value) in vars {
            program = program.var(name, value);
        }
        let running = program.start(&["serve"]);
        let http = patient();
        answers(&http, &address).await;
        Self {
            stand_in,
            program,
            address,
            http,
            running,
        }
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("http://{}{path}", self.address))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(format!("http://{}{path}", self.address))
    }

    /// Asks for a checkout of five units.
    pub(crate) async fn checkout(&self) -> Response {
        let request = self.post("/api/checkout");
        let request = request.header("content-type", "application/json");
        let body = json!({"amount": 5, "name": "Ada Lovelace", "message": "Thank you"});
        request.body(body.to_string()).send().await.unwrap()
    }

    /// A number of kB in the kernel's account of the process, such as `VmRSS`.
    pub(crate) fn memory(&self, of: &str) -> u64 {
        let path = format!("/proc/{}/status", self.running.id());
        let account = std::fs::read_to_string(path).unwrap();
        let line = account.lines().find_map(|line| line.strip_prefix(of));
        let number = line.unwrap().split_whitespace().nth(1);
        number.unwrap().parse().unwrap()
    }

    /// How many files and sockets it has open.
    pub(crate) fn open_files(&self) -> usize {
        let path = format!("/proc/{}/fd", self.running.id());
        std::fs::read_dir(path).unwrap().count()
    }

    /// Processor time it has used, by the kernel's account.
    pub(crate) fn busy(&self) -> Duration {
        let path = format!("/proc/{}/stat", self.running.id());
        let account = std::fs::read_to_string(path).unwrap();
        // After the name: state, and ten more before user and system time.
        let (_, fields) = account.rsplit_once(')').unwrap();
        let fields = fields.split_whitespace().skip(11).take(2);
        let hundredths: u64 = fields.map(|field| field.parse::<u64>().unwrap()).sum();
        Duration::from_millis(hundredths * 10)
    }

    /// Sends SIGTERM and waits for the end.
    pub(crate) async fn stop(self) -> (Said, Program) {
        (self.running.stop().await, self.program)
    }
}

/// The donation a checkout was answered with.
pub(crate) async fn donation_of(response: Response) -> String {
    assert_eq!(response.status(), 200);
    let answer = json_of(response).await;
    answer["intent_id"].as_str().unwrap().to_owned()
}
