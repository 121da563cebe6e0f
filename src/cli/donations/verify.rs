//! `bagel donations verify`: whether the ledger agrees with itself, in one
//! sentence or a line for each place where it does not.

use std::io::Write;

use super::DonationsError;
use crate::ledger::Ledger;

/// Audits the ledger and its file.
pub(super) async fn run(
    ledger: &dyn Ledger,
    out: &mut (impl Write + Send),
) -> Result<(), DonationsError> {
    let damage = ledger.damage().await?;
    let differences = match ledger.audit().await {
        Ok(audit) if audit.differences.is_empty() && damage.is_empty() => {
            return Ok(writeln!(out, "{audit}: all agrees")?);
        }
        Ok(audit) => {
            writeln!(out, "{audit}: not all agrees")?;
            audit.differences.iter().map(ToString::to_string).collect()
        }
        // What is damaged may not be readable at all.
        Err(error) if !damage.is_empty() => vec![error.to_string()],
        Err(error) => return Err(error.into()),
    };
    let damage = damage.iter().map(|line| format!("the file: {line}"));
    let lines: Vec<_> = differences.into_iter().chain(damage).collect();
    for line in &lines {
        writeln!(out, "{line}")?;
    }
    Err(DonationsError::Differs(lines.len()))
}
