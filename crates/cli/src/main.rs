//! The `throughline` binary: reads the command line, wires store, application and server, and does what was asked.
//!
//! Absent on purpose: rules. A command asks the application and tells its answer, for people or as JSON; whoever
//! holds the database file acts with the product's own rights.

mod args;
mod command;
mod database;
mod demo;
mod desk;
mod failure;
mod keyfile;
mod logging;
mod output;
mod serve;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    args::{Cli, Command},
    failure::{Exit, Failure},
    output::Out,
};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => {
            // Help and version are errors to the parser, not to whoever asked for them.
            let code = if usage.use_stderr() { Exit::Usage } else { Exit::Done };
            return if usage.print().is_ok() { code.into() } else { Exit::Unreachable.into() };
        }
    };
    logging::start();
    let out = Out { json: cli.global.json };
    let done = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(run(cli, out)),
        Err(why) => Err(Failure::unreachable(format!("the machine gives no threads: {why}"))),
    };
    match done {
        Ok(exit) => exit.into(),
        Err(failure) => failure.tell(out).into(),
    }
}

async fn run(cli: Cli, out: Out) -> Result<Exit, Failure> {
    let Cli { global, command } = cli;
    let global = &global;
    match command {
        Command::Demo(args) => demo::run(args, out).await,
        Command::Serve(args) => serve::run(global, args, out).await,
        Command::Migrate => command::migrate::run(global, out).await,
        Command::Org(what) => command::org::run(global, what, out).await,
        Command::People(what) => command::people::run(global, what, out).await,
        Command::Plan(what) => command::plan::run(what, out),
        Command::Playbook(what) => command::playbook::run(global, what, out).await,
        Command::Import(what) => command::import::run(global, what, out).await,
        Command::Journal(what) => command::journal::run(global, what, out).await,
        Command::Source(what) => command::source::run(global, what, out).await,
        Command::Token(what) => command::token::run(global, what, out).await,
        Command::Gate(what) => command::gate::run(global, what, out).await,
        Command::Calendar(what) => command::calendar::run(what, out),
        Command::Template(what) => command::template::run(what, out),
        Command::Openapi => command::openapi::run(out),
    }
}
