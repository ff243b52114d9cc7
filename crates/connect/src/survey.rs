//! The first pass: counts what is there and collects, column by column, what the cells prove about each other. It
//! keeps numbers, a few examples and one hash for each id; nothing grows with the rows but those hashes.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use crate::{
    cell::{
        date::{self, DayOrder},
        money::{Context, Currency, read_amount, read_currency},
        number::{self, DecimalMark, Mark},
    },
    field::Field,
    kind::{Kind, Sorter},
    limits::{EXAMPLES, EXTRA_BYTES, STAGES, cut, shown},
    outcome::{Judged, StageReading, read_stage},
    row::Plan,
    text::{
        scan::{Record, Unclosed},
        sheet::Sheet,
    },
};

/// How often something was met, and where first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub times: u64,
    pub first_line: u64,
}

impl Count {
    fn add(&mut self, line: u64) {
        if self.times == 0 {
            self.first_line = line;
        }
        self.times += 1;
    }
}

/// What the dates of one column prove.
#[derive(Debug, Clone, Default)]
pub(crate) struct DatesSeen {
    pub day_first: u64,
    pub month_first: u64,
    pub dotted: bool,
    pub ambiguous: u64,
    pub example: String,
    pub halves: bool,
    pub zoneless: bool,
}

impl DatesSeen {
    /// The order that all telling dates of the column have.
    pub fn proves(&self) -> Option<DayOrder> {
        match (self.day_first, self.month_first) {
            (1.., 0) => Some(DayOrder::DayFirst),
            (0, 1..) => Some(DayOrder::MonthFirst),
            _ => None,
        }
    }

    pub fn is_mixed(&self) -> bool {
        self.day_first > 0 && self.month_first > 0
    }
}

/// What the numbers of one column prove.
#[derive(Debug, Clone, Default)]
pub(crate) struct NumbersSeen {
    pub point: u64,
    pub comma: u64,
    pub ambiguous: u64,
    pub example: String,
    pub rounded: u64,
}

impl NumbersSeen {
    pub fn proves(&self) -> Option<DecimalMark> {
        match (self.point, self.comma) {
            (1.., 0) => Some(DecimalMark::Point),
            (0, 1..) => Some(DecimalMark::Comma),
            _ => None,
        }
    }

    pub fn is_mixed(&self) -> bool {
        self.point > 0 && self.comma > 0
    }
}

/// A stage and how often it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StageSeen {
    pub name: String,
    pub count: u64,
    pub inferred_won: bool,
    pub inferred_lost: bool,
    pub unclear: bool,
}

/// What the first pass found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Survey {
    pub rows: u64,
    pub blanks: u64,
    pub headers: u64,
    pub totals: Count,
    pub footer: Count,
    pub footer_rows: Vec<String>,
    /// From this line on nothing but remarks follows.
    pub footer_from: Option<u64>,
    pub max_width: usize,
    pub short: Count,
    pub dates: Vec<DatesSeen>,
    pub numbers: Vec<NumbersSeen>,
    pub stages: Vec<StageSeen>,
    pub contradicted: Count,
    pub completed_ids: u64,
    pub repeated: HashSet<u128>,
    /// Rows whose id stood in the file before.
    pub repeats: u64,
    pub repeated_examples: Vec<String>,
    pub modified: bool,
    pub amount_without_currency: bool,
    /// Above one, or written with a percent sign.
    pub percent_above_one: bool,
    pub percent_fractions: bool,
    pub percents: u64,
    pub shortened_extras: u64,
}

/// A hash wide enough that two ids never share it.
pub(crate) fn id_hash(id: &str) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        id.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    (half(1) << 64) | half(2)
}

struct Surveyor<'p> {
    plan: &'p Plan,
    survey: Survey,
    dates: Vec<bool>,
    numbers: Vec<usize>,
    unmapped: Vec<bool>,
    seen: HashSet<u128>,
    stages: HashMap<String, usize>,
    /// Scraps since the last deal: remarks if no deal follows, rows if one does.
    scraps: u64,
    scrap_line: u64,
    scrap_rows: Vec<String>,
}

impl Survey {
    /// Walks over the whole sheet once.
    pub fn take(sheet: &Sheet<'_>, plan: &Plan, sorter: &Sorter) -> Result<Self, Unclosed> {
        let columns = plan.columns.len();
        let mut numbers: Vec<usize> = Field::ALL
            .into_iter()
            .filter(|field| field.is_money() || *field == Field::Probability)
            .flat_map(|field| plan.mapping.columns(field).to_vec())
            .collect();
        numbers.dedup();
        let dates = (0..columns).map(|at| plan.mapping.field_of(at).is_some_and(Field::is_date)).collect();
        let mut unmapped = vec![false; columns];
        for at in &plan.extras {
            unmapped[*at] = true;
        }
        let survey = Survey {
            dates: vec![DatesSeen::default(); columns],
            numbers: vec![NumbersSeen::default(); columns],
            ..Survey::default()
        };
        let mut surveyor = Surveyor {
            plan,
            survey,
            dates,
            numbers,
            unmapped,
            seen: HashSet::new(),
            stages: HashMap::new(),
            scraps: 0,
            scrap_line: 0,
            scrap_rows: Vec::new(),
        };
        let (mut walk, mut row) = (sheet.walk(), Record::default());
        while walk.advance(&mut row)? {
            surveyor.see(&row, sorter.kind(&row));
        }
        Ok(surveyor.end())
    }
}

impl Surveyor<'_> {
    fn see(&mut self, row: &Record<'_>, kind: Kind) {
        match kind {
            Kind::Blank => self.survey.blanks += 1,
            Kind::Header => self.survey.headers += 1,
            Kind::Total => self.survey.totals.add(row.line),
            Kind::Remark => self.remark(row),
            Kind::Scrap => {
                if self.scraps == 0 {
                    self.scrap_line = row.line;
                }
                self.scraps += 1;
                if self.scrap_rows.len() < EXAMPLES {
                    self.scrap_rows.extend(row.filled().next().map(|(_, cell)| shown(cell)));
                }
            }
            Kind::Deal => {
                // The scraps before it stand between deals, so they are rows like any other.
                self.survey.rows += self.scraps + 1;
                self.scraps = 0;
                self.scrap_rows.clear();
                self.deal(row);
            }
        }
    }

    fn remark(&mut self, row: &Record<'_>) {
        self.survey.footer.add(row.line);
        if self.survey.footer_rows.len() < EXAMPLES {
            self.survey.footer_rows.extend(row.filled().next().map(|(_, cell)| shown(cell)));
        }
    }

    fn end(mut self) -> Survey {
        if self.scraps > 0 {
            let survey = &mut self.survey;
            survey.footer_from = Some(self.scrap_line);
            if survey.footer.times == 0 || self.scrap_line < survey.footer.first_line {
                survey.footer.first_line = self.scrap_line;
                self.scrap_rows.append(&mut survey.footer_rows);
                survey.footer_rows = self.scrap_rows;
            } else {
                survey.footer_rows.append(&mut self.scrap_rows);
            }
            survey.footer_rows.truncate(EXAMPLES);
            survey.footer.times += self.scraps;
        }
        self.survey
    }

    fn deal(&mut self, row: &Record<'_>) {
        let columns = self.plan.columns.len();
        let last = row.filled().last().map_or(0, |(at, _)| at + 1);
        self.survey.max_width = self.survey.max_width.max(last);
        if row.width < self.plan.named_width {
            self.survey.short.add(row.line);
        }
        for at in 0..row.cells.len().min(columns) {
            let cell = &*row.cells[at];
            if self.dates[at] || may_be_a_date(cell) {
                self.date(at, cell);
            }
            if self.unmapped[at] && cell.len() > EXTRA_BYTES {
                self.survey.shortened_extras += 1;
            }
        }
        let currency = self.currency(row);
        let said = self.plan.cell(row, Field::Currency).is_some();
        for index in 0..self.numbers.len() {
            let at = self.numbers[index];
            if let Some(cell) = row.cells.get(at) {
                self.number(at, cell, currency, said);
            }
        }
        self.id(row);
        self.stage(row);
    }

    fn date(&mut self, at: usize, cell: &str) {
        let Ok(Some(lexed)) = date::lex(cell) else { return };
        let seen = &mut self.survey.dates[at];
        match lexed.day.proves() {
            Some(DayOrder::DayFirst) => seen.day_first += 1,
            Some(DayOrder::MonthFirst) => seen.month_first += 1,
            None if lexed.day.is_ambiguous() => {
                if seen.ambiguous == 0 {
                    seen.example = shown(cell.trim());
                }
                seen.ambiguous += 1;
            }
            None => {}
        }
        seen.dotted |= cell.trim_start().get(..6).is_some_and(|start| start.matches('.').count() == 2)
            || cell.trim_start().get(..3).is_some_and(|start| start.ends_with('.'));
        seen.halves |= lexed.halves;
        seen.zoneless |= lexed.lacks_zone();
    }

    fn currency(&mut self, row: &Record<'_>) -> Option<Currency> {
        let said =
            self.plan.cell(row, Field::Currency).and_then(|(_, cell)| read_currency(cell).ok().flatten());
        said.or(self.plan.currency)
    }

    fn number(&mut self, at: usize, cell: &str, currency: Option<Currency>, said: bool) {
        let Ok(Some(lexed)) = number::lex(cell) else { return };
        let field = self.plan.mapping.field_of(at);
        let seen = &mut self.survey.numbers[at];
        match lexed.mark {
            Mark::Certain(DecimalMark::Point) => seen.point += 1,
            Mark::Certain(DecimalMark::Comma) => seen.comma += 1,
            Mark::Either => {
                if seen.ambiguous == 0 {
                    seen.example = shown(cell.trim());
                }
                seen.ambiguous += 1;
            }
            Mark::None => {}
        }
        if field == Some(Field::Probability) {
            self.survey.percents += 1;
            if let Some(hundredths) =
                lexed.value(Some(DecimalMark::Point)).ok().and_then(|value| value.in_units(4))
            {
                self.survey.percent_above_one |= hundredths > 10_000 || lexed.percent;
                self.survey.percent_fractions |= hundredths % 10_000 != 0;
            }
            return;
        }
        let named = field.and_then(|field| self.plan.mapping.named_currencies.get(&field).copied());
        let expected = currency.or(named);
        let context = Context { said: None, usual: expected, mark: Some(DecimalMark::Point) };
        if let Ok(Some(amount)) = read_amount(cell, context) {
            // A currency that cannot be read is a fault of its row, not a file without one.
            self.survey.amount_without_currency |= amount.currency.is_none() && !said;
            let digits = amount.currency.map_or(2, Currency::digits);
            if lexed.mark != Mark::Either
                && let Ok(value) = lexed.value(None)
                && value.has_more_than(digits)
            {
                seen.rounded += 1;
            }
        }
    }

    fn id(&mut self, row: &Record<'_>) {
        let Some((_, cell)) = self.plan.cell(row, Field::ExternalId) else { return };
        let id = self.plan.tidy_id(cell);
        if id != cell && !cell.ends_with(".0") {
            self.survey.completed_ids += 1;
        }
        let hash = id_hash(&id);
        if !self.seen.insert(hash) {
            self.survey.repeats += 1;
            if self.survey.repeated.insert(hash) && self.survey.repeated_examples.len() < EXAMPLES {
                self.survey.repeated_examples.push(shown(&id));
            }
        }
        self.survey.modified |= self.plan.cell(row, Field::ModifiedAt).is_some();
    }

    fn stage(&mut self, row: &Record<'_>) {
        let signals = self.plan.signals(row);
        let judged = signals.judge();
        if let Judged::Contradicted(_) = judged {
            self.survey.contradicted.add(row.line);
        }
        let named = self.plan.cell(row, Field::Stage).or_else(|| self.plan.cell(row, Field::Status));
        let Some((_, stage)) = named else { return };
        let stage = cut(stage, 1_000);
        let at = match self.stages.get(stage) {
            Some(at) => *at,
            None if self.survey.stages.len() == STAGES => return,
            None => {
                let at = self.survey.stages.len();
                self.stages.insert(stage.to_owned(), at);
                self.survey.stages.push(StageSeen {
                    name: shown(stage),
                    count: 0,
                    inferred_won: false,
                    inferred_lost: false,
                    unclear: false,
                });
                at
            }
        };
        let seen = &mut self.survey.stages[at];
        seen.count += 1;
        // A row won by its status is no news about its stage.
        let by_stage = signals.status.is_none_or(|status| status == StageReading::Open)
            || read_stage(stage) != StageReading::Open;
        match judged {
            Judged::Inferred(crate::outcome::Outcome::Won) => seen.inferred_won |= by_stage,
            Judged::Inferred(crate::outcome::Outcome::Lost) => seen.inferred_lost |= by_stage,
            Judged::Unclear => seen.unclear = true,
            _ => {}
        }
    }
}

/// Whether an unmapped cell may help to tell the order of dates: `31/12/2024`, `12-31-24`.
fn may_be_a_date(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    let sign = |at: usize| matches!(bytes.get(at), Some(b'/' | b'-' | b'.'));
    (6..=32).contains(&bytes.len()) && bytes[0].is_ascii_digit() && (sign(1) || sign(2))
}
