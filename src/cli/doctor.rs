//! `bagel doctor`: is everything right, and if not, what to do.
//!
//! Reads the configuration leniently and judges each part by itself: one line
//! each with a tick, a cross or a warning. Never prints a secret, and changes
//! nothing but the ledger's file, which it makes where there is none.

use std::fmt::Display;
use std::io::{self, Write};

use crate::cli::ledger;
use crate::clock::Clock;
use crate::config::{Checked, Database, Part};
use crate::ledger::LedgerError;
use crate::notify::Target as _;
use crate::notify::targets::messengers;
use crate::outward::PublicUrl;
use crate::provider::{Entry, Finding, Providers};
use crate::server::Room;

/// Runs every check and writes a line each; `false` when something is wrong.
pub async fn run(checked: Checked, out: &mut dyn Write) -> io::Result<bool> {
    let mut findings = Findings::new(out);
    settings(&checked, &mut findings)?;
    if checked.is_good(Part::Ledger) {
        check_ledger(&checked.config.database, &mut findings).await?;
    }
    providers(&checked, &mut findings).await?;
    targets(&checked, &mut findings)?;
    room(Room::make(), &mut findings)?;
    findings.conclude()
}

fn settings(checked: &Checked, findings: &mut Findings<'_>) -> io::Result<()> {
    for problem in &checked.problems.0 {
        findings.bad(problem)?;
    }
    for warning in &checked.warnings {
        findings.warning(warning)?;
    }
    if checked.problems.0.is_empty() {
        findings.good("The settings can be used")?;
    }
    Ok(())
}

async fn check_ledger(database: &Database, findings: &mut Findings<'_>) -> io::Result<()> {
    match write_to(database).await {
        Ok(()) => findings.good(format!("The ledger {database} can be written")),
        Err(ref error @ LedgerError::Unavailable(ref cause)) => {
            findings.bad(format!("{error} at {database}: {cause}"))
        }
        Err(error) => findings.bad(error),
    }
}

async fn write_to(database: &Database) -> Result<(), LedgerError> {
    let ledger = ledger::open(database).await?;
    let written = ledger.check_writable(Clock::System.now()).await;
    ledger.close().await;
    written
}

/// Asks each provider whose settings are good.
async fn providers(checked: &Checked, findings: &mut Findings<'_>) -> io::Result<()> {
    let providers = match Providers::from_settings(&checked.config.providers, &Clock::System) {
        Ok(providers) => providers,
        Err(error) => return findings.bad(error),
    };
    if providers.preferred().is_none() {
        findings.warning("No provider was asked: its settings come first")?;
    }
    for provider in providers.iter() {
        for finding in provider.checkup().await {
            findings.add(finding)?;
        }
        webhook(provider, checked.config.public_url.as_ref(), findings)?;
    }
    if checked.config.public_url.is_none() {
        findings.warning(
            "BAGEL_PUBLIC_URL is not set: supporters are not brought back after paying, and \
             there is\nno webhook URL to give to a provider (payments are still found, but later)",
        )?;
    }
    Ok(())
}

/// By the limits of this process, which those of a service may differ from.
fn room(room: Room, findings: &mut Findings<'_>) -> io::Result<()> {
    if room.is_tight() {
        findings.warning(format!("There is {room}"))
    } else {
        findings.good(format!("There is {room}"))
    }
}

/// Names the targets; sends nothing.
fn targets(checked: &Checked, findings: &mut Findings<'_>) -> io::Result<()> {
    let ways = match messengers(
        &checked.config.notify,
        &Providers::default(),
        &Clock::System,
    ) {
        Ok(ways) => ways,
        Err(error) => return findings.bad(error),
    };
    for way in ways {
        let name = way.name();
        findings.good(format!(
            "You are told of donations by {name}; try it: bagel notifications test"
        ))?;
    }
    Ok(())
}

fn webhook(
    provider: &Entry,
    public_url: Option<&PublicUrl>,
    findings: &mut Findings<'_>,
) -> io::Result<()> {
    let (Some(url), Some(place)) = (public_url, provider.about().dashboard) else {
        return Ok(());
    };
    let path = format!("/webhooks/{}", provider.about().route);
    findings.good(format!(
        "Webhook URL to paste into {place}: {}",
        url.join(&path)
    ))
}

/// Writes each finding as it is found, and remembers whether one was a cross.
struct Findings<'o> {
    out: &'o mut dyn Write,
    wrong: bool,
}

impl<'o> Findings<'o> {
    fn new(out: &'o mut dyn Write) -> Self {
        Self { out, wrong: false }
    }

    /// Nothing to do here.
    fn good(&mut self, text: impl Display) -> io::Result<()> {
        self.line("✓", text)
    }

    /// Works, but is probably not meant, or not yet complete.
    fn warning(&mut self, text: impl Display) -> io::Result<()> {
        self.line("!", text)
    }

    /// Has to be set right before supporters come.
    fn bad(&mut self, text: impl Display) -> io::Result<()> {
        self.wrong = true;
        self.line("✗", text)
    }

    /// What a provider found about itself.
    fn add(&mut self, finding: Finding) -> io::Result<()> {
        match finding {
            Finding::Good(text) => self.good(text),
            Finding::Warning(text) => self.warning(text),
            Finding::Bad(text) => self.bad(text),
        }
    }

    /// The last line; `false` when something is wrong.
    fn conclude(self) -> io::Result<bool> {
        let text = if self.wrong {
            "Something is wrong: set right what is marked ✗ and run this again."
        } else {
            "Nothing is wrong."
        };
        writeln!(self.out, "\n{text}")?;
        Ok(!self.wrong)
    }

    /// Further lines of a text stand under its first.
    fn line(&mut self, mark: &str, text: impl Display) -> io::Result<()> {
        let text = text.to_string().replace('\n', "\n      ");
        writeln!(self.out, "  {mark} {text}")
    }
}
