//! The command line as a whole; each command's own arguments stand with the command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::{
    command::{
        calendar::CalendarCommand, gate::GateCommand, import::ImportCommand, journal::JournalCommand,
        org::OrgCommand, people::PeopleCommand, plan::PlanCommand, playbook::PlaybookCommand,
        source::SourceCommand, template::TemplateCommand, token::TokenCommand,
    },
    demo::DemoArgs,
    serve::ServeArgs,
};

const EXAMPLES: &str = "\
Examples:
  throughline demo
  throughline serve --database sqlite:///var/lib/throughline/data.db --listen 127.0.0.1:8080
  throughline import deals opportunities.csv --org acme --dry-run
  throughline gate check handoff --deal salesforce:0065g00000ABCDE

Exit codes:
  0  done
  1  findings, or what was asked is refused
  2  wrong usage
  3  a file, a database or the network cannot be reached or read";

/// The handoff from sales to customer success that cannot be skipped.
#[derive(Debug, Parser)]
#[command(name = "throughline", version, after_help = EXAMPLES, max_term_width = 110, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command understands.
#[derive(Debug, Args)]
pub struct Global {
    /// Where the data are: sqlite:///path/to/file or postgres://user@host/name
    #[arg(long, global = true, value_name = "URL", env = "THROUGHLINE_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// The server's key, which secrets of event sources are worked out of; `FILE.key` beside an SQLite file when left out
    #[arg(long, global = true, value_name = "FILE", env = "THROUGHLINE_KEY_FILE")]
    pub key_file: Option<PathBuf>,
    /// Answer in JSON, for programs
    #[arg(long, global = true)]
    pub json: bool,
}

/// Which organisation a command is about.
#[derive(Debug, Args)]
pub struct OrgArg {
    /// The organisation, by its slug; may be left out where there is only one
    #[arg(long, value_name = "ORG", env = "THROUGHLINE_ORG")]
    pub org: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a small made-up company to try everything with
    Demo(DemoArgs),
    /// Serve pages and API
    Serve(ServeArgs),
    /// Bring a database's schema up to date without serving it
    #[command(after_help = "\
Examples:
  throughline migrate --database sqlite:///var/lib/throughline/data.db
  throughline migrate --database postgres://throughline@db.acme.example/throughline")]
    Migrate,
    /// Organisations and their settings
    #[command(subcommand)]
    Org(OrgCommand),
    /// People: invite, list, map, reassign, reset, deactivate
    #[command(subcommand)]
    People(PeopleCommand),
    /// Playbooks: check, list, show, compare, publish
    #[command(subcommand)]
    Playbook(PlaybookCommand),
    /// Signed plans: hold one against its seal
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Bring data in
    #[command(subcommand)]
    Import(ImportCommand),
    /// The journal: verify, replay, export
    #[command(subcommand)]
    Journal(JournalCommand),
    /// Systems that may send events
    #[command(subcommand)]
    Source(SourceCommand),
    /// API tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Ask a gate
    #[command(subcommand)]
    Gate(GateCommand),
    /// Hold the calendar against worked cases
    #[command(subcommand)]
    Calendar(CalendarCommand),
    /// The words of messages: list, show, check
    #[command(subcommand)]
    Template(TemplateCommand),
    /// Print the API's description (OpenAPI 3.1)
    #[command(after_help = "\
Examples:
  throughline openapi > openapi.json")]
    Openapi,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_shows_an_example_of_itself() {
        fn look(command: &clap::Command, path: &str, missing: &mut Vec<String>) {
            let path = format!("{path}{}", command.get_name());
            let mut inner = command.get_subcommands().filter(|inner| inner.get_name() != "help").peekable();
            if inner.peek().is_none() {
                let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
                if !help.contains(&path) {
                    missing.push(path.clone());
                }
            }
            for command in inner {
                look(command, &format!("{path} "), missing);
            }
        }
        let mut missing = Vec::new();
        look(&Cli::command(), "", &mut missing);
        assert_eq!(missing, Vec::<String>::new());
    }
}
