//! What attackers do: they open connections, at once and then more and more,
//! and hold on to as many as they can.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, sleep, timeout};

/// Between connections of the first wave: what counts is who holds how many, and
/// not how fast a debug build answers them all.
const FIRST_PACE: Duration = Duration::from_millis(1);

/// One way to take what others need.
pub(super) struct Attack {
    from: Vec<IpAddr>,
    habit: Habit,
    /// Connections before the supporter comes, and held at most.
    first: usize,
    most: usize,
    a_second: u64,
}

enum Habit {
    /// Asks for the page again and again, and reads no answer.
    Deaf,
    /// Sends one byte of a body; set: as one of many /64s, so many apart.
    Half(Option<usize>),
    /// Asks for this page and reads it, as fast as it comes.
    Pages(String),
}

impl Attack {
    /// 4,150 connections that read nothing, and 32 more each second.
    pub(super) fn deaf(from: Vec<IpAddr>) -> Self {
        Self {
            from,
            habit: Habit::Deaf,
            first: 4_150,
            most: 5_000,
            a_second: 32,
        }
    }

    /// 4,600 half requests, 460 each second.
    pub(super) fn half(from: Vec<IpAddr>) -> Self {
        Self {
            from,
            habit: Habit::Half(None),
            first: 920,
            most: 4_600,
            a_second: 460,
        }
    }

    /// The same from /64s that are `step` apart, by the word of a trusted proxy.
    pub(super) fn half_from_a_line(step: usize) -> Self {
        let proxy = vec![[127, 0, 0, 1].into()];
        Self {
            habit: Habit::Half(Some(step)),
            ..Self::half(proxy)
        }
    }

    /// 48 connections that ask for one page.
    pub(super) fn pages(from: Vec<IpAddr>, path: &str) -> Self {
        Self {
            from,
            habit: Habit::Pages(path.to_owned()),
            first: 48,
            most: 48,
            a_second: 1,
        }
    }

    fn request(&self, nth: usize) -> String {
        match &self.habit {
            Habit::Deaf => "GET / HTTP/1.1\r\nhost: x\r\n\r\n".repeat(10),
            Habit::Half(step) => {
                let network = step.map_or(0, |step| nth % 256 * step);
                let forwarded = format!("x-forwarded-for: 2001:db8:1:{network:x}::1\r\n");
                let forwarded = step.map_or(String::new(), |_| forwarded);
                format!(
                    "POST /api/checkout HTTP/1.1\r\nhost: x\r\n{forwarded}content-type: \
                     application/json\r\ncontent-length: 60000\r\n\r\n{{"
                )
            }
            Habit::Pages(path) => format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n"),
        }
    }

    pub(super) fn begin(self: Arc<Self>, entrance: &str) -> UnderWay {
        let (opened, over) = (Arc::<AtomicUsize>::default(), Arc::<AtomicBool>::default());
        let mut tasks = JoinSet::new();
        let entrance = entrance.parse().unwrap();
        let (count, ending) = (Arc::clone(&opened), Arc::clone(&over));
        let attack = Arc::clone(&self);
        tasks.spawn(async move { attack.go_on(entrance, &count, &ending).await });
        UnderWay {
            opened,
            over,
            first: self.first,
            tasks,
        }
    }

    async fn go_on(self: Arc<Self>, entrance: SocketAddr, opened: &AtomicUsize, over: &AtomicBool) {
        let mut held = VecDeque::new();
        let mut readers = JoinSet::new();
        let mut pace = interval(Duration::from_secs(1) / u32::try_from(self.a_second).unwrap());
        while !over.load(SeqCst) {
            let nth = opened.fetch_add(1, SeqCst);
            if nth < self.first {
                sleep(FIRST_PACE).await;
            } else {
                pace.tick().await;
            }
            let from = self.from[nth % self.from.len()];
            let Some(mut stream) = connect(from, entrance).await else {
                continue;
            };
            let request = self.request(nth);
            // What does not fit is not waited for.
            let _ = stream.try_write(request.as_bytes());
            match &self.habit {
                Habit::Pages(_) if nth < self.most => {
                    readers.spawn(async move { ask_on(&mut stream, &request).await });
                }
                Habit::Pages(_) => {}
                Habit::Deaf | Habit::Half(_) => held.push_back(stream),
            }
            if held.len() > self.most {
                held.pop_front();
            }
        }
    }
}

async fn connect(from: IpAddr, to: SocketAddr) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().ok()?;
    socket.bind((from, 0).into()).ok()?;
    let stream = timeout(Duration::from_secs(1), socket.connect(to)).await;
    stream.ok()?.ok()
}

/// Reads an answer and asks again, until it is cut off.
async fn ask_on(stream: &mut TcpStream, request: &str) {
    let mut answer = vec![0; 64 * 1024];
    while stream.read(&mut answer).await.is_ok_and(|read| read > 0) {
        if stream.write_all(request.as_bytes()).await.is_err() {
            break;
        }
    }
}

/// An attack that goes on; dropping it ends it.
pub(super) struct UnderWay {
    opened: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
    first: usize,
    tasks: JoinSet<()>,
}

impl UnderWay {
    /// Waits until the first wave has come.
    pub(super) async fn stands(&self) {
        let begun = Instant::now();
        while self.opened.load(SeqCst) < self.first {
            assert!(begun.elapsed() < Duration::from_mins(1), "no attack");
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Ends it; says how large it was.
    pub(super) async fn end(mut self) -> String {
        self.over.store(true, SeqCst);
        self.tasks.shutdown().await;
        format!("{} connections", self.opened.load(SeqCst))
    }
}
