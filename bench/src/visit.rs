//! A visit: one target, freshly started, under one load, and what was seen.
//!
//! Owns what each load is: how many clients, what they send, how often.

use std::path::Path;
use std::time::Duration;

use clap::ValueEnum;
use stand_in::{Call, Fault, FaultKind};
use tokio::time::{Instant, sleep};

use crate::figures::{Figure, percentile};
use crate::ledger;
use crate::load::{self, Clients, Pace, Tally};
use crate::process::{self, Cores};
use crate::requests::Requests;
use crate::target::{Running, Target};

/// A server that has just started is not what is measured.
const WARM_UP: Duration = Duration::from_secs(2);
/// How often a page asks: see `static/watching.js`.
const PACE: Duration = Duration::from_secs(5);
/// Open pages, and the connections by which a proxy passes them on.
const OPEN_PAGES: u32 = 10_000;
const PROXY_CONNECTIONS: u32 = 500;
/// Below the 4,096 that a bagel accepts.
const CONNECTIONS: u32 = 4_000;
/// Shorter than the 5 s after which a bagel closes a silent connection.
const CONNECTION_PACE: Duration = Duration::from_secs(4);
/// Donations polled as fast as they are answered.
const FEW: u32 = 32;

/// One load.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, ValueEnum)]
pub(crate) enum Kind {
    Start,
    Page,
    Checkout,
    Checkout50,
    Status,
    Pages,
    Connections,
}

impl Kind {
    pub(crate) const ALL: &[Self] = &[
        Self::Start,
        Self::Page,
        Self::Checkout,
        Self::Checkout50,
        Self::Status,
        Self::Pages,
        Self::Connections,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Start => "started, idle",
            Self::Page => "page, gzip, 64 open",
            Self::Checkout => "checkout, provider at once, 256 open",
            Self::Checkout50 => "checkout, provider 50 ms, 256 open",
            Self::Status => "status, 256 open",
            Self::Pages => "10,000 open pages, 2,000 polls/s by 500 connections",
            Self::Connections => "4,000 direct connections, 1,000 pages/s",
        }
    }

    /// What was sent shows in the table where it is not given by the load.
    const fn is_paced(self) -> bool {
        matches!(self, Self::Pages | Self::Connections)
    }
}

/// A visit to be made.
pub(crate) struct Visit<'a> {
    pub(crate) target: &'a Target,
    pub(crate) load: Kind,
    pub(crate) seconds: u32,
    pub(crate) cores: &'a Cores,
    /// Where the target's folder is made.
    pub(crate) folder: &'a Path,
}

/// What was seen.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) figures: Vec<(Figure, f64)>,
    /// What went wrong, a line each.
    pub(crate) wrong: Vec<String>,
}

impl Seen {
    fn note(&mut self, figure: Figure, value: f64) {
        self.figures.push((figure, value));
    }

    fn blame(&mut self, tally: &Tally) {
        let failures = tally.failures.iter();
        let lines = failures.map(|(why, count)| format!("{count} requests: {why}"));
        self.wrong.extend(lines);
    }
}

impl Visit<'_> {
    /// Starts the target, sends the load, ends the target, looks at its ledger.
    pub(crate) async fn make(&self) -> anyhow::Result<Seen> {
        let mut running = self.target.start(self.folder, self.cores).await?;
        let mut seen = Seen::default();
        seen.note(Figure::Ready, millis(running.ready_after));
        if self.load == Kind::Start {
            sleep(Duration::from_secs(1)).await;
            let idle = running.family()?.memory("VmRSS:");
            seen.note(Figure::Idle, mebibytes(idle));
        } else if let Some(ids) = self.measure(&running, &mut seen).await? {
            running.stop().await?;
            let made = running.provider.journal.calls();
            let folder = running.folder.path();
            seen.wrong
                .extend(ledger::differences(folder, &ids, made.create)?);
            if made.refused > 0 {
                let refused = made.refused;
                seen.wrong
                    .push(format!("{refused} calls refused by the provider"));
            }
        }
        let said = running.said();
        if !seen.wrong.is_empty() && !said.is_empty() {
            seen.wrong.push(said);
        }
        Ok(seen)
    }

    /// Every donation made; `None` where the target has no checkouts.
    async fn measure(
        &self,
        running: &Running,
        seen: &mut Seen,
    ) -> anyhow::Result<Option<Vec<String>>> {
        let Some(mut ids) = self.prepare(running, seen).await? else {
            return Ok(None);
        };
        let requests = match self.load {
            Kind::Checkout | Kind::Checkout50 => Requests::Checkout,
            Kind::Status | Kind::Pages => Requests::Polls(ids.clone()),
            Kind::Start | Kind::Page | Kind::Connections => Requests::Page,
        };
        let length = Duration::from_secs(1) * self.seconds;
        let (clients, pace) = match self.load {
            Kind::Pages => (
                Clients::Proxied(PROXY_CONNECTIONS),
                every(PACE / OPEN_PAGES, length),
            ),
            Kind::Connections => (
                Clients::Direct(CONNECTIONS),
                every(CONNECTION_PACE / CONNECTIONS, length),
            ),
            Kind::Page => (Clients::Proxied(64), Pace::For(length)),
            _ => (Clients::Proxied(256), Pace::For(length)),
        };
        if self.load == Kind::Checkout50 {
            let late = FaultKind::Delay(Duration::from_millis(50));
            running
                .provider
                .faults
                .inject(Fault::always(Call::Create, late));
        }
        if !self.load.is_paced() {
            let warm_up = Pace::For(WARM_UP);
            let tally = load::run(running.address, clients, warm_up, requests.clone()).await;
            seen.blame(&tally);
            ids.extend(tally.ids);
        }
        let tally = self.watch(running, clients, pace, requests, seen).await?;
        ids.extend(tally.ids);
        Ok(Some(ids))
    }

    /// Makes the donations that are polled. `None` where the target has none.
    async fn prepare(
        &self,
        running: &Running,
        seen: &mut Seen,
    ) -> anyhow::Result<Option<Vec<String>>> {
        let wanted = match self.load {
            Kind::Start | Kind::Page | Kind::Connections => return Ok(Some(Vec::new())),
            Kind::Checkout | Kind::Checkout50 => 1,
            Kind::Status => FEW,
            Kind::Pages => OPEN_PAGES,
        };
        let clients = Clients::Proxied(wanted.min(PROXY_CONNECTIONS));
        let one = Pace::Count(1);
        let first = load::run(
            running.address,
            Clients::Proxied(1),
            one,
            Requests::Checkout,
        )
        .await;
        if first.failures.contains_key("404") {
            return Ok(None);
        }
        let count = Pace::Count(wanted);
        let rest = load::run(running.address, clients, count, Requests::Checkout).await;
        seen.blame(&first);
        seen.blame(&rest);
        Ok(Some([first.ids, rest.ids].concat()))
    }

    async fn watch(
        &self,
        running: &Running,
        clients: Clients,
        pace: Pace,
        requests: Requests,
        seen: &mut Seen,
    ) -> anyhow::Result<Tally> {
        let family = running.family()?;
        let before = (family.cpu(), process::own_cpu(), process::machine_cpu());
        let began = Instant::now();
        let mut tally = load::run(running.address, clients, pace, requests).await;
        let wall = began.elapsed();
        let used = family.cpu().saturating_sub(before.0);
        let own = process::own_cpu().saturating_sub(before.1);
        let all = process::machine_cpu().saturating_sub(before.2);
        let others = all.saturating_sub(used).saturating_sub(own);
        seen.blame(&tally);
        tally.waits.sort_unstable();
        let answered = u32::try_from(tally.waits.len())?;
        if self.load.is_paced() {
            for (figure, percent) in [
                (Figure::Half, 50),
                (Figure::NinetyNine, 99),
                (Figure::Longest, 100),
            ] {
                seen.note(figure, millis(percentile(&tally.waits, percent)));
            }
        } else {
            seen.note(Figure::Rate, per(answered, tally.took));
        }
        seen.note(Figure::Cpu, millis(used * 1000 / answered.max(1)));
        seen.note(Figure::Peak, mebibytes(family.memory("VmHWM:")));
        for (figure, time) in [
            (Figure::ServerBusy, used),
            (Figure::LoadBusy, own),
            (Figure::OthersBusy, others),
        ] {
            seen.note(figure, share(time, wall));
        }
        Ok(tally)
    }
}

/// Three times as long as other loads: a page asks three times at least.
fn every(gap: Duration, length: Duration) -> Pace {
    let length = length * 3;
    Pace::Every { gap, length }
}

#[expect(clippy::float_arithmetic, reason = "figures, no money")]
fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[expect(clippy::float_arithmetic, reason = "figures, no money")]
fn mebibytes(kibibytes: u32) -> f64 {
    f64::from(kibibytes) / 1024.0
}

#[expect(clippy::float_arithmetic, reason = "figures, no money")]
fn per(count: u32, time: Duration) -> f64 {
    f64::from(count) / time.as_secs_f64()
}

#[expect(clippy::float_arithmetic, reason = "figures, no money")]
fn share(time: Duration, of: Duration) -> f64 {
    time.as_secs_f64() / of.as_secs_f64() * 100.0
}
