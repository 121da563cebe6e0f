//! How far the fault tests go, and what they measured.
//!
//! `./test` runs the usual figures, `./test --long` the long ones. What a test
//! measured is kept in a file of its own, which `./test` prints at the end.

use std::fmt::Display;
use std::fs;
use std::path::Path;

/// `usual`, or `long` when `./test --long` asks for it.
#[expect(
    clippy::disallowed_methods,
    reason = "how far the tests go is no setting of the program"
)]
pub(crate) fn figure<T>(usual: T, long: T) -> T {
    if std::env::var_os("BAGEL_TEST_LONG").is_some() {
        long
    } else {
        usual
    }
}

/// Notes what was measured for a behaviour, such as `D1` of
/// `docs/reliability.md`. The last word of a run stands.
pub(crate) fn measured(behaviour: &str, what: impl Display) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(behaviour), format!("{behaviour}: {what}\n")).unwrap();
}
