//! A client that knows what it does not know: whether a call whose connection broke was done.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::Value;

/// What came of a call.
pub enum Sent {
    /// An answer, whole.
    Answered(Answer),
    /// The connection broke after something was sent: it may have been done.
    Broken,
    /// Nothing left this side.
    Unsent,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|why| panic!("{} {}: {why}", self.status, self.text))
    }

    /// The version in the `ETag`.
    pub fn version(&self) -> Option<u64> {
        self.header("etag")?.trim_matches('"').parse().ok()
    }

    /// The last part of a problem's type, such as `gate-shut`; nothing where it is no problem.
    pub fn problem(&self) -> String {
        let body: Value = serde_json::from_str(&self.text).unwrap_or_default();
        body["type"].as_str().and_then(|kind| kind.rsplit('/').next()).unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }
}

/// One connection, kept while it is good.
pub struct Client {
    token: String,
    wire: Option<(String, BufReader<TcpStream>)>,
}

impl Client {
    pub fn new(token: &str) -> Self {
        Self { token: token.to_owned(), wire: None }
    }

    /// Connects without asking anything yet.
    pub fn connect(&mut self, address: &str) -> bool {
        if self.wire.as_ref().is_some_and(|(to, _)| to == address) {
            return true;
        }
        self.wire = TcpStream::connect(address).ok().map(|stream| {
            // An answer that never comes is an unknown outcome, not a hung test.
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            stream.set_nodelay(true).unwrap();
            (address.to_owned(), BufReader::new(stream))
        });
        self.wire.is_some()
    }

    /// Asks.
    pub fn send(
        &mut self,
        address: &str,
        request: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Sent {
        if !self.connect(address) {
            return Sent::Unsent;
        }
        let body = body.map(ToString::to_string).unwrap_or_default();
        let mut text = format!(
            "{request} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {}\r\ncontent-length: {}\r\n",
            self.token,
            body.len()
        );
        if !body.is_empty() {
            text.push_str("content-type: application/json\r\n");
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(&body);
        let Some((_, wire)) = &mut self.wire else { return Sent::Unsent };
        let answer = wire.get_mut().write_all(text.as_bytes()).ok().and_then(|()| read(wire));
        match answer {
            Some((answer, stays)) => {
                if !stays {
                    self.wire = None;
                }
                Sent::Answered(answer)
            }
            None => {
                self.wire = None;
                Sent::Broken
            }
        }
    }

    /// Asks a server that is there.
    #[track_caller]
    pub fn ask(
        &mut self,
        address: &str,
        request: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        match self.send(address, request, headers, body) {
            Sent::Answered(answer) => answer,
            Sent::Broken => panic!("{request}: the connection broke"),
            Sent::Unsent => panic!("{request}: nobody at {address}"),
        }
    }
}

/// An answer and whether the connection stays; nothing when it is not whole.
fn read(wire: &mut BufReader<TcpStream>) -> Option<(Answer, bool)> {
    let mut line = String::new();
    wire.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let status = line.split(' ').nth(1)?.parse().ok()?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        wire.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_lowercase(), value.trim().to_owned())),
            None => break,
        }
    }
    let mut answer = Answer { status, headers, text: String::new() };
    let length = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    wire.read_exact(&mut body).ok()?;
    answer.text = String::from_utf8_lossy(&body).into_owned();
    let stays = answer.header("connection") != Some("close");
    Some((answer, stays))
}

/// A value's text; nothing where it is none.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
