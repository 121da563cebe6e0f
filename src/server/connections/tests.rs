//! Connections beyond the cap, deaf clients, and a drain.

use std::sync::Arc;

use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

/// Far longer than any limit of these tests.
const PATIENCE: Duration = Duration::from_secs(10);
const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";

struct Running {
    address: SocketAddr,
    connections: Arc<Connections>,
}

async fn start(limits: Limits) -> Running {
    let big = || async { vec![b'a'; 1024 * 1024] };
    let slow = || async {
        sleep(Duration::from_millis(300)).await;
        "done"
    };
    let router = Router::new()
        .route("/", get(|| async { "ok" }))
        .route("/big", get(big))
        .route("/slow", get(slow));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connections = Arc::new(Connections::new(router, limits, Vec::new()));
    let accepting = Arc::clone(&connections);
    tokio::spawn(async move { accepting.accept(&listener).await });
    Running {
        address,
        connections,
    }
}

async fn connect(running: &Running, say: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(say).await.unwrap();
    stream
}

async fn hear(mut stream: TcpStream) -> String {
    let mut heard = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut heard)).await;
    String::from_utf8(heard).unwrap()
}

async fn until_open(running: &Running, count: usize) {
    let wait = async {
        while running.connections.open.len() != count {
            sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(timeout(PATIENCE, wait).await.is_ok(), "never {count} open");
}

#[tokio::test]
async fn a_connection_beyond_the_cap_is_closed_and_the_next_let_in_once_one_ends() {
    let running = start(Limits::of(3)).await;
    let mut silent = Vec::new();
    for _ in 0..3 {
        silent.push(connect(&running, b"").await);
    }
    until_open(&running, 3).await;
    assert_eq!(hear(connect(&running, b"").await).await, "");
    assert_eq!(running.connections.open.len(), 3);
    silent.pop();
    until_open(&running, 2).await;
    let next = connect(&running, GET).await;
    until_open(&running, 3).await;
    drop(silent);
    assert!(hear(next).await.ends_with("ok"));
}

/// Requests whose answers are more than the kernel takes by itself.
async fn deaf(running: &Running) -> TcpStream {
    let many = b"GET /big HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20);
    let deaf = connect(running, &many).await;
    until_open(running, 1).await;
    deaf
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_cut() {
    let limits = Limits {
        stall: Duration::from_millis(100),
        ..Limits::of(4096)
    };
    let running = start(limits).await;
    let _deaf = deaf(&running).await;
    until_open(&running, 0).await;
}

#[tokio::test]
async fn a_client_that_never_ends_is_cut_at_the_end_of_its_life() {
    let limits = Limits {
        life: Duration::from_millis(100),
        last_request: Duration::from_millis(100),
        ..Limits::of(4096)
    };
    let running = start(limits).await;
    let _deaf = deaf(&running).await;
    until_open(&running, 0).await;
}

#[tokio::test]
async fn who_was_let_in_by_the_kernel_is_answered_before_the_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let router = Router::new().route("/", get(|| async { "ok" }));
    let connections = Connections::new(router, Limits::of(4096), Vec::new());
    let address = listener.local_addr().unwrap();
    let mut waiting = TcpStream::connect(address).await.unwrap();
    connections.accept_queued(listener);
    assert!(
        TcpStream::connect(address).await.is_err(),
        "still listening"
    );
    let asking = async {
        tokio::task::yield_now().await;
        waiting.write_all(GET).await.unwrap();
        hear(waiting).await
    };
    let (ended, answer) = tokio::join!(connections.drain(PATIENCE), asking);
    assert!(ended && answer.ends_with("ok"), "{answer}");
}

#[tokio::test]
async fn a_drain_lets_the_request_under_way_finish() {
    let running = start(Limits::of(4096)).await;
    let slow = connect(&running, b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let _silent = connect(&running, b"").await;
    let _half = connect(&running, b"GET / HT").await;
    until_open(&running, 3).await;
    let (answer, ended) = tokio::join!(
        hear(slow),
        running.connections.drain(Duration::from_secs(1))
    );
    assert!(answer.ends_with("done"), "{answer}");
    assert!(!ended, "the half request holds its connection to the end");
}
