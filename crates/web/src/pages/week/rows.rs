//! Rows of the week: a clock with on whom it waits and why, and who was told by day.

use jiff::Timestamp;
use throughline_app::week::{AwayNow, Clocked, Rule, Sent, Somebody, ToldOf, Why};
use throughline_domain::{Role, clock::Whom};

use crate::{
    chrome::role_key,
    i18n::Text,
    key,
    pages::{playbooks::words as playbook, words},
    ui::{Person, Reading, Tone},
    visit::Visit,
};

/// A clock.
pub struct ClockRow {
    pub href: String,
    pub account: String,
    pub deal: String,
    pub what: String,
    pub reading: Reading,
    pub waits_for: Person,
    /// Who does it instead, where they are away.
    pub stands_in: Option<String>,
    pub due_at: Timestamp,
    /// When it is due, as far as its day says it.
    pub due: String,
    /// How late it is, or how long it has.
    pub apart: String,
    /// What was told of it; when it was done.
    pub told: String,
    pub why: String,
}

/// What was told on one day.
pub struct ToldDay {
    pub day: String,
    pub rows: Vec<ToldRow>,
}

/// One time somebody was told.
pub struct ToldRow {
    pub href: String,
    pub account: String,
    pub deal: String,
    pub at: Timestamp,
    pub time: String,
    /// A reminder, or the rung of the ladder.
    pub tone: Tone,
    pub icon: &'static str,
    pub rung: String,
    pub people: Vec<Person>,
    /// How many more people had a letter.
    pub more: Option<String>,
    pub what: String,
    /// When it is or was due, and how it stands now.
    pub due: String,
    pub why: String,
}

/// The most people of a row that are named.
const NAMED: usize = 3;

/// Clocks as rows.
pub fn clocks(visit: &Visit, found: Vec<Clocked>) -> Vec<ClockRow> {
    let t = &visit.t;
    let now = visit.web.app.now();
    found
        .into_iter()
        .map(|clock| ClockRow {
            href: format!("/handoffs/{}{}", clock.handoff.id, place(&clock.why.rule)),
            waits_for: waits_for(t, clock.person.as_ref(), Some(clock.owner)),
            stands_in: clock.away.as_ref().map(|away| stands_in(t, away)),
            due: t.due(clock.due_at),
            apart: match clock.done_at {
                None => t.relative(clock.due_at, now),
                Some(done) if done > clock.due_at => {
                    t.with(key!("week-after"), ("span", t.span(clock.due_at, done))).into_owned()
                }
                Some(_) => String::new(),
            },
            told: match clock.done_at {
                Some(done) => t.moment(done),
                None => told_of(t, &clock),
            },
            why: why(t, &clock.why, clock.handoff.playbook.as_deref()),
            account: clock.handoff.account,
            deal: clock.handoff.deal,
            what: clock.title,
            reading: words::reading(clock.reading),
            due_at: clock.due_at,
        })
        .collect()
}

/// What was told, by day of the reader, in the order given.
pub fn told(visit: &Visit, found: Vec<ToldOf>) -> Vec<ToldDay> {
    let t = &visit.t;
    let mut days: Vec<ToldDay> = Vec::new();
    for told in found {
        let day = t.day(t.local_date(told.at));
        let row = told_row(t, told);
        match days.last_mut().filter(|last| last.day == day) {
            Some(last) => last.rows.push(row),
            None => days.push(ToldDay { day, rows: vec![row] }),
        }
    }
    days
}

fn told_row(t: &Text, told: ToldOf) -> ToldRow {
    let (tone, icon) = match told.rung {
        None => (Tone::Info, "clock"),
        Some(Whom::Owner) => (Tone::Warn, "clock-alert"),
        Some(_) => (Tone::Bad, "alarm-clock"),
    };
    let rung = match told.rung {
        None => t.get(key!("week-reminded")).into_owned(),
        Some(Whom::Owner) => t.get(key!("week-rung-owner")).into_owned(),
        Some(Whom::Manager) => t.get(key!("week-rung-manager")).into_owned(),
        Some(Whom::ProcessOwner) => t.get(key!("week-rung-process-owner")).into_owned(),
        Some(Whom::Role { role }) => t.get(role_key(role)).into_owned(),
    };
    let more = told.letters.len().saturating_sub(NAMED);
    let state = if told.open { key!("week-still-open") } else { key!("week-settled") };
    let owes = waits_for(t, told.owner.as_ref(), told.owner_role);
    let args = (("due", t.due(told.due_at)), ("who", owes.name.clone()));
    let rule = match told.why.as_ref() {
        Some(found) => why(t, found, told.handoff.playbook.as_deref()),
        None => String::new(),
    };
    ToldRow {
        href: format!(
            "/handoffs/{}{}",
            told.handoff.id,
            told.why.as_ref().map_or("", |why| place(&why.rule))
        ),
        account: told.handoff.account,
        deal: told.handoff.deal,
        at: told.at,
        time: t.time(told.at),
        tone,
        icon,
        rung,
        people: told.letters.iter().take(NAMED).map(|letter| reader(t, letter)).collect(),
        more: (more > 0).then(|| t.with(key!("week-more-people"), ("n", more)).into_owned()),
        what: told.title,
        due: t.with(state, args).into_owned(),
        why: rule,
    }
}

/// Somebody who had a letter, and what became of it.
fn reader(t: &Text, letter: &Sent) -> Person {
    let person = Person::named(letter.to.name.clone());
    match (letter.read_at, letter.mail_waits_until) {
        (Some(read), _) => person.as_a(t.with(key!("week-letter-read"), ("time", t.moment(read)))),
        (None, Some(until)) => person.as_a(t.with(key!("week-letter-waits"), ("time", t.moment(until)))),
        (None, None) => person,
    }
}

fn waits_for(t: &Text, person: Option<&Somebody>, role: Option<Role>) -> Person {
    let role = role.map(|role| t.get(role_key(role)).into_owned());
    match (person, role) {
        (Some(person), Some(role)) => Person::named(person.name.clone()).as_a(role),
        (Some(person), None) => Person::named(person.name.clone()),
        (None, Some(role)) => Person::named(role),
        (None, None) => Person::nobody(t.get(key!("handoff-nobody-yet"))),
    }
}

/// Until when somebody is away, and who does it instead.
fn stands_in(t: &Text, away: &AwayNow) -> String {
    let until = ("until", t.day(away.until));
    match &away.stand_in {
        Some(one) => t.with(key!("week-stands-in"), (until, ("name", one.name.as_str()))).into_owned(),
        None => t.with(key!("week-nobody-stands-in"), until).into_owned(),
    }
}

/// What was told of an open clock.
fn told_of(t: &Text, clock: &Clocked) -> String {
    match (clock.reminded_at, clock.escalated) {
        (None, _) => t.get(key!("week-not-told")).into_owned(),
        (Some(at), 0) => t.with(key!("week-reminded-at"), ("time", t.moment(at))).into_owned(),
        (Some(at), n) => t.with(key!("week-escalated"), (("time", t.moment(at)), ("n", n))).into_owned(),
    }
}

/// Where a due time comes from: the rule, what it counts from, whose calendar, and what was not counted.
fn why(t: &Text, why: &Why, by: Option<&str>) -> String {
    let rule = match (&why.rule, why.rule.due()) {
        (_, Some(due)) => playbook::due(t, &due),
        (Rule::Decision { within }, _) => {
            t.with(key!("week-why-decision"), ("span", playbook::span(t, *within))).into_owned()
        }
        (Rule::Waiver | Rule::Step { .. }, _) => t.get(key!("week-why-waiver")).into_owned(),
    };
    let from = match (why.from_at, why.from_on) {
        (Some(at), _) => Some(t.moment(at)),
        (None, Some(on)) => Some(t.day(on)),
        (None, None) => None,
    };
    let mut parts = vec![match from {
        Some(from) => t.with(key!("week-why-from"), (("rule", rule), ("from", from))).into_owned(),
        None => rule,
    }];
    if !why.days_off.is_empty() {
        let days: Vec<String> = why.days_off.iter().take(5).map(|date| t.day(*date)).collect();
        let args = (("n", why.days_off.len()), ("days", t.list(&days)));
        parts.push(t.with(key!("week-why-days-off"), args).into_owned());
    }
    parts.push(t.with(key!("week-why-zone"), ("zone", why.zone.replace('_', " "))).into_owned());
    parts.extend(by.map(str::to_owned));
    parts.join(" · ")
}

/// The part of a handoff's pages where it is done.
fn place(rule: &Rule) -> &'static str {
    match rule {
        Rule::Step { .. } => "/steps",
        Rule::Decision { .. } => "/promises",
        Rule::Waiver => "/gates",
    }
}
