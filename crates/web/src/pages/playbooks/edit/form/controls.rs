//! What a form shows: each field with the control that suits it.

use throughline_domain::{
    calendar::Unit,
    playbook::{
        edit::Document,
        rule::{
            Scope,
            sentence::{Field as Looked, Join},
        },
    },
};

use super::{DUE, Errors, MOST, TIMES, UNITS, shows};
use crate::{
    form::Posted,
    i18n::Text,
    key,
    pages::playbooks::edit::{
        names,
        rule::{self, COLUMN, Mode, RuleForm},
        spec::{Absent, Kind, Part, Pick, Spec},
    },
    ui::{Choice, Field},
};

/// Blank lines at the end of a list of names, for more.
const BLANK: usize = 2;

/// A field as the page shows it.
pub enum Control {
    Line(Field),
    Area(Field),
    Number(Field),
    Flag(Field),
    /// One must be chosen.
    One(Field, Vec<Choice>),
    /// One may be chosen.
    Maybe(Field, Vec<Choice>),
    Ticks(Field, Vec<Choice>),
    Span(Field, SpanField),
    /// Two bounds of a number.
    Times(Field, Vec<Field>),
    Due(Box<DueField>),
    Pairs(Field, Vec<Pair>),
    Rule(Box<RuleField>),
    Fixed(String, String),
}

/// A number of units.
pub struct SpanField {
    pub name: String,
    pub label: String,
    pub n: String,
    pub units: Vec<Choice>,
}

/// A clock.
pub struct DueField {
    pub field: Field,
    pub anchors: Vec<Choice>,
    pub spans: Vec<SpanField>,
    pub roll: bool,
}

/// A name in data with what is shown.
pub struct Pair {
    pub index: usize,
    pub id: String,
    pub label: String,
}

/// A rule.
pub struct RuleField {
    pub field: Field,
    pub modes: Vec<Choice>,
    pub joins: Vec<Choice>,
    pub text: String,
    pub fault: Option<String>,
    pub told: Option<String>,
    pub rows: Vec<RowField>,
}

impl RuleField {
    /// Its lines.
    pub fn rows(&self) -> &[RowField] {
        &self.rows
    }
}

/// A line of a rule.
pub struct RowField {
    pub index: usize,
    pub depth: usize,
    pub group: bool,
    pub joins: Vec<Choice>,
    pub fields: Vec<Choice>,
    pub column: String,
    pub ops: Vec<Choice>,
    pub value: String,
    pub any_case: bool,
    pub known: bool,
    pub error: Option<String>,
}

/// What a form shows.
pub fn controls(
    t: &Text,
    part: Part,
    document: &Document<'_>,
    posted: &Posted,
    errors: &Errors,
) -> Vec<Control> {
    part.fields()
        .iter()
        .filter(|spec| shows(spec, posted, part))
        .map(|spec| control(t, spec, document, posted, errors))
        .collect()
}

fn control(t: &Text, spec: &Spec, document: &Document<'_>, posted: &Posted, errors: &Errors) -> Control {
    let field = |name: &str| {
        let field = Field::new(name, t.get(spec.label)).value(posted.typed(name));
        let field = field.error(errors.get(name).cloned()).id(format!("e-{name}"));
        match spec.hint {
            Some(hint) => field.hint(t.get(hint)),
            None => field,
        }
    };
    let choices = |pick: Pick, chosen: &[&str]| -> Vec<Choice> {
        let mut offered = pick.choices(t, document);
        // What stands there and is not offered stays to be seen, and to be taken out.
        for one in chosen.iter().filter(|one| !one.is_empty()) {
            if !offered.iter().any(|(value, _)| value == one) {
                offered
                    .push(((*one).to_owned(), t.with(key!("editor-unknown"), ("name", *one)).into_owned()));
            }
        }
        offered
            .into_iter()
            .map(|(value, label)| {
                let is = chosen.contains(&value.as_str());
                Choice::new(value, label).chosen(is)
            })
            .collect()
    };
    match spec.kind {
        Kind::Id | Kind::Line => Control::Line(field(spec.key)),
        Kind::Area | Kind::Lines => Control::Area(field(spec.key)),
        Kind::Number(_) => Control::Number(field(spec.key)),
        Kind::Flag => Control::Flag(field(spec.key).ticked(posted.ticked(spec.key))),
        Kind::Pick(pick, default) => {
            let choices = choices(pick, &[posted.typed(spec.key)]);
            if spec.optional && default.is_empty() {
                Control::Maybe(field(spec.key), choices)
            } else {
                Control::One(field(spec.key), choices)
            }
        }
        Kind::Ticks(pick) => {
            let chosen: Vec<&str> = posted.all(spec.key).collect();
            Control::Ticks(field(spec.key), choices(pick, &chosen))
        }
        Kind::Pairs => Control::Pairs(field(spec.key), pairs(spec.key, posted)),
        Kind::Span => {
            let span = span_field(t, spec.key, t.get(spec.label).into_owned(), posted);
            Control::Span(field(spec.key), span)
        }
        Kind::Times => {
            let bounds = TIMES.map(|bound| {
                let label =
                    if bound == "at_least" { key!("editor-at-least") } else { key!("editor-at-most-often") };
                let name = format!("{}.{bound}", spec.key);
                Field::new(&name, t.get(label)).value(posted.typed(&name)).id(format!("e-{name}"))
            });
            Control::Times(field(spec.key), bounds.into())
        }
        Kind::Due => {
            let label = |part: &str| match part {
                "opens" => key!("editor-due-opens"),
                "within" => key!("editor-due-within"),
                "from" => key!("editor-due-from"),
                _ => key!("editor-due-to"),
            };
            let spans = DUE.map(|part| {
                span_field(t, &format!("{}.{part}", spec.key), t.get(label(part)).into_owned(), posted)
            });
            let anchor = format!("{}.anchor", spec.key);
            Control::Due(Box::new(DueField {
                anchors: choices(Pick::Moment, &[posted.typed(&anchor)]),
                field: field(spec.key),
                spans: spans.into(),
                roll: posted.ticked(&format!("{}.roll", spec.key)),
            }))
        }
        Kind::Rule { promise, routed, absent } => rule_control(
            t,
            field(spec.key),
            RuleForm::posted(posted, spec.key),
            promise,
            routed,
            absent,
            errors,
        ),
        Kind::Required => {
            let form = RuleForm::posted(posted, spec.key);
            rule_control(t, field(spec.key), form, false, true, Absent::Never, errors)
        }
        Kind::Fixed(pick) => {
            let value = posted.typed(spec.key);
            let said = pick.choices(t, document).into_iter().find(|(name, _)| name == value);
            Control::Fixed(
                t.get(spec.label).into_owned(),
                said.map_or_else(|| value.to_owned(), |(_, said)| said),
            )
        }
    }
}

fn pairs(key: &str, posted: &Posted) -> Vec<Pair> {
    let part = |index: usize, name: &str| posted.typed(&format!("{key}.{index}.{name}")).to_owned();
    let mut pairs: Vec<Pair> = (0..MOST)
        .map(|index| Pair { index, id: part(index, "id"), label: part(index, "label") })
        .filter(|pair| !pair.id.is_empty() || !pair.label.is_empty())
        .collect();
    let from = pairs.last().map_or(0, |last| last.index + 1);
    pairs.extend((from..from + BLANK).map(|index| Pair { index, id: String::new(), label: String::new() }));
    pairs
}

fn span_field(t: &Text, name: &str, label: String, posted: &Posted) -> SpanField {
    let unit = posted.get(&format!("{name}.unit")).unwrap_or("bd");
    let units = UNITS.map(|one| {
        let key = match one {
            Unit::Hours => key!("editor-unit-h"),
            Unit::Days => key!("editor-unit-d"),
            Unit::BusinessHours => key!("editor-unit-bh"),
            Unit::BusinessDays => key!("editor-unit-bd"),
        };
        Choice::new(one.symbol(), t.get(key)).chosen(one.symbol() == unit)
    });
    SpanField {
        name: name.to_owned(),
        label,
        n: posted.typed(&format!("{name}.n")).to_owned(),
        units: units.into(),
    }
}

fn rule_control(
    t: &Text,
    field: Field,
    form: RuleForm,
    promise: bool,
    routed: bool,
    absent: Absent,
    errors: &Errors,
) -> Control {
    let mode_key = |mode: Mode| match (mode, absent) {
        (Mode::None, Absent::Always) | (Mode::Always, _) => key!("editor-mode-always"),
        (Mode::None | Mode::Never, _) => key!("editor-mode-never"),
        (Mode::Says, _) => key!("editor-mode-says"),
        (Mode::Text, _) => key!("editor-mode-text"),
    };
    let offered = Mode::offered(absent);
    let mode = if offered.contains(&form.mode) {
        form.mode
    } else {
        // `true` where that is also said by leaving it out, and the like.
        match form.mode {
            Mode::Always | Mode::Never | Mode::None if absent != Absent::Not => Mode::Text,
            _ => Mode::Says,
        }
    };
    let modes = offered
        .iter()
        .map(|one| Choice::new(one.name(), t.get(mode_key(*one))).chosen(*one == mode))
        .collect();
    let joins = |chosen: &str| -> Vec<Choice> {
        let choice =
            |join: Join| Choice::new(join.name(), t.get(names::join(join))).chosen(join.name() == chosen);
        Join::ALL.map(choice).into()
    };
    let scope = if promise { Scope::Promise } else { Scope::Deal };
    let looked = Looked::offered(scope, routed);
    let rows = form.rows.iter().enumerate().map(|(index, row)| {
        let mut fields: Vec<Choice> = looked
            .iter()
            .map(|one| Choice::new(one.name(), names::field(t, one)).chosen(one.name() == row.field))
            .collect();
        fields.push(Choice::new(COLUMN, t.get(key!("editor-field-extra"))).chosen(row.field == COLUMN));
        let ops = names::COMPARISONS.iter();
        RowField {
            index,
            depth: row.depth,
            group: row.group,
            joins: joins(&row.join),
            fields,
            column: row.column.clone(),
            ops: ops.map(|(name, key)| Choice::new(*name, t.get(*key)).chosen(*name == row.op)).collect(),
            value: row.value.clone(),
            any_case: row.any_case,
            known: row.known,
            error: errors.get(&format!("{}.{index}", field.name)).cloned(),
        }
    });
    let rows = rows.collect();
    let written = match mode {
        Mode::Text => form.text.clone(),
        Mode::Says => form.rule(t, None).ok().flatten().unwrap_or_default(),
        _ => String::new(),
    };
    let fault = (!written.is_empty()).then(|| rule::fault(t, &written, promise)).flatten();
    let text = if mode == Mode::Text || written.is_empty() { form.text.clone() } else { written };
    Control::Rule(Box::new(RuleField {
        told: form.told(t),
        joins: joins(&form.join),
        field,
        modes,
        text,
        fault,
        rows,
    }))
}
