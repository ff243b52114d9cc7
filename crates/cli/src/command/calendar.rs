//! `throughline calendar`: holds the calendar's arithmetic against cases worked out elsewhere; looks days off up.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read as _},
    path::{Path, PathBuf},
};

use clap::Subcommand;
use jiff::tz::TimeZone;
use serde_json::json;
use throughline_app::{
    Clock as _, SystemClock,
    holidays::{self, Holiday, Period},
};
use throughline_domain::calendar::case::check_line;

use crate::{
    failure::{Exit, Failure},
    output::Out,
};

/// The longest line that is looked at whole, in bytes; the reader of cases refuses longer ones with their place.
const LONGEST_LINE: u64 = (1 << 20) + 2;

#[derive(Debug, Subcommand)]
pub enum CalendarCommand {
    /// Compare due times with a file of cases, one JSON object a line; each difference is a line
    #[command(after_help = "\
Examples:
  throughline calendar check cases.jsonl

Exit codes: 0 no difference, 1 differences or a line that is no case, 3 the file cannot be read.")]
    Check {
        /// The cases
        #[arg(value_name = "CASES.jsonl")]
        file: PathBuf,
    },
    /// Print the days off that a calendar file holds, or that a country keeps
    #[command(after_help = "\
Examples:
  throughline calendar holidays days-off.ics
  throughline calendar holidays --country DE --from 2027 --years 2

Only national days are known by country. Nothing is saved: put the dates into a calendar with `throughline org set`,
on the settings page, or on a team's calendar.

Exit codes: 0 found, 1 the file or the country is refused, 3 the file cannot be read.")]
    Holidays {
        /// The calendar file
        #[arg(value_name = "FILE.ics", required_unless_present = "country", conflicts_with = "country")]
        file: Option<PathBuf>,
        /// A country by its two letters
        #[arg(long, value_name = "CODE")]
        country: Option<String>,
        /// The first year; last year when left out
        #[arg(long, value_name = "YEAR")]
        from: Option<i16>,
        /// How many years
        #[arg(long, value_name = "N", default_value_t = 7)]
        years: u8,
    },
}

pub fn run(what: CalendarCommand, out: Out) -> Result<Exit, Failure> {
    match what {
        CalendarCommand::Check { file } => check(&file, out),
        CalendarCommand::Holidays { file, country, from, years } => {
            let this = || SystemClock.now().to_zoned(TimeZone::UTC).year();
            let period = holidays::period(from.unwrap_or_else(|| this().saturating_sub(1)), years)?;
            match (file, country) {
                (Some(file), _) => in_file(&file, period, out),
                (None, country) => {
                    let days = holidays::by_country(&country.unwrap_or_default(), period)?;
                    tell(&days, out)?;
                    out.value(&json!({ "days": days }))?;
                    Ok(Exit::Done)
                }
            }
        }
    }
}

fn in_file(file: &Path, period: Period, out: Out) -> Result<Exit, Failure> {
    let unreadable = |why: std::io::Error| Failure::unreachable(format!("{}: {why}", file.display()));
    let mut bytes = Vec::new();
    // One byte more than is taken tells that it is too much.
    let most = holidays::LARGEST_FILE as u64 + 1;
    File::open(file).map_err(unreadable)?.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
    let found = holidays::from_file(&bytes, period)
        .map_err(|why| Failure::refused(format!("{}: {why}", file.display())))?;
    tell(&found.days, out)?;
    for one in &found.skipped {
        out.line(format_args!("skipped entry {}, {}: {}", one.entry, one.name, one.why))?;
    }
    if found.outside > 0 {
        out.line(format_args!("{} days lie outside {} to {}", found.outside, period.from, period.to))?;
    }
    out.value(&json!(found))?;
    Ok(Exit::Done)
}

fn tell(days: &[Holiday], out: Out) -> Result<(), Failure> {
    for day in days {
        out.line(format_args!("{} {}", day.on, day.name))?;
    }
    Ok(())
}

fn check(file: &Path, out: Out) -> Result<Exit, Failure> {
    let unreadable = |why: std::io::Error| Failure::unreachable(format!("{}: {why}", file.display()));
    let mut lines = BufReader::new(File::open(file).map_err(unreadable)?);
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
        out.note(format_args!("{cases} cases, no difference"))?;
        return Ok(Exit::Done);
    }
    out.note(format_args!("{cases} cases, {} wrong", wrong.len()))?;
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
