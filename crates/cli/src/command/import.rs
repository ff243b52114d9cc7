//! `throughline import`

use std::{
    collections::BTreeMap,
    io::{IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;
use serde_json::json;
use throughline_app::importing::{
    ImportError, ImportOptions, ImportReport, LARGEST_FILE, Progress, Reconciled,
};
use throughline_connect::{DayOrder, DecimalMark, Field, Outcome, ReadError};
use throughline_domain::Currency;

use crate::{
    args::{Global, OrgArg},
    desk::Desk,
    failure::{Exit, Failure},
    output::Out,
};

#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Import deals from a CRM export; the same file twice changes nothing
    #[command(after_help = "\
Examples:
  throughline import deals opportunities.csv --org acme --dry-run
  throughline import deals opportunities.csv --org acme --as-of-go-live 2026-01-01 --rejects rejects.csv
  throughline import deals rejects.csv --org acme                      (after mending it)
  throughline import deals all-in-scope.csv --org acme --reconcile     (every night)
  throughline import deals deals.csv --org acme --map signed_at='Contract date' --stage-means 'Won - on hold=open'

Fields for --map: external_id, name, account_name, account_id, stage, status, is_won, is_lost, is_closed, is_deleted,
amount, currency, arr, probability, close_date, created_at, modified_at, signed_at, closed_at, deal_type, lead_source,
owner_id, owner_name, owner_email, segment, partner, plan, competitor, renewal_date, csm_id, csm_name, csm_email,
is_current. An empty column (--map partner=) leaves the field out.

Exit codes: 0 the file was read, refused rows or not; 1 it holds no deals; 3 it cannot be read.")]
    Deals(Box<DealsArgs>),
}

#[derive(Debug, Args)]
pub struct DealsArgs {
    /// The export: CSV as Salesforce or HubSpot write it, or Salesforce's JSON
    file: PathBuf,
    /// What closed before this day is history; the organisation's date, else today, when left out
    #[arg(long, value_name = "DATE")]
    as_of_go_live: Option<Date>,
    /// Work everything out and write nothing
    #[arg(long)]
    dry_run: bool,
    /// The file has every deal the CRM has in scope: say what is known here and not in it, and what got past a gate
    #[arg(long)]
    reconcile: bool,
    /// Write refused rows here, with the reasons; mend and import this file next
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Take a field from this column; may be given several times
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = mapping)]
    map: Vec<(Field, String)>,
    /// What a stage means: open, won or lost; may be given several times
    #[arg(long, value_name = "STAGE=OUTCOME", value_parser = meaning)]
    stage_means: Vec<(String, Outcome)>,
    /// The source the deals are known by; recognised when left out
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The currency of amounts that name none, such as EUR
    #[arg(long, value_name = "CODE")]
    currency: Option<Currency>,
    /// How to read dates such as 02/03/2024 where the column does not tell
    #[arg(long, value_enum)]
    dates: Option<Dates>,
    /// The decimal mark where the column does not tell
    #[arg(long, value_enum)]
    decimals: Option<Decimals>,
    #[command(flatten)]
    org: OrgArg,
}

/// The order of dates.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Dates {
    /// 31/12/2024
    DayFirst,
    /// 12/31/2024
    MonthFirst,
}

/// The decimal mark.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Decimals {
    Point,
    Comma,
}

fn mapping(text: &str) -> Result<(Field, String), String> {
    let (field, column) = text.split_once('=').ok_or("write it as FIELD=COLUMN")?;
    let field: Field = field.parse().map_err(|why: throughline_connect::UnknownField| why.to_string())?;
    Ok((field, column.trim().to_owned()))
}

fn meaning(text: &str) -> Result<(String, Outcome), String> {
    let (stage, outcome) = text.rsplit_once('=').ok_or("write it as STAGE=open, STAGE=won or STAGE=lost")?;
    let outcome = match outcome.trim() {
        "open" => Outcome::Open,
        "won" => Outcome::Won,
        "lost" => Outcome::Lost,
        _ => return Err("a stage means open, won or lost".to_owned()),
    };
    Ok((stage.trim().to_owned(), outcome))
}

impl DealsArgs {
    fn options(&self) -> ImportOptions {
        ImportOptions {
            go_live_on: self.as_of_go_live,
            dry_run: self.dry_run,
            source: self.source.clone(),
            mapping: self.map.iter().cloned().collect::<BTreeMap<_, _>>(),
            day_order: self.dates.map(|order| match order {
                Dates::DayFirst => DayOrder::DayFirst,
                Dates::MonthFirst => DayOrder::MonthFirst,
            }),
            decimal_mark: self.decimals.map(|mark| match mark {
                Decimals::Point => DecimalMark::Point,
                Decimals::Comma => DecimalMark::Comma,
            }),
            currency: self.currency,
            reconcile: self.reconcile,
            outcomes: self.stage_means.iter().cloned().collect(),
        }
    }
}

pub async fn run(global: &Global, what: ImportCommand, out: Out) -> Result<Exit, Failure> {
    let ImportCommand::Deals(args) = what;
    let bytes = read(&args.file)?;
    let desk = Desk::open(global, &args.org).await?;
    let quiet = out.json || !std::io::stderr().is_terminal();
    let report =
        desk.app.import(&desk.caller, &bytes, args.options(), |progress| tell(progress, quiet)).await;
    let report = report.map_err(|why| failure(&args.file, why))?;
    let written = match (&args.rejects, &report.rejects) {
        (Some(path), Some(rejects)) => {
            std::fs::write(path, rejects)
                .map_err(|why| Failure::unreachable(format!("{}: {why}", path.display())))?;
            Some(path)
        }
        _ => None,
    };
    out.value(&json!({ "report": report, "rejects": written }))?;
    if !out.json {
        show(&args, &report, written.map(PathBuf::as_path), out)?;
    }
    Ok(Exit::Done)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |why: String| Failure::unreachable(format!("{}: {why}", file.display()));
    let size = std::fs::metadata(file).map_err(|why| unreadable(why.to_string()))?.len();
    if size > LARGEST_FILE as u64 {
        let most = LARGEST_FILE >> 20;
        return Err(
            unreadable(format!("is larger than {most} MB")).hint("export it in parts, by year or by owner")
        );
    }
    std::fs::read(file).map_err(|why| unreadable(why.to_string()))
}

fn failure(file: &Path, why: ImportError) -> Failure {
    match why {
        ImportError::Unreadable(why) => {
            let place = why.line().map_or_else(String::new, |line| format!(":{line}"));
            let text = format!("{}{place}: {why}", file.display());
            let hint = why.hint().to_owned();
            match why {
                ReadError::Sheet(_) => Failure::unreachable(text).hint(hint),
                ReadError::Mapping(_) | ReadError::Refused { .. } => Failure::refused(text).hint(hint),
            }
        }
        ImportError::App(why) => why.into(),
    }
}

fn tell(progress: Progress, quiet: bool) {
    if !quiet {
        let Progress { done, of } = progress;
        // Where standard error is closed, nobody misses the progress.
        drop(write!(std::io::stderr().lock(), "\r{done} of {of} rows"));
        if done == of {
            drop(writeln!(std::io::stderr().lock()));
        }
    }
}

fn show_reconciled(found: &Reconciled, out: Out) -> Result<(), Failure> {
    out.line(format_args!("{:>8}  known here and not in the file", found.not_in_file))?;
    for missing in &found.missing {
        let account = missing.account.as_deref().unwrap_or("its record is not open yet");
        out.line(format_args!("          {} ({account})", missing.deal))?;
    }
    let (past, now) = (found.past_a_gate, found.found_now);
    out.line(format_args!("{past:>8}  past a gate without a pass, {now} of them found by this file"))?;
    for past in &found.bypassed {
        let gates: Vec<String> =
            past.gates.iter().map(|(gate, found)| format!("{}: {found}", gate.name())).collect();
        let now = if past.found_now { ", found now" } else { "" };
        out.line(format_args!("          {} ({}) {}{now}", past.deal, past.account, gates.join("; ")))?;
    }
    Ok(())
}

fn show(args: &DealsArgs, report: &ImportReport, rejects: Option<&Path>, out: Out) -> Result<(), Failure> {
    let found = &report.file.recognised;
    let counts = report.counts;
    let would = if report.dry_run { " (dry run: nothing was written)" } else { "" };
    out.line(format_args!("{}: deals of {}{would}", args.file.display(), found.system.title()))?;
    for column in report.file.columns.iter().filter(|column| column.field.is_some()) {
        let field = column.field.map(Field::as_str).unwrap_or_default();
        out.line(format_args!("  {field:<14} from {}", column.column.name))?;
    }
    for note in &report.notes {
        out.line(format_args!("  note: {note}"))?;
    }
    out.line(format_args!("what closed before {} is history", report.go_live_on))?;
    let rows = [
        ("read", counts.read),
        ("opened", counts.opened),
        ("changed", counts.changed),
        ("unchanged", counts.unchanged),
        ("kept until they open", counts.kept),
        ("history", counts.history),
        ("out of scope", counts.out_of_scope),
        ("older than known", counts.older),
        ("refused", counts.refused),
    ];
    for (name, count) in rows.into_iter().filter(|(name, count)| *count > 0 || *name == "read") {
        out.line(format_args!("{count:>8}  {name}"))?;
    }
    for refused in &report.refused {
        let column = refused.column.as_ref().map(|column| format!(" {column}:")).unwrap_or_default();
        let value = if refused.value.is_empty() { String::new() } else { format!(" `{}`", refused.value) };
        let file = args.file.display();
        out.line(format_args!(
            "{file}:{}:{column}{value} {} ({})",
            refused.line, refused.reason, refused.hint
        ))?;
    }
    if let Some(found) = &report.reconciled {
        show_reconciled(found, out)?;
    }
    match (rejects, counts.refused) {
        (Some(path), _) => {
            out.line(format_args!("refused rows are in {}; mend it and import it", path.display()))?
        }
        (None, 0) => {}
        (None, _) => out.line("give --rejects FILE to get the refused rows as a file to mend")?,
    }
    if !report.owners_to_map.is_empty() {
        out.line(format_args!(
            "owners nobody has invited or mapped yet: {}",
            report.owners_to_map.join(", ")
        ))?;
        out.line("  `throughline people invite` or `throughline people map` says who they are")?;
    }
    Ok(())
}
