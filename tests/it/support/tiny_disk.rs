//! A disk of a few megabytes, to be filled to the last byte.
//!
//! It is mounted in namespaces of its own, whose one process ends when its
//! input does: nothing is left behind, whatever becomes of the test. Programs
//! are started inside, through [`TinyDisk::entrance`]; the test looks at the
//! files through that process's view. Works for root and for users who may
//! make namespaces.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::support::scratch_ledgers::Scratch;

const BALLAST: &str = "ballast";

pub(crate) struct TinyDisk {
    holder: Child,
    folder: TempDir,
}

impl TinyDisk {
    pub(crate) fn of_megabytes(size: usize) -> Self {
        let folder = TempDir::new().unwrap();
        let mount = format!(
            "mount -t tmpfs -o size={size}m tiny {} && echo mounted && exec cat",
            folder.path().display()
        );
        let mut holder = Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", &mount])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut out = BufReader::new(holder.stdout.take().unwrap());
        out.read_line(&mut said).unwrap();
        assert_eq!(
            said, "mounted\n",
            "this test mounts a small disk in a namespace: `unshare --map-root-user --mount true` \
             must work, which containers and some systems forbid; run it on a plain machine"
        );
        Self { holder, folder }
    }

    /// What to start a program through, so that it sees the disk.
    pub(crate) fn entrance(&self) -> Vec<String> {
        let target = format!("--target={}", self.holder.id());
        let how = ["--user", "--mount", "--preserve-credentials"].map(str::to_owned);
        [vec!["nsenter".to_owned(), target], how.to_vec()].concat()
    }

    /// The `DATABASE_URL` of a file on the disk, for programs inside.
    pub(crate) fn url(&self) -> String {
        format!("sqlite://{}/bagel.db", self.folder.path().display())
    }

    /// Takes all the space that is left, until [`TinyDisk::drop_ballast`].
    pub(crate) fn fill(&self) {
        let mut ballast = File::create(self.seen_from_here(BALLAST)).unwrap();
        let full = loop {
            if let Err(error) = ballast.write_all(&[1; 4096]) {
                break error.kind();
            }
        };
        assert_eq!(full, ErrorKind::StorageFull);
    }

    pub(crate) fn drop_ballast(&self) {
        fs::remove_file(self.seen_from_here(BALLAST)).unwrap();
    }

    /// A copy of the ledger, once no program has it open any more.
    pub(crate) fn copy_of_the_ledger(&self) -> Scratch {
        let copy = Scratch::sqlite();
        fs::copy(self.seen_from_here("bagel.db"), copy.file()).unwrap();
        assert!(!self.seen_from_here("bagel.db-wal").exists(), "still open");
        copy
    }

    fn seen_from_here(&self, name: &str) -> PathBuf {
        let view = format!("/proc/{}/root", self.holder.id());
        PathBuf::from(view + self.folder.path().to_str().unwrap()).join(name)
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
