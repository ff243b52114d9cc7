//! From cells to a deal, once the whole file has been looked at and every choice is made.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    cell::{
        date::{self, DayOrder, Moment},
        flag::read_flag,
        is_nothing,
        money::{Amount, Context, Currency, read_amount, read_currency},
        number::{DecimalMark, is_scientific},
        percent::{Percent, read_percent},
    },
    deal::{DealRow, Person},
    fault::{Fault, Reason, Reject},
    field::Field,
    limits::{CELL_BYTES, COLUMNS, EXTRA_BYTES, TEXT_BYTES, cut},
    mapping::Mapping,
    outcome::{Outcome, Signals, read_stage},
    text::{header::key, scan::Record, sheet::Column},
    vocabulary::{Object, System},
};

/// Everything that must be known to read a row.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub system: System,
    pub columns: Vec<Column>,
    /// Columns before the nameless ones at the end.
    pub named_width: usize,
    pub mapping: Mapping,
    /// By column: the order of dates that may be read twice; none refuses them.
    pub orders: Vec<Option<DayOrder>>,
    /// By column: the mark of numbers that may be read twice; none refuses them.
    pub marks: Vec<Option<DecimalMark>>,
    /// Whether probabilities count to one.
    pub of_one: bool,
    pub zone: TimeZone,
    pub currency: Option<Currency>,
    /// What a person decided about stages, by the stage's name in the form of [`key`].
    pub outcomes: BTreeMap<String, Outcome>,
    /// Unmapped columns that are kept.
    pub extras: Vec<usize>,
}

impl Plan {
    /// The first filled cell of a field, trimmed, with its column.
    pub fn cell<'r>(&self, row: &'r Record<'_>, field: Field) -> Option<(usize, &'r str)> {
        self.mapping.columns(field).iter().find_map(|at| {
            let cell = row.cells.get(*at)?.trim();
            (!cell.is_empty()).then_some((*at, cell))
        })
    }

    /// The deal's id in its one form.
    pub fn id(&self, row: &Record<'_>) -> Option<String> {
        let (_, cell) = self.cell(row, Field::ExternalId)?;
        Some(self.tidy_id(cell))
    }

    /// Short ids are completed; `.0` falls off, which programs put behind ids they took for numbers.
    pub fn tidy_id(&self, id: &str) -> String {
        if let Some(full) = (self.system.vocabulary().full_id)(id) {
            return full;
        }
        match id.strip_suffix(".0") {
            Some(whole) if !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()) => {
                whole.to_owned()
            }
            _ => id.to_owned(),
        }
    }

    /// What the row says of the deal's end; cells that cannot be read say nothing here.
    pub fn signals(&self, row: &Record<'_>) -> Signals {
        let flag = |field| self.cell(row, field).and_then(|(_, cell)| read_flag(cell).ok().flatten());
        let name = |field| self.cell(row, field).map(|(_, cell)| read_stage(cut(cell, 1_000)));
        let decided = self.cell(row, Field::Stage).and_then(|(_, stage)| {
            if self.outcomes.is_empty() { None } else { self.outcomes.get(&key(cut(stage, 1_000))).copied() }
        });
        Signals {
            won: flag(Field::Won),
            lost: flag(Field::Lost),
            closed: flag(Field::Closed),
            status: name(Field::Status),
            stage: name(Field::Stage),
            decided,
        }
    }

    /// When the row was last changed, where it says so readably.
    pub fn modified(&self, row: &Record<'_>) -> Option<Timestamp> {
        let (at, cell) = self.cell(row, Field::ModifiedAt)?;
        let lexed = date::lex(cell).ok().flatten()?;
        lexed.moment(self.orders[at], &self.zone).ok()?.start(&self.zone)
    }

    /// Reads a row.
    pub fn read(&self, row: &Record<'_>) -> Result<DealRow, Reject> {
        let mut reading = Reading { plan: self, row, faults: Vec::new() };
        reading.shape();
        // In a row out of shape every cell may stand under the wrong name; their faults would be noise.
        if reading.faults.is_empty() {
            let deal = reading.deal();
            if reading.faults.is_empty() {
                return Ok(deal);
            }
        }
        let cells = row.cells.iter().map(|cell| cell.to_string()).collect();
        Err(Reject { line: row.line, faults: reading.faults, cells })
    }

    /// How many filled cells stand where no column has a name.
    fn overflow(&self, row: &Record<'_>) -> bool {
        row.width > COLUMNS || row.filled().any(|(at, _)| at >= self.named_width)
    }
}

struct Reading<'p, 'r> {
    plan: &'p Plan,
    row: &'p Record<'r>,
    faults: Vec<Fault>,
}

impl Reading<'_, '_> {
    fn fault(&mut self, column: Option<usize>, value: &str, reason: Reason) {
        let column = column.map(|at| self.plan.columns[at].name.as_str());
        self.faults.push(Fault::new(self.row.line, column, value, reason));
    }

    fn deal(&mut self) -> DealRow {
        let external_id = self.external_id();
        let name = match self.text(Field::Name) {
            Some(name) => name,
            None => {
                let column = self.plan.mapping.column(Field::Name);
                self.fault(column, "", Reason::NoName);
                String::new()
            }
        };
        let currency = self.typed(Field::Currency, |cell, _| read_currency(cell));
        for field in [Field::Won, Field::Lost, Field::Closed] {
            self.typed(field, |cell, _| read_flag(cell));
        }
        let is_deleted = self.typed(Field::Deleted, |cell, _| read_flag(cell)).unwrap_or(false);
        let owner = self.person(Field::OwnerId, Field::OwnerName, Field::OwnerEmail);
        let csm = self.person(Field::CsmId, Field::CsmName, Field::CsmEmail);
        DealRow {
            line: self.row.line,
            external_id,
            name,
            account_name: self.text(Field::AccountName),
            account_id: self.id(Field::AccountId),
            stage: self.text(Field::Stage),
            outcome: self.plan.signals(self.row).judge().outcome(),
            is_deleted,
            amount: self.amount(Field::Amount, currency),
            arr: self.amount(Field::Arr, currency),
            probability: self.probability(),
            close_date: self.date(Field::ExpectedClose),
            created: self.moment(Field::CreatedAt),
            modified: self.moment(Field::ModifiedAt),
            signed_at: self.moment(Field::SignedAt),
            closed_at: self.moment(Field::ClosedAt),
            renewal_date: self.date(Field::RenewalDate),
            deal_type: self.text(Field::DealType),
            lead_source: self.text(Field::LeadSource),
            owner,
            csm,
            segment: self.text(Field::Segment),
            partner: self.text(Field::Partner),
            plan: self.text(Field::Plan),
            competitor: self.text(Field::Competitor),
            extra: self.extra(),
        }
    }

    /// What is wrong with the row before any cell is read.
    fn shape(&mut self) {
        if self.row.loose_quote {
            self.fault(None, "", Reason::LooseQuote);
        }
        if self.plan.overflow(self.row) {
            let last = self.row.filled().last().map_or(0, |(at, _)| at + 1);
            let found = if self.row.width > COLUMNS { self.row.width } else { last };
            self.fault(None, "", Reason::TooManyValues { found, expected: self.plan.named_width });
        }
        for at in 0..self.row.cells.len().min(self.plan.columns.len()) {
            if self.row.cells[at].len() > CELL_BYTES {
                self.fault(Some(at), cut(&self.row.cells[at], 400), Reason::CellTooLong);
            }
        }
    }

    fn external_id(&mut self) -> String {
        let Some((at, cell)) = self.plan.cell(self.row, Field::ExternalId) else {
            let column = self.plan.mapping.column(Field::ExternalId);
            self.fault(column, "", Reason::NoId);
            return String::new();
        };
        if cell.len() > 255 {
            self.fault(Some(at), cut(cell, 400), Reason::TextTooLong);
        } else if cell.contains("E+") && is_scientific(cell) {
            self.fault(Some(at), cell, Reason::ShortenedNumber);
        } else if let Some(object) = (self.plan.system.vocabulary().object_of_id)(cell)
            && object != Object::Deal
        {
            self.fault(Some(at), cell, Reason::ForeignId(object));
        }
        self.plan.tidy_id(cell)
    }

    /// The first of several values, where a column may hold several.
    fn first<'c>(&self, at: usize, cell: &'c str) -> &'c str {
        if self.plan.mapping.plural.contains(&at) {
            cell.split(';').map(str::trim).find(|part| !part.is_empty()).unwrap_or(cell)
        } else {
            cell
        }
    }

    fn text(&mut self, field: Field) -> Option<String> {
        let (at, cell) = self.plan.cell(self.row, field)?;
        if cell.len() > TEXT_BYTES {
            self.fault(Some(at), cut(cell, 400), Reason::TextTooLong);
            return None;
        }
        // What a CRM writes for nothing is no customer and no stage; a deal's own name may be any word.
        let cell = self.first(at, cell);
        if field != Field::Name && is_nothing(cell) { None } else { Some(cell.to_owned()) }
    }

    fn id(&mut self, field: Field) -> Option<String> {
        self.text(field).map(|id| self.plan.tidy_id(&id))
    }

    fn typed<T>(
        &mut self,
        field: Field,
        read: impl FnOnce(&str, usize) -> Result<Option<T>, Reason>,
    ) -> Option<T> {
        let (at, cell) = self.plan.cell(self.row, field)?;
        match read(cell, at) {
            Ok(value) => value,
            Err(reason) => {
                self.fault(Some(at), cut(cell, 400), reason);
                None
            }
        }
    }

    fn amount(&mut self, field: Field, currency: Option<Currency>) -> Option<Amount> {
        let plan = self.plan;
        let said = currency.or(plan.mapping.named_currencies.get(&field).copied());
        self.typed(field, |cell, at| {
            read_amount(cell, Context { said, usual: plan.currency, mark: plan.marks[at] })
        })
    }

    fn probability(&mut self) -> Option<Percent> {
        let plan = self.plan;
        self.typed(Field::Probability, |cell, at| read_percent(cell, plan.of_one, plan.marks[at]))
    }

    fn moment(&mut self, field: Field) -> Option<Moment> {
        let plan = self.plan;
        self.typed(field, |cell, at| {
            date::lex(cell)?.map(|lexed| lexed.moment(plan.orders[at], &plan.zone)).transpose()
        })
    }

    fn date(&mut self, field: Field) -> Option<jiff::civil::Date> {
        let plan = self.plan;
        self.typed(field, |cell, at| {
            date::lex(cell)?.map(|lexed| lexed.date(plan.orders[at], &plan.zone)).transpose()
        })
    }

    fn person(&mut self, id: Field, name: Field, email: Field) -> Person {
        let mut person = Person { id: self.id(id), name: self.text(name), email: self.email(email) };
        // Some exports put the address, or the id, where others put the name.
        let nobody =
            |text: &String| matches!(key(text).as_str(), "noowner" | "unassigned" | "notassigned" | "nobody");
        if let Some(text) = person.name.take().filter(|text| !nobody(text)) {
            let (rest, address) = apart(&text);
            if person.email.is_none() {
                person.email = address;
            }
            if (self.plan.system.vocabulary().object_of_id)(&rest) == Some(Object::User) {
                person.id = person.id.or_else(|| Some(self.plan.tidy_id(&rest)));
            } else if !rest.is_empty() {
                person.name = Some(rest);
            }
        }
        person
    }

    fn email(&mut self, field: Field) -> Option<String> {
        self.typed(field, |cell, _| {
            if is_nothing(cell) {
                return Ok(None);
            }
            let (_, address) = apart(cell);
            address.map(Some).ok_or(Reason::NotAnEmail)
        })
    }

    fn extra(&self) -> BTreeMap<String, String> {
        let kept = self.plan.extras.iter().filter_map(|at| {
            let cell = self.row.cells.get(*at)?.trim();
            let text = cut(cell, EXTRA_BYTES);
            (!text.is_empty()).then(|| (self.plan.columns[*at].name.clone(), text.to_owned()))
        });
        let several = self.plan.mapping.plural.iter().filter_map(|at| {
            let cell = self.row.cells.get(*at)?.trim();
            let many = cell.contains(';') && self.plan.mapping.field_of(*at).is_some();
            many.then(|| (self.plan.columns[*at].name.clone(), cut(cell, EXTRA_BYTES).to_owned()))
        });
        kept.chain(several).collect()
    }
}

/// `Jane Doe (jane@acme.com)`, `Jane Doe <jane@acme.com>` or `jane@acme.com` as name and address.
fn apart(text: &str) -> (String, Option<String>) {
    let found = text.split([' ', '(', ')', '<', '>', '[', ']', ',', ';']).find(|word| is_email(word));
    let Some(address) = found else { return (text.trim().to_owned(), None) };
    let rest = text.replacen(address, "", 1);
    let rest = rest.trim_matches(|sign: char| sign.is_whitespace() || "()<>[],;-".contains(sign));
    (rest.to_owned(), Some(address.to_lowercase()))
}

fn is_email(word: &str) -> bool {
    let Some((local, domain)) = word.split_once('@') else { return false };
    !local.is_empty()
        && word.len() <= 254
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && domain.chars().all(|sign| sign.is_alphanumeric() || sign == '-' || sign == '.')
        && !local.chars().any(|sign| sign.is_whitespace() || sign.is_control() || sign == '"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_an_address_is_taken_apart() {
        let pair = |name: &str, address: &str| (name.to_owned(), Some(address.to_owned()));
        assert_eq!(apart("Jane Doe (Jane@Acme.com)"), pair("Jane Doe", "jane@acme.com"));
        assert_eq!(apart("Jane Doe <jane@acme.com>"), pair("Jane Doe", "jane@acme.com"));
        assert_eq!(apart("jane@acme.com"), pair("", "jane@acme.com"));
        assert_eq!(apart("Jane Doe"), ("Jane Doe".to_owned(), None));
        assert_eq!(apart("jane@acme"), ("jane@acme".to_owned(), None));
    }
}
