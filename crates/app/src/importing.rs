//! CRM exports come in: a whole file of deals, read, shown, taken row by row, refused rows given back (R0.9, R1.9).
//!
//! The same file twice changes nothing. A row that says when it was changed bears that time, and the newest time
//! wins. A row that does not is news of the moment it is imported, unless it says what is known already: then it
//! keeps the time it is known by. Absent on purpose: vendors; [`throughline_connect`] has read the file by then.

mod intake;
mod reconciled;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::civil::Date;
use serde::Serialize;
use throughline_connect::{self as connect, Export, Fault, RejectsWriter};
/// What front ends need to show a file and to take a person's choices.
pub use throughline_connect::{
    Confidence, DayOrder, DecimalMark, Delimiter, Field, Format, Object, Outcome, Overrides, ReadError,
    StageReading, Summary, System,
};
use throughline_domain::{access::Action, money::Currency};
use throughline_store::{Org, PersonStatus};
use tokio::task::JoinSet;

use self::intake::Intake;
pub use self::reconciled::{Missing, PastGates, Reconciled};
use crate::{
    App, AppError, Caller,
    deals::{DealOptions, Taken},
};

/// Refused rows told in the report; all of them are in the rejects file.
const TOLD: usize = 200;
/// Owners named in the report.
const OWNERS_TOLD: usize = 50;
/// The largest file taken, in bytes.
pub const LARGEST_FILE: usize = 25 << 20;

/// How a file is to be taken.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// What closed before this day is history; the organisation's date, else today, when none.
    pub go_live_on: Option<Date>,
    /// Work everything out, write nothing.
    pub dry_run: bool,
    /// The source the deals are known by, such as `salesforce`; what the file was recognised as when none.
    pub source: Option<String>,
    /// Columns for fields, in place of those found.
    pub mapping: Overrides,
    /// How to read `02/03/2024` where the column does not tell.
    pub day_order: Option<DayOrder>,
    /// How to read `1,124` where the column does not tell.
    pub decimal_mark: Option<DecimalMark>,
    /// The currency of amounts that name none.
    pub currency: Option<Currency>,
    /// The file has all deals the CRM has in scope: say what is here and not there, and what got past a gate (R2.11).
    pub reconcile: bool,
    /// What stages mean, in place of what flags and names tell.
    pub outcomes: BTreeMap<String, Outcome>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows taken or refused.
    pub done: u64,
    /// Rows in the file.
    pub of: u64,
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Deals in the file.
    pub read: u64,
    /// Records opened.
    pub opened: u64,
    /// Handoffs that took news.
    pub changed: u64,
    /// Nothing new.
    pub unchanged: u64,
    /// Kept; their records do not open yet.
    pub kept: u64,
    /// Closed before the go-live date.
    pub history: u64,
    /// Routed to no process.
    pub out_of_scope: u64,
    /// Older than what is known.
    pub older: u64,
    /// Refused rows.
    pub refused: u64,
}

impl Counts {
    fn count(&mut self, taken: Taken) {
        let place = match taken {
            Taken::Opened => &mut self.opened,
            Taken::Changed => &mut self.changed,
            Taken::Unchanged => &mut self.unchanged,
            Taken::Kept => &mut self.kept,
            Taken::History => &mut self.history,
            Taken::OutOfScope => &mut self.out_of_scope,
            Taken::Older => &mut self.older,
        };
        *place += 1;
    }
}

/// One thing wrong with a row, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The line the row begins on.
    pub line: u64,
    /// The column; none where the whole row is meant.
    pub column: Option<String>,
    /// The cell, shortened.
    pub value: String,
    /// Why.
    pub reason: String,
    /// What to do.
    pub hint: String,
}

impl From<&Fault> for Refused {
    fn from(fault: &Fault) -> Self {
        Self {
            line: fault.line,
            column: fault.column.clone(),
            value: fault.value.clone(),
            reason: fault.reason.to_string(),
            hint: fault.hint().to_owned(),
        }
    }
}

/// What an import did, or would do.
#[derive(Debug, Clone, Serialize)]
pub struct ImportReport {
    /// Nothing was written.
    pub dry_run: bool,
    /// The source the deals are known by.
    pub source: String,
    /// What closed before this day is history.
    pub go_live_on: Date,
    /// What became of the rows.
    pub counts: Counts,
    /// What was skipped, assumed or decided, in sentences.
    pub notes: Vec<String>,
    /// What is wrong with the first refused rows.
    pub refused: Vec<Refused>,
    /// Owners known from imports and not yet invited or mapped, by name; the first of them.
    pub owners_to_map: Vec<String>,
    /// What was found out about the file: system, encoding, mapping.
    pub file: Summary,
    /// How what is known compares with the file, where that was asked for.
    pub reconciled: Option<Reconciled>,
    /// The refused rows with their reasons, to be mended and imported again; none when no row was refused.
    #[serde(skip)]
    pub rejects: Option<Vec<u8>>,
}

/// Why nothing was imported, or an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file holds no deals that can be read.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// Anything else. Rows taken before it stay; importing the file again goes on from there.
    #[error(transparent)]
    App(#[from] AppError),
}

impl App {
    /// Finds out about a file and changes nothing: what a page shows before it asks for the go-live date.
    pub async fn inspect_export(
        &self,
        caller: &Caller,
        bytes: &[u8],
        options: &ImportOptions,
    ) -> Result<Summary, ImportError> {
        caller.may(Action::SendDeals)?;
        bounded(bytes)?;
        let org = self.organisation(caller.org).await?;
        Ok(connect::inspect(bytes, &reading(&org, options))?)
    }

    /// Takes a file of deals. Rows that cannot be taken are refused one by one; the others are.
    ///
    /// # Errors
    /// [`ImportError`] when nothing can be read, or the store fails on the way.
    pub async fn import(
        &self,
        caller: &Caller,
        bytes: &[u8],
        options: ImportOptions,
        progress: impl Fn(Progress) + Send,
    ) -> Result<ImportReport, ImportError> {
        caller.may(Action::SendDeals)?;
        bounded(bytes)?;
        // Read once, and judged alike for all rows.
        let house = Arc::new(self.house(caller.org).await?);
        house.process_owner()?;
        let org = &house.org;
        let export = Export::open(bytes, &reading(org, &options))?;
        let today = org.calendar.local_date(self.now());
        let go_live_on = options.go_live_on.or(org.go_live_on).unwrap_or(today);
        let system = export.summary().recognised.system.as_str();
        let mut intake = Intake {
            app: self,
            caller,
            house: Arc::clone(&house),
            source: options.source.clone().unwrap_or_else(|| system.to_owned()),
            options: DealOptions { go_live_on: Some(go_live_on), dry_run: options.dry_run, open_now: false },
            now: self.now(),
            ids: options.reconcile.then(BTreeSet::new),
            counts: Counts::default(),
            nameless: 0,
            refused: Vec::new(),
            rejects: None,
            running: JoinSet::new(),
        };
        let of = export.summary().data_rows;
        let mut rows = export.rows();
        while let Some(row) = rows.next() {
            intake.take(&export, row, || rows.cells()).await?;
            if intake.counts.read.is_multiple_of(50) {
                progress(Progress { done: intake.counts.read, of });
            }
        }
        intake.finish().await?;
        progress(Progress { done: intake.counts.read, of });
        let mut notes: Vec<String> = export.summary().notes.iter().map(ToString::to_string).collect();
        if intake.nameless > 0 {
            notes.push(format!("{} deals name no customer: the deal's name stands for it.", intake.nameless));
        }
        let (counts, refused, source) = (intake.counts, intake.refused, intake.source);
        let reconciled = match &intake.ids {
            Some(ids) => Some(self.reconcile(caller, &source, ids, intake.now).await?),
            None => None,
        };
        if reconciled.is_some() && counts.refused > 0 {
            notes.push(
                "Deals in refused rows count as not in the file where their ids could not be read; mend the rows first."
                    .to_owned(),
            );
        }
        let rejects = intake.rejects.map(RejectsWriter::finish).transpose().map_err(AppError::broken)?;
        if !options.dry_run {
            let audit = self.audit(caller, "import-deals", &source, serde_json::json!(counts));
            self.store.apply(org.id, Vec::new(), audit).await.map_err(AppError::from)?;
        }
        Ok(ImportReport {
            dry_run: options.dry_run,
            source,
            go_live_on,
            counts,
            notes,
            refused,
            owners_to_map: self.owners_to_map(org).await?,
            file: export.summary().clone(),
            reconciled,
            rejects,
        })
    }

    /// The first owners from imports whom nobody has invited or mapped.
    async fn owners_to_map(&self, org: &Org) -> Result<Vec<String>, AppError> {
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = self.store.people(org.id, None, after, 200).await?;
            let waiting = page
                .rows
                .into_iter()
                .filter(|person| person.status == PersonStatus::NotInvited && person.mapped_to.is_none());
            found.extend(waiting.map(|person| person.name));
            after = page.next;
            if after.is_none() || found.len() >= OWNERS_TOLD {
                found.truncate(OWNERS_TOLD);
                return Ok(found);
            }
        }
    }
}

fn bounded(bytes: &[u8]) -> Result<(), AppError> {
    if bytes.len() <= LARGEST_FILE {
        return Ok(());
    }
    let megabytes = LARGEST_FILE >> 20;
    Err(AppError::invalid(
        "file",
        format!("is larger than {megabytes} MB; export it in parts, by year or by owner"),
    ))
}

fn reading(org: &Org, options: &ImportOptions) -> connect::Options {
    connect::Options {
        zone: org.calendar.zone().time_zone().clone(),
        currency: options.currency.and_then(|currency| currency.code().parse().ok()),
        day_order: options.day_order,
        decimal_mark: options.decimal_mark,
        mapping: options.mapping.clone(),
        outcomes: options.outcomes.clone(),
    }
}
