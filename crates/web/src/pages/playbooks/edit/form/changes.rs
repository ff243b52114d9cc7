//! What a posted form changes in the text. It is held against one filled from the text as it is: what is the same is
//! not touched.

use std::collections::BTreeSet;

use throughline_domain::{
    Key as Name,
    calendar::Span,
    playbook::edit::{Change, Data, Document, Node, Value, Way},
};

use super::{DUE, Errors, MOST, TIMES, filled, items::name_of, shows};
use crate::{
    form::Posted,
    i18n::Text,
    key,
    pages::playbooks::edit::{
        rule::{Mode, RuleForm},
        spec::{Kind, Part, Spec},
    },
};

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
        if shows(spec, posted, part) || shows(spec, &held, part) {
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
            Kind::Times => self.times(t, held, posted, changes, errors),
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

    fn times(
        &self,
        t: &Text,
        held: &Posted,
        posted: &Posted,
        changes: &mut Vec<Change>,
        errors: &mut Errors,
    ) {
        let key = self.spec.key;
        let bounds = |of: &Posted| TIMES.map(|bound| of.typed(&format!("{key}.{bound}")).trim().to_owned());
        let (was, is) = (bounds(held), bounds(posted));
        let blank = is.iter().filter(|bound| bound.is_empty()).count();
        if was == is {
            return;
        }
        let there = self.node.is_some_and(|node| node.get(key).is_some());
        match blank {
            2 => changes.push(self.remove(key)),
            1 => {
                errors.insert(key.to_owned(), t.get(key!("editor-times-both")).into_owned());
            }
            // Each by itself, so that what else is written there stays.
            _ if there => {
                for ((bound, was), is) in TIMES.into_iter().zip(was).zip(is) {
                    if was != is {
                        let way = self.way.key(key).key(bound);
                        changes.push(Change::Set { way, value: word(&is), after: Vec::new() });
                    }
                }
            }
            _ => {
                let bounds = TIMES.into_iter().zip(is).map(|(bound, is)| (bound.to_owned(), word(&is)));
                changes.push(self.set(key, Value::Inline(bounds.collect())));
            }
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
        let rule = rule.filter(|rule| !(always || form.mode == Mode::Text && rule.is_empty()));
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
pub(super) fn word(text: &str) -> Value {
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
