//! Lost and double: what was answered, beside what the ledger's file holds once
//! the server has ended.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

const READER: &str = "sqlite3";

/// Fails where the ledger could not be read after a load.
pub(crate) fn can_be_read() -> anyhow::Result<()> {
    let asked = Command::new(READER).arg("-version").output();
    asked.context("sqlite3 is missing (Debian: apt-get install sqlite3)")?;
    Ok(())
}

/// Compares the donations answered, and how many checkouts the provider made,
/// with the file `bagel.db` in a target's folder. Gives what is wrong, a line
/// each; nothing where there is no such file.
pub(crate) fn differences(
    folder: &Path,
    answered: &[String],
    made: u64,
) -> anyhow::Result<Vec<String>> {
    let file = folder.join("bagel.db");
    if !file.exists() {
        return Ok(Vec::new());
    }
    let mut asking = Command::new(READER);
    let asked = asking.arg(&file).arg("SELECT id FROM donations").output()?;
    if !asked.status.success() {
        bail!("sqlite3: {}", String::from_utf8_lossy(&asked.stderr));
    }
    let kept = String::from_utf8(asked.stdout)?;
    Ok(compare(
        &kept.lines().collect::<Vec<_>>(),
        answered,
        usize::try_from(made)?,
    ))
}

fn compare(kept: &[&str], answered: &[String], made: usize) -> Vec<String> {
    let ledger: HashSet<&str> = kept.iter().copied().collect();
    let once: HashSet<&str> = answered.iter().map(String::as_str).collect();
    let lost = once.difference(&ledger).count();
    let repeated = answered.len() - once.len();
    let beyond = made.saturating_sub(kept.len());
    [
        (lost, "answered and not in the ledger"),
        (repeated, "answered twice"),
        (beyond, "made at the provider for no donation"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(kept: &[&str], answered: &[&str], made: usize) -> Vec<String> {
        let answered: Vec<String> = answered.iter().map(|id| (*id).to_owned()).collect();
        compare(kept, &answered, made)
    }

    #[test]
    fn what_the_ledger_has_beyond_the_answers_is_no_difference() {
        assert!(found(&["a", "b", "c"], &["a", "b"], 3).is_empty());
    }

    #[test]
    fn lost_double_and_made_for_nothing_are_told() {
        assert_eq!(
            found(&["a"], &["a", "b"], 1),
            ["1 answered and not in the ledger"]
        );
        assert_eq!(found(&["a"], &["a", "a"], 1), ["1 answered twice"]);
        assert_eq!(
            found(&["a"], &["a"], 3),
            ["2 made at the provider for no donation"]
        );
    }
}
