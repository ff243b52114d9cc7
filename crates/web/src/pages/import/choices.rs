//! What a person chooses for a file: columns for fields, the go-live date, how to read dates, numbers and stages.

use std::collections::BTreeMap;

use throughline_app::{
    AppError,
    importing::{DayOrder, DecimalMark, Field as Meaning, ImportOptions, Outcome, StageReading, Summary},
};

use crate::{
    form::Posted,
    i18n::{Key, Text},
    key,
    pages::{
        parts::{self, Wrong},
        words::data_name,
    },
    ui::{Choice, Field},
};

/// A column with what it is taken for.
pub struct ColumnRow {
    pub name: String,
    pub field: Field,
    pub meanings: Vec<Choice>,
    pub mapped: bool,
}

/// A stage with what it means.
pub struct StageRow {
    pub name: String,
    pub count: u64,
    pub field: Field,
    pub outcomes: Vec<Choice>,
}

/// The form of all choices.
pub struct ChoiceForm {
    pub go_live: Field,
    pub source: Field,
    pub currency: Field,
    pub day_order: Field,
    pub day_orders: Vec<Choice>,
    pub decimal_mark: Field,
    pub decimal_marks: Vec<Choice>,
    pub columns: Vec<ColumnRow>,
    pub stages: Vec<StageRow>,
    pub refused: Option<String>,
}

impl ColumnRow {
    pub fn meanings(&self) -> &[Choice] {
        &self.meanings
    }
}

impl StageRow {
    pub fn outcomes(&self) -> &[Choice] {
        &self.outcomes
    }
}

/// A field's name in words.
pub fn meaning(t: &Text, field: Meaning) -> String {
    t.get(match field {
        Meaning::ExternalId => key!("import-field-id"),
        Meaning::Name => key!("import-field-name"),
        Meaning::AccountName => key!("import-field-account"),
        Meaning::AccountId => key!("import-field-account-id"),
        Meaning::Stage => key!("import-field-stage"),
        Meaning::Status => key!("import-field-status"),
        Meaning::Won => key!("import-field-won"),
        Meaning::Lost => key!("import-field-lost"),
        Meaning::Closed => key!("import-field-closed"),
        Meaning::Deleted => key!("import-field-deleted"),
        Meaning::Amount => key!("import-field-amount"),
        Meaning::Currency => key!("import-field-currency"),
        Meaning::Arr => key!("import-field-arr"),
        Meaning::Probability => key!("import-field-probability"),
        Meaning::ExpectedClose => key!("import-field-close"),
        Meaning::CreatedAt => key!("import-field-created"),
        Meaning::ModifiedAt => key!("import-field-modified"),
        Meaning::SignedAt => key!("import-field-signed"),
        Meaning::ClosedAt => key!("import-field-closed-at"),
        Meaning::DealType => key!("import-field-type"),
        Meaning::LeadSource => key!("import-field-lead-source"),
        Meaning::OwnerId => key!("import-field-owner-id"),
        Meaning::OwnerName => key!("import-field-owner"),
        Meaning::OwnerEmail => key!("import-field-owner-mail"),
        Meaning::Segment => key!("import-field-segment"),
        Meaning::Partner => key!("import-field-partner"),
        Meaning::Plan => key!("import-field-plan"),
        Meaning::Competitor => key!("import-field-competitor"),
        Meaning::RenewalDate => key!("import-field-renewal"),
        Meaning::CsmId => key!("import-field-csm-id"),
        Meaning::CsmName => key!("import-field-csm"),
        Meaning::CsmEmail => key!("import-field-csm-mail"),
        Meaning::Current => key!("import-field-current"),
    })
    .into_owned()
}

fn outcome_key(outcome: Outcome) -> Key {
    match outcome {
        Outcome::Open => key!("import-outcome-open"),
        Outcome::Won => key!("import-outcome-won"),
        Outcome::Lost => key!("import-outcome-lost"),
    }
}

const FIELDS: &[&str] = &["go_live_on", "source", "currency", "day_order", "decimal_mark"];

impl ChoiceForm {
    /// The form with what was chosen.
    pub fn of(t: &Text, summary: &Summary, chosen: &Posted, wrong: Option<&Wrong>) -> Self {
        let field = |name: &str, label: Key| {
            Field::new(name, t.get(label)).value(chosen.typed(name)).error(parts::at(wrong, name))
        };
        let choice = |name: &str, value: &str, label: Key| {
            Choice::new(value, t.get(label)).chosen(chosen.typed(name) == value)
        };
        let touched = chosen.fields.iter().any(|(name, _)| name.starts_with("column_"));
        Self {
            go_live: field("go_live_on", key!("import-go-live")).hint(t.get(key!("import-go-live-hint"))),
            source: field("source", key!("import-source"))
                .hint(t.with(key!("import-source-hint"), ("source", summary.recognised.system.as_str()))),
            currency: field("currency", key!("import-currency")).hint(t.get(key!("import-currency-hint"))),
            day_order: field("day_order", key!("import-day-order")).hint(t.get(key!("import-as-file"))),
            day_orders: vec![
                choice("day_order", "day_first", key!("import-day-first")),
                choice("day_order", "month_first", key!("import-month-first")),
            ],
            decimal_mark: field("decimal_mark", key!("import-decimal")).hint(t.get(key!("import-as-file"))),
            decimal_marks: vec![
                choice("decimal_mark", "point", key!("import-decimal-point")),
                choice("decimal_mark", "comma", key!("import-decimal-comma")),
            ],
            columns: summary
                .columns
                .iter()
                .map(|mapped| {
                    let name = format!("column_{}", mapped.column.number);
                    let found = mapped.field.map(Meaning::as_str).unwrap_or_default();
                    let value = if touched { chosen.typed(&name) } else { found };
                    ColumnRow {
                        meanings: Meaning::ALL
                            .into_iter()
                            .map(|field| {
                                Choice::new(field.as_str(), meaning(t, field)).chosen(field.as_str() == value)
                            })
                            .collect(),
                        mapped: !value.is_empty(),
                        field: Field::new(name, mapped.column.name.clone()),
                        name: mapped.column.name.clone(),
                    }
                })
                .collect(),
            stages: stages(t, summary, chosen),
            refused: parts::beside(wrong, FIELDS),
        }
    }
}

fn stages(t: &Text, summary: &Summary, chosen: &Posted) -> Vec<StageRow> {
    (0..)
        .zip(&summary.stages)
        .map(|(place, stage): (usize, _)| {
            let name = format!("stage_{place}");
            let read = match stage.reads {
                StageReading::Open => Some(Outcome::Open),
                StageReading::Won => Some(Outcome::Won),
                StageReading::Lost => Some(Outcome::Lost),
                StageReading::Unclear => None,
            };
            let hint = match read {
                Some(outcome) => t.with(key!("import-stage-reads"), ("outcome", t.get(outcome_key(outcome)))),
                None => t.get(key!("import-stage-unclear")),
            };
            StageRow {
                outcomes: [Outcome::Open, Outcome::Won, Outcome::Lost]
                    .into_iter()
                    .map(|outcome| {
                        let value = data_name(outcome);
                        let is = chosen.typed(&name) == value;
                        Choice::new(value, t.get(outcome_key(outcome))).chosen(is)
                    })
                    .collect(),
                field: Field::new(name, stage.name.clone()).hint(hint),
                name: stage.name.clone(),
                count: stage.count,
            }
        })
        .collect()
}

/// The choices as the application takes them. Columns left as they were found are no choice.
pub fn options(
    t: &Text,
    summary: &Summary,
    chosen: &Posted,
    dry_run: bool,
) -> Result<ImportOptions, AppError> {
    let one_of = |name: &str, known: [(&str, u8); 2]| match chosen.get(name) {
        None => Ok(None),
        Some(value) => match known.iter().find(|(word, _)| *word == value) {
            Some((_, number)) => Ok(Some(*number)),
            None => Err(AppError::invalid(name, t.get(key!("import-no-such-choice")))),
        },
    };
    let day_order = one_of("day_order", [("day_first", 0), ("month_first", 1)])?;
    let decimal_mark = one_of("decimal_mark", [("point", 0), ("comma", 1)])?;
    let mut outcomes = BTreeMap::new();
    for (place, stage) in summary.stages.iter().enumerate() {
        let outcome = match chosen.get(&format!("stage_{place}")) {
            None => continue,
            Some("open") => Outcome::Open,
            Some("won") => Outcome::Won,
            Some("lost") => Outcome::Lost,
            Some(_) => return Err(AppError::invalid("stage", t.get(key!("import-no-such-choice")))),
        };
        outcomes.insert(stage.name.clone(), outcome);
    }
    let currency = match chosen.get("currency") {
        Some(code) => {
            let code = code.to_uppercase();
            Some(code.parse().map_err(|why: throughline_domain::money::NotACurrency| {
                AppError::invalid("currency", why.to_string())
            })?)
        }
        None => None,
    };
    Ok(ImportOptions {
        go_live_on: chosen.opt_date("go_live_on")?,
        dry_run,
        source: chosen.get("source").map(str::to_owned),
        mapping: mapping(t, summary, chosen)?,
        day_order: day_order.map(|order| if order == 0 { DayOrder::DayFirst } else { DayOrder::MonthFirst }),
        decimal_mark: decimal_mark
            .map(|mark| if mark == 0 { DecimalMark::Point } else { DecimalMark::Comma }),
        currency,
        reconcile: false,
        outcomes,
    })
}

fn mapping(t: &Text, summary: &Summary, chosen: &Posted) -> Result<BTreeMap<Meaning, String>, AppError> {
    if !chosen.fields.iter().any(|(name, _)| name.starts_with("column_")) {
        return Ok(BTreeMap::new());
    }
    let mut found: BTreeMap<Meaning, Vec<&str>> = BTreeMap::new();
    let mut wanted: BTreeMap<Meaning, Vec<&str>> = BTreeMap::new();
    for mapped in &summary.columns {
        let name = mapped.column.name.as_str();
        if let Some(field) = mapped.field {
            found.entry(field).or_default().push(name);
        }
        if let Some(value) = chosen.get(&format!("column_{}", mapped.column.number)) {
            let field: Meaning = value
                .parse()
                .map_err(|_| AppError::invalid("column", t.get(key!("import-no-such-choice"))))?;
            wanted.entry(field).or_default().push(name);
        }
    }
    let mut overrides = BTreeMap::new();
    for field in Meaning::ALL {
        let (was, is) = (found.get(&field), wanted.get(&field));
        if was == is {
            continue;
        }
        match is.map(Vec::as_slice) {
            None | Some([]) => overrides.insert(field, String::new()),
            Some([one]) => overrides.insert(field, (*one).to_owned()),
            Some(several) => {
                let names: Vec<String> = several.iter().map(|name| (*name).to_owned()).collect();
                let text = t.with(
                    key!("import-field-twice"),
                    (("field", meaning(t, field)), ("columns", t.list(&names))),
                );
                return Err(AppError::invalid("mapping", text));
            }
        };
    }
    Ok(overrides)
}
