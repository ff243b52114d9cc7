//! `throughline org`

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use serde_json::{Value, json};
use throughline_app::{
    Caller,
    orgs::{Settings, calendar_in},
};
use throughline_domain::{
    calendar::{Calendar, CalendarData, WindowData},
    gate::Mode,
};
use throughline_store::Org;

use crate::{
    args::{Global, OrgArg},
    database::{self, Absent},
    desk::Desk,
    failure::{Exit, Failure},
    output::Out,
};

#[derive(Debug, Subcommand)]
pub enum OrgCommand {
    /// Make an organisation with the shipped playbooks
    #[command(after_help = "\
Examples:
  throughline org create acme --name 'Acme GmbH' --zone Europe/Berlin --database sqlite:///var/lib/throughline/data.db")]
    Create {
        /// Its name in addresses: lower-case letters, digits and -
        slug: String,
        /// Its name; the slug when left out
        #[arg(long)]
        name: Option<String>,
        /// Its time zone
        #[arg(long, default_value = "UTC")]
        zone: String,
    },
    /// List organisations
    #[command(after_help = "\
Examples:
  throughline org list")]
    List,
    /// Show an organisation's settings
    #[command(after_help = "\
Examples:
  throughline org show acme")]
    Show {
        /// The organisation; may be left out where there is only one
        slug: Option<String>,
    },
    /// Change an organisation's settings; what is not given stays
    #[command(after_help = "\
Examples:
  throughline org set acme --mode block-close --go-live-on 2026-01-01
  throughline org set acme --zone America/New_York --holiday 2026-11-26 --holiday 2026-12-25")]
    Set(Box<SetArgs>),
}

#[derive(Debug, Args)]
pub struct SetArgs {
    /// The organisation; may be left out where there is only one
    slug: Option<String>,
    /// Its name
    #[arg(long)]
    name: Option<String>,
    /// How far gates enforce
    #[arg(long, value_enum)]
    mode: Option<ModeArg>,
    /// The playbook new handoffs start with
    #[arg(long, value_name = "NAME")]
    playbook: Option<String>,
    /// What closed before this day is history
    #[arg(long, value_name = "DATE")]
    go_live_on: Option<Date>,
    /// Who owns the process: mail address, id or name
    #[arg(long, value_name = "WHO")]
    process_owner: Option<String>,
    /// Its time zone
    #[arg(long)]
    zone: Option<String>,
    /// Days off of every week, Monday is 1
    #[arg(long, value_name = "DAYS", value_delimiter = ',')]
    weekend: Option<Vec<i64>>,
    /// Working hours, such as 09:00-17:30
    #[arg(long, value_name = "FROM-TO")]
    hours: Option<String>,
    /// Single days off; replaces those that were there. May be given several times
    #[arg(long = "holiday", value_name = "DATE")]
    holidays: Vec<String>,
}

/// How far an organisation enforces.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ModeArg {
    /// Nothing is blocked; what would have been is marked
    Observe,
    /// Signing is never blocked; assignment and what follows are
    BlockOwnership,
    /// Closing is blocked too
    BlockClose,
}

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Self {
        match mode {
            ModeArg::Observe => Mode::Observe,
            ModeArg::BlockOwnership => Mode::BlockOwnership,
            ModeArg::BlockClose => Mode::BlockClose,
        }
    }
}

pub async fn run(global: &Global, what: OrgCommand, out: Out) -> Result<Exit, Failure> {
    match what {
        OrgCommand::Create { slug, name, zone } => {
            let app = database::open(global, Absent::Make).await?;
            let org = app.create_org(&slug, name.as_deref().unwrap_or(&slug), calendar_in(&zone)?).await?;
            out.value(&value(&org))?;
            out.line(format_args!("{} is made. Invite somebody who owns the process next:", org.slug))?;
            out.line(format_args!(
                "  throughline people invite MAIL --name NAME --role rev_ops --role admin --org {}",
                org.slug
            ))?;
        }
        OrgCommand::List => {
            let orgs = database::open(global, Absent::Refuse).await?.store().orgs().await?;
            out.value(&orgs.iter().map(value).collect::<Vec<_>>())?;
            let row = |org: &Org| {
                vec![org.slug.clone(), org.mode.name().to_owned(), org.playbook.clone(), org.name.clone()]
            };
            out.table(&orgs.iter().map(row).collect::<Vec<_>>())?;
        }
        OrgCommand::Show { slug } => {
            let desk = Desk::open(global, &OrgArg { org: slug }).await?;
            show(&desk, &desk.org, out).await?;
        }
        OrgCommand::Set(args) => {
            let desk = Desk::open(global, &OrgArg { org: args.slug.clone() }).await?;
            let org = set(&desk, *args).await?;
            show(&desk, &org, out).await?;
        }
    }
    Ok(Exit::Done)
}

async fn set(desk: &Desk, args: SetArgs) -> Result<Org, Failure> {
    let process_owner = match &args.process_owner {
        Some(who) => Some(desk.person(who).await?.id),
        None => None,
    };
    let settings = Settings {
        if_version: Some(desk.org.version),
        calendar: calendar(&desk.org.calendar, &args)?,
        name: args.name,
        mode: args.mode.map(Mode::from),
        go_live_on: args.go_live_on,
        playbook: args.playbook,
        process_owner,
    };
    Ok(desk.app.change_settings(&Caller::system(desk.org.id), settings).await?)
}

fn calendar(held: &Calendar, args: &SetArgs) -> Result<Option<Calendar>, Failure> {
    let mut data = CalendarData::from(held.clone());
    let before = data.clone();
    if let Some(zone) = &args.zone {
        data.zone.clone_from(zone);
    }
    if let Some(weekend) = &args.weekend {
        data.weekend.clone_from(weekend);
    }
    if let Some(hours) = &args.hours {
        let Some((start, end)) = hours.split_once('-') else {
            return Err(Failure::usage("--hours is written as 09:00-17:30"));
        };
        data.hours = Some(WindowData { start: start.trim().to_owned(), end: end.trim().to_owned() });
    }
    if !args.holidays.is_empty() {
        data.holidays.clone_from(&args.holidays);
    }
    if data == before {
        return Ok(None);
    }
    Calendar::try_from(data).map(Some).map_err(|why| Failure::refused(why.to_string()))
}

async fn show(desk: &Desk, org: &Org, out: Out) -> Result<(), Failure> {
    let owner = match org.process_owner {
        Some(id) => desk.app.store().person(org.id, id).await?.map(|person| person.name),
        None => None,
    };
    out.value(&value(org))?;
    let calendar = CalendarData::from(org.calendar.clone());
    let weekend = calendar.weekend.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let hours =
        calendar.hours.map_or_else(|| "none".to_owned(), |hours| format!("{}-{}", hours.start, hours.end));
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    out.table(&[
        row("slug", org.slug.clone()),
        row("name", org.name.clone()),
        row("mode", org.mode.name().to_owned()),
        row("playbook", org.playbook.clone()),
        row("go-live on", org.go_live_on.map_or_else(|| "not set".to_owned(), |date| date.to_string())),
        row("process owner", owner.unwrap_or_else(|| "nobody yet".to_owned())),
        row("zone", calendar.zone),
        row("weekend", weekend),
        row("hours", hours),
        row(
            "holidays",
            if calendar.holidays.is_empty() { "none".to_owned() } else { calendar.holidays.join(", ") },
        ),
    ])
}

fn value(org: &Org) -> Value {
    json!(org)
}
