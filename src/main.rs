//! The command line: each command is one call.

use std::process::ExitCode;

use bagel::cli::{self, doctor, donations, notifications, serve};
use bagel::config::{Checked, Config, Part, Problems};
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
    Demo(cli::demo::Options),
    /// The stand-in provider alone, to try `bagel serve` against
    #[cfg(feature = "stand-in")]
    StandIn(cli::demo::Alone),
    /// Check the settings, the provider and the ledger, and say what to do
    Doctor,
    /// List, show and resolve donations; verify or copy the ledger
    #[command(subcommand)]
    Donations(donations::Command),
    /// List what the creator has not been told yet, and tell it again
    Notifications {
        #[command(subcommand)]
        command: Option<notifications::Command>,
    },
    /// Ask a running server whether it lives (for container images)
    Healthcheck,
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = Cli::parse().command.unwrap_or(Command::Serve);
    match run(command).await {
        Ok(code) => code,
        Err(error) => {
            cli::say(&error);
            // Wrong settings have an exit code of their own.
            ExitCode::from(if error.is::<Problems>() { 2 } else { 1 })
        }
    }
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let out = &mut std::io::stdout();
    match command {
        Command::Serve => {
            let config = Config::load()?;
            serve::start_logs(config.log_format, config.log_filter.clone());
            serve::run(config).await?;
        }
        #[cfg(feature = "stand-in")]
        Command::Demo(options) => cli::demo::run(options).await?,
        #[cfg(feature = "stand-in")]
        Command::StandIn(options) => cli::demo::run_alone(options).await?,
        Command::Doctor => {
            if !doctor::run(Checked::load(), out).await? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Donations(command) => donations::run(command, out).await?,
        Command::Notifications { command } => {
            notifications::run(command.unwrap_or_default(), out).await?;
        }
        Command::Healthcheck => {
            serve::healthcheck(Checked::load().only(Part::Bind)?.bind).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
