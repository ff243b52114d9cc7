//! An export opened: recognised, mapped, surveyed; then its deals, row by row.
//!
//! The file is walked over once to find out what its cells prove about each other (which of two orders its dates
//! have, which ids repeat), and again to read it. Rows are never held.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::{
    cell::{date::DayOrder, money::Currency, number::DecimalMark},
    choose::{Wishes, choose},
    deal::DealRow,
    duplicates::Winners,
    fault::Reject,
    field::Field,
    kind::{Kind, Sorter},
    limits::{EXAMPLES, EXTRA_COLUMNS},
    mapping::{Mapping, NoSuchColumn, Overrides},
    note::Note,
    outcome::{Outcome, StageReading, read_stage},
    recognise::{Recognised, recognise},
    row::Plan,
    survey::Survey,
    text::{
        decode::{DecodeError, Encoding},
        header::key,
        scan::Record,
        sheet::{Column, Format, Sheet, SheetError},
        tree::TreeError,
    },
    vocabulary::{Object, is_known},
};

/// What the reader of an export may know or decide beforehand.
#[derive(Debug, Clone)]
pub struct Options {
    /// The organisation's zone: times without one are its local times, and its days are the days of close dates.
    pub zone: TimeZone,
    /// The organisation's currency, for files that name none.
    pub currency: Option<Currency>,
    /// How to read `02/03/2024` where the column does not tell.
    pub day_order: Option<DayOrder>,
    /// How to read `1,124` where the column does not tell.
    pub decimal_mark: Option<DecimalMark>,
    /// Columns for fields, in place of those found.
    pub mapping: Overrides,
    /// What stages mean, in place of what flags and names tell; keys are stages as the file writes them.
    pub outcomes: BTreeMap<String, Outcome>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            zone: TimeZone::UTC,
            currency: None,
            day_order: None,
            decimal_mark: None,
            mapping: Overrides::new(),
            outcomes: BTreeMap::new(),
        }
    }
}

/// A column and what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MappedColumn {
    /// The column.
    #[serde(flatten)]
    pub column: Column,
    /// The field; none keeps the column under its own name.
    pub field: Option<Field>,
}

/// A stage of the file, so that a person may say what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// As the file writes it.
    pub name: String,
    /// On how many rows.
    pub count: u64,
    /// What the name alone tells.
    pub reads: StageReading,
}

/// Everything found out about a file before its rows are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Where it comes from and what its rows are.
    pub recognised: Recognised,
    /// What kind of file it is.
    #[serde(flatten)]
    pub format: Format,
    /// How its bytes were read.
    pub encoding: Encoding,
    /// Whether it begins with a byte order mark.
    pub had_bom: bool,
    /// Line of the column names.
    pub header_line: u64,
    /// Its columns, in order.
    pub columns: Vec<MappedColumn>,
    /// Rows that hold a deal, or whatever the file lists.
    pub data_rows: u64,
    /// Rows that hold nothing.
    pub blank_rows: u64,
    /// The stages met, at most 200.
    pub stages: Vec<Stage>,
    /// Everything that was skipped, assumed or decided.
    pub notes: Vec<Note>,
    /// Why its rows cannot be imported as deals; none where they can.
    pub refusal: Option<Refusal>,
}

/// Why a readable file is not imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// Its rows are something else.
    #[error("this is a list of {}, not of deals", object.title())]
    NotDeals {
        /// What they are.
        object: Object,
        /// How to export deals instead.
        hint: &'static str,
    },
    /// Nothing tells what its rows are.
    #[error("nothing in this file's column names tells that its rows are deals")]
    Unrecognised {
        /// How to export deals instead.
        hint: &'static str,
    },
    /// Deals without ids: imported twice, each would be two.
    #[error("there is no column with the deals' ids")]
    NoIdColumn {
        /// How to export deals instead.
        hint: &'static str,
    },
    /// Deals without names.
    #[error("there is no column with the deals' names")]
    NoNameColumn {
        /// How to export deals instead.
        hint: &'static str,
    },
}

impl Refusal {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Refusal::NotDeals { hint, .. }
            | Refusal::Unrecognised { hint }
            | Refusal::NoIdColumn { hint }
            | Refusal::NoNameColumn { hint } => hint,
        }
    }
}

/// Why nothing of a file can be read as deals.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read at all.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// The mapping asked for does not fit the file.
    #[error(transparent)]
    Mapping(#[from] NoSuchColumn),
    /// The file can be read, but holds no deals that can be imported.
    #[error("{refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// What was found out about the file.
        summary: Box<Summary>,
    },
}

impl From<DecodeError> for ReadError {
    fn from(error: DecodeError) -> Self {
        ReadError::Sheet(error.into())
    }
}

impl From<TreeError> for ReadError {
    fn from(error: TreeError) -> Self {
        ReadError::Sheet(error.into())
    }
}

impl From<crate::text::scan::Unclosed> for ReadError {
    fn from(error: crate::text::scan::Unclosed) -> Self {
        ReadError::Sheet(error.into())
    }
}

impl ReadError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ReadError::Sheet(error) => error.hint(),
            ReadError::Mapping(_) => "Name a column as the file's header writes it.",
            ReadError::Refused { refusal, .. } => refusal.hint(),
        }
    }

    /// The line it is about, counted from 1.
    pub fn line(&self) -> Option<u64> {
        match self {
            ReadError::Sheet(error) => error.line(),
            ReadError::Mapping(_) | ReadError::Refused { .. } => None,
        }
    }
}

/// A file of deals, ready to be read.
#[derive(Debug, Clone)]
pub struct Export<'a> {
    sheet: Sheet<'a>,
    plan: Plan,
    sorter: Sorter,
    winners: Winners,
    footer_from: Option<u64>,
    max_width: usize,
    summary: Summary,
}

/// Finds out about a file, whatever it lists.
///
/// # Errors
/// [`ReadError::Sheet`] where it cannot be read, [`ReadError::Mapping`] where the mapping asked for does not fit.
pub fn inspect(bytes: &[u8], options: &Options) -> Result<Summary, ReadError> {
    Ok(look(bytes, options)?.summary)
}

fn look<'a>(bytes: &'a [u8], options: &Options) -> Result<Export<'a>, ReadError> {
    let sheet = Sheet::open(bytes, &is_known)?;
    let recognised = recognise(&sheet)?;
    let mapping = Mapping::find(&sheet.columns, recognised.system, &options.mapping)?;
    let columns = sheet.columns.len();
    let unmapped: Vec<usize> = (0..columns).filter(|at| mapping.field_of(*at).is_none()).collect();
    let dropped = unmapped.len().saturating_sub(EXTRA_COLUMNS);
    let mut plan = Plan {
        system: recognised.system,
        columns: sheet.columns.clone(),
        named_width: sheet.named_width(),
        mapping,
        orders: vec![None; columns],
        marks: vec![None; columns],
        of_one: false,
        zone: options.zone.clone(),
        currency: options.currency,
        outcomes: options.outcomes.iter().map(|(stage, outcome)| (key(stage), *outcome)).collect(),
        extras: unmapped.into_iter().take(EXTRA_COLUMNS).collect(),
    };
    let sorter = Sorter::new(&sheet, recognised.system, plan.mapping.column(Field::ExternalId));
    let survey = Survey::take(&sheet, &plan, &sorter)?;
    let refusal = refusal(&recognised, &plan.mapping, options);
    let wishes = Wishes { order: options.day_order, mark: options.decimal_mark };
    let choices = choose(&mut plan, &survey, sheet.format(), wishes);
    let winners = if survey.repeated.is_empty() || refusal.is_some() {
        Winners::default()
    } else {
        Winners::find(&sheet, &plan, &sorter, &survey.repeated)?
    };
    let mut notes = structure_notes(&sheet, &survey);
    if refusal.is_none() {
        notes.extend(choices);
        notes.extend(meaning_notes(&plan, &survey, &winners, dropped));
    }
    let stages = survey.stages.iter().map(|stage| Stage {
        name: stage.name.clone(),
        count: stage.count,
        reads: read_stage(&stage.name),
    });
    let summary = Summary {
        format: sheet.format(),
        encoding: sheet.encoding,
        had_bom: sheet.had_bom,
        header_line: sheet.header_line,
        columns: sheet
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| MappedColumn { column: column.clone(), field: plan.mapping.field_of(at) })
            .collect(),
        data_rows: survey.rows,
        blank_rows: survey.blanks,
        stages: stages.collect(),
        notes,
        refusal,
        recognised,
    };
    let footer_from = survey.footer_from;
    Ok(Export { sheet, plan, sorter, winners, footer_from, max_width: survey.max_width, summary })
}

/// A file whose columns a person has mapped by hand may be deals though nothing tells; what is known to be something
/// else stays refused.
fn refusal(recognised: &Recognised, mapping: &Mapping, options: &Options) -> Option<Refusal> {
    let hint = recognised.system.vocabulary().how_to_export;
    let by_hand = |field| options.mapping.get(&field).is_some_and(|column| !column.trim().is_empty());
    match recognised.object {
        Object::Deal => {}
        Object::Unknown if by_hand(Field::ExternalId) && by_hand(Field::Name) => {}
        Object::Unknown => return Some(Refusal::Unrecognised { hint }),
        object => return Some(Refusal::NotDeals { object, hint }),
    }
    if mapping.column(Field::ExternalId).is_none() {
        return Some(Refusal::NoIdColumn { hint });
    }
    if mapping.column(Field::Name).is_none() {
        return Some(Refusal::NoNameColumn { hint });
    }
    None
}

fn structure_notes(sheet: &Sheet<'_>, survey: &Survey) -> Vec<Note> {
    let mut notes = Vec::new();
    if sheet.guessed {
        notes.push(Note::EncodingGuessed { encoding: sheet.encoding });
    }
    if sheet.declares_delimiter() {
        notes.push(Note::SeparatorLine);
    }
    if sheet.mended {
        notes.push(Note::Mended);
    }
    if !sheet.preamble().is_empty() {
        let rows = sheet.preamble().iter().take(EXAMPLES).map(|row| crate::limits::shown(row)).collect();
        notes.push(Note::PreambleSkipped { rows, count: sheet.preamble().len() as u64 });
    }
    if survey.footer.times > 0 {
        notes.push(Note::FooterSkipped {
            line: survey.footer.first_line,
            rows: survey.footer_rows.clone(),
            count: survey.footer.times,
        });
    }
    if survey.totals.times > 0 {
        notes.push(Note::TotalsSkipped { count: survey.totals.times, line: survey.totals.first_line });
    }
    if survey.headers > 0 {
        notes.push(Note::HeaderRepeated { count: survey.headers });
    }
    if survey.blanks > 0 {
        notes.push(Note::BlankRows { count: survey.blanks });
    }
    if survey.rows == 0 {
        notes.push(Note::NoRows);
    }
    let nameless = sheet.columns.iter().filter(|column| !column.named).count();
    if nameless > 0 {
        notes.push(Note::NamelessColumns { count: nameless });
    }
    let mut names = BTreeMap::<&str, usize>::new();
    for column in sheet.columns.iter().filter(|column| column.named) {
        *names.entry(column.written.trim()).or_default() += 1;
    }
    let twice = names.into_iter().filter(|(_, count)| *count > 1);
    notes
        .extend(twice.map(|(name, count)| Note::DuplicateHeader { name: crate::limits::shown(name), count }));
    if survey.short.times > 0 {
        notes.push(Note::ShortRows { count: survey.short.times, line: survey.short.first_line });
    }
    notes
}

fn meaning_notes(plan: &Plan, survey: &Survey, winners: &Winners, dropped: usize) -> Vec<Note> {
    let mut notes = Vec::new();
    if survey.amount_without_currency {
        notes.push(Note::NoCurrency);
    }
    let named = |wanted: fn(&crate::survey::StageSeen) -> bool| -> Vec<String> {
        survey.stages.iter().filter(|stage| wanted(stage)).map(|stage| stage.name.clone()).collect()
    };
    let (won, lost) = (named(|stage| stage.inferred_won), named(|stage| stage.inferred_lost));
    if !won.is_empty() || !lost.is_empty() {
        notes.push(Note::OutcomeInferred { won, lost });
    }
    let unclear = named(|stage| stage.unclear);
    if !unclear.is_empty() {
        notes.push(Note::OutcomeUnclear { stages: unclear });
    }
    if survey.contradicted.times > 0 {
        notes.push(Note::OutcomeContradicted {
            count: survey.contradicted.times,
            line: survey.contradicted.first_line,
        });
    }
    if survey.completed_ids > 0 {
        notes.push(Note::IdsCompleted { count: survey.completed_ids });
    }
    if plan.mapping.by_reference {
        notes.push(Note::ReferencesAsIds);
    }
    if survey.repeats > 0 {
        notes.push(Note::DuplicateIds {
            ids: survey.repeated.len() as u64,
            skipped: survey.repeats,
            examples: survey.repeated_examples.clone(),
            by_date: winners.by_date,
        });
    }
    if dropped > 0 {
        notes.push(Note::ExtrasDropped { count: dropped });
    }
    if survey.shortened_extras > 0 {
        notes.push(Note::ExtrasShortened { count: survey.shortened_extras });
    }
    notes
}

impl<'a> Export<'a> {
    /// Opens a file of deals.
    ///
    /// # Errors
    /// [`ReadError`] where nothing of it can be read as deals, with what to do instead.
    pub fn open(bytes: &'a [u8], options: &Options) -> Result<Self, ReadError> {
        let export = look(bytes, options)?;
        match export.summary.refusal.clone() {
            None => Ok(export),
            Some(refusal) => Err(ReadError::Refused { refusal, summary: Box::new(export.summary) }),
        }
    }

    /// What was found out about the file.
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The deals, row by row; a row that cannot be read says everything that is wrong with it.
    pub fn rows(&self) -> Rows<'_> {
        Rows { export: self, walk: self.sheet.walk(), row: Record::default() }
    }

    pub(crate) fn columns(&self) -> &[Column] {
        &self.plan.columns
    }

    pub(crate) fn max_width(&self) -> usize {
        self.max_width.max(self.plan.columns.len())
    }

    fn is_deal(&self, row: &Record<'_>) -> bool {
        let in_footer = self.footer_from.is_some_and(|line| row.line >= line);
        match self.sorter.kind(row) {
            Kind::Blank | Kind::Header | Kind::Total | Kind::Remark => false,
            Kind::Scrap | Kind::Deal if in_footer => false,
            Kind::Scrap => true,
            Kind::Deal => !self.plan.id(row).is_some_and(|id| self.winners.replaces(&id, row.line)),
        }
    }
}

/// Walks over the deals of an [`Export`].
#[derive(Debug, Clone)]
pub struct Rows<'e> {
    export: &'e Export<'e>,
    walk: crate::text::sheet::Walk<'e>,
    row: Record<'e>,
}

impl Iterator for Rows<'_> {
    type Item = Result<DealRow, Reject>;

    fn next(&mut self) -> Option<Self::Item> {
        // A quote that never closes was met, and reported, when the file was opened.
        while self.walk.advance(&mut self.row).unwrap_or(false) {
            if self.export.is_deal(&self.row) {
                return Some(self.export.plan.read(&self.row));
            }
        }
        None
    }
}
