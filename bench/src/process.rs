//! What the kernel says about processes and cores, and which core a process
//! runs on. Linux alone has `/proc`.

use std::collections::HashMap;
use std::fs;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::Context;
use rustix::param::clock_ticks_per_second;
use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Which cores belong to whom.
pub(crate) struct Cores {
    /// The server's core; `None`: there is only one, which all share.
    pub(crate) server: Option<usize>,
    /// The core of the load and the provider.
    pub(crate) load: Option<usize>,
}

impl Cores {
    /// Takes the first two cores this process may use, and stays on one.
    pub(crate) fn divide() -> anyhow::Result<Self> {
        let allowed = sched_getaffinity(None).context("which cores are there?")?;
        let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
        let (first, second) = (cores.next(), cores.next());
        let cores = Self {
            server: second,
            load: second.and(first),
        };
        pin(cores.load)?;
        Ok(cores)
    }

    /// Does something on the server's core; a process started there stays.
    pub(crate) fn on_the_servers<T>(&self, start: impl FnOnce() -> T) -> anyhow::Result<T> {
        pin(self.server)?;
        let started = start();
        pin(self.load)?;
        Ok(started)
    }
}

fn pin(core: Option<usize>) -> anyhow::Result<()> {
    let Some(core) = core else { return Ok(()) };
    let mut only = CpuSet::new();
    only.set(core);
    sched_setaffinity(None, &only).with_context(|| format!("core {core} cannot be used"))
}

/// One line of `/proc/PID/stat`.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    parent: u32,
    ticks: u32,
}

impl Stat {
    /// The name in parentheses may itself hold spaces and parentheses.
    fn parse(line: &str) -> Option<Self> {
        let (_, after) = line.rsplit_once(')')?;
        let fields: Vec<&str> = after.split_ascii_whitespace().collect();
        let number = |place: usize| fields.get(place)?.parse::<u32>().ok();
        Some(Self {
            parent: number(1)?,
            ticks: number(11)?.saturating_add(number(12)?),
        })
    }
}

/// A process with all its descendants.
pub(crate) struct Family {
    head: u32,
}

impl Family {
    pub(crate) fn of(head: Pid) -> Self {
        let head = head.as_raw_nonzero().get().unsigned_abs();
        Self { head }
    }

    /// Processor time so far.
    pub(crate) fn cpu(&self) -> Duration {
        time(self.members().values().sum())
    }

    /// `VmRSS` or `VmHWM`, in KiB.
    pub(crate) fn memory(&self, field: &str) -> u32 {
        let of_one = |member: &u32| {
            let status = fs::read_to_string(format!("/proc/{member}/status")).ok()?;
            let line = status.lines().find(|line| line.starts_with(field))?;
            line.split_ascii_whitespace().nth(1)?.parse::<u32>().ok()
        };
        self.members().keys().filter_map(of_one).sum()
    }

    /// Each member with its ticks.
    fn members(&self) -> HashMap<u32, u32> {
        let all = processes();
        let belongs = |mut one: u32| {
            while one != self.head {
                match all.get(&one) {
                    Some(stat) if stat.parent != one => one = stat.parent,
                    _ => return false,
                }
            }
            true
        };
        let members = all.iter().filter(|(one, _)| belongs(**one));
        members.map(|(one, stat)| (*one, stat.ticks)).collect()
    }
}

fn processes() -> HashMap<u32, Stat> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbered = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    numbered
        .filter_map(|process| {
            let line = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
            Some((process, Stat::parse(&line)?))
        })
        .collect()
}

/// Processor time of this process so far: the load and the provider.
pub(crate) fn own_cpu() -> Duration {
    let line = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    time(Stat::parse(&line).map_or(0, |stat| stat.ticks))
}

/// Processor time of the whole machine so far, the hypervisor's share included.
pub(crate) fn machine_cpu() -> Duration {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let line = stat.lines().next().unwrap_or("");
    let numbers = line.split_ascii_whitespace().skip(1).take(8);
    // The fourth and the fifth are idle time.
    let busy = numbers
        .enumerate()
        .filter(|(place, _)| !(3..=4).contains(place));
    time(busy.filter_map(|(_, it)| it.parse::<u32>().ok()).sum())
}

fn time(ticks: u32) -> Duration {
    let each = u32::try_from(clock_ticks_per_second()).unwrap_or(100);
    Duration::from_secs(1) * ticks / each.max(1)
}

/// How many cores this process may use.
pub(crate) fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_look_like_the_fields_after_it() {
        let line = "7 (a) R 9 (b) S 4 7 7 0 -1 4 1 2 3 4 250 50 0 0 20 0 1 0";
        let expected = Stat {
            parent: 4,
            ticks: 300,
        };
        assert_eq!(Stat::parse(line), Some(expected));
        assert_eq!(Stat::parse("7 (a) S 4"), None);
    }

    #[test]
    fn the_kernel_knows_us() {
        let own = Family::of(rustix::process::getpid());
        assert!(own.memory("VmHWM:") >= own.memory("VmRSS:") / 2);
        assert!(own.memory("VmRSS:") > 100);
        assert!(own.cpu() <= machine_cpu());
    }
}
