//! An export opened: recognised, mapped, surveyed; then its deals, row by row.
//!
//! The file is walked over once to find out what its cells prove about each other (which of two orders its dates
//! have, which ids repeat), and again to read it. Rows are never held.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::{
    cell::{date::DayOrder, money::Currency, number::DecimalMark},
    choose::{Wishes, choose},
    deal::DealRow,
    duplicates::Winners,
    fault::Reject,
    field::Field,
    kind::{Kind, Sorter},
    limits::EXTRA_COLUMNS,
    mapping::{Mapping, Overrides},
    outcome::{Outcome, read_stage},
    recognise::{Recognised, recognise},
    row::Plan,
    summary::{MappedColumn, ReadError, Refusal, Stage, Summary},
    survey::Survey,
    tell::{meaning_notes, structure_notes},
    text::{
        header::key,
        scan::Record,
        sheet::{Column, Sheet, Walk},
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
            Kind::Deal => !self.plan.id(row).is_some_and(|id| self.winners.replaces(&id, row.number)),
        }
    }
}

/// Walks over the deals of an [`Export`].
#[derive(Debug, Clone)]
pub struct Rows<'e> {
    export: &'e Export<'e>,
    walk: Walk<'e>,
    row: Record<'e>,
}

impl Rows<'_> {
    /// The cells of the row given last, in the file's order: for a [`Reject`] by rules this crate does not know.
    pub fn cells(&self) -> Vec<String> {
        self.row.cells.iter().map(|cell| cell.to_string()).collect()
    }
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
