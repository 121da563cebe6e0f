//! The command line: each command is one call.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use bagel::cli::{donations, healthcheck, ledger, logs, notifications, serve};
use bagel::clock::Clock;
use bagel::config::{Checked, Config, Database, Part};
use bagel::ledger::{Ledger, LedgerError};
use bagel::notify::{Listeners, targets};
use bagel::outward::NoRootCertificates;
use bagel::provider::Providers;
use clap::{Parser, Subcommand};

/// A self-hosted donation page that never loses or doubles a payment.
///
/// Settings come from the environment and a .env file; see .env.example.
/// To look around without any: bagel demo
#[derive(Parser)]
#[command(name = "bagel", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the page (the default)
    Serve,
    /// Try everything on this machine: the page with a stand-in provider, no account, no money
    #[cfg(feature = "stand-in")]
    Demo(bagel::cli::demo::Options),
    /// The stand-in provider alone, to try `bagel serve` against
    #[cfg(feature = "stand-in")]
    StandIn(bagel::cli::demo::Alone),
    /// Check the settings, the provider and the ledger, and say what to do
    Doctor,
    /// List, show and resolve donations; verify or copy the ledger
    #[command(subcommand)]
    Donations(Donations),
    /// List what the creator has not been told yet, and tell it again
    Notifications {
        #[command(subcommand)]
        command: Option<notifications::Command>,
    },
    /// Ask a running server whether it lives (for container images)
    Healthcheck,
}

#[derive(Subcommand)]
enum Donations {
    #[command(flatten)]
    Here(donations::Command),
    /// Copy a ledger from its file into an empty Postgres database
    Copy(donations::copy::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => serve().await,
        #[cfg(feature = "stand-in")]
        Command::Demo(options) => done(bagel::cli::demo::run(options).await),
        #[cfg(feature = "stand-in")]
        Command::StandIn(options) => done(bagel::cli::demo::run_alone(options).await),
        Command::Doctor => doctor().await,
        Command::Donations(Donations::Here(command)) => donations(command).await,
        Command::Donations(Donations::Copy(options)) => copy(options).await,
        Command::Notifications { command } => notifications(command.unwrap_or_default()).await,
        Command::Healthcheck => healthcheck().await,
    }
}

async fn serve() -> ExitCode {
    match Config::load() {
        Ok(config) => {
            logs::start(config.log_format, &config.log_filter);
            done(serve::run(config).await)
        }
        Err(problems) => refuse(&problems),
    }
}

async fn doctor() -> ExitCode {
    let healthy = bagel::cli::doctor::run(Checked::load(), &mut std::io::stdout()).await;
    match healthy {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => done(Err::<(), _>(error)),
    }
}

async fn donations(command: donations::Command) -> ExitCode {
    let clock = Clock::System;
    with_ledger(async |ledger, listeners| {
        donations::run(command, ledger, listeners, &clock, &mut std::io::stdout()).await
    })
    .await
}

async fn copy(options: donations::copy::Options) -> ExitCode {
    let checked = Checked::load();
    match checked.only(Part::Ledger) {
        Ok(config) => {
            let out = &mut std::io::stdout();
            done(donations::copy::run(&options, &config.database, out).await)
        }
        Err(problems) => refuse(&problems),
    }
}

async fn notifications(command: notifications::Command) -> ExitCode {
    if let notifications::Command::Test = command {
        return try_targets().await;
    }
    with_ledger(async |ledger, _| {
        notifications::run(command, ledger, &Clock::System, &mut std::io::stdout()).await
    })
    .await
}

async fn try_targets() -> ExitCode {
    let checked = Checked::load();
    if !checked.is_good(Part::Notifications) {
        return refuse(&checked.problems);
    }
    let clock = Clock::System;
    match targets::messengers(&checked.config.notify, &Providers::default(), &clock) {
        Ok(ways) => done(notifications::test(&ways, &clock, &mut std::io::stdout()).await),
        Err(error) => done(Err::<(), _>(error)),
    }
}

/// Opens the ledger of the settings, works on it, and lets go of it.
async fn with_ledger<E: std::fmt::Display>(
    work: impl AsyncFnOnce(&dyn Ledger, &Listeners) -> Result<(), E>,
) -> ExitCode {
    let checked = Checked::load();
    if !checked.is_good(Part::Ledger) {
        return refuse(&checked.problems);
    }
    let listeners = match listeners(&checked) {
        Ok(listeners) => listeners,
        Err(error) => return done(Err::<(), _>(error)),
    };
    let ledger = match open(&checked.config.database).await {
        Ok(ledger) => ledger,
        Err(error) => return done(Err::<(), _>(error)),
    };
    let ran = work(&*ledger, &listeners).await;
    ledger.close().await;
    done(ran)
}

/// Everybody whose settings are good.
fn listeners(checked: &Checked) -> Result<Listeners, NoRootCertificates> {
    let providers = Providers::from_settings(&checked.config.providers, &Clock::System)?;
    let creator = targets::targets(&checked.config.notify, &providers, &Clock::System)?;
    Ok(Listeners::new(creator, &providers))
}

/// The ledger; says so when it is a new one, which may not be meant.
async fn open(database: &Database) -> Result<Arc<dyn Ledger>, LedgerError> {
    if let Some(path) = ledger::absent_file(database) {
        say(&format!(
            "(There was no ledger at {}: this is a new, empty one. Is DATABASE_URL right, and is \
             this the right folder?)",
            path.display()
        ));
    }
    ledger::open(database).await
}

async fn healthcheck() -> ExitCode {
    let checked = Checked::load();
    match checked.only(Part::Bind) {
        Ok(config) => done(healthcheck::run(config.bind).await),
        Err(problems) => refuse(&problems),
    }
}

fn done<E: std::fmt::Display>(result: Result<(), E>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error);
            ExitCode::FAILURE
        }
    }
}

/// Wrong settings have an exit code of their own.
fn refuse(problems: &impl std::fmt::Display) -> ExitCode {
    say(problems);
    ExitCode::from(2)
}

fn say(text: &impl std::fmt::Display) {
    // Nobody is left to be told when stderr is gone.
    let _ = writeln!(std::io::stderr(), "{text}");
}
