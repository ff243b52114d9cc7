//! A section of the record as the brief lays it out: answers as sentences, entries as short lines, holes as holes.

use std::collections::BTreeSet;

use throughline_app::read::HandoffView;
use throughline_domain::{
    Key,
    gate::looks_at,
    playbook::{Ask, asks::Section},
    record::{
        Answer, Body, Criterion, Influence, Item, List, Promise, PromiseState, Risk, Stakeholder,
        StakeholderRole,
    },
};

use crate::{
    i18n::Text,
    key,
    pages::{
        handoff::{answers, brief::Sheet, frame::who, items},
        words::{self, word},
    },
    ui,
};

/// One section.
pub struct Block {
    /// Its anchor.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What it says, in the playbook's order.
    pub parts: Vec<Part>,
}

/// What one ask comes to.
pub enum Part {
    /// Answers of a word or two, and where somebody is sure that there are none: each with its question.
    Facts(Vec<(String, String)>),
    /// An answer of a sentence or more.
    Told(Told),
    /// The entries of a list.
    Entries(Entries),
    /// Required answers that are missing: each question, and where to answer it.
    Missing(Vec<(String, String)>),
}

/// The entries of a list that matter most.
pub struct Entries {
    /// Those.
    pub first: Vec<Entry>,
    /// How many there are besides, and where all of them are.
    pub more: Option<(String, String)>,
}

/// An answer of a sentence or more.
pub struct Told {
    /// What was asked.
    pub question: String,
    /// The answer.
    pub text: String,
    /// The customer's own words.
    pub quoted: bool,
    /// Who said it, and when.
    pub by: Option<String>,
}

/// An entry in a few lines.
pub struct Entry {
    /// What it says first.
    pub title: String,
    /// The customer's own words.
    pub quoted: bool,
    /// How it stands, where it has a life.
    pub state: Option<(ui::Tone, &'static str, String)>,
    /// Short facts in a line.
    pub facts: Vec<String>,
    /// What there is to say besides: its label and its text.
    pub notes: Vec<(String, String)>,
    /// What they said themselves.
    pub said: Option<String>,
    /// Who said it, and when.
    pub by: Option<String>,
}

/// All sections that have something to say, or ought to.
pub fn blocks(t: &Text, view: &HandoffView) -> Vec<Block> {
    let Some(playbook) = &view.loaded.playbook else { return rest(t, view, &BTreeSet::new()) };
    let mut told = BTreeSet::new();
    let sections = playbook.sections.iter().map(|section| block(t, view, section, &mut told));
    let mut all: Vec<Block> = sections.filter(|block| !block.parts.is_empty()).collect();
    all.extend(rest(t, view, &told));
    all
}

fn block(t: &Text, view: &HandoffView, section: &Section, told: &mut BTreeSet<List>) -> Block {
    let found = section.asks.iter().flat_map(|ask| parts(t, view, ask, told));
    Block {
        id: format!("brief-{}", section.id.value),
        title: section.title.clone(),
        parts: found.fold(Vec::new(), joined),
    }
}

/// Short answers that follow each other stand in one table, and holes in one box.
fn joined(mut parts: Vec<Part>, next: Part) -> Vec<Part> {
    match (parts.last_mut(), next) {
        (Some(Part::Facts(before)), Part::Facts(more))
        | (Some(Part::Missing(before)), Part::Missing(more)) => before.extend(more),
        (_, next) => parts.push(next),
    }
    parts
}

/// Entries of lists no ask of this playbook looks at: what is known is not hidden by what is asked.
fn rest(t: &Text, view: &HandoffView, told: &BTreeSet<List>) -> Vec<Block> {
    let lists = <List as words::Named>::ALL.iter().filter(|list| !told.contains(*list));
    let blocks = lists.filter_map(|list| {
        entries(t, view, *list, None).map(|entries| Block {
            id: format!("brief-list-{}", list.name()),
            title: word(t, *list),
            parts: vec![Part::Entries(entries)],
        })
    });
    blocks.collect()
}

/// A list stands once, where the first ask looks at it; the others only say what they miss.
fn parts(t: &Text, view: &HandoffView, ask: &Ask, told: &mut BTreeSet<List>) -> Vec<Part> {
    let record = &view.loaded.handoff.record;
    let id = &ask.id.value;
    let mut found = Vec::new();
    let answered = match List::of(ask.kind) {
        None => {
            let held = record.answers.get(id);
            found.extend(held.map(|held| answer(t, ask, &held.answer)));
            held.is_some()
        }
        Some(list) => {
            if told.insert(list) {
                found.extend(entries(t, view, list, Some(id)).map(Part::Entries));
            }
            if let Some(none) = record.none.get(id) {
                let said = match &none.note {
                    Some(note) => note.to_string(),
                    None => t.with(key!("brief-none-by"), ("name", who(t, view, none.by))).into_owned(),
                };
                found.push(Part::Facts(vec![(ask.ask.clone(), said)]));
            }
            record.none.contains_key(id) || record.list(list).any(|item| looks_at(ask, item))
        }
    };
    let required = view.asks.get(id).is_some_and(|standing| standing.required.is_some());
    if required && !answered {
        let href = format!("/handoffs/{}#ask-{id}", view.loaded.handoff.id);
        found.push(Part::Missing(vec![(ask.ask.clone(), href)]));
    }
    found
}

fn answer(t: &Text, ask: &Ask, held: &Answer) -> Part {
    let text = answers::text(t, ask, held);
    let question = ask.ask.clone();
    match held {
        Answer::Words { evidence, .. } => {
            let by = said_by(t, evidence);
            Part::Told(Told { question, text, quoted: true, by })
        }
        _ if text.chars().count() > SHORT => Part::Told(Told { question, text, quoted: false, by: None }),
        _ => Part::Facts(vec![(question, text)]),
    }
}

/// How many letters stand beside their question; what is longer stands below it.
const SHORT: usize = 30;

/// Who said something, and when, in a few words.
fn said_by(t: &Text, evidence: &throughline_domain::record::Evidence) -> Option<String> {
    let mut parts: Vec<String> = evidence.speaker.iter().map(ToString::to_string).collect();
    parts.extend(evidence.source.map(|source| word(t, source)));
    parts.extend(evidence.on.map(|on| t.date(on)));
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// How many entries of a list the brief lays out: with all of them it would be neither brief nor one page.
fn most(list: List) -> usize {
    match list {
        List::Promises | List::Stakeholders => 5,
        List::Criteria | List::Integrations => 4,
        List::Risks | List::DataMoves => 3,
    }
}

/// The entries of a list, those that matter most first; none where it has none. `ask` is where the record has them.
fn entries(t: &Text, view: &HandoffView, list: List, ask: Option<&Key>) -> Option<Entries> {
    let handoff = &view.loaded.handoff;
    let mut held: Vec<&Item> = handoff.record.list(list).collect();
    held.sort_by_key(|item| weight(item));
    let more = held.len().saturating_sub(most(list));
    let all = match (list, ask) {
        (List::Promises, _) => format!("/handoffs/{}/promises", handoff.id),
        (List::Stakeholders, _) => Sheet::Map.href(handoff.id),
        (_, Some(ask)) => format!("/handoffs/{}#ask-{ask}", handoff.id),
        (_, None) => format!("/handoffs/{}", handoff.id),
    };
    (!held.is_empty()).then(|| Entries {
        more: (more > 0).then(|| (t.with(key!("brief-more"), ("n", more)).into_owned(), all)),
        first: held.into_iter().take(most(list)).map(|item| entry(t, view, item)).collect(),
    })
}

/// What comes first: promises that wait for somebody, people of weight, risks that would hurt most.
fn weight(item: &Item) -> (u8, u8, Option<jiff::civil::Date>) {
    let influence = |held: Option<Influence>| match held {
        Some(Influence::High) => 0,
        Some(Influence::Medium) => 1,
        Some(Influence::Low) => 2,
        None => 3,
    };
    match &item.body {
        Body::Promise(promise) => {
            let urgent = match promise.life.state() {
                PromiseState::ToBeCorrected => 0,
                PromiseState::AwaitingDecision => 1,
                PromiseState::Broken | PromiseState::Late => 2,
                PromiseState::Countered | PromiseState::Declined => 3,
                PromiseState::Captured | PromiseState::Approved | PromiseState::Transferred => 4,
                PromiseState::Kept | PromiseState::Released => 5,
            };
            (urgent, u8::from(promise.in_contract == Some(true)), promise.due_on)
        }
        Body::Stakeholder(person) => {
            let first = person.parts.iter().min().copied().unwrap_or(StakeholderRole::ItOwner);
            let part = StakeholderRole::ALL.iter().position(|one| *one == first).unwrap_or_default();
            (u8::try_from(part).unwrap_or(u8::MAX), influence(person.influence), None)
        }
        Body::Risk(risk) => (influence(risk.severity), 0, None),
        Body::Criterion(criterion) => (0, u8::from(criterion.by_on.is_none()), criterion.by_on),
        Body::Integration(tool) => (u8::from(!tool.needed_first), 0, None),
        Body::DataMove(_) => (0, 0, None),
    }
}

fn entry(t: &Text, view: &HandoffView, item: &Item) -> Entry {
    let by = said_by(t, &item.evidence);
    let plain = |title: String| Entry {
        title,
        quoted: false,
        state: None,
        facts: Vec::new(),
        notes: Vec::new(),
        said: None,
        by: by.clone(),
    };
    match &item.body {
        Body::Promise(promise) => promised(t, promise, plain(promise.what.to_string())),
        Body::Criterion(criterion) => wanted(t, criterion, plain(criterion.words.to_string())),
        Body::Stakeholder(person) => person_entry(t, person, plain(person.name.to_string())),
        Body::Risk(risk) => feared(t, risk, plain(risk.what.to_string())),
        Body::Integration(_) | Body::DataMove(_) => {
            let shown = items::show(t, view, item, &[], None);
            Entry { facts: shown.facts, notes: shown.texts, by: None, ..plain(shown.title) }
        }
    }
}

fn promised(t: &Text, promise: &Promise, plain: Entry) -> Entry {
    let state = words::promise_life(promise.life.state());
    let mut facts: Vec<String> = promise.strength.map(|strength| word(t, strength)).into_iter().collect();
    facts.extend(promise.owed_by.map(|side| word(t, side)));
    facts.extend(promise.due_on.map(|due| t.with(key!("item-due-on"), ("date", t.date(due))).into_owned()));
    facts.extend(promise.in_contract.map(|held| {
        t.get(if held { key!("item-is-in-contract") } else { key!("item-not-in-contract") }).into_owned()
    }));
    facts.extend(
        promise.amount.map(|amount| t.with(key!("item-worth"), ("amount", t.money(amount))).into_owned()),
    );
    facts.extend(plain.by.clone());
    let notes =
        promise.life.decision.iter().map(|decision| (word(t, decision.verdict), decision.reason.to_string()));
    Entry {
        state: Some((ui::Shown::tone(&state), ui::Shown::icon(&state), t.get(ui::Shown::key(&state)).into())),
        facts,
        notes: notes.collect(),
        by: None,
        ..plain
    }
}

fn wanted(t: &Text, criterion: &Criterion, plain: Entry) -> Entry {
    let expected = criterion.by_on.map(|by| t.with(key!("item-expected"), ("date", t.date(by))).into_owned());
    let measured = criterion
        .measure
        .as_ref()
        .map(|measure| (t.get(key!("brief-measured")).into_owned(), measure.to_string()));
    let said = criterion.confirmation.as_ref().map(|said| {
        if said.still_accurate {
            (ui::Tone::Good, "check", t.get(key!("brief-confirmed")).into_owned())
        } else {
            (ui::Tone::Info, "pencil-line", t.get(key!("brief-corrected")).into_owned())
        }
    });
    Entry {
        quoted: true,
        state: said,
        facts: expected.into_iter().collect(),
        notes: measured.into_iter().collect(),
        ..plain
    }
}

fn person_entry(t: &Text, person: &Stakeholder, plain: Entry) -> Entry {
    let mut facts: Vec<String> = person.parts.iter().map(|part| word(t, *part)).collect();
    facts.extend(person.title.as_ref().map(ToString::to_string));
    facts.extend(person.contact.as_ref().map(ToString::to_string));
    facts.extend(
        person
            .influence
            .map(|held| t.with(key!("brief-influence"), ("much", word(t, held).to_lowercase())).into_owned()),
    );
    facts.extend(person.stance.map(|held| word(t, held)));
    facts.extend(marks(t, person));
    let wants =
        person.goals.as_ref().map(|goals| (t.get(key!("brief-wants")).into_owned(), goals.to_string()));
    let said = person.said.as_ref().map(ToString::to_string);
    Entry { facts, notes: wants.into_iter().collect(), said, by: None, ..plain }
}

/// What is to be known of a person before anything else.
pub fn marks(t: &Text, person: &Stakeholder) -> Vec<String> {
    let marks = [
        (person.signed, key!("item-signed")),
        (person.drove, key!("item-drove")),
        (person.needs_early_win, key!("item-early-win")),
        (person.may_block, key!("item-may-block")),
    ];
    marks.into_iter().filter(|(held, _)| *held).map(|(_, key)| t.get(key).into_owned()).collect()
}

fn feared(t: &Text, risk: &Risk, plain: Entry) -> Entry {
    let state = risk.severity.map(|held| {
        let (tone, icon) = match held {
            Influence::High => (ui::Tone::Bad, "triangle-alert"),
            Influence::Medium => (ui::Tone::Warn, "circle-alert"),
            Influence::Low => (ui::Tone::Calm, "circle-dot"),
        };
        (tone, icon, t.with(key!("brief-severity"), ("much", word(t, held).to_lowercase())).into_owned())
    });
    let mut facts = vec![word(t, risk.kind)];
    facts.extend(risk.owner.as_ref().map(|owner| format!("{}: {owner}", t.get(key!("item-owner")))));
    let softened = risk.mitigation.as_ref();
    let notes = softened.map(|text| (t.get(key!("brief-softened")).into_owned(), text.to_string()));
    Entry { state, facts, notes: notes.into_iter().collect(), by: None, ..plain }
}
