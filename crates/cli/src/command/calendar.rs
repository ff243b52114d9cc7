//! `throughline calendar`: holds the calendar's arithmetic against cases worked out elsewhere.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read as _},
    path::PathBuf,
};

use clap::Subcommand;
use serde_json::json;
use throughline_domain::calendar::case::check_line;

use crate::{
    failure::{Exit, Failure},
    output::Out,
};

/// The longest line that is looked at whole, in bytes; the reader of cases refuses longer ones with their place.
const LONGEST_LINE: u64 = (1 << 20) + 2;

#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// Compare due times with a file of cases, one JSON object a line; each difference is told
    #[command(after_help = "\
Examples:
  throughline calendar check cases.jsonl

Exit codes: 0 no difference, 1 differences or a line that is no case, 3 the file cannot be read.")]
    Check {
        /// The cases
        #[arg(value_name = "CASES.jsonl")]
        file: PathBuf,
    },
}

pub fn run(what: CalendarCommand, out: Out) -> Result<Exit, Failure> {
    let CalendarCommand::Check { file } = what;
    let unreadable = |why: std::io::Error| Failure::unreachable(format!("{}: {why}", file.display()));
    let mut lines = BufReader::new(File::open(&file).map_err(unreadable)?);
    let (mut cases, mut wrong) = (0u64, Vec::new());
    for number in 1.. {
        let mut line = Vec::new();
        let read = lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        if read as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
            skip_rest(&mut lines).map_err(unreadable)?;
        }
        let Ok(text) = std::str::from_utf8(&line) else {
            let text = format!("line {number}, case: not UTF-8");
            out.line(format_args!("{}: {text}", file.display()))?;
            wrong.push(json!({ "line": number, "error": text }));
            continue;
        };
        // A byte order mark belongs to the file, not to its first case.
        let text = text.trim_start_matches('\u{FEFF}').trim();
        if text.is_empty() {
            continue;
        }
        cases += 1;
        match check_line(number, text) {
            Ok(None) => {}
            Ok(Some(difference)) => {
                out.line(format_args!("{}: {difference}", file.display()))?;
                wrong.push(json!({
                    "line": difference.line, "id": difference.id,
                    "expected": difference.expected, "found": difference.found,
                }));
            }
            Err(error) => {
                out.line(format_args!("{}: {error}", file.display()))?;
                wrong.push(json!({ "line": error.line, "error": error.to_string() }));
            }
        }
    }
    out.value(&json!({ "cases": cases, "wrong": wrong }))?;
    if wrong.is_empty() {
        out.line(format_args!("{cases} cases, no difference"))?;
        return Ok(Exit::Done);
    }
    out.line(format_args!("{cases} cases, {} wrong", wrong.len()))?;
    Ok(Exit::Findings)
}

fn skip_rest(lines: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let held = lines.fill_buf()?;
        if held.is_empty() {
            return Ok(());
        }
        let end = held.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(held.len(), |at| at + 1);
        lines.consume(used);
        if end.is_some() {
            return Ok(());
        }
    }
}
