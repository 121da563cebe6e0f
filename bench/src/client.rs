//! A client: one connection that is kept and opened again when the server has
//! closed it, as a browser or a proxy does.
//!
//! Knows as much HTTP/1.1 as a benchmark needs, so that it costs little beside
//! the server: an answer has a length or comes in chunks.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

/// A visitor gives up.
const PATIENCE: Duration = Duration::from_secs(10);
const MOST_HEADERS: usize = 64;

/// One client of a server.
pub(crate) struct Client {
    address: SocketAddr,
    own: Ipv4Addr,
    stream: Option<TcpStream>,
    heard: Vec<u8>,
}

/// An answer; `body` is as it came, chunks and all.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

/// A whole answer at the start of what was heard.
#[derive(Debug, PartialEq, Eq)]
struct Whole {
    status: u16,
    body: usize,
    closes: bool,
}

impl Client {
    /// Of the server at `address`, from an address of its `own`; one of
    /// 127.0.0.0/8, all of which are this machine.
    pub(crate) fn new(address: SocketAddr, own: Ipv4Addr) -> Self {
        let heard = Vec::with_capacity(16 * 1024);
        Self {
            address,
            own,
            stream: None,
            heard,
        }
    }

    /// Sends a request and gives its answer. Where a kept connection turns out
    /// closed, a request that `may_repeat` is sent on a new one.
    ///
    /// # Errors
    /// No connection, no answer within [`PATIENCE`], or one that is not HTTP.
    pub(crate) async fn ask(&mut self, request: &[u8], may_repeat: bool) -> io::Result<Answer<'_>> {
        let was_kept = self.stream.is_some();
        let asking = async {
            match self.exchange(request).await {
                Err(_) if was_kept && may_repeat && self.heard.is_empty() => {
                    self.exchange(request).await
                }
                heard => heard,
            }
        };
        let Whole { status, body, .. } = timeout(PATIENCE, asking).await??;
        Ok(Answer {
            status,
            body: &self.heard[body..],
        })
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<Whole> {
        self.heard.clear();
        // Taken, so that an error or a client who goes leaves no half answer.
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect().await?,
        };
        stream.write_all(request).await?;
        loop {
            if stream.read_buf(&mut self.heard).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(whole) = whole(&self.heard)? {
                self.stream = (!whole.closes).then_some(stream);
                return Ok(whole);
            }
        }
    }

    async fn connect(&self) -> io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.set_nodelay(true)?;
        if self.own != Ipv4Addr::LOCALHOST {
            socket.bind((self.own, 0).into())?;
        }
        socket.connect(self.address).await
    }
}

/// `None`: more has to come.
fn whole(heard: &[u8]) -> io::Result<Option<Whole>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut answer = httparse::Response::new(&mut headers);
    let parsed = answer.parse(heard);
    let Ok(httparse::Status::Complete(body)) = parsed else {
        return match parsed {
            Ok(_) => Ok(None),
            Err(error) => Err(io::Error::other(error)),
        };
    };
    let header = |name: &str| {
        let mut headers = answer.headers.iter();
        let found = headers.find(|header| header.name.eq_ignore_ascii_case(name));
        found.and_then(|header| str::from_utf8(header.value).ok())
    };
    let arrived = &heard[body..];
    let is_whole = match header("content-length").map(str::parse::<usize>) {
        Some(length) => arrived.len() >= length.map_err(io::Error::other)?,
        None => arrived == b"0\r\n\r\n" || arrived.ends_with(b"\r\n0\r\n\r\n"),
    };
    let closes = header("connection").is_some_and(|it| it.eq_ignore_ascii_case("close"));
    Ok(is_whole.then_some(Whole {
        status: answer.code.unwrap_or(0),
        body,
        closes,
    }))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn an_answer_is_whole_at_its_length_or_its_last_chunk() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: Close\r\n\r\n";
        let expected = Whole {
            status: 200,
            body: head.len(),
            closes: true,
        };
        assert_eq!(whole(head.as_bytes()).unwrap(), None);
        assert_eq!(
            whole(format!("{head}ok").as_bytes()).unwrap(),
            Some(expected)
        );

        let chunked = "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n";
        assert_eq!(whole(chunked.as_bytes()).unwrap(), None);
        let last = format!("{chunked}0\r\n\r\n");
        assert_eq!(whole(last.as_bytes()).unwrap().unwrap().status, 404);

        assert!(whole(b"SSH-2.0-nobody\r\n").is_err());
    }

    /// Answers one request for each connection, then closes it.
    async fn one_each(listener: TcpListener) {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 64];
            let _ = stream.read(&mut request).await;
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
            let _ = stream.write_all(answer).await;
        }
    }

    #[tokio::test]
    async fn a_connection_that_was_closed_meanwhile_is_opened_again() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = Client::new(listener.local_addr().unwrap(), Ipv4Addr::LOCALHOST);
        let serving = tokio::spawn(one_each(listener));
        for may_repeat in [true, true, false] {
            let answer = client.ask(b"GET / HTTP/1.1\r\n\r\n", may_repeat).await;
            assert_eq!(
                answer.map(|it| it.status).ok(),
                may_repeat.then_some(200),
                "what may not be repeated fails"
            );
        }
        serving.abort();
    }
}
