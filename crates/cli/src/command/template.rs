//! `throughline template`: the words of messages, and whether one's own can be written.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use serde_json::json;
use throughline_messages::{Kind, LONGEST_TEMPLATE, check, variables};

use crate::{
    failure::{Exit, Failure},
    output::Out,
};

#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    /// List every kind of message
    #[command(after_help = "\
Examples:
  throughline template list")]
    List,
    /// Print the shipped template of a kind, and what it can name
    #[command(after_help = "\
Examples:
  throughline template show offered > offered.txt
  throughline template show offered --names")]
    Show {
        /// The kind of message
        kind: Kind,
        /// Print what it can name, with an example of each, in place of its text
        #[arg(long)]
        names: bool,
    },
    /// Write the samples of a kind with a template; nothing is saved
    #[command(after_help = "\
Examples:
  throughline template check offered.txt --kind offered

Saving it is done on the settings page or with PUT /api/v1/templates/offered.

Exit codes: 0 every sample can be written, 1 one cannot, 3 the file cannot be read.")]
    Check {
        /// The template
        file: PathBuf,
        /// The kind of message it is for
        #[arg(long)]
        kind: Kind,
    },
}

pub fn run(what: TemplateCommand, out: Out) -> Result<Exit, Failure> {
    match what {
        TemplateCommand::List => list(out),
        TemplateCommand::Show { kind, names } => show(kind, names, out),
        TemplateCommand::Check { file, kind } => tried(&file, kind, out),
    }
}

fn list(out: Out) -> Result<Exit, Failure> {
    let row =
        |kind: &Kind| vec![kind.name().to_owned(), kind.group().name().to_owned(), kind.purpose().to_owned()];
    out.table(&Kind::ALL.iter().map(row).collect::<Vec<_>>())?;
    let kind =
        |kind: &Kind| json!({ "kind": kind.name(), "group": kind.group().name(), "purpose": kind.purpose() });
    out.value(&Kind::ALL.iter().map(kind).collect::<Vec<_>>())?;
    Ok(Exit::Done)
}

fn show(kind: Kind, names: bool, out: Out) -> Result<Exit, Failure> {
    let named = variables(kind);
    if names {
        out.table(
            &named.iter().map(|(name, example)| vec![name.clone(), example.clone()]).collect::<Vec<_>>(),
        )?;
    } else if !out.json {
        out.raw(kind.shipped())?;
    }
    let named: Vec<_> =
        named.iter().map(|(name, example)| json!({ "name": name, "example": example })).collect();
    out.value(&json!({ "kind": kind.name(), "text": kind.shipped(), "variables": named }))?;
    Ok(Exit::Done)
}

fn tried(file: &Path, kind: Kind, out: Out) -> Result<Exit, Failure> {
    let unreadable = |why: std::io::Error| Failure::unreachable(format!("{}: {why}", file.display()));
    let mut text = String::new();
    // One byte more than is taken tells that it is too much.
    let most = LONGEST_TEMPLATE as u64 + 1;
    File::open(file).map_err(unreadable)?.take(most).read_to_string(&mut text).map_err(unreadable)?;
    let samples = match check(kind, &text.replace("\r\n", "\n")) {
        Ok(samples) => samples,
        Err(fault) => {
            let place = fault.column.map_or_else(String::new, |column| format!(":{column}"));
            let hint = fault.hint.as_deref().map_or_else(String::new, |hint| format!(" ({hint})"));
            out.line(format_args!("{}:{}{place}: {}{hint}", file.display(), fault.line, fault.reason))?;
            out.value(&json!({ "sound": false, "fault": fault, "samples": [] }))?;
            return Ok(Exit::Findings);
        }
    };
    for one in &samples {
        out.line(format_args!(
            "== {}\nSubject: {}\n\n{}",
            one.sample,
            one.written.subject.as_str(),
            one.written.text
        ))?;
    }
    out.value(&json!({ "sound": true, "fault": null, "samples": samples }))?;
    Ok(Exit::Done)
}
