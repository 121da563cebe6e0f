//! A reverse proxy before a program, with the very text that the docs print.

use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::sleep;

use crate::support::balancer::Balancer;
use crate::support::program::free_port;

const PRINTED: &str = include_str!("../../../docs/reverse-proxy.md");
/// What docs/reverse-proxy.md says of Debian's `nginx.conf`.
const NGINX: [&str; 2] = ["worker_rlimit_nofile 16384;", "worker_connections 8192;"];

/// Which proxy stands before the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Proxy {
    Caddy,
    Nginx,
    Haproxy,
}

/// A running proxy. Dropping it ends it.
pub(crate) struct Front {
    pub(crate) address: String,
    _balancer: Option<Balancer>,
    _process: Option<Child>,
    _folder: TempDir,
}

impl Front {
    /// `proxy` before the program at this address.
    pub(crate) async fn before(proxy: Proxy, page: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let address = format!("127.0.0.1:{}", free_port());
        let process = match proxy {
            Proxy::Caddy => caddy(folder.path(), &address, page).await,
            Proxy::Nginx => nginx(folder.path(), &address, page),
            Proxy::Haproxy => {
                let balancer = Balancer::before([page; 3]).await;
                return Self {
                    address: balancer.address().to_owned(),
                    _balancer: Some(balancer),
                    _process: None,
                    _folder: folder,
                };
            }
        };
        let begun = Instant::now();
        while TcpStream::connect(&address).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(10), "no {proxy:?}");
            sleep(Duration::from_millis(10)).await;
        }
        Self {
            address,
            _balancer: None,
            _process: Some(process),
            _folder: folder,
        }
    }
}

/// The examples in this language that the docs print.
fn printed(language: &str) -> impl Iterator<Item = &'static str> {
    let fence = format!("```{language}\n");
    let blocks: Vec<_> = PRINTED.split(&fence).skip(1).collect();
    let blocks = blocks.into_iter();
    blocks.filter_map(|block| Some(block.split_once("\n```")?.0))
}

/// With the example that this version of Caddy understands.
async fn caddy(folder: &Path, address: &str, page: &str) -> Child {
    let file = folder.join("Caddyfile");
    let site = format!("http://{address}");
    for example in printed("caddyfile") {
        let example = example.replace("bagel.example.com", &site);
        let example = example.replace("127.0.0.1:8080", page);
        // Several of them on one machine.
        let example = example.replacen('{', "{\n\tadmin off", 1);
        std::fs::write(&file, example).unwrap();
        let adapted = with_file(folder, "adapt", &file).status().await;
        if adapted
            .expect("this test needs Caddy: apt-get install caddy")
            .success()
        {
            break;
        }
    }
    with_file(folder, "run", &file).spawn().unwrap()
}

fn with_file(folder: &Path, verb: &str, file: &Path) -> Command {
    let mut caddy = run("caddy", folder, &[verb, "--adapter", "caddyfile"]);
    caddy.arg("--config").arg(file);
    caddy
}

fn nginx(folder: &Path, address: &str, page: &str) -> Child {
    let example = printed("nginx").next().unwrap();
    let example = example.replace("listen 443 ssl", &format!("listen {address}"));
    let example = example.replace("127.0.0.1:8080", page);
    let lines = example.lines().filter(|line| !line.contains("ssl_"));
    let example = lines.collect::<Vec<_>>().join("\n");
    let [descriptors, connections] = NGINX;
    assert!(NGINX.iter().all(|line| PRINTED.contains(line)));
    let paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let paths = paths.map(|path| format!("{path}_temp_path {path};"));
    let file = folder.join("nginx.conf");
    let whole = format!(
        "user root;\nworker_processes auto;\npid nginx.pid;\ndaemon off;\n{descriptors}\n\
         events {{ {connections} }}\nhttp {{\naccess_log off;\n{}\n{example}\n}}\n",
        paths.join("\n")
    );
    std::fs::write(&file, whole).unwrap();
    let mut nginx = run("/usr/sbin/nginx", folder, &["-e", "stderr", "-p"]);
    let nginx = nginx.arg(folder).arg("-c").arg(&file).spawn();
    nginx.expect("this test needs nginx: apt-get install nginx-light")
}

fn run(program: &str, folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(args)
        .env("HOME", folder)
        .env("XDG_CONFIG_HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}
