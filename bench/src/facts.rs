//! What was measured on: without it a figure says nothing.

use std::fmt::Write;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::figures::median;
use crate::process::{self, Cores};

const SYNCS: u32 = 100;

/// Machine, system, cores, and how long its disk takes to keep 4 KiB in
/// `folder`.
pub(crate) fn of_this_machine(folder: &Path, cores: &Cores) -> anyhow::Result<String> {
    let line_of = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name));
        let (_, value) = line
            .and_then(|line| line.split_once(':'))
            .unwrap_or_default();
        value.trim().to_owned()
    };
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut facts = format!(
        "{}, memory {}, Linux {}\n",
        line_of("/proc/cpuinfo", "model name"),
        line_of("/proc/meminfo", "MemTotal"),
        kernel.trim(),
    );
    match (cores.server, cores.load) {
        (Some(server), Some(load)) => writeln!(
            facts,
            "The server on core {server}, load and provider on core {load}."
        )?,
        _ => writeln!(
            facts,
            "Server, load and provider share {} core: the figures say little.",
            process::cores()
        )?,
    }
    let sync = sync(folder)?;
    write!(facts, "4 KiB written and synced: {} µs.", sync.as_micros())?;
    Ok(facts)
}

/// The median of some writes with `fdatasync`, as each commit has one.
fn sync(folder: &Path) -> anyhow::Result<Duration> {
    let mut file = tempfile::tempfile_in(folder)?;
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..SYNCS {
        times.push(one(&mut file)?.as_secs_f64());
    }
    Ok(Duration::from_secs_f64(median(&times)))
}

fn one(file: &mut File) -> anyhow::Result<Duration> {
    let began = Instant::now();
    file.write_all(&[0; 4096])?;
    file.sync_data()?;
    Ok(began.elapsed())
}
