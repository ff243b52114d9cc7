//! `throughline demo`: a small made-up company with deals at every point of the process, built by the product's own
//! use cases under a clock that starts weeks ago and ends now.
//!
//! Nothing is written past the application: what the demo shows, a company can have. Names, times and texts are the
//! same every time, counted from today; ids and passwords are not.

mod cast;
mod drawer;
mod volume;
mod wishes;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use jiff::civil::Date;
use serde_json::json;
use throughline_app::{App, Caller, Clock, SystemClock, orgs::Settings};
use throughline_domain::{OrgId, calendar::Calendar};
use throughline_sample::{STORY_DEAL, Script, Stage, StagedClock, ZONE};
use tokio::net::TcpListener;

use crate::{
    database::{self, Absent},
    failure::{Exit, Failure},
    output::Out,
    serve::{self, Signals, address},
};
use cast::Login;

/// The organisation's name in addresses.
const SLUG: &str = "demo";
/// The database's name in its folder.
const FILE: &str = "demo.db";
/// Where the demo listens when nobody says otherwise; any free port where this one is taken.
const LISTEN: &str = "127.0.0.1:8080";
/// Most deals.
const MOST_DEALS: u32 = 10_000;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  throughline demo
  throughline demo --listen 127.0.0.1:9000 --data ./throughline-demo
  throughline demo --deals 10000

Log-ins are made up anew at each start and printed; the demo listens on this machine only.")]
pub struct DemoArgs {
    /// Where to listen, on this machine only [default: 127.0.0.1:8080, or any free port where that is taken]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Keep the data here, and go on with them next time; a temporary folder when left out
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// How many deals there are in all; those of the story are multiplied, which takes a while with thousands
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_DEALS)))]
    deals: Option<u32>,
}

pub async fn run(args: DemoArgs, out: Out) -> Result<Exit, Failure> {
    let listener = listen(args.listen.as_deref()).await?;
    let signals = Signals::listen()?;
    let folder = Folder::open(args.data)?;
    let public_url = format!("http://{}", listener.local_addr()?);
    let (app, logins) = company(&folder.path, &public_url, args.deals).await?;
    tell(&public_url, &logins, &folder, out)?;
    let settings = serve::settings(public_url, true);
    serve::until_stopped(app, None, settings, Vec::new(), listener, signals).await?;
    drop(folder);
    out.line("stopped")?;
    Ok(Exit::Done)
}

async fn listen(wanted: Option<&str>) -> Result<TcpListener, Failure> {
    let address = address::resolve(wanted.unwrap_or(LISTEN)).await?;
    if !address.ip().is_loopback() {
        return Err(Failure::usage(format!(
            "the demo prints its passwords, so it does not listen on {address}"
        ))
        .hint("listen on 127.0.0.1; `throughline serve` is for other machines"));
    }
    match serve::bind(address).await {
        // Nobody asked for this port; any other is as good.
        Err(_) if wanted.is_none() => serve::bind(([127, 0, 0, 1], 0).into()).await,
        other => other,
    }
}

/// Opens the company, or founds it with so many deals. One that is gone on with keeps those it has.
async fn company(folder: &Path, public_url: &str, deals: Option<u32>) -> Result<(App, Vec<Login>), Failure> {
    let path = folder.join(FILE);
    let clock = Arc::new(StagedClock::live());
    let app = drawer::onto(database::open_at(&path, Absent::Make, clock.clone(), None)?, public_url)?;
    let orgs = app.store().orgs().await?.into_iter();
    let orgs: Vec<_> = orgs.filter(|org| org.sample_of.is_none()).collect();
    match orgs.as_slice() {
        [] => {
            let logins = found(&app, &clock, deals.unwrap_or_default()).await?;
            Ok((app, logins))
        }
        [org] if org.slug == SLUG => {
            let logins = cast::let_in_again(&app, org.id).await?;
            Ok((app, logins))
        }
        _ => Err(Failure::refused(format!("{} holds something else than a demo", path.display()))
            .hint("give another folder with --data")),
    }
}

async fn found(app: &App, clock: &Arc<StagedClock>, deals: u32) -> Result<Vec<Login>, Failure> {
    let script = Script::new(SystemClock.now(), ZONE)?;
    clock.set(Some(script.founded()));
    let (cast, logins) = cast::found(app).await?;
    closes_for_a_day(app, cast.org, script.ahead(1)).await?;
    wishes::set(app, &cast).await?;
    let stage = Stage::alone(app, clock, script, cast);
    throughline_sample::play(&stage).await?;
    volume::multiply(&stage, deals).await?;
    clock.set(None);
    Ok(logins)
}

/// The company has a day off this week: business days leave it out, and nobody is reminded on it.
async fn closes_for_a_day(app: &App, org: OrgId, day: Date) -> Result<(), Failure> {
    let usual = app.organisation(org).await?.calendar;
    let (zone, weekend, hours) = (usual.zone().clone(), usual.weekend(), usual.hours());
    let calendar = Calendar::new(zone, weekend, [day].into(), hours);
    let calendar = calendar.map_err(|why| Failure::refused(format!("the demo's calendar: {why}")))?;
    let settings = Settings { calendar: Some(calendar), ..Settings::default() };
    app.change_settings(&Caller::system(org), settings).await?;
    Ok(())
}

fn tell(public_url: &str, logins: &[Login], folder: &Folder, out: Out) -> Result<(), Failure> {
    let deal = format!("{public_url}/crm/{STORY_DEAL}");
    let mailbox = format!("{public_url}/mailbox");
    out.value(&json!({
        "address": public_url, "logins": logins, "deal": deal, "mailbox": mailbox, "data": folder.path,
    }))?;
    out.line(format_args!("\nThe demo company is open: {public_url}\n"))?;
    let head = ["role", "name", "mail", "password"].map(str::to_owned).to_vec();
    let row = |login: &Login| {
        vec![login.role.clone(), login.name.clone(), login.email.clone(), login.password.clone()]
    };
    out.table(&std::iter::once(head).chain(logins.iter().map(row)).collect::<Vec<_>>())?;
    out.line(format_args!("\nStart here, at a deal page as a CRM would show it: {deal}"))?;
    out.line(
        "Each sign-in has a short walk above its pages: what to do first, on deals that are prepared for it.",
    )?;
    out.line(format_args!("What would have been mailed: {mailbox}"))?;
    let kept = if folder.kept { "kept" } else { "thrown away when it stops" };
    out.line(format_args!("Data: {} ({kept}). Ctrl-c stops it.\n", folder.path.display()))
}

/// Where the demo's data are.
struct Folder {
    path: PathBuf,
    kept: bool,
}

impl Folder {
    fn open(given: Option<PathBuf>) -> Result<Self, Failure> {
        let kept = given.is_some();
        let path = given.unwrap_or_else(|| {
            std::env::temp_dir().join(format!("throughline-demo-{:016x}", rand::random::<u64>()))
        });
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        if !kept {
            use std::os::unix::fs::DirBuilderExt as _;
            builder.mode(0o700);
        }
        builder.create(&path).map_err(|why| Failure::unreachable(format!("{}: {why}", path.display())))?;
        Ok(Self { path, kept })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept
            && let Err(why) = std::fs::remove_dir_all(&self.path)
        {
            tracing::warn!(%why, "the demo's data stay at {}", self.path.display());
        }
    }
}
