//! CRM exports come in: a whole file of deals, read, shown, taken row by row, refused rows given back (R0.9, R1.9).
//!
//! The same file twice changes nothing. A row that says when it was changed bears that time, and the newest time
//! wins. A row that does not is news of the moment it is imported, unless it says what is known already: then it
//! keeps the time it is known by. Absent on purpose: vendors; [`throughline_connect`] has read the file by then.

use std::{collections::BTreeMap, num::NonZeroUsize};

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use throughline_connect::{
    self as connect, Amount, DealRow, Export, Fault, Moment, Reason, Reject, RejectsWriter,
};
/// What front ends need to show a file and to take a person's choices.
pub use throughline_connect::{
    Confidence, DayOrder, DecimalMark, Field, Format, Outcome, Overrides, ReadError, StageReading, Summary,
};
use throughline_domain::{
    Money, Personal,
    access::Action,
    deal::{Deal, DealKey, Standing},
    money::Currency,
};
use throughline_store::{Org, PersonStatus};
use tokio::task::JoinSet;

use crate::{
    App, AppError, Caller,
    deals::{DealOptions, Taken, check, crm_person},
};

/// Rows on their way at once: enough that one durable commit holds many of them.
const IN_FLIGHT: NonZeroUsize = NonZeroUsize::new(64).unwrap();
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
        let org = self.organisation(caller.org).await?;
        // Said once here rather than once a row.
        self.process_owner(&org).await?;
        let export = Export::open(bytes, &reading(&org, &options))?;
        let today = org.calendar.local_date(self.now());
        let go_live_on = options.go_live_on.or(org.go_live_on).unwrap_or(today);
        let system = export.summary().recognised.system.as_str();
        let mut intake = Intake {
            app: self,
            caller,
            org: &org,
            source: options.source.clone().unwrap_or_else(|| system.to_owned()),
            options: DealOptions { go_live_on: Some(go_live_on), dry_run: options.dry_run, open_now: false },
            now: self.now(),
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
            owners_to_map: self.owners_to_map(&org).await?,
            file: export.summary().clone(),
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

/// An import under way.
struct Intake<'a> {
    app: &'a App,
    caller: &'a Caller,
    org: &'a Org,
    source: String,
    options: DealOptions,
    now: Timestamp,
    counts: Counts,
    nameless: u64,
    refused: Vec<Refused>,
    rejects: Option<RejectsWriter<Vec<u8>>>,
    running: JoinSet<Result<Taken, AppError>>,
}

impl Intake<'_> {
    async fn take(
        &mut self,
        export: &Export<'_>,
        row: Result<DealRow, Reject>,
        cells: impl Fn() -> Vec<String>,
    ) -> Result<(), AppError> {
        self.counts.read += 1;
        let row = match row {
            Ok(row) => row,
            Err(reject) => return self.refuse(export, &reject),
        };
        let line = row.line;
        let dated = row.modified.is_some();
        self.nameless += u64::from(row.account_name.is_none());
        let deal = match self.deal(row) {
            Ok(deal) => deal,
            Err((field, reason)) => {
                let fault = Fault::new(line, None, "", Reason::NotTaken(format!("{field} {reason}")));
                return self.refuse(export, &Reject { line, faults: vec![fault], cells: cells() });
            }
        };
        while self.running.len() >= IN_FLIGHT.get() {
            self.settle().await?;
        }
        // Rows of one customer or owner may run beside each other: who comes second finds what the first made.
        let (app, caller, options) = (self.app.clone(), self.caller.clone(), self.options);
        self.running.spawn(async move {
            let deal = if dated { deal } else { app.as_known(&caller, deal).await? };
            Ok(app.put_deal(&caller, deal, options).await?.taken)
        });
        Ok(())
    }

    async fn settle(&mut self) -> Result<(), AppError> {
        if let Some(taken) = self.running.join_next().await {
            self.counts.count(taken.map_err(AppError::broken)??);
        }
        Ok(())
    }

    async fn finish(&mut self) -> Result<(), AppError> {
        while !self.running.is_empty() {
            self.settle().await?;
        }
        Ok(())
    }

    fn refuse(&mut self, export: &Export<'_>, reject: &Reject) -> Result<(), AppError> {
        self.counts.refused += 1;
        if self.refused.len() < TOLD {
            self.refused.extend(reject.faults.iter().map(Refused::from));
        }
        if self.rejects.is_none() {
            self.rejects = Some(RejectsWriter::new(export, Vec::new()).map_err(AppError::broken)?);
        }
        match &mut self.rejects {
            Some(writer) => writer.write(reject).map_err(AppError::broken),
            None => Ok(()),
        }
    }

    /// The row as a deal, or the field that cannot be taken and why.
    fn deal(&self, row: DealRow) -> Result<Deal, (String, String)> {
        let zone = self.org.calendar.zone().time_zone();
        let start = |moment: Option<Moment>| moment.and_then(|moment| moment.start(zone));
        let account =
            row.account_name.clone().or_else(|| row.account_id.clone()).unwrap_or_else(|| row.name.clone());
        let standing = match (row.is_deleted, row.outcome) {
            (true, _) => Standing::Deleted,
            (false, Outcome::Won) => Standing::Won,
            (false, Outcome::Lost) => Standing::Lost,
            (false, Outcome::Open) => Standing::Open,
        };
        let deal = Deal {
            key: DealKey { source: self.source.clone(), external_id: row.external_id },
            source_time: start(row.modified).unwrap_or(self.now),
            name: one_line(&row.name),
            account: one_line(&account),
            account_external_id: row.account_id,
            stage: row.stage.map(|stage| one_line(&stage)).unwrap_or_default(),
            standing,
            amount: row.amount.and_then(money),
            arr: row.arr.and_then(money),
            term_months: None,
            discount_percent: None,
            probability: row.probability.map(connect::Percent::whole),
            close_on: row.close_date,
            signed_at: start(row.signed_at),
            // Only what the file says. A close date alone tells the day the CRM expects, which `close_on` keeps.
            closed_at: start(row.closed_at),
            deal_type: row.deal_type,
            segment: row.segment,
            lead_source: row.lead_source,
            partner: row.partner,
            plan: row.plan,
            renews_on: row.renewal_date,
            competitor: row.competitor,
            se_involved: None,
            existing_account: None,
            owner: crm_person(row.owner.id, row.owner.name.as_deref(), row.owner.email.as_deref()),
            csm: crm_person(row.csm.id, row.csm.name.as_deref(), row.csm.email.as_deref()),
            extra: extra(row.extra),
        };
        match check(&deal) {
            Ok(()) => Ok(deal),
            Err(AppError::Invalid { field, reason }) => Err((field, reason)),
            Err(other) => Err(("row".to_owned(), other.to_string())),
        }
    }
}

impl App {
    /// A reading without a time of its own: where it says what is known already, it bears the time that is known by.
    async fn as_known(&self, caller: &Caller, deal: Deal) -> Result<Deal, AppError> {
        let Some(row) = self.store.deal(caller.org, &deal.key).await? else { return Ok(deal) };
        let Ok(known) = serde_json::from_str::<Deal>(&row.body) else { return Ok(deal) };
        let same = Deal {
            source_time: known.source_time,
            existing_account: deal.existing_account.or(known.existing_account),
            ..deal.clone()
        };
        Ok(if same == known { same } else { deal })
    }
}

/// Both sides count in the minor units of ISO 4217; a currency nobody named is the one ISO calls none.
fn money(amount: Amount) -> Option<Money> {
    let code = amount.currency.map_or_else(|| "XXX".to_owned(), |currency| currency.code().to_owned());
    Some(Money { minor: amount.minor, currency: code.parse().ok()? })
}

/// Line breaks and other controls become blanks: names are one line here.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().to_owned()
}

fn extra(columns: BTreeMap<String, String>) -> BTreeMap<String, Personal> {
    let printable = |text: &str| -> String {
        text.chars()
            .map(|c| if c.is_control() && !matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
            .collect()
    };
    let kept =
        columns.into_iter().filter_map(|(name, text)| Some((name, Personal::parse(&printable(&text)).ok()?)));
    kept.collect()
}
