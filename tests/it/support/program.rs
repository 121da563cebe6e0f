//! The program as a person runs it: a process with its own folder and nothing
//! in its environment but what the test gives it.

use std::net::TcpListener;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use stand_in::StandIn;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

/// Longer than any command takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A folder and an environment to run commands in.
pub(crate) struct Program {
    pub(crate) folder: TempDir,
    vars: Vec<(String, String)>,
    /// What comes before the program on the command line.
    through: Vec<String>,
}

/// How a command ended, and what it said.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            vars: Vec::new(),
            through: Vec::new(),
        }
    }

    /// The credentials and address of `stand_in`, as `bagel stand-in` prints them.
    pub(crate) fn for_store(stand_in: &StandIn) -> Self {
        Self::new()
            .var("ALLSCALE_BASE_URL", &stand_in.base_url())
            .var("ALLSCALE_API_KEY", stand_in.allscale.key())
            .var("ALLSCALE_API_SECRET", stand_in.allscale.secret())
    }

    /// The same, and what it prints for Alchemy Pay.
    pub(crate) fn for_both(stand_in: &StandIn) -> Self {
        Self::for_store(stand_in)
            .var("ALCHEMY_PAY_CHECKOUT_URL", &stand_in.alchemy_checkout_url())
            .var("ALCHEMY_PAY_API_URL", &stand_in.alchemy_api_url())
            .var("ALCHEMY_PAY_APP_ID", stand_in.alchemy_pay.app_id())
            .var("ALCHEMY_PAY_APP_SECRET", stand_in.alchemy_pay.secret())
            // Every link names it; no browser follows one.
            .var("BAGEL_PUBLIC_URL", "http://localhost:8080")
    }

    /// A program whose ledger is at this address.
    pub(crate) fn on_ledger(database_url: &str) -> Self {
        Self::new().var("DATABASE_URL", database_url)
    }

    /// Where it serves, with limits on visitors that no test of other things meets.
    pub(crate) fn at(self, address: &str) -> Self {
        self.var("BAGEL_BIND", address)
            .var("BAGEL_CHECKOUT_PER_MINUTE", "6000")
            .var("BAGEL_CHECKOUTS_PER_MINUTE_IN_ALL", "0")
            .var("BAGEL_STATUS_PER_MINUTE", "6000")
    }

    /// Sets a variable, in the place of one of that name.
    pub(crate) fn var(mut self, name: &str, value: &str) -> Self {
        self.vars.retain(|(other, _)| other != name);
        self.vars.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts it through another program, which executes it.
    pub(crate) fn through(mut self, entrance: &[String]) -> Self {
        self.through = entrance.to_vec();
        self
    }

    /// Writes a file into the folder.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.folder.path().join(name), text).unwrap();
        self
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, args: &[&str]) -> Said {
        let output = timeout(PATIENCE, self.command(args).output());
        let output = output.await.expect("the command ends").unwrap();
        Said {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Starts a command that goes on; dropping it kills it.
    pub(crate) fn start(&self, args: &[&str]) -> Running {
        let mut child = self.command(args).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let heard = Arc::<Mutex<String>>::default();
        let logged = Arc::clone(&heard);
        // Read all along: a full pipe would hold the program up.
        let err = tokio::spawn(async move {
            let mut line = String::new();
            while stderr.read_line(&mut line).await.unwrap() > 0 {
                heard.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        Running {
            child,
            out,
            logged,
            err,
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let bagel = env!("CARGO_BIN_EXE_bagel").to_owned();
        let mut line = self.through.iter().chain([&bagel]);
        let mut command = Command::new(line.next().unwrap_or(&bagel));
        command
            .args(line)
            .args(args)
            .env_clear()
            .env("TMPDIR", self.folder.path())
            .envs(self.vars.iter().cloned())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }
}

/// A command that goes on.
pub(crate) struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    logged: Arc<Mutex<String>>,
    err: JoinHandle<()>,
}

impl Running {
    pub(crate) fn id(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// What it says on stdout, up to a line that holds `mark`.
    pub(crate) async fn said_until(&mut self, mark: &str) -> String {
        let mut said = String::new();
        while !said.contains(mark) {
            let line = timeout(PATIENCE, self.out.read_line(&mut said));
            let read = line.await.expect("it says something").unwrap();
            assert!(read > 0, "it ended before it said {mark:?}: {said}");
        }
        said
    }

    /// Kills it with signal 9, at once, and waits until it is gone.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Waits until it has logged a line that holds `mark`.
    pub(crate) async fn logged(&self, mark: &str) {
        let said = async {
            while !self.logged.lock().unwrap().contains(mark) {
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(PATIENCE, said)
            .await
            .expect("it logs what it should");
    }

    /// Asks it to stop, as an orchestrator does, and waits.
    pub(crate) async fn stop(mut self) -> Said {
        let id = self.id().to_string();
        let kill = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(kill.unwrap().success());
        let status = timeout(PATIENCE, self.child.wait()).await;
        let mut out = String::new();
        self.out.read_to_string(&mut out).await.unwrap();
        self.err.await.unwrap();
        let err = self.logged.lock().unwrap().clone();
        Said {
            code: status.expect("it stops").unwrap().code(),
            out,
            err,
        }
    }
}

/// Waits until a program answers at this address; gives the time it took.
pub(crate) async fn answers(http: &reqwest::Client, address: &str) -> Duration {
    let begun = Instant::now();
    let health = format!("http://{address}/healthz");
    while http.get(&health).send().await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "no answer");
        sleep(Duration::from_millis(5)).await;
    }
    begun.elapsed()
}

/// A free port. Not one the system gives to outgoing connections:
/// while a program is dead, its port would be taken.
pub(crate) fn free_port() -> u16 {
    loop {
        let (chance, _) = Uuid::new_v4().as_u64_pair();
        let port = 10_000 + u16::try_from(chance % 10_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
