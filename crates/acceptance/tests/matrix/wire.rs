//! A connection that is kept, and who speaks over it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};

/// How somebody proves who they are.
#[derive(Debug, Clone)]
pub enum Proof {
    Nothing,
    /// A browser with this session.
    Session(String),
    /// A program with this token.
    Token(String),
}

/// What is sent.
pub enum Sent {
    Nothing,
    Json(String),
    Form(String),
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub text: String,
}

impl Answer {
    /// The last part of a problem's type.
    pub fn problem(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.text).unwrap_or_default();
        body["type"].as_str().and_then(|kind| kind.rsplit('/').next()).unwrap_or_default().to_owned()
    }
}

pub struct Wire {
    to: SocketAddr,
    kept: Option<BufReader<TcpStream>>,
}

impl Wire {
    pub fn to(to: SocketAddr) -> Self {
        Self { to, kept: None }
    }

    pub fn ask(&mut self, proof: &Proof, method: &str, path: &str, sent: &Sent) -> Answer {
        let mut head = format!("{} {path} HTTP/1.1\r\nhost: {}\r\n", method.to_uppercase(), self.to);
        match proof {
            Proof::Nothing => {}
            Proof::Session(secret) => head.push_str(&format!("cookie: throughline={secret}\r\n")),
            Proof::Token(secret) => head.push_str(&format!("authorization: Bearer {secret}\r\n")),
        }
        let (media, body) = match sent {
            Sent::Nothing => ("", ""),
            Sent::Json(body) => ("application/json", body.as_str()),
            Sent::Form(body) => ("application/x-www-form-urlencoded", body.as_str()),
        };
        if !media.is_empty() {
            head.push_str(&format!("content-type: {media}\r\n"));
        }
        // As our own pages send it.
        head.push_str(&format!(
            "sec-fetch-site: same-origin\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ));
        // A kept connection may have been closed meanwhile; a new one is not.
        for _ in 0..2 {
            let fresh = self.kept.is_none();
            if fresh {
                let stream = TcpStream::connect(self.to).unwrap();
                stream.set_nodelay(true).unwrap();
                self.kept = Some(BufReader::new(stream));
            }
            let wire = self.kept.as_mut().unwrap();
            let answer = wire.get_mut().write_all(head.as_bytes()).ok().and_then(|()| read(wire));
            match answer {
                Some((answer, stays)) => {
                    if !stays {
                        self.kept = None;
                    }
                    return answer;
                }
                None => self.kept = None,
            }
        }
        panic!("{method} {path}: no answer")
    }
}

/// An answer, and whether the connection stays.
fn read(wire: &mut BufReader<TcpStream>) -> Option<(Answer, bool)> {
    let mut line = String::new();
    wire.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut answer = Answer {
        status: line.split(' ').nth(1)?.parse().ok()?,
        location: String::new(),
        text: String::new(),
    };
    let (mut length, mut chunked, mut stays) = (0, false, true);
    loop {
        line.clear();
        wire.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        match (name.to_lowercase().as_str(), value.trim()) {
            ("content-length", value) => length = value.parse().ok()?,
            ("transfer-encoding", value) => chunked = value == "chunked",
            ("connection", value) => stays = value != "close",
            ("location", value) => answer.location = value.to_owned(),
            _ => {}
        }
    }
    let mut body = Vec::new();
    if chunked {
        loop {
            line.clear();
            wire.read_line(&mut line).ok()?;
            let size = usize::from_str_radix(line.trim(), 16).ok()?;
            let mut chunk = vec![0; size + 2];
            wire.read_exact(&mut chunk).ok()?;
            if size == 0 {
                break;
            }
            body.extend_from_slice(&chunk[..size]);
        }
    } else {
        body = vec![0; length];
        wire.read_exact(&mut body).ok()?;
    }
    answer.text = String::from_utf8_lossy(&body).into_owned();
    Some((answer, stays))
}
