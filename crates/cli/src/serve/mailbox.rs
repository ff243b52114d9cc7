//! Where answers to mail are sent to, from the command line; and the loop that fetches them from their mailbox.

use std::{path::PathBuf, time::Duration};

use clap::Args;
use throughline_app::{
    App,
    inbox::{Looked, Mailbox},
};
use throughline_connect_email::{Authorities, Imap, ImapSettings, Password};
use throughline_messages::{Address, ReplyAddress};
use tokio::sync::watch;

use crate::failure::Failure;

/// How often a node asks whether it is its turn to look.
const EACH: Duration = Duration::from_secs(5);
/// The longest wait after failures.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

#[derive(Debug, Args)]
pub struct MailboxArgs {
    /// Where answers to mail are sent to, such as reply@handoffs.acme.example: at most 7 characters before the @, and
    /// the mail server must deliver reply+anything@ as well
    #[arg(long, value_name = "ADDRESS", env = "THROUGHLINE_ANSWERS_TO")]
    answers_to: Option<String>,
    /// The mailbox they arrive in, as imaps://user@host/folder; may be left out where a mail server brings them by
    /// POST /api/v1/mail
    #[arg(long, value_name = "URL", env = "THROUGHLINE_IMAP", requires = "answers_to")]
    imap: Option<String>,
    /// A file with the password for it; or set THROUGHLINE_IMAP_PASSWORD
    #[arg(long, value_name = "FILE", requires = "imap")]
    imap_password_file: Option<PathBuf>,
    /// Certificates of an authority to trust beside the system's, as a PEM file
    #[arg(long, value_name = "FILE", requires = "imap")]
    imap_ca_file: Option<PathBuf>,
}

impl MailboxArgs {
    /// The application with an address for answers, and the mailbox to look into, where they are given.
    pub fn onto(&self, app: App) -> Result<(App, Option<Mailbox>), Failure> {
        let wrong = |why: &dyn std::fmt::Display| Failure::usage(format!("mail cannot be received: {why}"));
        let Some(address) = &self.answers_to else { return Ok((app, None)) };
        let address: Address = address.parse().map_err(|why| wrong(&why))?;
        let answers = ReplyAddress::new(&address).ok_or_else(|| {
            wrong(&format!("{address} has more than 7 characters before the @, or a + there"))
                .hint("what is secret stands between a + and the @, and needs the room")
        })?;
        let app = app.with_answers(answers);
        let Some(url) = &self.imap else { return Ok((app, None)) };
        let settings: ImapSettings = url.parse().map_err(|why| wrong(&why))?;
        let password = match &self.imap_password_file {
            Some(file) => Password::read(file).map_err(|why| wrong(&why))?,
            None => std::env::var("THROUGHLINE_IMAP_PASSWORD").map(Password::new).map_err(|_| {
                wrong(&"the password of the mailbox is missing")
                    .hint("give --imap-password-file, or set THROUGHLINE_IMAP_PASSWORD")
            })?,
        };
        let trusted: Vec<Authorities> = match &self.imap_ca_file {
            Some(file) => vec![Authorities::read(file).map_err(|why| wrong(&why))?],
            None => Vec::new(),
        };
        let imap = Imap::new(settings, password, &trusted).map_err(|why| wrong(&why))?;
        Ok((app, Some(Mailbox { name: url.clone(), arrivals: Box::new(imap) })))
    }
}

/// Looks into the mailbox until `stopped` says so. Apart from everything else: a slow mailbox keeps nothing waiting.
pub async fn run(app: App, mailbox: Option<Mailbox>, mut stopped: watch::Receiver<bool>) {
    let Some(mailbox) = mailbox else { return };
    let mut wait = EACH;
    loop {
        wait = match app.look_into(&mailbox).await {
            Ok(looked) if looked.is_full() => Duration::ZERO,
            Ok(Looked::Took(_) | Looked::NotNow) => EACH,
            Err(why) => {
                let longer = (wait.max(EACH) * 2).min(LONGEST_WAIT);
                tracing::warn!(mailbox = mailbox.name, %why, wait = ?longer, "answers stay in their mailbox");
                longer
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stopped.changed() => return,
        }
    }
}
