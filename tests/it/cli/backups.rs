//! Backups taken while the program works: each is whole, whatever was being
//! written at that moment.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::sleep;

use crate::faults::crowd::Crowd;
use crate::support::measured::{figure, measured};
use crate::support::program::Program;
use crate::support::scratch_ledgers::Scratch;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_taken_at_any_moment_agrees_with_itself() {
    let scratch = Scratch::sqlite();
    let crowd = Arc::new(Crowd::new(&scratch.url(), 1).await);
    let program = crowd.start(0);
    crowd.ready(0).await;
    let people = crowd.people(3);
    let folder = TempDir::new().unwrap();
    let (backups, mut told) = (figure(10, 100), Vec::new());
    for nth in 0..backups {
        sleep(Duration::from_millis(100)).await;
        let backup = folder.path().join(format!("{nth}.db"));
        take(&scratch.file(), &backup).await;
        told.push(verified(&backup).await);
    }
    crowd.over.store(true, SeqCst);
    people.join_all().await;
    drop(program);
    told.dedup();
    assert!(told.len() > backups / 2, "nothing was written: {told:?}");
    let (first, last) = (&told[0], &told[told.len() - 1]);
    measured(
        "D14",
        format!("{backups} backups under load agree, from {first} to {last}"),
    );
}

/// As docs/donations.md says it.
async fn take(ledger: &Path, backup: &Path) {
    let command = format!(".backup '{}'", backup.display());
    let sqlite = Command::new("sqlite3").arg(ledger).arg(command).status();
    assert!(sqlite.await.unwrap().success());
}

/// The figures of a backup that agrees.
async fn verified(backup: &Path) -> String {
    let url = format!("sqlite://{}", backup.display());
    let said = Program::on_ledger(&url).run(&["donations", "verify"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    said.out.replace(": all agrees\n", "")
}
