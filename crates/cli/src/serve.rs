//! `throughline serve`: the server, what runs beside it, and how it stops.

pub mod address;
mod mail;
mod mailbox;
pub mod router;
pub mod upkeep;

use std::net::SocketAddr;

use clap::Args;
use serde_json::json;
use throughline_app::{App, inbox::Mailbox};
use throughline_http::{limit::Cidr, state::ServerSettings};
use tokio::{net::TcpListener, sync::watch};

use crate::{
    args::Global,
    database::{self, Absent},
    failure::{Exit, Failure},
    output::Out,
};

pub use router::openapi;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  throughline serve --database sqlite:///var/lib/throughline/data.db
  throughline serve --database 'postgres://throughline@db.acme.example/throughline?sslmode=verify-full'
  throughline serve --database sqlite:///data/throughline.db --listen 0.0.0.0:8080 \\
    --public-url https://handoff.acme.example --trusted-proxy 10.0.0.0/8
  throughline serve --database sqlite:///data/throughline.db --smtp smtp://handoffs@mail.acme.example:587 \\
    --smtp-password-file /run/secrets/smtp --mail-from handoffs@acme.example \\
    --answers-to reply@acme.example --imap imaps://reply@mail.acme.example --imap-password-file /run/secrets/imap

On an empty database a one-time link to set the first person up is printed.
Other machines reach the server through a proxy that speaks https: an address that is not this machine's own is
refused without --public-url https://…")]
pub struct ServeArgs {
    /// Where to listen
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: String,
    /// Where people reach it; links begin with it
    #[arg(long, value_name = "URL", env = "THROUGHLINE_PUBLIC_URL")]
    public_url: Option<String>,
    /// A proxy whose word on the sender's address counts; may be given several times
    #[arg(long, value_name = "CIDR")]
    trusted_proxy: Vec<Cidr>,
    #[command(flatten)]
    mail: mail::MailArgs,
    #[command(flatten)]
    mailbox: mailbox::MailboxArgs,
}

pub async fn run(global: &Global, args: ServeArgs, out: Out) -> Result<Exit, Failure> {
    let listen = address::resolve(&args.listen).await?;
    let public = args.public_url.as_deref().map(address::public).transpose()?;
    let secure = public.as_ref().is_some_and(|url| url.starts_with("https://"));
    if !listen.ip().is_loopback() && !secure {
        return Err(Failure::usage(format!(
            "{listen} can be reached from other machines, where passwords need https"
        ))
        .hint(
            "put a proxy that speaks https in front and give --public-url https://…, or listen on 127.0.0.1",
        ));
    }
    let signals = Signals::listen()?;
    let app = database::open(global, Absent::Make).await?;
    let listener = bind(listen).await?;
    let local = listener.local_addr()?;
    let settings = settings(public.unwrap_or_else(|| format!("http://{local}")), false);
    let public_url = settings.public_url.clone();
    let (app, mailbox) = args.mailbox.onto(args.mail.onto(app, &public_url).await?)?;
    let link = app.setup_link().await?.map(|path| format!("{public_url}{path}"));
    out.value(&json!({ "address": public_url, "listening_on": local.to_string(), "set_up_link": link }))?;
    if let Some(link) = link {
        out.line("Nobody can sign in yet. Whoever opens this link first sets the company up (good once, for a day):")?;
        out.line(format_args!("  {link}"))?;
    }
    out.line(format_args!("Throughline serves {public_url} (listening on {local}; ctrl-c stops it)"))?;
    until_stopped(app, mailbox, settings, args.trusted_proxy, listener, signals).await?;
    out.line("stopped")?;
    Ok(Exit::Done)
}

/// A listener, or why there is none.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(listen).await.map_err(|why| {
        let failure = Failure::unreachable(format!("cannot listen on {listen}: {why}"));
        if why.kind() == std::io::ErrorKind::AddrInUse {
            return failure.hint("something else listens there; choose another port with --listen");
        }
        failure
    })
}

/// How the server is run.
pub fn settings(public_url: String, demo: bool) -> ServerSettings {
    let secure = public_url.starts_with("https://");
    ServerSettings { public_url, secure, demo }
}

/// Serves until ctrl-c or a termination signal, then lets running requests end.
pub async fn until_stopped(
    app: App,
    mailbox: Option<Mailbox>,
    settings: ServerSettings,
    proxies: Vec<Cidr>,
    listener: TcpListener,
    signals: Signals,
) -> Result<(), Failure> {
    let (stop, stopped) = watch::channel(false);
    let upkeep = tokio::spawn(upkeep::run(app.clone(), stopped.clone()));
    let post = tokio::spawn(mail::run(app.clone(), stopped.clone()));
    let answers = tokio::spawn(mailbox::run(app.clone(), mailbox, stopped.clone()));
    let served = router::serve(app, settings, proxies, listener, signals.come()).await;
    stop.send_replace(true);
    for beside in [upkeep, post, answers] {
        if let Err(why) = beside.await {
            tracing::error!(%why, "what runs beside the server broke off");
        }
    }
    served
}

/// Ctrl-c and termination, heard from the moment this is made: whoever reads that the server is ready may stop it.
pub struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Begins to listen.
    pub fn listen() -> Result<Self, Failure> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let deaf = |why: std::io::Error| Failure::unreachable(format!("signals cannot be heard: {why}"));
            Ok(Self {
                interrupt: signal(SignalKind::interrupt()).map_err(deaf)?,
                terminate: signal(SignalKind::terminate()).map_err(deaf)?,
            })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    #[cfg(unix)]
    async fn come(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        tracing::info!("stopping");
    }

    #[cfg(not(unix))]
    async fn come(self) {
        if let Err(why) = tokio::signal::ctrl_c().await {
            tracing::warn!(%why, "ctrl-c is not heard");
        }
        tracing::info!("stopping");
    }
}
