//! How mail leaves a server, from its command line; and the loop that sends it.

use std::{path::PathBuf, sync::Arc, time::Duration};

use clap::Args;
use throughline_app::{App, AppError, sweep::Outgoing};
use throughline_connect_email::{Password, Settings, Smtp};
use throughline_messages::{Address, Mailbox};
use tokio::sync::watch;

use crate::failure::Failure;

/// How often the post is looked at.
const EACH: Duration = Duration::from_secs(2);
/// How long it waits after a failure of our own.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

#[derive(Debug, Args)]
pub struct MailArgs {
    /// The mail server that takes mail, as smtp://user@host:587 or smtps://user@host; without one nothing is mailed
    #[arg(long, value_name = "URL", env = "THROUGHLINE_SMTP", requires = "mail_from")]
    smtp: Option<String>,
    /// Who mail is from
    #[arg(long, value_name = "ADDRESS", env = "THROUGHLINE_MAIL_FROM")]
    mail_from: Option<String>,
    /// The name beside that address
    #[arg(
        long,
        value_name = "NAME",
        env = "THROUGHLINE_MAIL_NAME",
        default_value = "Throughline",
        hide_default_value = true
    )]
    mail_name: String,
    /// A file with the password for it; or set THROUGHLINE_SMTP_PASSWORD
    #[arg(long, value_name = "FILE")]
    smtp_password_file: Option<PathBuf>,
    /// Certificates of an authority to trust beside the system's, as a PEM file
    #[arg(long, value_name = "FILE")]
    smtp_ca_file: Option<PathBuf>,
}

impl MailArgs {
    /// The application with a way for mail to leave, where one is given. A mail server that does not answer now is
    /// told and no reason not to serve.
    pub async fn onto(&self, app: App, public_url: &str) -> Result<App, Failure> {
        let (Some(url), Some(from)) = (&self.smtp, &self.mail_from) else { return Ok(app) };
        let wrong = |why: &dyn std::fmt::Display| Failure::usage(format!("mail cannot be sent: {why}"));
        let mut settings: Settings = url.parse().map_err(|why| wrong(&why))?;
        let password = match &self.smtp_password_file {
            Some(file) => Some(Password::read(file).map_err(|why| wrong(&why))?),
            None => std::env::var("THROUGHLINE_SMTP_PASSWORD").ok().map(Password::new),
        };
        if password.is_some() {
            settings = settings.with(password).map_err(|why| wrong(&why))?;
        }
        if let Some(file) = &self.smtp_ca_file {
            settings = settings.trusting(file).map_err(|why| wrong(&why))?;
        }
        let address: Address = from.parse().map_err(|why| wrong(&why))?;
        let smtp = Smtp::new(settings).map_err(|why| wrong(&why))?;
        if let Err(why) = smtp.probe().await {
            tracing::warn!(%why, "the mail server does not take mail now; it waits");
        }
        let from = Mailbox::new(&self.mail_name, address);
        Ok(app.with_mail(Outgoing { post: Arc::new(smtp), from, public_url: public_url.to_owned() }))
    }
}

/// Sends what is due until `stopped` says so. Apart from the other sweeps: a slow mail server keeps no clock waiting.
pub async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    if !app.mails() {
        return;
    }
    loop {
        let wait = match pass(&app).await {
            Ok(taken) if taken > 0 => Duration::ZERO,
            Ok(_) => EACH,
            Err(why) => {
                tracing::warn!(%why, "mail waits");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stopped.changed() => return,
        }
    }
}

/// Letters to our own people, then what goes to any mailbox: how much there was. What fails in one keeps the other from
/// nothing.
async fn pass(app: &App) -> Result<usize, AppError> {
    let (letters, parcels) = (app.sweep_post().await, app.sweep_parcels().await);
    Ok(letters?.taken + parcels?.taken)
}
