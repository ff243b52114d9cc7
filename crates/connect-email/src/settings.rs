//! Which server, spoken to how: `smtp://user@host:587?starttls=required` or `smtps://user@host`.

use std::{fmt, net::IpAddr, path::Path, str::FromStr, time::Duration};

use percent_encoding::percent_decode_str;
use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject};
use url::Url;

/// The longest password file read, in bytes.
const LONGEST: u64 = 4 * 1024;

/// A mail server and the way to it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// What is encrypted.
    pub security: Security,
    /// Who signs in; none: nobody has to.
    pub user: Option<String>,
    /// With what.
    pub password: Option<Password>,
    /// How long one mail may take, from connecting to the server's last word.
    pub patience: Duration,
    /// What we call ourselves; none: the domain of the sender.
    pub hello: Option<String>,
    /// Certificates of authorities trusted beside the system's.
    pub(crate) roots: Vec<Authorities>,
}

/// What of the conversation is encrypted. The server's certificate is always verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// All of it, from the first byte (`smtps`).
    Implicit,
    /// From `STARTTLS` on; a server that does not offer it gets nothing.
    Required,
    /// From `STARTTLS` on, where it is offered.
    Offered,
    /// Nothing. For a server on this machine.
    Nothing,
}

/// A password. Printing it for debugging does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why settings are none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Not a URL, or of another kind.
    #[error("the mail server is given as smtp://user@host:587 or smtps://user@host")]
    Form,
    /// A mailbox that is none.
    #[error("a mailbox is given as imaps://user@host/folder")]
    MailboxForm,
    /// Something after the `?` of a mailbox.
    #[error("`{0}` means nothing here: a mailbox has no options")]
    MailboxOption(String),
    /// A mailbox far away that everybody on the way could read.
    #[error("a mailbox at {0} is given as imaps://, or everybody on the way could read it")]
    OpenMailbox(String),
    /// A password in the URL.
    #[error(
        "a password does not belong in the URL, where process lists and logs show it: give it apart, in a file or a variable"
    )]
    PasswordInUrl,
    /// A host that is none.
    #[error("`{0}` is no host name")]
    Host(String),
    /// Something after the `?` that means nothing.
    #[error(
        "`{0}` means nothing here: there are starttls (required, offered, no), timeout (1 to 600 seconds) and hello (a host name)"
    )]
    Option(String),
    /// A password that anybody on the way could read.
    #[error(
        "signing in at {0} without encryption would show the password to everybody on the way: leave starttls required"
    )]
    Unprotected(String),
    /// A user without password, or the other way round.
    #[error("a user and a password go together: {0} is missing")]
    Half(&'static str),
    /// A file that cannot be used.
    #[error("{path}: {why}")]
    File {
        /// Which.
        path: String,
        /// Why not.
        why: String,
    },
}

impl FromStr for Settings {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let url = Url::parse(text).map_err(|_| SettingsError::Form)?;
        let implicit = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(SettingsError::Form),
        };
        if url.password().is_some() {
            return Err(SettingsError::PasswordInUrl);
        }
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(SettingsError::Form);
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SettingsError::Form)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        if !is_host(&host) {
            return Err(SettingsError::Host(host.chars().take(80).collect()));
        }
        let security = match (implicit, is_here(&host)) {
            (true, _) => Security::Implicit,
            (false, true) => Security::Nothing,
            (false, false) => Security::Required,
        };
        let user = percent_decode_str(url.username()).decode_utf8().map_err(|_| SettingsError::Form)?;
        let mut settings = Self {
            host,
            port: url.port().unwrap_or(if implicit { 465 } else { 587 }),
            security,
            user: (!user.is_empty()).then(|| user.into_owned()),
            password: None,
            patience: Duration::from_secs(30),
            hello: None,
            roots: Vec::new(),
        };
        for (name, value) in url.query_pairs() {
            settings.option(implicit, &name, &value)?;
        }
        if settings.user.is_some() && !settings.protects() {
            return Err(SettingsError::Unprotected(settings.host));
        }
        Ok(settings)
    }
}

impl Settings {
    fn option(&mut self, implicit: bool, name: &str, value: &str) -> Result<(), SettingsError> {
        let wrong = || SettingsError::Option(format!("{name}={value}").chars().take(80).collect());
        match (name, value) {
            ("starttls", "required") if !implicit => self.security = Security::Required,
            ("starttls", "offered") if !implicit => self.security = Security::Offered,
            ("starttls", "no") if !implicit => self.security = Security::Nothing,
            ("timeout", seconds) => {
                let seconds = seconds.parse().ok().filter(|seconds| (1..=600).contains(seconds));
                self.patience = Duration::from_secs(seconds.ok_or_else(wrong)?);
            }
            ("hello", host) if is_host(host) => self.hello = Some(host.to_owned()),
            _ => return Err(wrong()),
        }
        Ok(())
    }

    /// Whether a password sent there is seen by nobody on the way.
    fn protects(&self) -> bool {
        matches!(self.security, Security::Implicit | Security::Required) || is_here(&self.host)
    }

    /// With the password that belongs to the user.
    pub fn with(mut self, password: Option<Password>) -> Result<Self, SettingsError> {
        match (&self.user, &password) {
            (Some(_), None) => Err(SettingsError::Half("the password")),
            (None, Some(_)) => Err(SettingsError::Half("the user, before the @ of the URL,")),
            _ => {
                self.password = password;
                Ok(self)
            }
        }
    }

    /// Trusting the authorities of a PEM file beside the system's.
    pub fn trusting(mut self, file: &Path) -> Result<Self, SettingsError> {
        self.roots.push(Authorities::read(file)?);
        Ok(self)
    }
}

/// Certificates of authorities, as they stand in a PEM file.
#[derive(Debug, Clone)]
pub struct Authorities(Vec<CertificateDer<'static>>);

impl Authorities {
    /// Reads them. A file without any is a fault: it would vouch for nobody.
    pub fn read(file: &Path) -> Result<Self, SettingsError> {
        let pem = read(file)?;
        let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
        let all = all.map_err(|why| fault(file, why))?;
        if all.is_empty() { Err(fault(file, "there is no certificate in it")) } else { Ok(Self(all)) }
    }

    pub(crate) fn certificates(&self) -> &[CertificateDer<'static>] {
        &self.0
    }
}

impl Password {
    /// A password as typed.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// From a file: all of it but a line end at its end.
    pub fn read(file: &Path) -> Result<Self, SettingsError> {
        let text = read(file)?;
        let secret = text.strip_suffix('\n').unwrap_or(&text);
        let secret = secret.strip_suffix('\r').unwrap_or(secret);
        if secret.is_empty() { Err(fault(file, "the file is empty")) } else { Ok(Self(secret.to_owned())) }
    }

    pub(crate) fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

fn read(file: &Path) -> Result<String, SettingsError> {
    let size = std::fs::metadata(file).map_err(|why| fault(file, why))?.len();
    // A bundle of authorities is larger than a password, and still no large file.
    if size > LONGEST * 256 {
        return Err(fault(file, format!("{size} bytes are too many")));
    }
    std::fs::read_to_string(file).map_err(|why| fault(file, why))
}

fn fault(file: &Path, why: impl fmt::Display) -> SettingsError {
    SettingsError::File { path: file.display().to_string(), why: why.to_string() }
}

pub(crate) fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    text.parse::<IpAddr>().is_ok() || (text.len() <= 253 && text.split('.').all(label))
}

/// Whether a host is this machine.
pub(crate) fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Settings {
        url.parse().unwrap_or_else(|why| panic!("{url}: {why}"))
    }

    #[test]
    fn what_is_not_said_is_the_safe_choice() {
        let plain = read("smtp://mail.example.com");
        assert_eq!((plain.port, plain.security), (587, Security::Required));
        let tls = read("smtps://dana%40example.com@mail.example.com");
        assert_eq!((tls.port, tls.security), (465, Security::Implicit));
        assert_eq!(tls.user.as_deref(), Some("dana@example.com"));
        for here in ["smtp://localhost:2525", "smtp://127.0.0.1:2525", "smtp://[::1]:2525"] {
            assert_eq!((read(here).port, read(here).security), (2525, Security::Nothing), "{here}");
        }
        assert_eq!(read("smtp://localhost?starttls=required").security, Security::Required);
        assert_eq!(read("smtp://relay:25?starttls=offered&timeout=5&hello=h.example").patience.as_secs(), 5);
    }

    #[test]
    fn a_password_is_never_in_the_url_nor_sent_in_the_open() {
        let error = |url: &str| url.parse::<Settings>().unwrap_err();
        assert_eq!(error("smtp://dana:secret@mail.example.com"), SettingsError::PasswordInUrl);
        for url in
            ["smtp://dana@mail.example.com?starttls=no", "smtp://dana@mail.example.com?starttls=offered"]
        {
            assert_eq!(error(url), SettingsError::Unprotected("mail.example.com".to_owned()), "{url}");
        }
        assert!(read("smtp://dana@localhost").with(Some(Password::new("x"))).is_ok());
        assert!(
            !format!("{:?}", read("smtp://dana@localhost").with(Some(Password::new("hush"))))
                .contains("hush")
        );
        assert_eq!(read("smtps://dana@m").with(None).unwrap_err(), SettingsError::Half("the password"));
        assert!(read("smtps://m").with(Some(Password::new("x"))).is_err());
    }

    #[test]
    fn what_means_nothing_is_said_and_not_passed_over() {
        for url in [
            "",
            "mail.example.com",
            "http://mail.example.com",
            "smtp://",
            "smtp://m/path",
            "smtp://m#x",
            "smtp://m m",
            "smtp://m?startls=required",
            "smtp://m?starttls=maybe",
            "smtps://m?starttls=no",
            "smtp://m?timeout=0",
            "smtp://m?timeout=601",
            "smtp://m?hello=a%20b",
            "smtp://m%0d%0aX",
            "smtp://m:99999",
        ] {
            assert!(url.parse::<Settings>().is_err(), "{url}");
        }
    }

    #[test]
    fn a_password_file_may_end_with_a_line_end() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "two words \r\n").unwrap();
        assert_eq!(Password::read(&file).unwrap().secret(), "two words ");
        std::fs::write(&file, "\n").unwrap();
        assert!(Password::read(&file).is_err());
        assert!(Password::read(&folder.path().join("none")).is_err());
        assert!(read("smtps://m").trusting(&file).is_err(), "no certificate in it");
    }
}
