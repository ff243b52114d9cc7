//! The form of one part: filled from the text, shown, and read back as changes of the text.
//!
//! A form that was posted is held against one filled from the text as it is: what is the same is not touched, so that
//! saving an opened form changes nothing. Absent on purpose: whether a playbook makes sense; that is said of the draft.

use std::collections::{BTreeMap, BTreeSet};

use throughline_domain::{
    Key as Name,
    calendar::{Span, Unit},
    playbook::edit::{Body, Change, Data, Document, Node, Value, Way},
};

use super::{
    names,
    rule::{self, COLUMN, Mode, RuleForm},
    spec::{Absent, Kind, Part, Pick, Spec},
};
use crate::{
    form::Posted,
    i18n::Text,
    key,
    pages::words::data_name,
    ui::{Choice, Field},
};

/// Blank lines at the end of a list of names, for more.
const BLANK: usize = 2;
/// Most names in such a list.
const MOST: usize = 60;

/// What is wrong with fields of a posted form, by field.
pub type Errors = BTreeMap<String, String>;

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

/// The form of a part as the text has it.
pub fn filled(part: Part, node: Option<&Node>) -> Posted {
    let mut fields = Vec::new();
    for spec in part.fields() {
        fill(spec, node, &mut fields);
    }
    Posted::filled(fields)
}

fn fill(spec: &Spec, node: Option<&Node>, fields: &mut Vec<(String, String)>) {
    let held = node.and_then(|node| node.get(spec.key));
    let text = held.and_then(Node::text);
    let mut put = |name: String, value: String| fields.push((name, value));
    let name = || spec.key.to_owned();
    match spec.kind {
        Kind::Id | Kind::Line | Kind::Area | Kind::Fixed(_) => {
            put(name(), text.unwrap_or_default().trim().to_owned());
        }
        Kind::Number(default) | Kind::Pick(_, default) => put(name(), text.unwrap_or(default).to_owned()),
        Kind::Flag if text == Some("true") => put(name(), "on".to_owned()),
        Kind::Flag => {}
        Kind::Ticks(_) => {
            held.map(Node::items).unwrap_or_default().iter().for_each(|item| put(name(), ticked(item)));
        }
        Kind::Lines => {
            let lines = held.map(Node::items).unwrap_or_default().iter().filter_map(Node::text);
            put(name(), lines.map(|line| line.trim().replace('\n', " ")).collect::<Vec<_>>().join("\n"));
        }
        Kind::Pairs => {
            for (index, item) in held.map(Node::items).unwrap_or_default().iter().enumerate() {
                put(format!("{}.{index}.id", spec.key), item.text_of("id").unwrap_or_default().to_owned());
                let label = item.text_of("label").unwrap_or_default();
                put(format!("{}.{index}.label", spec.key), label.to_owned());
            }
        }
        Kind::Span => fill_span(spec.key, text, &mut put),
        Kind::Due => {
            let of = |key: &str| held.and_then(|due| due.text_of(key));
            put(format!("{}.anchor", spec.key), of("anchor").unwrap_or_default().to_owned());
            for part in DUE {
                fill_span(&format!("{}.{part}", spec.key), of(part), &mut put);
            }
            if of("roll") == Some("true") {
                put(format!("{}.roll", spec.key), "on".to_owned());
            }
        }
        Kind::Rule { .. } => RuleForm::filled(text, false)
            .fields(spec.key)
            .into_iter()
            .for_each(|(name, value)| put(name, value)),
        Kind::Required => {
            let always = text == Some("true");
            let rule = node.and_then(|node| node.text_of("required_when"));
            let form = RuleForm::filled(rule.filter(|_| !always), always);
            form.fields(spec.key).into_iter().for_each(|(name, value)| put(name, value));
        }
    }
}

const DUE: [&str; 4] = ["opens", "within", "from", "to"];
const UNITS: [Unit; 4] = [Unit::Hours, Unit::Days, Unit::BusinessHours, Unit::BusinessDays];

fn fill_span(name: &str, text: Option<&str>, put: &mut impl FnMut(String, String)) {
    let text = text.unwrap_or_default().trim();
    match text.parse::<Span>() {
        Ok(span) => {
            put(format!("{name}.n"), span.n().to_string());
            put(format!("{name}.unit"), span.unit().symbol().to_owned());
        }
        // Shown as it is written, to be mended.
        Err(_) => {
            put(format!("{name}.n"), text.to_owned());
            put(format!("{name}.unit"), "bd".to_owned());
        }
    }
}

/// An item of a list of names as forms post it: `record`, `step:kickoff`.
fn ticked(item: &Node) -> String {
    match &item.body {
        Body::Scalar(text) => text.clone(),
        Body::Map { entries, .. } => match entries.as_slice() {
            [one] => format!("{}:{}", one.key, one.value.text().unwrap_or_default()),
            _ => String::new(),
        },
        Body::List { .. } => String::new(),
    }
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
        .filter(|spec| shows(spec, posted, document, part))
        .map(|spec| control(t, spec, document, posted, errors))
        .collect()
}

/// Some fields of an ask mean something for some kinds of answers alone. What is set shows, whatever it means.
fn shows(spec: &Spec, posted: &Posted, _document: &Document<'_>, part: Part) -> bool {
    if part == Part::Step {
        return match spec.key {
            "rating" => posted.get("kind") == Some("rating") || posted.get("rating").is_some(),
            _ => true,
        };
    }
    if part != Part::Ask {
        return true;
    }
    let kind = posted.get("type").unwrap_or("text");
    let is_list =
        names::by_name::<throughline_domain::playbook::AskKind>(kind).is_some_and(|kind| kind.is_list());
    let set = posted.get(spec.key).is_some_and(|value| value != "1")
        || posted.get(&format!("{}.0.id", spec.key)).is_some();
    set || match spec.key {
        "options" | "many" => kind == "choice",
        "role" => kind == "stakeholders",
        "kinds" => kind == "promises",
        "needs" | "min" | "allow_none" => is_list,
        _ => true,
    }
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
    use throughline_domain::playbook::rule::{
        Scope,
        sentence::{Field as Looked, Join},
    };
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

/// What a posted form changes in the text.
///
/// # Errors
/// Fields that cannot be read, each with what is wrong.
pub fn changes(
    t: &Text,
    part: Part,
    way: &Way,
    document: &Document<'_>,
    posted: &Posted,
) -> Result<Vec<Change>, Errors> {
    let node = document.get(way);
    let held = filled(part, node);
    let (mut changes, mut errors, mut after) = (Vec::new(), Errors::new(), Vec::new());
    for spec in part.fields() {
        let place = Place { spec, way, node, after: &after };
        if shows(spec, posted, document, part) || shows(spec, &held, document, part) {
            place.changes(t, document, &held, posted, &mut changes, &mut errors);
        }
        after.push(spec.key.to_owned());
        if spec.kind == Kind::Required {
            after.push("required_when".to_owned());
        }
    }
    if errors.is_empty() { Ok(changes) } else { Err(errors) }
}

struct Place<'p> {
    spec: &'p Spec,
    way: &'p Way,
    node: Option<&'p Node>,
    after: &'p [String],
}

impl Place<'_> {
    fn set(&self, key: &str, value: Value) -> Change {
        Change::Set { way: self.way.key(key), value, after: self.after.to_vec() }
    }

    fn remove(&self, key: &str) -> Change {
        Change::Remove { way: self.way.key(key) }
    }

    fn changes(
        &self,
        t: &Text,
        document: &Document<'_>,
        held: &Posted,
        posted: &Posted,
        changes: &mut Vec<Change>,
        errors: &mut Errors,
    ) {
        let (spec, key) = (self.spec, self.spec.key);
        let typed = |of: &Posted| of.typed(key).replace("\r\n", "\n").trim().to_owned();
        let (was, is) = (typed(held), typed(posted));
        let blank = |is: &str| is.is_empty() && spec.optional;
        match spec.kind {
            Kind::Fixed(_) => {}
            Kind::Id | Kind::Line | Kind::Area | Kind::Number(_) | Kind::Pick(..) => {
                if was == is {
                    return;
                }
                if let Kind::Pick(pick, _) = spec.kind
                    && !is.is_empty()
                    && !pick.choices(t, document).iter().any(|(value, _)| *value == is)
                {
                    errors.insert(key.to_owned(), t.get(key!("editor-not-offered")).into_owned());
                    return;
                }
                changes.push(match spec.kind {
                    _ if blank(&is) => self.remove(key),
                    Kind::Line | Kind::Area => self.set(key, Value::Text(is)),
                    _ => self.set(key, word(&is)),
                });
            }
            Kind::Flag => match (held.ticked(key), posted.ticked(key)) {
                (false, true) => changes.push(self.set(key, Value::Word("true".to_owned()))),
                (true, false) => changes.push(self.remove(key)),
                _ => {}
            },
            Kind::Ticks(pick) => {
                let was: Vec<String> = held.all(key).map(str::to_owned).collect();
                let chosen: BTreeSet<&str> = posted.all(key).collect();
                // What stays keeps its place in the file; what is new comes behind it.
                let mut is: Vec<String> =
                    was.iter().filter(|one| chosen.contains(one.as_str())).cloned().collect();
                let offered = pick.choices(t, document);
                let new = offered
                    .into_iter()
                    .map(|(value, _)| value)
                    .filter(|value| chosen.contains(value.as_str()));
                is.extend(new.filter(|value| !was.contains(value)));
                if was != is {
                    let items = is.iter().map(|one| demand(one)).collect();
                    changes.push(self.items(items));
                }
            }
            Kind::Lines => {
                if was != is {
                    let lines = is.lines().map(str::trim).filter(|line| !line.is_empty());
                    let value = |line: &str| match line.parse::<Span>() {
                        Ok(_) => Value::Word(line.to_owned()),
                        Err(_) => Value::Text(line.to_owned()),
                    };
                    changes.push(self.items(lines.map(value).collect()));
                }
            }
            Kind::Pairs => self.pairs(held, posted, changes),
            Kind::Span => match (span(held, key), span(posted, key)) {
                (was, is) if was == is => {}
                (_, is) if blank(&is) => changes.push(self.remove(key)),
                (_, is) => changes.push(self.set(key, word(&is))),
            },
            Kind::Due => self.due(held, posted, changes),
            Kind::Rule { .. } | Kind::Required => self.rule(t, posted, changes, errors),
        }
    }

    fn items(&self, items: Vec<Value>) -> Change {
        if items.is_empty() && self.spec.optional {
            return self.remove(self.spec.key);
        }
        Change::Items { list: self.way.key(self.spec.key), items, after: self.after.to_vec() }
    }

    fn pairs(&self, held: &Posted, posted: &Posted, changes: &mut Vec<Change>) {
        let key = self.spec.key;
        let read = |of: &Posted| -> Vec<(String, String)> {
            let mut taken = BTreeSet::new();
            let part =
                |index: usize, name: &str| of.typed(&format!("{key}.{index}.{name}")).trim().to_owned();
            (0..MOST)
                .map(|index| (part(index, "id"), part(index, "label")))
                .filter(|(_, label)| !label.is_empty())
                .map(|(id, label)| {
                    let id = if id.is_empty() { name_of(&label, &taken) } else { id };
                    taken.insert(id.clone());
                    (id, label)
                })
                .collect()
        };
        let (was, is) = (read(held), read(posted));
        if was == is {
            return;
        }
        let pair = |(id, label): (String, String)| {
            Value::Inline(vec![("id".to_owned(), word(&id)), ("label".to_owned(), Value::Text(label))])
        };
        let items: Vec<Value> = is.into_iter().map(pair).collect();
        if self.node.and_then(|node| node.get(key)).is_none() && !items.is_empty() {
            changes.push(self.set(key, Value::List(items)));
        } else {
            changes.push(self.items(items));
        }
    }

    fn due(&self, held: &Posted, posted: &Posted, changes: &mut Vec<Change>) {
        let key = self.spec.key;
        let anchor = |of: &Posted| of.get(&format!("{key}.anchor")).map(str::to_owned);
        let spans = |of: &Posted| DUE.map(|part| span(of, &format!("{key}.{part}")));
        let roll = |of: &Posted| of.ticked(&format!("{key}.roll"));
        if (anchor(held), spans(held), roll(held)) == (anchor(posted), spans(posted), roll(posted)) {
            return;
        }
        let Some(at) = anchor(posted) else {
            changes.push(self.remove(key));
            return;
        };
        let mut wanted = vec![("anchor".to_owned(), word(&at))];
        let given = DUE.into_iter().zip(spans(posted)).filter(|(_, span)| !span.is_empty());
        wanted.extend(given.map(|(part, span)| (part.to_owned(), word(&span))));
        if roll(posted) {
            wanted.push(("roll".to_owned(), Value::Word("true".to_owned())));
        }
        let Some(due) = self.node.and_then(|node| node.get(key)) else {
            changes.push(self.set(key, Value::Inline(wanted)));
            return;
        };
        // Key by key, so that what else stands there stays.
        let due = Data::from(due);
        let way = self.way.key(key);
        let mut after: Vec<String> = Vec::new();
        for (name, value) in &wanted {
            if due.get(name) != Some(&value.data()) {
                changes.push(Change::Set { way: way.key(name), value: value.clone(), after: after.clone() });
            }
            after.push(name.clone());
        }
        for part in DUE.into_iter().chain(["roll"]) {
            if due.get(part).is_some() && !wanted.iter().any(|(name, _)| name == part) {
                changes.push(Change::Remove { way: way.key(part) });
            }
        }
    }

    fn rule(&self, t: &Text, posted: &Posted, changes: &mut Vec<Change>, errors: &mut Errors) {
        let required = self.spec.kind == Kind::Required;
        let key = if required { "required_when" } else { self.spec.key };
        let text = |key: &str| self.node.and_then(|node| node.text_of(key));
        let held = text(key);
        let form = RuleForm::posted(posted, self.spec.key);
        let rule = match form.rule(t, held) {
            Ok(rule) => rule,
            Err((row, why)) => {
                let name = self.spec.key;
                let place = row.map_or_else(|| name.to_owned(), |row| format!("{name}.{row}"));
                errors.insert(place, why);
                return;
            }
        };
        let always = required && form.mode == Mode::Always;
        let rule = rule.filter(|rule| !always && !(form.mode == Mode::Text && rule.is_empty()));
        if required {
            match (text("required") == Some("true"), always) {
                (false, true) => changes.push(self.set("required", Value::Word("true".to_owned()))),
                (true, false) => changes.push(self.remove("required")),
                _ => {}
            }
        }
        match rule {
            Some(rule) if held == Some(rule.as_str()) => {}
            Some(rule) => changes.push(self.set(key, Value::Text(rule))),
            None if held.is_some() && (self.spec.optional || required) => changes.push(self.remove(key)),
            None => {}
        }
    }
}

/// A name, number or span as it is; anything else as a text, of which the draft's check has something to say.
fn word(text: &str) -> Value {
    let sound = !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '-'))
        && text.starts_with(|c: char| c.is_ascii_alphanumeric());
    let bare = sound
        && (text.parse::<Name>().is_ok() || text.parse::<Span>().is_ok() || text.parse::<u32>().is_ok());
    if bare { Value::Word(text.to_owned()) } else { Value::Text(text.to_owned()) }
}

/// An item of a list of names: `record`, or `step: kickoff`.
fn demand(posted: &str) -> Value {
    match posted.split_once(':') {
        Some((kind, name)) => Value::Map(vec![(kind.to_owned(), word(name))]),
        None => word(posted),
    }
}

fn span(of: &Posted, name: &str) -> String {
    let n = of.get(&format!("{name}.n")).unwrap_or_default();
    let unit = of.get(&format!("{name}.unit")).unwrap_or("bd");
    match n.parse::<u32>() {
        Ok(n) => format!("{n} {unit}"),
        Err(_) => n.to_owned(),
    }
}

/// A name in data made of words, that none of these has.
pub fn name_of(words: &str, taken: &BTreeSet<String>) -> String {
    let mut name: String = words
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect::<String>()
        .split('_')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("_");
    name.truncate(40);
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        name = format!("x_{name}").trim_end_matches('_').to_owned();
    }
    let mut free = name.clone();
    let mut number = 2;
    while taken.contains(&free) {
        free = format!("{name}_{number}");
        number += 1;
    }
    free
}

/// The changes that let everything that names a part by its old name name it by the new one.
pub fn renamed(part: Part, document: &Document<'_>, old: &str, new: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut walk = |way: &Way, node: &Node| {
        if node.text() == Some(old) {
            changes.push(Change::Set { way: way.clone(), value: word(new), after: Vec::new() });
        }
    };
    let list = |name: &str| -> Vec<(Way, &Node)> {
        let way = Way::default().key(name);
        let items = document.get(&way).map(Node::items).unwrap_or_default();
        items.iter().enumerate().map(|(index, item)| (way.nth(index), item)).collect()
    };
    let each = |way: &Way, node: &Node, key: &str, walk: &mut dyn FnMut(&Way, &Node)| {
        let Some(inner) = node.get(key) else { return };
        let way = way.key(key);
        match inner.items() {
            [] => walk(&way, inner),
            items => items.iter().enumerate().for_each(|(index, item)| walk(&way.nth(index), item)),
        }
    };
    let demanded = |kind: &str, walk: &mut dyn FnMut(&Way, &Node)| {
        for (way, gate) in list("gates") {
            each(&way, gate, "demands", &mut |way, item| {
                if let Some(inner) = item.get(kind) {
                    walk(&way.key(kind), inner);
                }
            });
        }
    };
    match part {
        Part::Ask => list("agenda").iter().for_each(|(way, node)| each(way, node, "from", &mut walk)),
        Part::Step => {
            demanded("step", &mut walk);
            list("steps").iter().for_each(|(way, node)| each(way, node, "confirms", &mut walk));
        }
        Part::Rating => {
            demanded("rating", &mut walk);
            list("steps").iter().for_each(|(way, node)| each(way, node, "rating", &mut walk));
        }
        Part::Category => {
            for (way, section) in list("sections") {
                let asks = way.key("asks");
                let items = section.get("asks").map(Node::items).unwrap_or_default();
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, ask)| each(&asks.nth(index), ask, "category", &mut walk));
            }
        }
        _ => {}
    }
    changes
}

/// What a new item of a list begins as.
pub fn blank(t: &Text, part: Part, document: &Document<'_>) -> Option<Value> {
    let data = Data::from(&document.root);
    let mut taken = BTreeSet::new();
    names_in(&data, &mut taken);
    let id = |words: &str| ("id".to_owned(), Value::Word(name_of(words, &taken)));
    let text = |key: &str, said: crate::i18n::Key| (key.to_owned(), Value::Text(t.get(said).into_owned()));
    let name = |key: &str, value: &str| (key.to_owned(), Value::Word(value.to_owned()));
    let row = |key: &str, names: &[&str]| {
        let names = names.iter().map(|name| Value::Word((*name).to_owned())).collect();
        (key.to_owned(), Value::Row(names))
    };
    Some(Value::Map(match part {
        Part::Section => {
            vec![id("section"), text("title", key!("editor-new-section")), row("asks", &[])]
        }
        Part::Ask => vec![
            id("question"),
            text("ask", key!("editor-new-ask")),
            name("type", "text"),
            row("used_by", &["csm"]),
        ],
        Part::Gate => {
            let has = |gate: &str| {
                let Some(Data::List(gates)) = data.get("gates") else { return false };
                gates.iter().any(|held| held.get("gate").and_then(Data::text) == Some(gate))
            };
            let free =
                throughline_domain::playbook::Gate::ALL.into_iter().map(data_name).find(|gate| !has(gate))?;
            vec![
                name("gate", &free),
                row("demands", &["record"]),
                row("waived_by", &["cs_leader"]),
                name("waiver_lasts", "10 bd"),
            ]
        }
        Part::Step => vec![
            id("step"),
            text("title", key!("editor-new-step")),
            name("kind", "other"),
            name("owner", "csm"),
        ],
        Part::Form => vec![
            ("form".to_owned(), Value::Word(name_of("form", &taken))),
            text("title", key!("editor-new-form")),
        ],
        Part::Route => vec![
            id("route"),
            ("when".to_owned(), Value::Text("false".to_owned())),
            name("take", "this"),
            text("because", key!("editor-new-route")),
        ],
        Part::PromiseRoute => vec![
            ("when".to_owned(), Value::Text("false".to_owned())),
            name("to", "deal_desk"),
            text("because", key!("editor-new-route")),
        ],
        Part::Category => vec![
            id("category"),
            text("title", key!("editor-new-category")),
            text("question", key!("editor-new-ask")),
            name("when", "review"),
        ],
        Part::Rating => vec![
            id("rating"),
            text("title", key!("editor-new-rating")),
            text("question", key!("editor-new-ask")),
            name("low", "2"),
            (
                "reasons".to_owned(),
                Value::List(vec![Value::Inline(vec![
                    name("id", "other"),
                    text("label", key!("editor-new-reason")),
                ])]),
            ),
        ],
        Part::AgendaPart => vec![
            text("title", key!("editor-new-agenda")),
            name("minutes", "5"),
            text("about", key!("editor-new-agenda")),
        ],
        Part::Milestone => {
            vec![text("title", key!("editor-new-milestone")), name("side", "us"), name("due", "30 d")]
        }
        Part::Rung => vec![name("tell", "manager"), name("after", "1 bd")],
        Part::Tier => vec![id("tier"), text("title", key!("editor-new-tier"))],
        _ => return None,
    }))
}

/// Every name given anywhere, so that a new one is nobody else's.
fn names_in(data: &Data, names: &mut BTreeSet<String>) {
    match data {
        Data::Map(entries) => {
            for (key, value) in entries {
                if let (true, Some(name)) = (matches!(key.as_str(), "id" | "form"), value.text()) {
                    names.insert(name.to_owned());
                }
                names_in(value, names);
            }
        }
        Data::List(items) => items.iter().for_each(|item| names_in(item, names)),
        Data::Text(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use throughline_domain::playbook::{edit, load, shipped};

    use super::*;
    use crate::i18n::Locale;

    fn t() -> Text {
        Text::new(Locale::En, TimeZone::UTC)
    }

    /// Every way to a part that has a form.
    fn forms(node: &Node, way: &Way, found: &mut Vec<Way>) {
        if matches!(node.body, Body::Map { .. }) && Part::at(way).is_some() {
            found.push(way.clone());
        }
        match &node.body {
            Body::Map { entries, .. } => {
                entries.iter().for_each(|entry| forms(&entry.value, &way.key(&entry.key), found));
            }
            Body::List { items, .. } => {
                items.iter().enumerate().for_each(|(index, item)| forms(item, &way.nth(index), found));
            }
            Body::Scalar(_) => {}
        }
    }

    #[test]
    fn a_form_that_is_posted_as_it_was_shown_changes_nothing_in_any_shipped_playbook() {
        let mut seen = 0;
        for (name, source) in shipped::shipped() {
            let document = Document::read(source).unwrap();
            let mut ways = Vec::new();
            forms(&document.root, &Way::default(), &mut ways);
            for way in ways {
                let part = Part::at(&way).unwrap();
                let posted = filled(part, document.get(&way));
                let made = changes(&t(), part, &way, &document, &posted);
                assert_eq!(made, Ok(Vec::new()), "{name}: {way}");
                assert!(!controls(&t(), part, &document, &posted, &Errors::new()).is_empty());
                seen += 1;
            }
        }
        assert!(seen > 300, "{seen}");
    }

    fn edited(source: &str, at: &str, edit: impl Fn(&mut Vec<(String, String)>)) -> String {
        let document = Document::read(source).unwrap();
        let way: Way = at.parse().unwrap();
        let part = Part::at(&way).unwrap();
        let mut posted = filled(part, document.get(&way));
        edit(&mut posted.fields);
        let made = changes(&t(), part, &way, &document, &posted).unwrap();
        edit::change_all(source, &made).unwrap()
    }

    fn put(fields: &mut Vec<(String, String)>, name: &str, value: &str) {
        fields.retain(|(field, _)| field != name);
        if !value.is_empty() {
            fields.push((name.to_owned(), value.to_owned()));
        }
    }

    /// The lines of the default playbook that differ after an edit; it must be sound still.
    fn lines(at: &str, edit: impl Fn(&mut Vec<(String, String)>)) -> Vec<String> {
        let source = shipped::source("default").unwrap();
        let new = edited(source, at, edit);
        if let Err(findings) = load(&new) {
            panic!("{:?}\n{new}", findings.first().map(ToString::to_string));
        }
        let gone = source
            .lines()
            .filter(|line| !new.lines().any(|other| other == *line))
            .map(|line| format!("-{line}"));
        let come = new
            .lines()
            .filter(|line| !source.lines().any(|other| other == *line))
            .map(|line| format!("+{line}"));
        gone.chain(come).collect()
    }

    #[test]
    fn each_kind_of_field_changes_its_own_line() {
        assert_eq!(
            lines("sections.0.asks.1", |fields| put(fields, "ask", "Is that so: today?")),
            ["-        ask: Does that reason still hold today?", "+        ask: \"Is that so: today?\""]
        );
        assert_eq!(
            lines("steps.8", |fields| put(fields, "due.within.n", "8")),
            ["-    due: { anchor: closed, within: 10 bd }", "+    due: { anchor: closed, within: 8 bd }"]
        );
        assert_eq!(
            lines("gates.1", |fields| put(fields, "waiver_lasts.unit", "d")).last().unwrap(),
            "+    waiver_lasts: 10 d"
        );
        assert_eq!(
            lines("gates.3", |fields| fields.push(("demands".to_owned(), "step:early_intro".to_owned()))),
            ["+      - step: early_intro"]
        );
        assert_eq!(
            lines("routes.3", |fields| put(fields, "when.0.value", "20000")),
            ["-    when: has(deal.arr) && deal.arr < 10000", "+    when: has(deal.arr) && deal.arr < 20000"]
        );
        assert_eq!(
            lines("ratings.0", |fields| put(fields, "reasons.6.label", "Too many people")),
            ["+      - { id: too_many_people, label: Too many people }"]
        );
    }

    #[test]
    fn always_when_and_never_required_are_two_keys_in_the_file() {
        let always = lines("sections.0.asks.2", |fields| put(fields, "required.mode", "always"));
        assert!(always.iter().any(|line| line.starts_with("-        required_when:")), "{always:?}");
        let never = lines("sections.0.asks.1", |fields| put(fields, "required.mode", "none"));
        assert!(never.is_empty(), "the same words stand elsewhere: {never:?}");
        let source = shipped::source("default").unwrap();
        let never = edited(source, "sections.0.asks.1", |fields| put(fields, "required.mode", "none"));
        assert_eq!(source.lines().count() - 1, never.lines().count());
    }

    #[test]
    fn what_names_a_part_follows_its_new_name() {
        let source = shipped::source("default").unwrap();
        let document = Document::read(source).unwrap();
        for (part, old) in [
            (Part::Ask, "champion"),
            (Part::Step, "internal_call"),
            (Part::Rating, "kickoff"),
            (Part::Category, "customer_intent"),
        ] {
            let changes = renamed(part, &document, old, "something_else");
            assert!(changes.len() >= 2, "{old}: {changes:?}");
            let new = edit::change_all(source, &changes).unwrap();
            assert_eq!(new.matches("something_else").count(), changes.len(), "{old}");
        }
    }

    #[test]
    fn a_new_item_of_every_list_reads_as_a_playbook() {
        let source = shipped::source("default").unwrap();
        let document = Document::read(source).unwrap();
        for list in [
            "sections",
            "sections.0.asks",
            "steps",
            "steps.6.forms",
            "routes",
            "promises.routing",
            "scorecard.categories",
            "ratings",
            "agenda",
            "plan.milestones",
            "escalation.ladder",
            "measurement.tiers",
        ] {
            let list: Way = list.parse().unwrap();
            let value = blank(&t(), Part::in_list(&list).unwrap(), &document).unwrap();
            let put = Change::Insert { list: list.clone(), at: 0, value };
            let new = edit::change(source, &put).unwrap_or_else(|why| panic!("{list}: {why}"));
            // What may be wrong with it is its meaning; a fault of its shape would be told alone, with these words.
            for finding in load(&new).err().unwrap_or_default() {
                for shape in ["missing", "wanted here", "no key"] {
                    assert!(!finding.reason.contains(shape), "{list}: {finding}");
                }
            }
        }
        assert_eq!(blank(&t(), Part::Gate, &document), None, "it has every gate");
    }
}
