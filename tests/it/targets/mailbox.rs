//! A mail server of one's own: takes every mail, or does what a test likes.

use std::collections::VecDeque;
use std::future;
use std::io;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::mail::Mail;

/// What becomes of a mail once all of it has come; the usual is that it is kept.
#[derive(Clone, Copy)]
pub(crate) enum Fate {
    Kept,
    /// Turned away, with this status.
    Refused(u16),
    /// Kept, but the answer is lost.
    Lost,
    Never,
}

#[derive(Clone, Default)]
pub(crate) struct Mailbox {
    /// Host and port.
    pub(crate) address: String,
    mails: Arc<Mutex<Vec<Mail>>>,
    said: Arc<Mutex<Vec<String>>>,
    fates: Arc<Mutex<VecDeque<Fate>>>,
}

impl Mailbox {
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mailbox = Self {
            address: listener.local_addr().unwrap().to_string(),
            ..Self::default()
        };
        let own = mailbox.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let own = own.clone();
                tokio::spawn(async move { own.talk(stream).await });
            }
        });
        mailbox
    }

    async fn talk(&self, stream: TcpStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 here\r\n").await?;
        loop {
            let line = line(&mut stream).await?;
            self.said.lock().unwrap().push(line.clone());
            let answer = match line.split([' ', '\r']).next().unwrap() {
                "EHLO" => "250-here\r\n250-8BITMIME\r\n250 AUTH PLAIN",
                "AUTH" => "235 welcome",
                "DATA" => match self.take(&mut stream).await? {
                    Fate::Kept => "250 kept",
                    Fate::Refused(535) => "535 FOREIGN",
                    Fate::Refused(_) => "451 FOREIGN",
                    Fate::Lost => return Ok(()),
                    Fate::Never => future::pending().await,
                },
                "QUIT" => return stream.write_all(b"221 bye\r\n").await,
                _ => "250 fine",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
    }

    async fn take(&self, stream: &mut BufReader<TcpStream>) -> io::Result<Fate> {
        stream.write_all(b"354 go on\r\n").await?;
        let mut mail = String::new();
        while !mail.ends_with("\r\n.\r\n") {
            mail.push_str(&line(stream).await?);
        }
        self.mails.lock().unwrap().push(Mail::read(&mail));
        let fate = self.fates.lock().unwrap().pop_front();
        Ok(fate.unwrap_or(Fate::Kept))
    }

    /// What becomes of the mails to come, in their order.
    pub(crate) fn will(&self, fates: &[Fate]) {
        self.fates.lock().unwrap().extend(fates);
    }

    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }

    /// Every command that was given, mails left out.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap().concat()
    }
}

/// One line, with its end; none is the end of the connection.
async fn line(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line),
    }
}
