//! The way to the first command: connected, and encrypted where it must be.
//!
//! `STARTTLS` is spoken here and not by the library, which keeps what it had read before the encryption and takes it for
//! the server's word after it. Whoever sits on the way could so answer for the server, and a refused mail would be
//! believed to be taken. Here a server that has said more than it was asked is not spoken to.

use lettre::transport::smtp::extension::ClientId;
use throughline_messages::PostError;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{Security, Settings, stream::Stream, tls::Tls};

/// What a conversation begins with. The library waits for it, and here it was heard already.
const GREETING: &[u8] = b"220 ready\r\n";
/// The longest reply before the encryption, in bytes.
const LONGEST: usize = 8 * 1024;

/// A connection at its beginning: the next thing to read is the greeting.
pub async fn open(settings: &Settings, tls: Option<&Tls>, hello: &ClientId) -> Result<Stream, PostError> {
    let Settings { host, port, security, .. } = settings;
    let socket = TcpStream::connect((host.as_str(), *port)).await;
    let mut socket = socket.map_err(|why| PostError::later(format!("{host}: {why}")))?;
    let (tls, required) = match (security, tls) {
        (Security::Nothing, _) | (_, None) => return Ok(Stream::plain(socket)),
        (Security::Implicit, Some(tls)) => return tls.encrypt(host, socket).await,
        (Security::Required, Some(tls)) => (tls, true),
        (Security::Offered, Some(tls)) => (tls, false),
    };
    let mut clear = Clear { host, socket: &mut socket };
    clear.reply("220").await?;
    clear.say(&format!("EHLO {hello}\r\n")).await?;
    let offers = clear.reply("250").await?;
    let offered = offers
        .lines()
        .any(|line| line.get(4..).is_some_and(|what| what.trim().eq_ignore_ascii_case("STARTTLS")));
    if offered {
        clear.say("STARTTLS\r\n").await?;
        clear.reply("220").await?;
        Ok(tls.encrypt(host, socket).await?.after(GREETING))
    } else if required {
        Err(PostError::later(format!("{host} does not offer STARTTLS, which the settings require")))
    } else {
        Ok(Stream::plain(socket).after(GREETING))
    }
}

/// The conversation before it is encrypted.
struct Clear<'s> {
    host: &'s str,
    socket: &'s mut TcpStream,
}

impl Clear<'_> {
    async fn say(&mut self, line: &str) -> Result<(), PostError> {
        self.socket.write_all(line.as_bytes()).await.map_err(|why| self.trouble(why))
    }

    /// One whole reply, with the code it must have and nothing after it.
    async fn reply(&mut self, code: &str) -> Result<String, PostError> {
        let mut said = Vec::new();
        let mut some = [0; 1024];
        loop {
            let read = self.socket.read(&mut some).await.map_err(|why| self.trouble(why))?;
            said.extend_from_slice(some.get(..read).unwrap_or_default());
            if read == 0 || said.len() > LONGEST {
                return Err(self.trouble("its answer has no end"));
            }
            if let Some(end) = end(&said) {
                let text = String::from_utf8_lossy(&said).into_owned();
                if end < said.len() {
                    return Err(self.trouble("it says more than it was asked, before the encryption"));
                }
                return if text.starts_with(code) { Ok(text) } else { Err(self.trouble(text)) };
            }
        }
    }

    fn trouble(&self, why: impl std::fmt::Display) -> PostError {
        PostError::later(format!("{}: {why}", self.host))
    }
}

/// Where a reply ends: after the first whole line whose code is followed by no `-`.
fn end(said: &[u8]) -> Option<usize> {
    let mut begins = 0;
    for (at, _) in said.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
        if said.get(begins + 3) != Some(&b'-') {
            return Some(at + 1);
        }
        begins = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::end;

    #[test]
    fn a_reply_ends_with_its_last_line() {
        assert_eq!(end(b"220 ready\r\n"), Some(11));
        assert_eq!(end(b"250-a\r\n250 b\r\n250 more"), Some(14));
        assert_eq!(end(b"250-a\r\n250 b"), None);
        assert_eq!(end(b""), None);
        assert_eq!(end(b"x\n"), Some(2), "nonsense ends too");
    }
}
