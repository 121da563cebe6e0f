//! Fake time: another time of day for a process, by libfaketime. Only the wall
//! clock is moved; timers run on the monotonic one, as when an operator sets the
//! clock.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

/// A file that says how far off the clock of its processes is.
pub(crate) struct FakeTime(TempDir);

impl FakeTime {
    /// So many seconds ahead of this machine's clock, or behind it.
    pub(crate) fn off_by(seconds: i64) -> Self {
        let time = Self(TempDir::new().unwrap());
        time.step_to(seconds);
        time
    }

    /// Steps the clock of running processes.
    pub(crate) fn step_to(&self, seconds: i64) {
        let new = self.0.path().join("new");
        fs::write(&new, format!("{seconds:+}\n")).unwrap();
        fs::rename(new, self.file()).unwrap();
    }

    /// What a process needs in its environment.
    pub(crate) fn vars(&self) -> [(String, String); 4] {
        let file = self.file().display().to_string();
        [
            ("LD_PRELOAD", library()),
            ("FAKETIME_TIMESTAMP_FILE", file),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("off")
    }
}

/// Debian keeps it in a folder of the machine's architecture.
fn library() -> String {
    let folders = fs::read_dir("/usr/lib").unwrap().map(Result::unwrap);
    let mut libraries = folders.map(|it| it.path().join("faketime/libfaketimeMT.so.1"));
    let library = libraries.find(|library| library.exists());
    let library = library.expect("libfaketime is missing: apt-get install faketime");
    library.display().to_string()
}
