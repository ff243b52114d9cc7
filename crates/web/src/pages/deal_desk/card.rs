//! One promise with everything a decision needs: what was said, by whom, to whom it matters, by when.

use std::collections::BTreeMap;

use throughline_domain::{
    PersonId,
    handoff::Handoff,
    record::{PromiseKind, PromiseState, Strength},
};
use throughline_store::{Person as StoredPerson, PromiseRow};

use crate::{
    chrome::role_key,
    i18n::Text,
    key,
    pages::{
        parts::{self, Wrong},
        words::{self, word},
    },
    ui::{Evidence, Field, Person, PromiseLife, Reading},
    visit::Visit,
};

/// What was typed into one card's form, and what is wrong with it.
pub struct Typed<'a> {
    pub item: &'a str,
    pub reason: &'a str,
    pub wrong: &'a Wrong,
}

/// A promise as the desk shows it.
pub struct Card {
    pub action: String,
    pub anchor: String,
    pub account: String,
    pub deal: String,
    pub href: String,
    pub what: String,
    pub life: PromiseLife,
    pub reading: Option<Reading>,
    pub decide_by: Option<String>,
    pub facts: Vec<(String, String)>,
    pub because: String,
    pub evidence: Option<Evidence>,
    pub ae: Person,
    pub decision: Option<Decided>,
    /// The form, where a decision is still to be made or may be changed.
    pub form: Option<Form>,
}

/// A decision that was made.
pub struct Decided {
    pub verdict: String,
    pub reason: String,
    pub by: String,
    pub at: jiff::Timestamp,
}

/// The form of a decision.
pub struct Form {
    pub reason: Field,
    pub refused: Option<String>,
    pub first: bool,
    pub open: bool,
}

impl Card {
    /// Whether its form shows what was typed.
    pub fn is_open(&self) -> bool {
        self.form.as_ref().is_some_and(|form| form.open)
    }
}

/// Makes the card; none when the record no longer holds the promise.
pub fn card(
    visit: &Visit,
    row: PromiseRow,
    handoff: &Handoff,
    people: &BTreeMap<PersonId, StoredPerson>,
    typed: Option<&Typed<'_>>,
) -> Option<Card> {
    let t = &visit.t;
    let (item, promise) = handoff.record.promises().find(|(item, _)| item.id == row.item)?;
    let state = promise.life.state();
    let name = |id: PersonId| people.get(&id).map_or_else(String::new, |person| person.name.clone());
    let now = visit.web.app.now();
    let waits = state == PromiseState::AwaitingDecision;
    let reading =
        row.decide_by.filter(|_| waits).map(|by| if now <= by { Reading::Running } else { Reading::Overdue });
    let decision = promise.life.decision.as_ref().map(|made| Decided {
        verdict: word(t, made.verdict),
        reason: made.reason.as_str().to_owned(),
        by: made.by.person().map(name).unwrap_or_default(),
        at: made.at,
    });
    Some(Card {
        action: format!("/deal-desk/{}/{}", row.handoff, row.item),
        anchor: format!("promise-{}", row.item),
        href: format!("/handoffs/{}/promises#promise-{}", row.handoff, row.item),
        deal: handoff.deal.name.clone(),
        what: promise.what.as_str().to_owned(),
        life: words::promise_life(state),
        decide_by: row.decide_by.filter(|_| waits).map(|by| {
            t.with(key!("desk-decide-by"), (("when", t.due(by)), ("relative", t.relative(by, now))))
                .into_owned()
        }),
        facts: facts(t, &row, promise.kind, promise.strength),
        because: promise.life.routed.as_ref().map(|routed| routed.because.clone()).unwrap_or_default(),
        evidence: evidence(t, &item.evidence),
        ae: Person::named(name(row.ae)).as_a(t.get(role_key(throughline_domain::Role::Ae))),
        form: form(t, &row, state, promise.life.corrected.is_some(), typed),
        account: row.account,
        reading,
        decision,
    })
}

fn facts(t: &Text, row: &PromiseRow, kind: PromiseKind, strength: Option<Strength>) -> Vec<(String, String)> {
    let mut facts = vec![(t.get(key!("desk-kind")).into_owned(), word(t, kind))];
    if let Some(strength) = strength {
        facts.push((t.get(key!("desk-strength")).into_owned(), word(t, strength)));
    }
    if let Some(amount) = row.amount {
        facts.push((t.get(key!("desk-amount")).into_owned(), t.money(amount)));
    }
    if let Some(due) = row.due_on {
        facts.push((t.get(key!("desk-due")).into_owned(), t.date(due)));
    }
    let contract = match row.in_contract {
        Some(true) => t.get(key!("word-yes")),
        Some(false) => t.get(key!("word-no")),
        None => t.get(key!("desk-not-said")),
    };
    facts.push((t.get(key!("desk-in-contract")).into_owned(), contract.into_owned()));
    if let Some(role) = row.routed_to {
        facts.push((t.get(key!("desk-routed")).into_owned(), t.get(role_key(role)).into_owned()));
    }
    facts
}

/// The passage, where one is kept.
fn evidence(t: &Text, found: &throughline_domain::record::Evidence) -> Option<Evidence> {
    let quote = found.quote.as_ref()?.as_str().to_owned();
    let text =
        |text: &Option<throughline_domain::Personal>| text.as_ref().map(|text| text.as_str().to_owned());
    let kind = found.source.map(|source| word(t, source));
    let source = [kind, text(&found.reference)].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Some(Evidence {
        quote,
        speaker: Person::named(
            text(&found.speaker).unwrap_or_else(|| t.get(key!("desk-somebody")).into_owned()),
        ),
        when: found.on.map(|on| t.date(on)).unwrap_or_default(),
        source,
        href: None,
    })
}

fn form(
    t: &Text,
    row: &PromiseRow,
    state: PromiseState,
    told: bool,
    typed: Option<&Typed<'_>>,
) -> Option<Form> {
    let first = state == PromiseState::AwaitingDecision;
    let changeable = matches!(state, PromiseState::Approved | PromiseState::ToBeCorrected) && !told;
    if !first && !changeable {
        return None;
    }
    let id = row.item.to_string();
    let mine = typed.filter(|typed| typed.item == id);
    let wrong = mine.map(|typed| typed.wrong);
    Some(Form {
        reason: Field::new("reason", t.get(key!("desk-reason")))
            .id(format!("f-reason-{id}"))
            .hint(t.get(key!("desk-reason-hint")))
            .value(mine.map_or("", |typed| typed.reason))
            .required()
            .error(parts::at(wrong, "reason")),
        refused: parts::beside(wrong, &["reason"]),
        first,
        open: mine.is_some(),
    })
}
