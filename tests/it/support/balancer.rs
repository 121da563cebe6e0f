//! Debian's `HAProxy` before three programs, with the very file that docs/postgres.md
//! gives to creators.

use std::net::TcpStream;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::support::program::free_port;

const SAMPLE: &str = include_str!("../../../docs/haproxy.cfg");
/// Where Debian puts it; not in every user's path.
const PROGRAM: &str = "/usr/sbin/haproxy";

/// A running `HAProxy`. Dropping it ends it.
pub(crate) struct Balancer {
    address: String,
    _haproxy: Child,
    _folder: TempDir,
}

impl Balancer {
    /// The sample as it is, but for its ports.
    pub(crate) async fn before(pages: [&str; 3]) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let mut sample = SAMPLE.replace("127.0.0.1:8080", &address);
        for (nth, page) in (1..).zip(pages) {
            sample = sample.replace(&format!("127.0.0.1:808{nth}"), page);
        }
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("haproxy.cfg");
        std::fs::write(&file, sample).unwrap();
        let haproxy = Command::new(PROGRAM)
            .args(["-db", "-f"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("this test needs HAProxy: apt-get install haproxy");
        let begun = Instant::now();
        while TcpStream::connect(&address).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(10), "no HAProxy");
            sleep(Duration::from_millis(10)).await;
        }
        Self {
            address,
            _haproxy: haproxy,
            _folder: folder,
        }
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}
