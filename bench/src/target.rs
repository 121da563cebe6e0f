//! A target: a server under measurement, how it is started, and how it ends.
//!
//! Each start has an empty folder and a provider of its own. Both go with it.

use std::fmt;
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use stand_in::StandIn;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep, timeout};

use crate::client::Client;
use crate::process::{Cores, Family};

/// Until the first answer, and from the signal to the end.
const PATIENCE: Duration = Duration::from_secs(20);
const READY: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// A server that can be started.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    name: String,
    command: Vec<String>,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl Target {
    /// Reads `NAME=COMMAND`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (name, command) = text.split_once('=').unwrap_or_default();
        let command = shlex::split(command).unwrap_or_default();
        if name.is_empty() || command.is_empty() {
            return Err("NAME=COMMAND is wanted, such as old=/srv/bagel-0.1".to_owned());
        }
        let name = name.to_owned();
        Ok(Self { name, command })
    }

    /// A bagel, which takes its settings from the environment alone.
    pub(crate) fn bagel(name: &str, path: &Path) -> anyhow::Result<Self> {
        let path = path.to_str().context("a path that is text is wanted")?;
        Ok(Self {
            name: name.to_owned(),
            command: vec![path.to_owned()],
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Starts it on its core, in a new folder below `within`, and waits for its
    /// first page.
    pub(crate) async fn start(&self, within: &Path, cores: &Cores) -> anyhow::Result<Running> {
        let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(within);
        let folder = folder.context("no folder could be made")?;
        let provider = StandIn::start(stand_in::Options::default()).await?;
        let address = free_address().await?;
        let mut command = self.command(&folder, address, &provider)?;
        let began = Instant::now();
        let child = cores.on_the_servers(|| command.spawn())?;
        let child = child.with_context(|| format!("{self} cannot be started"))?;
        let mut running = Running {
            name: self.name.clone(),
            child,
            address,
            folder,
            provider,
            ready_after: Duration::ZERO,
        };
        running.until_ready().await?;
        running.ready_after = began.elapsed();
        Ok(running)
    }

    fn command(
        &self,
        folder: &TempDir,
        address: SocketAddr,
        provider: &StandIn,
    ) -> anyhow::Result<Command> {
        let tmp = folder.path().to_str().context("a path that is text")?;
        let port = address.port().to_string();
        let upstream = provider.base_url();
        let (key, secret) = (provider.allscale.key(), provider.allscale.secret());
        let fill = |part: &String| {
            part.replace("{port}", &port)
                .replace("{upstream}", &upstream)
                .replace("{key}", key)
                .replace("{secret}", secret)
                .replace("{tmp}", tmp)
        };
        let mut words = self.command.iter().map(fill);
        let mut command = Command::new(words.next().unwrap_or_default());
        let log = File::create(folder.path().join("log"))?;
        command
            .args(words)
            .env("PORT", &port)
            .env("HOST", "127.0.0.1")
            .env("ALLSCALE_API_KEY", key)
            .env("ALLSCALE_API_SECRET", secret)
            .env("ALLSCALE_BASE_URL", &upstream)
            .env("ALLSCALE_CURRENCY", "USD")
            .env("BAGEL_BIND", address.to_string())
            .env("BAGEL_TRUSTED_PROXIES", "127.0.0.1")
            .env("BAGEL_CHECKOUT_PER_MINUTE", "6000")
            .env("BAGEL_CHECKOUTS_PER_MINUTE_IN_ALL", "0")
            .env("BAGEL_STATUS_PER_MINUTE", "1000000")
            .env("DATABASE_URL", format!("sqlite://{tmp}/bagel.db"))
            .env("RUST_LOG", "warn")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        Ok(command)
    }
}

/// A target that serves.
pub(crate) struct Running {
    name: String,
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) folder: TempDir,
    pub(crate) provider: StandIn,
    /// From its start to its first page.
    pub(crate) ready_after: Duration,
}

impl Running {
    fn pid(&self) -> Option<Pid> {
        Pid::from_raw(self.child.id().cast_signed())
    }

    pub(crate) fn family(&self) -> anyhow::Result<Family> {
        Ok(Family::of(self.pid().context("it has no process id")?))
    }

    /// The end of what it wrote.
    pub(crate) fn said(&self) -> String {
        let log = fs::read(self.folder.path().join("log")).unwrap_or_default();
        let end = &log[log.len().saturating_sub(1000)..];
        String::from_utf8_lossy(end).trim().to_owned()
    }

    async fn until_ready(&mut self) -> anyhow::Result<()> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended, {status}:\n{}", self.name, self.said());
            }
            let mut client = Client::new(self.address, Ipv4Addr::LOCALHOST);
            match client.ask(READY, false).await {
                Ok(answer) if answer.status == 200 => return Ok(()),
                _ => sleep(Duration::from_millis(1)).await,
            }
        }
        bail!("{} has no page at /:\n{}", self.name, self.said());
    }

    /// Asks it to end, and waits until it has.
    pub(crate) async fn stop(&mut self) -> anyhow::Result<()> {
        let pid = self.pid().context("it has no process id")?;
        // It may be gone already.
        let _ = kill_process(pid, Signal::TERM);
        let ended = async {
            while !matches!(self.child.try_wait(), Ok(Some(_))) {
                sleep(Duration::from_millis(10)).await;
            }
        };
        if timeout(PATIENCE, ended).await.is_err() {
            bail!("{} did not end when it was asked to", self.name);
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Neither fails in a way that could be helped here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn free_address() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    Ok(listener.local_addr()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_name_and_a_command() {
        let target = Target::parse("old=env A='b c' /srv/bagel --port={port}").unwrap();
        assert_eq!(target.name(), "old");
        assert_eq!(
            target.command,
            ["env", "A=b c", "/srv/bagel", "--port={port}"]
        );
        for text in ["old", "=x", "old=", "old='x"] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
    }
}
