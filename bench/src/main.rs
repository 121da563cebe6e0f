//! Measures servers side by side on one machine: the same loads on each, in
//! turns, and how many times faster or slower each is than the first.
//!
//! The server has a core of its own; the load and the provider's stand-in share
//! the other. Everything is on loopback. `target` starts and ends a server,
//! `client` and `load` send requests to it, `visit` says what each load is,
//! `table` prints. Never asserts a speed: it fails when a request fails or a
//! donation is lost, not when a figure is bad.

mod client;
mod facts;
mod figures;
mod ledger;
mod load;
mod process;
mod requests;
mod table;
mod target;
mod visit;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use clap::builder::RangedI64ValueParser;
use clap::value_parser;

use self::process::Cores;
use self::table::Results;
use self::target::Target;
use self::visit::{Kind, Visit};

/// Measures donation pages side by side on this machine, on loopback only.
///
/// The first is the bagel built beside this program. In a target's command
/// {port}, {upstream} (the provider's address), {key}, {secret} and {tmp} (the
/// empty folder it is started in) are filled in; it also has PORT, HOST, the
/// ALLSCALE_ variables, and the settings of a bagel. It answers GET /,
/// POST /api/checkout and GET /api/status; what it answers with 404 is left
/// out.
#[derive(Parser)]
#[command(name = "bench/run", version)]
struct Options {
    /// One more server: NAME=COMMAND, with an absolute path
    #[arg(long = "target", value_name = "NAME=COMMAND", value_parser = Target::parse)]
    targets: Vec<Target>,
    /// Another bagel in the first column
    #[arg(long, value_name = "PATH")]
    bagel: Option<PathBuf>,
    /// Measure the first target twice: what differs then is noise
    #[arg(long)]
    control: bool,
    /// Rounds; each visits every target once, in turned order
    #[arg(long, default_value_t = 5, value_parser = value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Length of a load; open pages and connections are watched three times as long
    #[arg(long, default_value_t = 5, value_parser = seconds())]
    seconds: u32,
    /// These loads alone, separated by commas
    #[arg(long, value_enum, value_delimiter = ',')]
    loads: Vec<Kind>,
}

/// The stand-in holds 200,000 checkouts.
fn seconds() -> RangedI64ValueParser<u32> {
    value_parser!(u32).range(1..=10)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let done = run(Options::parse()).await;
    done.unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "bench: {error:#}");
        ExitCode::from(2)
    })
}

async fn run(options: Options) -> anyhow::Result<ExitCode> {
    rlimit::increase_nofile_limit(u64::MAX).context("more sockets are needed")?;
    let own = std::env::current_exe().context("where is this program?")?;
    let beside = own.parent().context("where is this program?")?;
    let bagel = options.bagel.unwrap_or_else(|| beside.join("bagel"));
    let bagel = bagel
        .canonicalize()
        .with_context(|| format!("no {}: run bench/run, which builds it", bagel.display()))?;
    let mut targets = vec![Target::bagel("bagel", &bagel)?];
    if options.control {
        targets.push(Target::bagel("again", &bagel)?);
    }
    targets.extend(options.targets);
    let loads = match &*options.loads {
        [] => Kind::ALL,
        some => some,
    };
    ledger::can_be_read()?;

    let cores = Cores::divide()?;
    let facts = facts::of_this_machine(beside, &cores)?;
    let mut results = Results::new(targets.iter().map(Target::name));
    for round in 1..=options.rounds {
        // Turned each round, so that nobody always comes first.
        let mut order: Vec<usize> = (0..targets.len()).collect();
        if round % 2 == 0 {
            order.reverse();
        }
        for &load in loads {
            for &place in &order {
                let target = &targets[place];
                let (rounds, load_name) = (options.rounds, load.name());
                say(&format!("round {round} of {rounds}: {target}, {load_name}"));
                let visit = Visit {
                    target,
                    load,
                    seconds: options.seconds,
                    cores: &cores,
                    folder: beside,
                };
                results.add(place, load, visit.make().await?);
            }
        }
    }
    let mut out = io::stdout();
    writeln!(out, "{facts}")?;
    writeln!(
        out,
        "{} rounds, {} s a load.\n",
        options.rounds, options.seconds
    )?;
    writeln!(out, "{results}")?;
    if results.is_clean() {
        Ok(ExitCode::SUCCESS)
    } else {
        Ok(ExitCode::FAILURE)
    }
}

/// How far it is; the table alone goes to stdout.
fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
