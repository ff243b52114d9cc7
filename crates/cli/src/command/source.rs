//! `throughline source`: the systems that may send events.

use clap::Subcommand;
use serde_json::{Value, json};
use throughline_app::sources::Keyed;
use throughline_store::{EventKey, EventSource};

use crate::{
    args::{Global, OrgArg},
    desk::Desk,
    failure::{Exit, Failure},
    output::Out,
};

#[derive(Debug, Subcommand)]
pub enum SourceCommand {
    /// Let a system send signed events; prints the secret it signs with
    #[command(after_help = "\
Examples:
  throughline source add salesforce --org acme
  throughline source add billing --org acme --public-key whpk_dfHPaPU1l4Mq83QPdkT2F9JqlLbWPgfOZGzVFUqIWEo=")]
    Add {
        /// Its name, which its deals have as their source
        name: String,
        /// The public half of its Ed25519 key; a secret is made when left out
        #[arg(long, value_name = "whpk_…")]
        public_key: Option<String>,
        #[command(flatten)]
        org: OrgArg,
    },
    /// Give a source a new key; the one before stays good for 24 hours
    #[command(after_help = "\
Examples:
  throughline source rotate salesforce --org acme")]
    Rotate {
        /// Its name
        name: String,
        /// The public half of its Ed25519 key; a secret is made when left out
        #[arg(long, value_name = "whpk_…")]
        public_key: Option<String>,
        #[command(flatten)]
        org: OrgArg,
    },
    /// Print a source's secret again
    #[command(after_help = "\
Examples:
  throughline source show salesforce --org acme")]
    Show {
        /// Its name
        name: String,
        #[command(flatten)]
        org: OrgArg,
    },
    /// List sources, without their secrets
    #[command(after_help = "\
Examples:
  throughline source list --org acme")]
    List {
        #[command(flatten)]
        org: OrgArg,
    },
    /// Believe a source no longer, from now on
    #[command(after_help = "\
Examples:
  throughline source remove salesforce --org acme")]
    Remove {
        /// Its name
        name: String,
        #[command(flatten)]
        org: OrgArg,
    },
}

pub async fn run(global: &Global, what: SourceCommand, out: Out) -> Result<Exit, Failure> {
    match what {
        SourceCommand::Add { name, public_key, org } => {
            let desk = Desk::open(global, &org).await?;
            let keyed = desk.app.add_event_source(&desk.caller, &name, public_key.as_deref()).await?;
            tell(&desk, name.trim(), &keyed, out)?;
        }
        SourceCommand::Rotate { name, public_key, org } => {
            let desk = Desk::open(global, &org).await?;
            let keyed = desk.app.rotate_event_source(&desk.caller, &name, public_key.as_deref()).await?;
            tell(&desk, &name, &keyed, out)?;
        }
        SourceCommand::Show { name, org } => {
            let desk = Desk::open(global, &org).await?;
            let keyed = desk.app.show_event_source(&desk.caller, &name).await?;
            tell(&desk, &name, &keyed, out)?;
        }
        SourceCommand::List { org } => {
            let desk = Desk::open(global, &org).await?;
            let sources = desk.app.event_sources(&desk.caller).await?;
            out.value(&sources.iter().map(|(name, source)| value(name, source)).collect::<Vec<_>>())?;
            let row = |(name, source): &(String, EventSource)| {
                let since = format!("since {}", source.changed_at);
                vec![name.clone(), signs_with(&source.key).to_owned(), since]
            };
            out.table(&sources.iter().map(row).collect::<Vec<_>>())?;
        }
        SourceCommand::Remove { name, org } => {
            let desk = Desk::open(global, &org).await?;
            desk.app.remove_event_source(&desk.caller, &name).await?;
            out.value(&json!({ "removed": name }))?;
            out.line(format_args!("source {name} is believed no longer"))?;
        }
    }
    Ok(Exit::Done)
}

fn tell(desk: &Desk, name: &str, keyed: &Keyed, out: Out) -> Result<(), Failure> {
    let mut told = value(name, &keyed.source);
    told["secret"] = json!(keyed.secret);
    out.value(&told)?;
    out.line(format_args!("source {name} sends to /api/v1/events/{name}?org={}", desk.org.slug))?;
    match &keyed.secret {
        Some(secret) => {
            out.line("it signs with this secret, as Standard Webhooks has it:")?;
            out.line(secret)
        }
        None => out.line("it signs with its own key"),
    }
}

fn value(name: &str, source: &EventSource) -> Value {
    let public_key = match &source.key {
        EventKey::Secret { .. } => None,
        EventKey::Public { key } => Some(key),
    };
    json!({
        "name": name, "public_key": public_key, "changed_at": source.changed_at, "added_at": source.added_at,
    })
}

fn signs_with(key: &EventKey) -> &'static str {
    match key {
        EventKey::Secret { .. } => "a secret",
        EventKey::Public { .. } => "its own key",
    }
}
