//! The form of one part: filled from the text, shown, and read back as changes of the text.
//!
//! Absent on purpose: whether a playbook makes sense; that is said of the draft.

mod changes;
mod controls;
mod items;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use throughline_domain::{
    calendar::{Span, Unit},
    playbook::{
        AskKind,
        edit::{Body, Node},
    },
};

pub use self::{
    changes::changes,
    controls::{Control, controls},
    items::{blank, renamed},
};
use super::{
    names,
    rule::{Mode, RuleForm},
    spec::{Kind, Part, Spec},
};
use crate::form::Posted;

/// Most names in a list of names.
const MOST: usize = 60;
/// The times of a clock.
const DUE: [&str; 4] = ["opens", "within", "from", "to"];
/// The bounds of how often.
const TIMES: [&str; 2] = ["at_least", "at_most"];
const UNITS: [Unit; 4] = [Unit::Hours, Unit::Days, Unit::BusinessHours, Unit::BusinessDays];

/// What is wrong with fields of a posted form, by field.
pub type Errors = BTreeMap<String, String>;

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
        Kind::Times => {
            for bound in TIMES {
                let n = held.and_then(|times| times.text_of(bound)).unwrap_or_default();
                put(format!("{}.{bound}", spec.key), n.trim().to_owned());
            }
        }
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
            let mut form = RuleForm::filled(rule.filter(|_| !always), always);
            // `required_when: true` is no `required: true`: it stays as it is written.
            if form.mode == Mode::Always && !always {
                form.mode = Mode::Text;
            }
            form.fields(spec.key).into_iter().for_each(|(name, value)| put(name, value));
        }
    }
}

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

/// Some fields of an ask mean something for some kinds of answers alone. What is set shows, whatever it means.
fn shows(spec: &Spec, posted: &Posted, part: Part) -> bool {
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
    let is_list = names::by_name::<AskKind>(kind).is_some_and(|kind| kind.is_list());
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
