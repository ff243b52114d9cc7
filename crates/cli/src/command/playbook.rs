//! `throughline playbook`

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;
use throughline_app::playbooks::PublishError;
use throughline_domain::playbook::{Finding, Playbook, diff, load, load::MAX_FILE, schema, shipped};

use crate::{
    args::{Global, OrgArg},
    desk::Desk,
    failure::{Exit, Failure},
    output::Out,
};

#[derive(Debug, Subcommand)]
pub enum PlaybookCommand {
    /// Check playbook files; every finding is told with its place
    #[command(after_help = "\
Examples:
  throughline playbook check playbooks/*.yaml

Findings read FILE:LINE:COLUMN: reason (hint).
Exit codes: 0 all are sound, 1 findings, 3 a file cannot be read.")]
    Check {
        /// The files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// List the shipped playbooks, or with a database the published ones
    #[command(after_help = "\
Examples:
  throughline playbook list
  throughline playbook list --database sqlite:///var/lib/throughline/data.db --org acme")]
    List {
        #[command(flatten)]
        org: OrgArg,
    },
    /// Print a playbook: a shipped one, or with a database the published one
    #[command(after_help = "\
Examples:
  throughline playbook show default > mine.yaml")]
    Show {
        /// Its name
        name: String,
        /// Which published version; the newest when left out
        #[arg(long, value_name = "NUMBER")]
        version: Option<u32>,
        #[command(flatten)]
        org: OrgArg,
    },
    /// Print the JSON Schema of playbook files, for editors
    #[command(after_help = "\
Examples:
  throughline playbook schema > schema.json")]
    Schema,
    /// Tell what differs between two playbooks: files, or names of shipped ones
    #[command(after_help = "\
Examples:
  throughline playbook diff default mine.yaml

Exit codes: 0 they mean the same, 1 they differ, 3 one cannot be read.")]
    Diff {
        /// The older
        #[arg(value_name = "A")]
        old: String,
        /// The newer
        #[arg(value_name = "B")]
        new: String,
    },
    /// Publish a new version; running handoffs keep theirs
    #[command(after_help = "\
Examples:
  throughline playbook publish mine.yaml --org acme")]
    Publish {
        /// The file
        file: PathBuf,
        #[command(flatten)]
        org: OrgArg,
    },
}

pub async fn run(global: &Global, what: PlaybookCommand, out: Out) -> Result<Exit, Failure> {
    match what {
        PlaybookCommand::Check { files } => check(&files, out),
        PlaybookCommand::List { org } => list(global, &org, out).await,
        PlaybookCommand::Show { name, version, org } => show(global, &org, &name, version, out).await,
        PlaybookCommand::Schema => {
            let text = serde_json::to_string_pretty(&schema::json_schema());
            let text = text.map_err(|why| Failure::unreachable(why.to_string()))?;
            out.raw(format_args!("{text}\n"))?;
            Ok(Exit::Done)
        }
        PlaybookCommand::Diff { old, new } => compare(&old, &new, out),
        PlaybookCommand::Publish { file, org } => publish(global, &org, &file, out).await,
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    let unreadable = |why: String| Failure::unreachable(format!("{}: {why}", file.display()));
    let size = std::fs::metadata(file).map_err(|why| unreadable(why.to_string()))?.len();
    // The reader of playbooks refuses it too; here it is not even brought into memory.
    if size > (MAX_FILE as u64) * 4 {
        return Err(unreadable(format!("has {size} bytes; a playbook has at most {MAX_FILE}")));
    }
    let bytes = std::fs::read(file).map_err(|why| unreadable(why.to_string()))?;
    String::from_utf8(bytes)
        .map_err(|why| unreadable(format!("is not UTF-8 at byte {}", why.utf8_error().valid_up_to() + 1)))
}

fn check(files: &[PathBuf], out: Out) -> Result<Exit, Failure> {
    let mut told = Vec::new();
    let mut unreadable = None;
    for file in files {
        let name = file.display().to_string();
        let source = match read(file) {
            Ok(source) => source,
            Err(failure) => {
                failure.tell(out);
                unreadable = Some(Exit::Unreachable);
                continue;
            }
        };
        match load(&source) {
            Ok(_) => out.line(format_args!("{name}: sound"))?,
            Err(findings) => {
                for finding in &findings {
                    out.line(format_args!("{name}:{finding}"))?;
                }
                told.extend(findings.into_iter().map(|finding| with_file(&name, &finding)));
            }
        }
    }
    out.value(&json!({ "files": files.len(), "findings": told }))?;
    Ok(unreadable.unwrap_or(if told.is_empty() { Exit::Done } else { Exit::Findings }))
}

fn with_file(file: &str, finding: &Finding) -> serde_json::Value {
    let mut value = json!(finding);
    value["file"] = json!(file);
    value
}

async fn list(global: &Global, org: &OrgArg, out: Out) -> Result<Exit, Failure> {
    if global.database.is_none() {
        let names: Vec<&str> = shipped::shipped().iter().map(|(name, _)| *name).collect();
        out.value(&names.iter().map(|name| json!({ "name": name, "shipped": true })).collect::<Vec<_>>())?;
        for name in names {
            out.line(format_args!("{name} (shipped)"))?;
        }
        return Ok(Exit::Done);
    }
    let desk = Desk::open(global, org).await?;
    let published = desk.app.list_playbooks(&desk.caller).await?;
    let told = |one: &throughline_store::PublishedPlaybook| json!({ "name": one.name, "version": one.version, "at": one.at });
    out.value(&published.iter().map(told).collect::<Vec<_>>())?;
    for one in &published {
        let used =
            if one.name == desk.org.playbook { " (new handoffs start with its newest version)" } else { "" };
        out.line(format_args!("{}@{}{used}", one.name, one.version))?;
    }
    Ok(Exit::Done)
}

async fn show(
    global: &Global,
    org: &OrgArg,
    name: &str,
    version: Option<u32>,
    out: Out,
) -> Result<Exit, Failure> {
    let (source, version) = if global.database.is_some() {
        let desk = Desk::open(global, org).await?;
        let (published, _) = desk.app.show_playbook(&desk.caller, name, version).await?;
        (published.source, Some(published.version))
    } else if version.is_some() {
        return Err(
            Failure::usage("versions are kept in a database").hint("give --database, or leave --version out")
        );
    } else {
        (shipped_source(name)?.to_owned(), None)
    };
    out.value(&json!({ "name": name, "version": version, "source": source }))?;
    if !out.json {
        out.raw(source)?;
    }
    Ok(Exit::Done)
}

fn shipped_source(name: &str) -> Result<&'static str, Failure> {
    shipped::source(name).ok_or_else(|| {
        let names: Vec<&str> = shipped::shipped().iter().map(|(name, _)| *name).collect();
        Failure::refused(format!("no playbook `{name}` ships with this program"))
            .hint(format!("there is {}", names.join(", ")))
    })
}

/// A file where there is one of that name, else a shipped playbook.
fn one_of(name: &str) -> Result<Playbook, Failure> {
    let file = Path::new(name);
    let source = if file.exists() { read(file)? } else { shipped_source(name)?.to_owned() };
    load(&source).map_err(|findings| {
        let first = findings.first().map(ToString::to_string).unwrap_or_default();
        Failure::unreachable(format!("{name}:{first}"))
            .hint("`throughline playbook check` tells all findings")
    })
}

fn compare(old: &str, new: &str, out: Out) -> Result<Exit, Failure> {
    let changes = diff::diff(&one_of(old)?, &one_of(new)?);
    out.value(&changes)?;
    for change in &changes {
        out.line(change)?;
    }
    if changes.is_empty() {
        out.line("no difference")?;
        return Ok(Exit::Done);
    }
    Ok(Exit::Findings)
}

async fn publish(global: &Global, org: &OrgArg, file: &Path, out: Out) -> Result<Exit, Failure> {
    let desk = Desk::open(global, org).await?;
    let source = read(file)?;
    match desk.app.publish_playbook(&desk.caller, &source).await {
        Ok(of) => {
            out.value(&json!({ "name": of.name, "version": of.version }))?;
            out.line(format_args!("{of} is published; running handoffs keep their version"))?;
            Ok(Exit::Done)
        }
        Err(PublishError::Faulty(findings)) => {
            let name = file.display().to_string();
            out.value(
                &json!({ "findings": findings.iter().map(|one| with_file(&name, one)).collect::<Vec<_>>() }),
            )?;
            for finding in &findings {
                out.line(format_args!("{name}:{finding}"))?;
            }
            Ok(Exit::Findings)
        }
        Err(PublishError::App(why)) => Err(why.into()),
    }
}
