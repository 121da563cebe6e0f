//! A way to a Postgres server: it counts round trips, and it may be lost, so
//! that connections by it fall silent, without an end and without a reset.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

/// Passes everything on until it is lost. Dropping it takes no more connections.
pub(crate) struct Relay {
    port: u16,
    round_trips: Arc<AtomicUsize>,
    losses: watch::Sender<Lost>,
    accepting: JoinHandle<()>,
}

/// What no longer arrives on connections made before.
#[derive(Clone, Copy)]
enum Lost {
    Nothing,
    Answers,
    Everything,
}

impl Relay {
    /// To the server of this address.
    pub(crate) async fn to(server: &Url) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = server.socket_addrs(|| Some(5432)).unwrap()[0];
        let round_trips = Arc::new(AtomicUsize::new(0));
        let (losses, loss) = watch::channel(Lost::Nothing);
        let counted = Arc::clone(&round_trips);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(server).await.unwrap();
                let (asked, answers) = client.into_split();
                let (answered, questions) = server.into_split();
                let mut loss = loss.clone();
                loss.mark_unchanged();
                tokio::spawn(pass_on(answered, answers, loss.clone()));
                tokio::spawn(ask(asked, questions, loss, Arc::clone(&counted)));
            }
        });
        Self {
            port,
            round_trips,
            losses,
            accepting,
        }
    }

    /// The same address, by this way.
    pub(crate) fn through(&self, mut server: Url) -> Url {
        server.set_port(Some(self.port)).unwrap();
        server
    }

    /// How often a client has waited for the server since this was last asked.
    pub(crate) fn round_trips(&self) -> usize {
        self.round_trips.swap(0, Ordering::Relaxed)
    }

    /// From now on nothing arrives that was sent on a connection made before;
    /// new ones are as they were.
    pub(crate) fn lose(&self) {
        self.losses.send_replace(Lost::Everything);
    }

    /// The same, but the server still hears what it is asked.
    pub(crate) fn lose_answers(&self) {
        self.losses.send_replace(Lost::Answers);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// From the server to the client.
async fn pass_on(
    mut server: OwnedReadHalf,
    mut client: OwnedWriteHalf,
    mut loss: watch::Receiver<Lost>,
) {
    tokio::select! {
        _ = copy(&mut server, &mut client) => {}
        Ok(()) = loss.changed() => pending().await,
    }
}

/// From the client to the server.
async fn ask(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    mut loss: watch::Receiver<Lost>,
    round_trips: Arc<AtomicUsize>,
) {
    let everything = async {
        while loss.changed().await.is_ok() {
            if matches!(*loss.borrow(), Lost::Everything) {
                return;
            }
        }
        pending::<()>().await;
    };
    tokio::select! {
        _ = count(&mut client, &mut server, &round_trips) => {}
        () = everything => pending().await,
    }
}

/// A client waits after each simple query and after each Sync. Messages before
/// the session has begun have no kind: a wish for TLS, and the version.
async fn count(
    client: &mut OwnedReadHalf,
    server: &mut OwnedWriteHalf,
    round_trips: &AtomicUsize,
) -> io::Result<()> {
    const VERSION_3: &[u8] = &[0, 3, 0, 0];
    let mut has_begun = false;
    loop {
        let mut message = Vec::new();
        if has_begun {
            message.push(client.read_u8().await?);
        }
        let length = client.read_u32().await?;
        message.extend(length.to_be_bytes());
        let mut body = vec![0; usize::try_from(length).unwrap() - 4];
        client.read_exact(&mut body).await?;
        message.extend(&body);
        if has_begun && [b'Q', b'S'].contains(&message[0]) {
            round_trips.fetch_add(1, Ordering::Relaxed);
        }
        has_begun |= body.starts_with(VERSION_3);
        server.write_all(&message).await?;
    }
}
