//! `bagel doctor`: is everything right, and if not, what to do.
//!
//! Reads the configuration leniently and judges each part by itself: one line
//! each with a tick, a cross or a warning. Never prints a secret.

use std::io::{self, Write};

use crate::cli::serve;
use crate::clock::Clock;
use crate::config::{Database, Judged, PublicUrl};
use crate::ledger::Ledger;
use crate::provider::allscale::{Allscale, ApiCode, Settings, TestCall};
use crate::provider::{self, ProviderError};

/// Beyond this the provider refuses our signatures; we warn well before.
const SKEW_MAX: i64 = 300;
const SKEW_WARN: i64 = 60;

/// A bad signature, in the order the guide checks it.
const BAD_SIGNATURE: &str = "\
The signature is refused (20002). Check in this order:
      1. the body is hashed exactly as sent, 2. the parts are joined with \\n,
      3. the path is exact, trailing slash included, 4. the query is empty when there is none
         (1 to 4 are this program's work; they hold as long as no proxy rewrites the call),
      5. this machine's clock is right, 6. the secret is this key's own, without stray white space,
      7. the signature is Base64 of HMAC-SHA256 (this program's work).";

/// What was found, written as it is found.
struct Findings<'o> {
    out: &'o mut dyn Write,
    wrong: bool,
}

impl Findings<'_> {
    fn good(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "  ✓ {text}")
    }

    fn warning(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "  ! {text}")
    }

    fn bad(&mut self, text: &str) -> io::Result<()> {
        self.wrong = true;
        writeln!(self.out, "  ✗ {text}")
    }
}

/// Runs every check and writes a line each; `false` when something is wrong.
pub async fn run(judged: Judged, out: &mut dyn Write) -> io::Result<bool> {
    let mut findings = Findings { out, wrong: false };
    settings(&judged, &mut findings)?;
    if let Some(database) = judged.database() {
        ledger(database, &mut findings).await?;
    }
    if let Some(store) = judged.allscale() {
        allscale(store.clone(), &mut findings).await?;
    }
    webhook(judged.public_url(), &mut findings)?;
    Ok(!findings.wrong)
}

fn settings(judged: &Judged, findings: &mut Findings<'_>) -> io::Result<()> {
    for problem in &judged.problems.0 {
        findings.bad(&problem.to_string())?;
    }
    for warning in &judged.warnings {
        findings.warning(&warning.to_string())?;
    }
    if judged.problems.0.is_empty() {
        findings.good("The settings can be read")?;
    }
    Ok(())
}

async fn ledger(database: &Database, findings: &mut Findings<'_>) -> io::Result<()> {
    let checked = match serve::open_ledger(database).await {
        Ok(ledger) => {
            let checked = ledger.check_writable().await;
            ledger.close().await;
            checked
        }
        Err(error) => Err(error),
    };
    match checked {
        Ok(()) => findings.good("The ledger can be written"),
        Err(error) => findings.bad(&format!(
            "The ledger cannot be used: {error}. See that the folder is there, belongs to this user and has space"
        )),
    }
}

async fn allscale(store: Settings, findings: &mut Findings<'_>) -> io::Result<()> {
    let http = match provider::client() {
        Ok(http) => http,
        Err(error) => return findings.bad(&error.to_string()),
    };
    let allscale = Allscale::new(store, Clock::System, http);
    let ping = allscale.ping().await;
    let reached = matches!(&ping, Ok(call) if call.outcome.is_ok());
    clock(&ping, findings)?;
    expect_success("ping", ping, findings)?;
    if !reached {
        // The other calls would fail the same way.
        return Ok(());
    }
    expect_success("post", allscale.post().await, findings)?;
    expect_failure(allscale.fail().await, findings)
}

fn expect_success(
    name: &str,
    call: Result<TestCall, ProviderError>,
    findings: &mut Findings<'_>,
) -> io::Result<()> {
    match call.map(|call| call.outcome) {
        Ok(Ok(())) => findings.good(&format!("Allscale answers test call \"{name}\"")),
        Ok(Err(code)) => findings.bad(&format!("Allscale refuses test call \"{name}\": {}", advice(code))),
        Err(error) => findings.bad(&format!(
            "Allscale does not answer test call \"{name}\": {error}. Check ALLSCALE_BASE_URL and this machine's network"
        )),
    }
}

fn expect_failure(
    call: Result<TestCall, ProviderError>,
    findings: &mut Findings<'_>,
) -> io::Result<()> {
    match call.map(|call| call.outcome) {
        Ok(Err(_)) => findings.good("Allscale's errors are understood (test call \"fail\")"),
        Ok(Ok(())) => {
            findings.warning("Allscale's test call \"fail\" succeeded, which it never should")
        }
        Err(error) => findings.bad(&format!(
            "Allscale's test call \"fail\" cannot be read: {error}"
        )),
    }
}

fn advice(code: ApiCode) -> String {
    match code {
        ApiCode::BadSignature => BAD_SIGNATURE.into(),
        other => format!("{} ({})", other.explanation(), other.number()),
    }
}

/// Signatures carry the time, so both clocks must agree.
fn clock(ping: &Result<TestCall, ProviderError>, findings: &mut Findings<'_>) -> io::Result<()> {
    let Some(theirs) = ping.as_ref().ok().and_then(|call| call.date) else {
        return Ok(());
    };
    let ahead = Clock::System.now().seconds() - theirs;
    let direction = if ahead > 0 { "ahead of" } else { "behind" };
    let skew = format!(
        "This machine's clock is {} s {direction} Allscale's",
        ahead.abs()
    );
    match ahead.abs() {
        0..=5 => findings.good("This machine's clock agrees with Allscale's"),
        6..=SKEW_WARN => findings.good(&skew),
        seconds if seconds < SKEW_MAX => findings.warning(&format!(
            "{skew}. Set it right: at {SKEW_MAX} s nothing works"
        )),
        _ => findings.bad(&format!(
            "{skew}. Signatures are refused and webhooks look stale: set the clock right (NTP)"
        )),
    }
}

fn webhook(public_url: Option<&PublicUrl>, findings: &mut Findings<'_>) -> io::Result<()> {
    match public_url {
        Some(url) => findings.good(&format!(
            "Webhook URL to paste into Allscale's dashboard: {}",
            url.join("/webhooks/allscale")
        )),
        None => findings.warning(
            "BAGEL_PUBLIC_URL is not set: supporters are not brought back after paying, and there is no webhook URL to give to Allscale (payments are then found by looking every so often)",
        ),
    }
}
