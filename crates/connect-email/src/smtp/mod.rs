//! The conversation with the server, and the few connections kept for the next one.
//!
//! A connection goes back among the kept ones only after the server took the mail; a conversation that was refused, cut
//! or took too long takes its connection with it, so that no answer is ever taken for the answer to another mail.

mod opening;

use std::{fmt, sync::Mutex, time::Duration};

use async_trait::async_trait;
use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, Mechanism},
    client::AsyncSmtpConnection,
    commands::{Data, Mail as MailFrom, Rcpt},
    extension::ClientId,
};
use throughline_messages::{Mail, Post, PostError};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout},
};

use crate::{Security, Settings, tls::Tls, translate};

/// Conversations at a time: a mail server has others to talk to.
const AT_A_TIME: usize = 4;
/// How long a connection is kept for the next mail. Servers hang up after some minutes; RFC 5321 asks for five.
const KEPT: Duration = Duration::from_secs(60);

/// A mail server that takes our mail.
pub struct Smtp {
    settings: Settings,
    hello: Option<ClientId>,
    tls: Option<Tls>,
    kept: Mutex<Vec<(Instant, AsyncSmtpConnection)>>,
    turns: Semaphore,
}

impl Smtp {
    /// Makes ready to speak to a server; nothing is connected yet. It fails when certificates cannot be used.
    pub fn new(settings: Settings) -> Result<Self, PostError> {
        let tls = match settings.security {
            Security::Nothing => None,
            Security::Implicit | Security::Required | Security::Offered => Some(Tls::new(&settings.roots)?),
        };
        Ok(Self {
            hello: settings.hello.clone().map(ClientId::Domain),
            tls,
            settings,
            kept: Mutex::new(Vec::new()),
            turns: Semaphore::new(AT_A_TIME),
        })
    }

    /// Whether the server answers, encrypts as it must and lets us in. Nothing is sent.
    pub async fn probe(&self) -> Result<(), PostError> {
        let hello = self.hello.clone().unwrap_or_default();
        let mut connection = self.in_time(self.connect(&hello)).await?;
        let _ = timeout(Duration::from_secs(5), connection.quit()).await;
        Ok(())
    }

    async fn in_time<T>(&self, what: impl Future<Output = Result<T, PostError>>) -> Result<T, PostError> {
        let patience = self.settings.patience;
        timeout(patience, what).await.unwrap_or_else(|_| {
            Err(PostError::later(format!(
                "{} did not answer within {} s",
                self.settings.host,
                patience.as_secs()
            )))
        })
    }

    async fn hand_over(&self, mail: &Mail) -> Result<(), PostError> {
        let message = translate::message(mail)?;
        let (from, to) = (translate::address(&mail.from.address)?, translate::address(&mail.to.address)?);
        let hello =
            self.hello.clone().unwrap_or_else(|| ClientId::Domain(mail.from.address.domain().to_owned()));
        let mut connection = match self.kept().await {
            Some(connection) => connection,
            None => self.connect(&hello).await?,
        };
        // A refused sender is a server that is not set up for us: no mail of ours is at fault.
        connection.command(MailFrom::new(Some(from), Vec::new())).await.map_err(|why| self.trouble(&why))?;
        connection.command(Rcpt::new(to, Vec::new())).await.map_err(|why| self.refusal(&why))?;
        connection.command(Data).await.map_err(|why| self.refusal(&why))?;
        connection.message(&message.formatted()).await.map_err(|why| self.refusal(&why))?;
        self.keep(connection);
        Ok(())
    }

    /// A connection of before that still answers.
    async fn kept(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let (since, mut connection) = self.kept.lock().ok()?.pop()?;
            if since.elapsed() < KEPT && connection.test_connected().await {
                return Some(connection);
            }
        }
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        if let Ok(mut kept) = self.kept.lock()
            && kept.len() < AT_A_TIME
            && !connection.has_broken()
        {
            kept.push((Instant::now(), connection));
        }
    }

    async fn connect(&self, hello: &ClientId) -> Result<AsyncSmtpConnection, PostError> {
        let host = &self.settings.host;
        let stream = opening::open(&self.settings, self.tls.as_ref(), hello).await?;
        let connected = AsyncSmtpConnection::connect_with_transport(Box::new(stream), hello).await;
        let mut connection = connected.map_err(|why| self.trouble(&why))?;
        if let (Some(user), Some(password)) = (&self.settings.user, &self.settings.password) {
            let credentials = Credentials::new(user.clone(), password.secret().to_owned());
            let signed_in = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
            signed_in.map_err(|why| PostError::later(format!("{host} does not let {user} in: {why}")))?;
        }
        Ok(connection)
    }

    /// What the server says is about itself, or about us.
    fn trouble(&self, why: &Error) -> PostError {
        PostError::later(format!("{}: {why}", self.settings.host))
    }

    /// What the server says is about this mail, unless it asks for patience or says that we are strangers.
    fn refusal(&self, why: &Error) -> PostError {
        match why.status().map(u16::from) {
            // 521 says that no mail is taken at all; 530 to 538 are about signing in.
            Some(521 | 530..=538) => self.trouble(why),
            Some(500..=599) => PostError::never(format!("{}: {why}", self.settings.host)),
            _ => self.trouble(why),
        }
    }
}

#[async_trait]
impl Post for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        // Also the wait for a turn is part of what a mail may take: whoever claimed it counts on that.
        let handed_over = async {
            let _turn = self.turns.acquire().await.map_err(PostError::later)?;
            self.hand_over(mail).await
        };
        self.in_time(handed_over).await
    }

    fn patience(&self) -> Duration {
        self.settings.patience
    }
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("settings", &self.settings).finish_non_exhaustive()
    }
}
