//! `bagel healthcheck`: asks a running server whether it lives, for images
//! that have no shell and no curl.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::bail;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Asks `/healthz` at the address the server is bound to.
///
/// # Errors
/// A sentence, when no server answers 200 within two seconds.
pub async fn run(bind: SocketAddr) -> anyhow::Result<()> {
    let address = reachable(bind);
    let answer = timeout(Duration::from_secs(2), ask(address)).await;
    match answer {
        Ok(Ok(head)) if head.starts_with("HTTP/1.1 200") => Ok(()),
        Ok(Ok(_)) => bail!("the server at {address} is not healthy"),
        Ok(Err(error)) => bail!("no server at {address}: {error}"),
        Err(_) => bail!("the server at {address} does not answer"),
    }
}

/// A server bound to every address is asked on loopback.
fn reachable(bind: SocketAddr) -> SocketAddr {
    let ip = match bind.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, bind.port())
}

async fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await?;
    let mut head = [0; 12];
    stream.read_exact(&mut head).await?;
    Ok(String::from_utf8_lossy(&head).into_owned())
}
