//! Which mailbox, and the way into it: `imaps://user@host/Folder`.

use std::{fmt, str::FromStr, time::Duration};

use async_imap::{Client, error::Error};
use percent_encoding::percent_decode_str;
use throughline_messages::PostError;
use tokio::net::TcpStream;
use url::Url;

use crate::{
    settings::{Authorities, Password, SettingsError, is_here, is_host},
    stream::Stream,
    tls::Tls,
};

/// Most bytes read in one conversation: mails of one look, and what servers say around them.
const MOST_READ: u64 = 64 * 1024 * 1024;

/// A session after signing in.
pub type Session = async_imap::Session<Stream>;

/// A mailbox and the way to it. Encrypted from the first byte, unless it is on this machine (`imap://localhost`).
#[derive(Debug, Clone)]
pub struct ImapSettings {
    pub(super) host: String,
    port: u16,
    encrypted: bool,
    user: String,
    folder: String,
    pub(super) patience: Duration,
}

impl FromStr for ImapSettings {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let url = Url::parse(text).map_err(|_| SettingsError::MailboxForm)?;
        let encrypted = match url.scheme() {
            "imaps" => true,
            "imap" => false,
            _ => return Err(SettingsError::MailboxForm),
        };
        if url.password().is_some() {
            return Err(SettingsError::PasswordInUrl);
        }
        if let Some(query) = url.query() {
            return Err(SettingsError::MailboxOption(query.chars().take(80).collect()));
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SettingsError::MailboxForm)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        if !is_host(&host) {
            return Err(SettingsError::Host(host.chars().take(80).collect()));
        }
        if !encrypted && !is_here(&host) {
            return Err(SettingsError::OpenMailbox(host));
        }
        let plain = |text: &str| {
            let text = percent_decode_str(text).decode_utf8().map_err(|_| SettingsError::MailboxForm)?;
            if text.chars().any(char::is_control) {
                Err(SettingsError::MailboxForm)
            } else {
                Ok(text.into_owned())
            }
        };
        let (user, folder) = (plain(url.username())?, plain(url.path().trim_matches('/'))?);
        if user.is_empty() {
            return Err(SettingsError::Half("the user, before the @ of the URL,"));
        }
        Ok(Self {
            host,
            port: url.port().unwrap_or(if encrypted { 993 } else { 143 }),
            encrypted,
            user,
            folder: if folder.is_empty() { "INBOX".to_owned() } else { folder },
            patience: Duration::from_secs(60),
        })
    }
}

impl ImapSettings {
    /// How long one look may take.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }
}

/// A mailbox that can be looked at.
pub struct Imap {
    pub(super) settings: ImapSettings,
    password: Password,
    tls: Option<Tls>,
}

impl Imap {
    /// Makes ready to look; nothing is connected yet. `trusted` are authorities beside the system's.
    pub fn new(
        settings: ImapSettings,
        password: Password,
        trusted: &[Authorities],
    ) -> Result<Self, PostError> {
        let tls = if settings.encrypted { Some(Tls::new(trusted)?) } else { None };
        Ok(Self { settings, password, tls })
    }

    /// A session with the folder open, and which counting the folder is at.
    pub(super) async fn open(&self) -> Result<(Session, u32), PostError> {
        let ImapSettings { host, port, user, folder, .. } = &self.settings;
        let fault = |why: std::io::Error| PostError::later(format!("{host}: {why}"));
        let socket = TcpStream::connect((host.as_str(), *port)).await.map_err(fault)?;
        let stream = match &self.tls {
            None => Stream::plain(socket),
            Some(tls) => tls.encrypt(host, socket).await?,
        };
        let mut client = Client::new(stream.at_most(MOST_READ));
        if client.read_response().await.map_err(fault)?.is_none() {
            return Err(PostError::later(format!("{host} hung up")));
        }
        let signed_in = client.login(user, self.password.secret()).await;
        let mut session = signed_in
            .map_err(|(why, _)| PostError::later(format!("{host} does not let {user} in: {}", Said(&why))))?;
        let opened = session.select(folder).await.map_err(|why| self.trouble(&why))?;
        match opened.uid_validity {
            Some(count) => Ok((session, count)),
            None => Err(PostError::later(format!("{host}: {folder} does not keep the numbers of its mails"))),
        }
    }

    pub(super) fn trouble(&self, why: &Error) -> PostError {
        PostError::later(format!("{}: {}", self.settings.host, Said(why)))
    }
}

impl fmt::Debug for Imap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Imap").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// An error without the bytes that could not be read: they may be of a mail.
struct Said<'e>(&'e Error);

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Error::Io(why) => why.fmt(f),
            Error::Bad(_) | Error::No(_) | Error::ConnectionLost => self.0.fmt(f),
            Error::Validate(_) => f.write_str("a name or a password has a character that cannot be sent"),
            _ => f.write_str("its answer was not understood"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_encrypted_unless_it_is_on_this_machine() {
        let read = |url: &str| url.parse::<ImapSettings>().unwrap();
        let far = read("imaps://answers%40example.com@mail.example.com");
        assert_eq!((far.port, far.folder.as_str(), far.user.as_str()), (993, "INBOX", "answers@example.com"));
        assert_eq!(read("imap://a@localhost:1143/Hand%20offs").folder, "Hand offs");
        for url in [
            "imap://a@mail.example.com",
            "imaps://mail.example.com",
            "imaps://a:secret@m",
            "smtp://a@m",
            "imaps://a@m?x=y",
            "imaps://a@m/x%0d%0aLOGOUT",
            "imaps://a%0a@m",
            "",
            "imaps://a@",
        ] {
            assert!(url.parse::<ImapSettings>().is_err(), "{url}");
        }
    }
}
