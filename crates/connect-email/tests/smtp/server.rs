//! A mail server of a few lines that does what a test tells it to.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, ReadBuf},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

/// What the server does instead of saying yes.
#[derive(Debug, Clone)]
pub enum Instead {
    /// Says this.
    Says(&'static str),
    /// Hangs up without a word.
    HangsUp,
    /// Says nothing more.
    Sleeps,
}

/// A command, as far as tests tell them apart. `End` is the dot after a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Greeting,
    StartTls,
    Mail,
    Rcpt,
    Data,
    End,
    Auth,
}

/// A mail that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub from: String,
    pub to: Vec<String>,
    pub raw: String,
    pub encrypted: bool,
}

#[derive(Default)]
struct Inner {
    plan: Mutex<VecDeque<(At, Instead)>>,
    taken: Mutex<Vec<Taken>>,
    connections: Mutex<usize>,
}

/// A running server.
#[derive(Clone)]
pub struct Server {
    pub port: u16,
    inner: Arc<Inner>,
}

impl Server {
    pub async fn start() -> Self {
        Self::with(None, false).await
    }

    /// `tls` makes it offer STARTTLS, or speak TLS from the first byte.
    pub async fn with(tls: Option<TlsAcceptor>, implicit: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self { port: listener.local_addr().unwrap().port(), inner: Arc::default() };
        let inner = server.inner.clone();
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                *inner.connections.lock().unwrap() += 1;
                let (inner, tls) = (inner.clone(), tls.clone());
                tokio::spawn(async move {
                    let mut stream = Stream::Plain(socket);
                    if let (Some(tls), true) = (&tls, implicit) {
                        let Some(encrypted) = stream.encrypt(tls).await else { return };
                        stream = encrypted;
                    }
                    let offers = tls.filter(|_| !implicit);
                    if let Some((stream, tls)) = talk(stream, &inner, offers, true).await
                        && let Some(stream) = stream.encrypt(&tls).await
                    {
                        talk(stream, &inner, None, false).await;
                    }
                });
            }
        });
        server
    }

    /// The next time it comes to this, do that.
    pub fn once(&self, at: At, instead: Instead) -> &Self {
        self.inner.plan.lock().unwrap().push_back((at, instead));
        self
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.inner.taken.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        *self.inner.connections.lock().unwrap()
    }
}

/// Until the client leaves, or wants to go on encrypted.
async fn talk(
    stream: Stream,
    inner: &Inner,
    tls: Option<TlsAcceptor>,
    greet: bool,
) -> Option<(Stream, TlsAcceptor)> {
    let encrypted = matches!(stream, Stream::Tls(_));
    let mut stream = BufReader::new(stream);
    if greet && !answer(&mut stream, inner, At::Greeting, "220 ready").await {
        return None;
    }
    let mut taken = Taken { from: String::new(), to: Vec::new(), raw: String::new(), encrypted };
    loop {
        let line = line(&mut stream).await?;
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let goes_on = match verb.as_str() {
            "EHLO" => {
                let offer = if tls.is_some() { "250-STARTTLS\r\n" } else { "" };
                say(&mut stream, &format!("250-here\r\n{offer}250-8BITMIME\r\n250 AUTH PLAIN LOGIN")).await
            }
            "STAR" => {
                let said = planned(inner, At::StartTls);
                let said = if let Some(Instead::Says(said)) = said { said } else { "220 go on" };
                say(&mut stream, said).await;
                return Some((stream.into_inner(), tls?));
            }
            "MAIL" => {
                taken = Taken { from: line, to: Vec::new(), raw: String::new(), encrypted };
                answer(&mut stream, inner, At::Mail, "250 fine").await
            }
            "RCPT" => {
                taken.to.push(line);
                answer(&mut stream, inner, At::Rcpt, "250 fine").await
            }
            "AUTH" => answer(&mut stream, inner, At::Auth, "235 welcome").await,
            "DATA" => {
                if !answer(&mut stream, inner, At::Data, "354 go on").await {
                    return None;
                }
                loop {
                    let line = line_of(&mut stream).await?;
                    if line == ".\r\n" {
                        break;
                    }
                    taken.raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                let goes_on = answer(&mut stream, inner, At::End, "250 taken").await;
                if goes_on {
                    inner.taken.lock().unwrap().push(taken.clone());
                }
                goes_on
            }
            "QUIT" => {
                say(&mut stream, "221 bye").await;
                false
            }
            _ => say(&mut stream, "250 fine").await,
        };
        if !goes_on {
            return None;
        }
    }
}

/// The planned answer, or the usual one. A refusal leaves the conversation open, as servers do; so `DATA` and the end of
/// a mail look at what was said. False: the conversation is over.
async fn answer(stream: &mut BufReader<Stream>, inner: &Inner, at: At, usual: &str) -> bool {
    match planned(inner, at) {
        None => say(stream, usual).await,
        Some(Instead::HangsUp) => false,
        Some(Instead::Sleeps) => {
            let _ = line(stream).await;
            false
        }
        Some(Instead::Says(said)) => {
            say(stream, said).await;
            // What follows a refusal is the client's QUIT.
            let _ = line(stream).await;
            false
        }
    }
}

fn planned(inner: &Inner, at: At) -> Option<Instead> {
    let mut plan = inner.plan.lock().unwrap();
    if plan.front().is_some_and(|(planned, _)| *planned == at) {
        plan.pop_front().map(|(_, instead)| instead)
    } else {
        None
    }
}

async fn say(stream: &mut BufReader<Stream>, text: &str) -> bool {
    stream.get_mut().write_all(format!("{text}\r\n").as_bytes()).await.is_ok()
        && stream.get_mut().flush().await.is_ok()
}

async fn line(stream: &mut BufReader<Stream>) -> Option<String> {
    line_of(stream).await.map(|line| line.trim_end().to_owned())
}

async fn line_of(stream: &mut BufReader<Stream>) -> Option<String> {
    let mut line = Vec::new();
    match stream.read_until(b'\n', &mut line).await {
        Ok(1..) => Some(String::from_utf8_lossy(&line).into_owned()),
        _ => None,
    }
}

/// A socket, encrypted or not.
enum Stream {
    Plain(tokio::net::TcpStream),
    Tls(Box<tokio_rustls::server::TlsStream<tokio::net::TcpStream>>),
}

impl Stream {
    async fn encrypt(self, tls: &TlsAcceptor) -> Option<Self> {
        match self {
            Stream::Plain(socket) => {
                tls.accept(socket).await.ok().map(|stream| Stream::Tls(Box::new(stream)))
            }
            Stream::Tls(_) => None,
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buf),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
