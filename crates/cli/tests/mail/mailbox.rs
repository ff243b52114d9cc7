//! The mailbox that answers arrive in: Dovecot, for this test alone, encrypted by a certificate of its own.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use crate::{
    post::free_port,
    programs::{installed, makes},
    until,
};

const PASSWORD: &str = "of-the-tests-alone";

pub struct Mailbox {
    folder: TempDir,
    port: u16,
    child: Child,
}

/// Whom it runs as: it refuses to keep mail as root.
fn whom() -> Option<(&'static str, &'static str)> {
    let id = Command::new("id").arg("-u").output().unwrap();
    (String::from_utf8_lossy(&id.stdout).trim() == "0").then_some(("nobody", "nogroup"))
}

/// A program as whom the mailbox runs as.
fn as_them(program: &Path) -> Command {
    match whom() {
        None => Command::new(program),
        Some((user, group)) => {
            let mut command = Command::new("setpriv");
            command.args([&format!("--reuid={user}"), &format!("--regid={group}")]);
            command.args(["--clear-groups", "--"]).arg(program);
            command
        }
    }
}

fn said(program: &str, words: &[&str]) -> String {
    let done = Command::new(program).args(words).output().unwrap_or_else(|why| panic!("{program}: {why}"));
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

impl Mailbox {
    pub fn open() -> Self {
        let (folder, port) = (TempDir::new().unwrap(), free_port());
        let here = folder.path();
        certificate(here);
        let (user, group) = match whom() {
            Some((user, group)) => (user.to_owned(), group.to_owned()),
            None => (said("id", &["-un"]), said("id", &["-gn"])),
        };
        std::fs::write(here.join("dovecot.conf"), settings(here, &user, &group, port)).unwrap();
        std::fs::write(here.join("password"), PASSWORD).unwrap();
        std::fs::set_permissions(here, PermissionsExt::from_mode(0o755)).unwrap();
        if whom().is_some() {
            said("chown", &["-R", &format!("{user}:{group}"), &here.to_string_lossy()]);
        }
        let child = as_them(&installed("dovecot"))
            .arg("-F")
            .arg("-c")
            .arg(here.join("dovecot.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mailbox = Self { folder, port, child };
        until("the mailbox", || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
        mailbox
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What a server is told to fetch answers here.
    pub fn words(&self) -> Vec<String> {
        let path = |name: &str| self.path(name).display().to_string();
        let url = format!("imaps://reply@localhost:{}/INBOX", self.port);
        let words = ["--answers-to", "reply@acme.example", "--imap", &url];
        let files = ["--imap-password-file", &path("password"), "--imap-ca-file", &path("cert.pem")];
        words.into_iter().chain(files).map(str::to_owned).collect()
    }

    /// Delivers a mail as a mail server does that took it from the internet.
    #[track_caller]
    pub fn takes(&self, raw: &[u8], from: &str, to: &str) {
        let mut deliver = as_them(&installed("dovecot-lda"));
        deliver.arg("-c").arg(self.path("dovecot.conf")).args(["-d", "reply", "-f", from, "-a", to]);
        makes(&mut deliver, raw);
    }

    /// How many mails it holds, and how many of them nobody has marked as read.
    pub fn holds(&self) -> (usize, usize) {
        let names = |folder: &str| {
            let entries = std::fs::read_dir(self.path("mail/reply").join(folder)).into_iter().flatten();
            entries
                .flatten()
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect::<Vec<_>>()
        };
        let (new, looked_at) = (names("new"), names("cur"));
        let read = |name: &&String| name.split_once(":2,").is_some_and(|(_, flags)| flags.contains('S'));
        let unread = new.len() + looked_at.len() - looked_at.iter().filter(read).count();
        (new.len() + looked_at.len(), unread)
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        // It ends what it started when it is asked to end, and not when it is killed.
        drop(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status());
        drop(self.child.wait());
    }
}

/// A certificate for this machine that nobody else trusts.
fn certificate(here: &Path) {
    let path = |name: &str| here.join(name).display().to_string();
    let (key, cert) = (path("key.pem"), path("cert.pem"));
    let made =
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    let named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    let kind = ["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", &key, "-out", &cert];
    said("openssl", &[&made[..], &named[..], &kind[..]].concat());
}

fn settings(here: &Path, user: &str, group: &str, port: u16) -> String {
    let here = here.display();
    format!(
        "protocols = imap
base_dir = {here}/run
state_dir = {here}/run
instance_name = throwaway
log_path = {here}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
listen = 127.0.0.1
ssl = required
ssl_cert = <{here}/cert.pem
ssl_key = <{here}/key.pem
mail_location = maildir:{here}/mail/%n
first_valid_uid = 1
first_valid_gid = 1
recipient_delimiter = +
auth_mechanisms = plain
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={here}/home/%n allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
}}
"
    )
}
