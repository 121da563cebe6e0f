//! The command line: each command is one call.

use std::io::Write;
use std::process::ExitCode;

use bagel::cli::{donations, healthcheck, ledger, logs, serve};
use bagel::clock::Clock;
use bagel::config::{Config, Judged};
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
    Demo(bagel::stand_in::demo::Options),
    /// The stand-in provider alone, to try `bagel serve` against
    #[cfg(feature = "stand-in")]
    StandIn(bagel::stand_in::demo::Alone),
    /// Check the settings, the provider and the ledger, and say what to do
    Doctor,
    /// List, show and resolve donations
    #[command(subcommand)]
    Donations(donations::Command),
    /// Ask a running server whether it lives (for container images)
    Healthcheck,
}

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => serve().await,
        #[cfg(feature = "stand-in")]
        Command::Demo(options) => done(bagel::stand_in::demo::run(options).await),
        #[cfg(feature = "stand-in")]
        Command::StandIn(options) => done(bagel::stand_in::demo::run_alone(options).await),
        Command::Doctor => doctor().await,
        Command::Donations(command) => donations(command).await,
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
    let healthy = bagel::cli::doctor::run(Judged::load(), &mut std::io::stdout()).await;
    match healthy {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => done(Err::<(), _>(error)),
    }
}

async fn donations(command: donations::Command) -> ExitCode {
    let judged = Judged::load();
    let Some(database) = judged.database() else {
        return refuse(&judged.problems);
    };
    if let Some(path) = ledger::absent_file(database) {
        say(&format!(
            "(There was no ledger at {}: this is a new, empty one. Is DATABASE_URL right, and is \
             this the right folder?)",
            path.display()
        ));
    }
    let ledger = match ledger::open(database).await {
        Ok(ledger) => ledger,
        Err(error) => return done(Err::<(), _>(error)),
    };
    let ran = donations::run(
        command,
        &*ledger,
        Vec::new(),
        &Clock::System,
        &mut std::io::stdout(),
    )
    .await;
    ledger.close().await;
    done(ran)
}

async fn healthcheck() -> ExitCode {
    let judged = Judged::load();
    match judged.bind() {
        Some(bind) => done(healthcheck::run(bind).await),
        None => refuse(&judged.problems),
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
