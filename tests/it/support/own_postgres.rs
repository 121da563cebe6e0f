//! A Postgres server of the test's own, to be stopped, killed and frozen.
//!
//! It runs on a free loopback port as a user who is not root (the package's
//! own, when the tests run as root), keeps its data in a folder of its own,
//! and is gone when dropped.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use tokio::time::sleep;
use url::Url;

use crate::support::program::free_port;

/// Stands in every URL that is handed out, and must never be seen anywhere.
pub(crate) const PASSWORD: &str = "CANARY-of-the-database";

pub(crate) struct OwnPostgres {
    folder: TempDir,
    port: u16,
}

impl OwnPostgres {
    pub(crate) async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        if is_root() {
            done(Command::new("chown").arg("postgres:").arg(folder.path()));
        }
        let server = Self {
            folder,
            port: free_port(),
        };
        let initdb = ["-U", "bagel", "-A", "trust", "--no-locale", "-E", "UTF8"];
        done(server.command("initdb").args(initdb).args(["-D", "data"]));
        server.start_again().await;
        server
    }

    /// Where it is, with a user who may create databases.
    pub(crate) fn url(&self) -> Url {
        let url = format!(
            "postgres://bagel:{PASSWORD}@127.0.0.1:{}/postgres",
            self.port
        );
        url.parse().unwrap()
    }

    /// Stops it without any farewell: connections are cut, and the next start
    /// recovers from the log.
    pub(crate) fn stop_at_once(&self) {
        done(self.pg_ctl().args(["-m", "immediate", "-w", "stop"]));
    }

    /// `kill -9` of the postmaster; its children find out by themselves.
    pub(crate) fn kill(&self) {
        signal("-KILL", &[self.postmaster()]);
    }

    /// Starts it, again and again while children of a killed postmaster still
    /// hold its memory, and waits until it takes connections.
    pub(crate) async fn start_again(&self) {
        let options = format!(
            "-p {} -k {} -c listen_addresses=127.0.0.1",
            self.port,
            self.folder.path().display()
        );
        let begun = Instant::now();
        loop {
            let mut start = self.pg_ctl();
            let start = start.args(["-w", "-s", "-l", "data/log", "-o", &options]);
            if start.arg("start").output().unwrap().status.success() {
                break;
            }
            let in_time = begun.elapsed() < Duration::from_secs(20);
            assert!(in_time, "{}", self.log());
            sleep(Duration::from_millis(50)).await;
        }
        let connection = PgConnection::connect(self.url().as_str()).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Stops the postmaster and all its children in the middle of whatever
    /// they do; the kernel still takes connections for them. The postmaster
    /// first: then no child is born meanwhile.
    pub(crate) fn freeze(&self) {
        signal("-STOP", &[self.postmaster()]);
        signal("-STOP", &self.children());
    }

    pub(crate) fn thaw(&self) {
        signal("-CONT", &self.children());
        signal("-CONT", &[self.postmaster()]);
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("data/log")).unwrap_or_default()
    }

    fn postmaster(&self) -> String {
        let file = fs::read_to_string(self.folder.path().join("data/postmaster.pid"));
        file.unwrap().lines().next().unwrap().to_owned()
    }

    fn children(&self) -> Vec<String> {
        let postmaster = self.postmaster();
        let file = format!("/proc/{postmaster}/task/{postmaster}/children");
        let children = fs::read_to_string(file).unwrap_or_default();
        children.split_whitespace().map(str::to_owned).collect()
    }

    fn pg_ctl(&self) -> Command {
        let mut command = self.command("pg_ctl");
        command.args(["-D", "data"]);
        command
    }

    /// One of the server's programs, run in its folder as a user who may.
    fn command(&self, name: &str) -> Command {
        let program = programs().join(name);
        let mut command = if is_root() {
            let mut setpriv = Command::new("setpriv");
            setpriv.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
            setpriv.arg(program);
            setpriv
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        if self.folder.path().join("data/postmaster.pid").exists() {
            self.thaw();
            let _ = self
                .pg_ctl()
                .args(["-m", "immediate", "-w", "stop"])
                .output();
        }
    }
}

/// The newest installed server's programs.
fn programs() -> PathBuf {
    let version = |folder: &PathBuf| {
        let name = folder.file_name()?.to_str()?;
        name.parse::<u32>().ok()
    };
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let newest = installed
        .map(|entry| entry.unwrap().path())
        .max_by_key(version);
    let programs = newest.unwrap_or_default().join("bin");
    assert!(
        programs.join("initdb").exists(),
        "these tests start a Postgres of their own: apt-get install postgresql"
    );
    programs
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn signal(which: &str, processes: &[String]) {
    // One that has ended meanwhile needs no signal.
    let _ = Command::new("kill").arg(which).args(processes).output();
}

fn done(command: &mut Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}
