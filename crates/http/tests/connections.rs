//! Slow, silent and broken clients, over real sockets with short patience; and what happens at a shutdown.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    routing::{get, post},
};
use throughline_app::{App, SystemClock};
use throughline_http::{
    Patience, ServerSettings, Web,
    limit::{Rate, Rates},
    serve,
};
use throughline_store::memory::MemoryStore;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

struct Server {
    address: SocketAddr,
    web: Web,
    stop: Option<oneshot::Sender<()>>,
    done: JoinHandle<()>,
}

/// Impatient where a test waits for the end; patient everywhere else, so that only what is tested can happen.
fn patient() -> Patience {
    let long = Duration::from_secs(60);
    Patience { first_byte: long, head: long, idle: long, stall: long, drain: long, connections: 100 }
}

const SHORT: Duration = Duration::from_millis(80);

async fn server(patience: Patience) -> Server {
    server_with(patience, Rates::NONE).await
}

async fn server_with(patience: Patience, rates: Rates) -> Server {
    let app = App::new(Arc::new(MemoryStore::new()), Arc::new(SystemClock));
    let settings = ServerSettings { public_url: "http://localhost".to_owned(), secure: false, demo: false };
    let web = Web::new(app, settings).with_limits(rates, Vec::new());
    let routes = Router::new()
        .route("/hello", get(|| async { "hello" }))
        .route("/length", post(|body: Bytes| async move { body.len().to_string() }))
        .route("/large", get(|| async { Body::from(vec![b'x'; 64 * 1024 * 1024]) }))
        .route(
            "/slow",
            get(|| async {
                tokio::time::sleep(Duration::from_millis(300)).await;
                "at last"
            }),
        )
        .route("/panic", get(|| async { panics() }));
    let router = throughline_http::layers(routes, &web);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let of = web.clone();
    let done = tokio::spawn(async move {
        serve(listener, router, of, patience, async { drop(stopped.await) }).await.unwrap();
    });
    Server { address, web, stop: Some(stop), done }
}

#[expect(clippy::panic, reason = "what is tested")]
fn panics() -> &'static str {
    panic!("on purpose")
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

/// Everything until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    // A reset is a close too.
    let _ = stream.read_to_end(&mut text).await;
    String::from_utf8_lossy(&text).into_owned()
}

/// One answer whose body ends with `end`.
async fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 1024];
    while !text.ends_with(end) {
        let read = stream.read(&mut buffer).await.unwrap();
        assert!(read > 0, "closed after: {text}");
        text.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
    text
}

const HELLO: &[u8] = b"GET /hello HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test]
async fn who_says_nothing_is_hung_up_on() {
    let server = server(Patience { first_byte: SHORT, ..patient() }).await;
    assert_eq!(rest(&mut server.connect().await).await, "");
}

#[tokio::test]
async fn who_sends_a_head_byte_by_byte_is_hung_up_on() {
    let server = server(Patience { head: SHORT, ..patient() }).await;
    let mut stream = server.connect().await;
    let slow = async {
        let (mut read, mut write) = stream.split();
        let drip = async {
            for byte in HELLO.iter().cycle() {
                tokio::time::sleep(Duration::from_millis(20)).await;
                let byte = if *byte == b'\n' || *byte == b'\r' { b'a' } else { *byte };
                if write.write_all(&[byte]).await.is_err() {
                    break;
                }
            }
        };
        let mut text = Vec::new();
        tokio::select! {
            () = drip => {}
            _ = read.read_to_end(&mut text) => {}
        }
    };
    slow.await;
}

#[tokio::test]
async fn a_connection_serves_many_requests_and_is_closed_when_idle() {
    let server = server(Patience { idle: SHORT, ..patient() }).await;
    let mut stream = server.connect().await;
    for _ in 0..3 {
        stream.write_all(HELLO).await.unwrap();
        assert!(until(&mut stream, "hello").await.starts_with("HTTP/1.1 200"));
    }
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn a_second_head_that_never_ends_is_hung_up_on() {
    let server = server(Patience { head: SHORT, ..patient() }).await;
    let mut stream = server.connect().await;
    stream.write_all(HELLO).await.unwrap();
    until(&mut stream, "hello").await;
    stream.write_all(b"GET /hel").await.unwrap();
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn a_body_that_stops_coming_is_answered_and_cut_off() {
    let server = server(Patience { stall: SHORT, ..patient() }).await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"POST /length HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-length: 10\r\n\r\nhalf")
        .await
        .unwrap();
    let text = rest(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 4"), "{text}");
}

#[tokio::test]
async fn an_answer_nobody_takes_is_given_up() {
    let server = server(Patience { stall: SHORT, idle: SHORT, ..patient() }).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let gauge =
        || server.web.shared.metrics.text().lines().any(|line| line == "throughline_http_connections 0");
    while !gauge() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_slow_handler_is_no_slow_client() {
    let server =
        server(Patience { first_byte: SHORT, head: SHORT, idle: SHORT, stall: SHORT, ..patient() }).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    until(&mut stream, "at last").await;
}

#[tokio::test]
async fn a_full_house_lets_the_next_in_when_one_leaves() {
    let server = server(Patience { connections: 1, idle: SHORT, ..patient() }).await;
    let mut first = server.connect().await;
    first.write_all(HELLO).await.unwrap();
    until(&mut first, "hello").await;
    let mut second = server.connect().await;
    second.write_all(HELLO).await.unwrap();
    until(&mut second, "hello").await;
}

#[tokio::test]
async fn a_shutdown_finishes_what_is_under_way_and_takes_nothing_new() {
    let mut server = server(patient()).await;
    let mut idle = server.connect().await;
    idle.write_all(HELLO).await.unwrap();
    until(&mut idle, "hello").await;
    let mut busy = server.connect().await;
    busy.write_all(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    // The request has to be under way.
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop.take().unwrap().send(()).unwrap();
    assert!(rest(&mut busy).await.ends_with("at last"));
    assert_eq!(rest(&mut idle).await, "");
    server.done.await.unwrap();
    assert!(server.web.is_leaving());
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_ever() {
    let mut server = server(Patience { drain: SHORT, ..patient() }).await;
    let mut stuck = server.connect().await;
    stuck
        .write_all(b"POST /length HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-length: 10\r\n\r\nhalf")
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    server.stop.take().unwrap().send(()).unwrap();
    server.done.await.unwrap();
}

#[tokio::test]
async fn a_panic_is_a_problem_and_the_next_request_is_served() {
    let server = server(patient()).await;
    let mut stream = server.connect().await;
    stream.write_all(b"GET /panic HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let text = until(&mut stream, "}").await;
    assert!(text.starts_with("HTTP/1.1 500") && text.contains("/problems/broken"), "{text}");
    assert!(!text.contains("on purpose"), "what went wrong inside is logged, not told");
    stream.write_all(HELLO).await.unwrap();
    until(&mut stream, "hello").await;
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_again() {
    let rate = Some(Rate { per_second: 0.01, burst: 2.0 });
    let server = server_with(patient(), Rates { caller: rate, stranger: rate }).await;
    let mut stream = server.connect().await;
    for _ in 0..2 {
        stream.write_all(HELLO).await.unwrap();
        until(&mut stream, "hello").await;
    }
    stream.write_all(HELLO).await.unwrap();
    let text = until(&mut stream, "}").await;
    assert!(
        text.starts_with("HTTP/1.1 429") && text.contains("retry-after: ") && text.contains("ratelimit: "),
        "{text}"
    );
    // A balancer's question is not counted.
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    assert!(until(&mut stream, "ok\n").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn metrics_are_for_this_machine_and_not_through_a_proxy() {
    let server = server(patient()).await;
    let mut stream = server.connect().await;
    stream
        .write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 203.0.113.9\r\n\r\n")
        .await
        .unwrap();
    assert!(until(&mut stream, "}").await.starts_with("HTTP/1.1 401"));
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let text = rest(&mut stream).await;
    assert!(
        text.contains("throughline_http_connections 1") && text.contains("process_resident_memory_bytes"),
        "{text}"
    );
}

#[tokio::test]
async fn borders_of_messages_are_not_guessed() {
    let server = server(patient()).await;
    for head in [
        "POST /length HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
        "POST /length HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-length: -1\r\n\r\n",
        "POST /length HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST /length HTTP/1.1\r\nhost : x\r\n\r\n",
        "GET /hello HTTP/1.1\r\nhost: x\r\nbad\0header: 1\r\n\r\n",
    ] {
        let mut stream = server.connect().await;
        stream.write_all(head.as_bytes()).await.unwrap();
        let text = rest(&mut stream).await;
        assert!(text.starts_with("HTTP/1.1 400") || text.is_empty(), "{head}: {text}");
    }
}
