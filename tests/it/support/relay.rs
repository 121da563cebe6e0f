//! A way to a server that may be lost: connections through it fall silent,
//! without an end and without a reset.

use std::future::pending;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

/// Passes everything on until [`Relay::lose`]. Dropping it takes no more
/// connections.
pub(crate) struct Relay {
    port: u16,
    losses: watch::Sender<u32>,
    accepting: JoinHandle<()>,
}

impl Relay {
    /// To the server of this address.
    pub(crate) async fn to(server: &Url) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = server.socket_addrs(|| Some(5432)).unwrap()[0];
        let (losses, loss) = watch::channel(0);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(server).await.unwrap();
                tokio::spawn(pass_on(client, server, loss.clone()));
            }
        });
        Self {
            port,
            losses,
            accepting,
        }
    }

    /// The same address, by this way.
    pub(crate) fn through(&self, mut server: Url) -> Url {
        server.set_port(Some(self.port)).unwrap();
        server
    }

    /// From now on nothing arrives that was sent on a connection made before;
    /// new ones are as they were.
    pub(crate) fn lose(&self) {
        self.losses.send_modify(|losses| *losses += 1);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn pass_on(mut client: TcpStream, mut server: TcpStream, mut loss: watch::Receiver<u32>) {
    loss.mark_unchanged();
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => {}
        Ok(()) = loss.changed() => pending().await,
    }
}
