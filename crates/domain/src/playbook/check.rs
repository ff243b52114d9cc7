//! What must hold across a whole playbook, told all at once.
//!
//! A rule nobody can satisfy is a defect (R2.12): the check looks for questions no deal can answer, gates that
//! wait for what only they let happen, clocks that never start, steps without an allowed form, routes nobody
//! reaches. Absent on purpose: the file's text and its lines; a fault names its way through the document.

mod asks;
mod clocks;
mod gates;
mod measure;
mod promises;
mod review;
mod routes;
mod steps;

use std::{cmp::Ordering, collections::BTreeMap};

use super::{
    Playbook,
    asks::Choice,
    load::{
        meant,
        place::{Inside, Path},
    },
    rule::{Rule, Scope},
};
use crate::{
    access::{Action, reach},
    calendar::{Span, Unit},
    people::Role,
    record::{PromiseKind, Side, Strength},
};

/// Longest title or label.
const TITLE: usize = 200;
/// Longest sentence or two.
const SENTENCES: usize = 2_000;

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The way to it.
    pub path: Path,
    /// A byte inside the rule that stands there.
    pub inside: Option<Inside>,
    /// What is wrong.
    pub reason: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// Everything in a playbook that does not hold; empty for a sound one.
pub fn check(playbook: &Playbook) -> Vec<Fault> {
    let mut faults = Faults { found: Vec::new(), variants: routes::variants(playbook) };
    faults.head(playbook);
    routes::check(playbook, &mut faults);
    asks::check(playbook, &mut faults);
    promises::check(playbook, &mut faults);
    gates::check(playbook, &mut faults);
    review::check(playbook, &mut faults);
    steps::check(playbook, &mut faults);
    clocks::check(playbook, &mut faults);
    measure::check(playbook, &mut faults);
    faults.found
}

/// Collects faults, and knows the checks that many places share.
struct Faults {
    found: Vec<Fault>,
    /// The variants that routes give; rules can compare with no other.
    variants: Vec<String>,
}

impl Faults {
    fn add(&mut self, path: &Path, reason: impl Into<String>) {
        self.found.push(Fault { path: path.clone(), inside: None, reason: reason.into(), hint: None });
    }

    fn add_hint(&mut self, path: &Path, reason: impl Into<String>, hint: impl Into<String>) {
        self.found.push(Fault {
            path: path.clone(),
            inside: None,
            reason: reason.into(),
            hint: Some(hint.into()),
        });
    }

    fn head(&mut self, playbook: &Playbook) {
        let name = &playbook.playbook.value;
        let shaped = name.len() <= 64
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !shaped {
            self.add_hint(
                &Path::root("playbook"),
                "this is no name for a playbook",
                "lower-case letters, digits and `-`, starting with a letter, at most 64",
            );
        }
        self.text(&Path::root("title"), &playbook.title, TITLE);
        self.text(&Path::root("about"), &playbook.about, SENTENCES);
        self.may(
            &Path::root("process_owner"),
            playbook.process_owner,
            Action::Fill,
            "answer for people nobody has mapped",
        );
        let opens = Path::root("opens_when");
        self.rule(&opens, &playbook.opens_when.value, Scope::Deal);
        self.no_variant(&opens, &playbook.opens_when.value);
        if playbook.required_at_most == 0 {
            self.add(&Path::root("required_at_most"), "a record that asks nothing hands nothing over");
        }
    }

    /// A text somebody reads: neither blank nor endless.
    fn text(&mut self, path: &Path, text: &str, most: usize) {
        if text.trim().is_empty() {
            self.add(path, "a text is wanted here");
        } else if text.chars().count() > most {
            self.add(path, format!("this text is longer than {most} characters"));
        }
    }

    fn texts(&mut self, path: &Path, texts: &[String]) {
        for (index, text) in texts.iter().enumerate() {
            self.text(&path.nth(index), text, TITLE);
        }
    }

    /// Names that must differ.
    fn unique<'k>(&mut self, what: &str, names: impl IntoIterator<Item = (Path, &'k str)>) {
        let mut seen: BTreeMap<&str, Path> = BTreeMap::new();
        for (path, name) in names {
            match seen.get(name) {
                Some(first) => {
                    let reason = format!("two {what} are called `{name}`");
                    self.add_hint(&path, reason, format!("the other is {first}"));
                }
                None => {
                    seen.insert(name, path);
                }
            }
        }
    }

    /// A list of roles, each once.
    fn once(&mut self, path: &Path, roles: &[Role]) {
        for (index, role) in roles.iter().enumerate().filter(|(index, role)| roles[..*index].contains(role)) {
            self.add(&path.nth(index), format!("`{}` stands here twice", role.name()));
        }
    }

    /// A role can only owe what the table of rights lets it do (R0.15): nobody else could satisfy the rule.
    fn may(&mut self, path: &Path, role: Role, action: Action, purpose: &str) {
        if reach(role, action).is_none() {
            let able: Vec<&str> =
                Role::ALL.into_iter().filter(|one| reach(*one, action).is_some()).map(Role::name).collect();
            self.add_hint(
                path,
                format!("`{}` has no right to {purpose}", role.name()),
                format!("these have: {}", able.join(", ")),
            );
        }
    }

    /// Roles that only look on are told nothing and take part in nothing.
    fn works(&mut self, path: &Path, role: Role) {
        if matches!(role, Role::Auditor | Role::Finance | Role::Admin) {
            self.add(path, format!("`{}` does not work on handoffs", role.name()));
        }
    }

    /// Options to choose from.
    fn choices(&mut self, path: &Path, what: &str, choices: &[Choice]) {
        self.unique(
            what,
            choices.iter().enumerate().map(|(index, one)| (path.nth(index).key("id"), one.id.as_str())),
        );
        for (index, choice) in choices.iter().enumerate() {
            self.text(&path.nth(index).key("label"), &choice.label, TITLE);
        }
    }

    /// A time that has to pass.
    fn lasts(&mut self, path: &Path, span: Span) {
        if span.n() == 0 {
            self.add(path, "no time at all is too little");
        }
    }

    /// A rule fits its place, and compares only with what can be.
    fn rule(&mut self, path: &Path, rule: &Rule, scope: Scope) {
        let inside = |at: Option<usize>| Some(Inside { text: rule.source().to_owned(), byte: at? });
        if let Err(why) = rule.check(scope) {
            self.found.push(Fault {
                path: path.clone(),
                inside: inside(why.at),
                reason: why.reason,
                hint: why.hint,
            });
            return;
        }
        let variants: Vec<&str> = self.variants.iter().map(String::as_str).collect();
        let mut unknown = Vec::new();
        let mut against = |name: &str, known: &[&str]| {
            for (text, at) in rule.compared(name) {
                if !known.contains(&text.as_str()) {
                    unknown.push((name.to_owned(), text, at, known.join(", ")));
                }
            }
        };
        against("variant", &variants);
        if scope == Scope::Promise {
            against("promise.kind", &PromiseKind::ALL.map(PromiseKind::name));
            against(
                "promise.strength",
                &[Strength::Promised, Strength::Implied, Strength::Soft].map(Strength::name),
            );
            against("promise.owed_by", &[Side::Us, Side::Customer, Side::Partner].map(Side::name));
        }
        for (name, text, at, known) in unknown {
            let hint = if known.is_empty() {
                "no route of this playbook gives a variant".to_owned()
            } else {
                format!("it can be: {known}")
            };
            self.found.push(Fault {
                path: path.clone(),
                inside: inside(at),
                reason: format!("`{name}` is never '{text}'"),
                hint: Some(hint),
            });
        }
    }

    /// Before a route is chosen there is no variant.
    fn no_variant(&mut self, path: &Path, rule: &Rule) {
        if rule.mentions("variant") {
            self.add(path, "`variant` is known only once a route is chosen, which is after this rule runs");
        }
    }

    /// A name that must be among those the playbook has.
    fn known<'k>(&mut self, path: &Path, what: &str, name: &str, all: impl Iterator<Item = &'k str>) -> bool {
        let mut all: Vec<&str> = all.collect();
        if all.contains(&name) {
            return true;
        }
        all.dedup();
        let hint = if all.is_empty() {
            format!("this playbook has no {what}")
        } else {
            meant(name, &all, "there are")
        };
        self.add_hint(path, format!("there is no {what} `{name}`"), hint);
        false
    }
}

/// Which of two spans is longer; none where that depends on the calendar.
fn compare(left: Span, right: Span) -> Option<Ordering> {
    let elapsed = |span: Span| match span.unit() {
        Unit::Hours => Some(u64::from(span.n())),
        Unit::Days => Some(u64::from(span.n()) * 24),
        Unit::BusinessHours | Unit::BusinessDays => None,
    };
    match (elapsed(left), elapsed(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ if left.unit() == right.unit() => Some(left.n().cmp(&right.n())),
        _ => None,
    }
}
