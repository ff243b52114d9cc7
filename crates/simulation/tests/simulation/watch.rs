//! Who watches while it goes on: at each commit what must hold of a state, and of everything told of clocks.
//!
//! Kept apart from the store: what it counts is what the store said it had done.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Timestamp;
use throughline_domain::{
    HandoffId,
    calendar::Calendars,
    clock::{Call, Matter, Tells, calls},
    handoff::{Fact, Handoff, Recorded, Stage, evolve},
    playbook::{Gate, Playbook},
};
use throughline_store::{Change, Commit};
use throughline_testkit::{kind_of, shipped_playbook};
use uuid::Uuid;

/// What was told of one clock since its due time last changed.
struct Notices {
    due_at: Timestamp,
    told: BTreeSet<Tells>,
}

/// Somebody was told of a clock.
pub struct Told {
    pub handoff: HandoffId,
    /// When they were to be told.
    pub wanted_at: Timestamp,
}

/// What was seen.
pub struct Watch {
    calendars: Calendars,
    states: BTreeMap<HandoffId, Handoff>,
    notices: BTreeMap<(HandoffId, Matter), Notices>,
    /// Everything told of clocks, as it was committed.
    pub told: Vec<Told>,
    /// Which commits bore which key.
    pub keys: BTreeMap<String, Vec<(HandoffId, u64)>>,
    /// Intents, and how often each was taken off.
    pub outbox: BTreeMap<Uuid, u32>,
    /// Letters with the intent they come from, and how often each was written.
    pub letters: BTreeMap<Uuid, (Option<Uuid>, u32)>,
    /// Letters on the post: when each is to be mailed, and how often it was taken off.
    pub post: BTreeMap<Uuid, (Timestamp, u32)>,
    /// How often what happened.
    pub seen: BTreeMap<String, u64>,
    /// What must not be.
    pub wrong: Vec<String>,
}

impl Watch {
    pub fn new(calendars: Calendars) -> Self {
        Self {
            calendars,
            states: BTreeMap::new(),
            notices: BTreeMap::new(),
            told: Vec::new(),
            keys: BTreeMap::new(),
            outbox: BTreeMap::new(),
            letters: BTreeMap::new(),
            post: BTreeMap::new(),
            seen: BTreeMap::new(),
            wrong: Vec::new(),
        }
    }

    pub fn sees(&mut self, what: &str) {
        *self.seen.entry(what.to_owned()).or_default() += 1;
    }

    pub fn wrong(&mut self, what: String) {
        self.wrong.push(what);
    }

    pub fn committed(&mut self, commit: &Commit) {
        let texts: BTreeMap<Uuid, &str> =
            commit.texts.iter().map(|row| (row.id, row.text.as_str())).collect();
        let text_of = |id: Uuid| texts.get(&id).map(|text| (*text).to_owned());
        let facts: Vec<Recorded> = commit.journal.iter().map(|row| row.open(&text_of).unwrap()).collect();
        let before = self.states.remove(&commit.id);
        if before.is_none() && commit.expected != 0 {
            self.wrong(format!("{} begins at fact {}", commit.id, commit.expected + 1));
        }
        let mut state = before.clone();
        for recorded in &facts {
            self.sees(&kind_of(&recorded.fact));
            state = evolve(state, recorded);
        }
        if let Some(before) = &before {
            self.look_at_notices(before, &facts);
        }
        let after: Handoff = serde_json::from_str(&commit.snapshot).unwrap();
        if state.as_ref() != Some(&after) {
            self.wrong(format!("{}: folding the facts does not give the snapshot", commit.id));
        }
        self.look_at_state(&after, facts.last().map_or(Timestamp::MIN, |last| last.at));
        self.states.insert(commit.id, after);
        if let Some(answer) = &commit.idempotency {
            let version = commit.expected + commit.journal.len() as u64;
            self.keys.entry(answer.key.clone()).or_default().push((commit.id, version));
        }
        for row in &commit.outbox {
            if self.outbox.insert(row.id, 0).is_some() {
                self.wrong(format!("two messages are {}", row.id));
            }
        }
    }

    pub fn applied(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Delivered { outbox, .. } => *self.outbox.entry(*outbox).or_default() += 1,
                Change::Deliver(letter) => {
                    self.letters.entry(letter.id).or_insert((letter.outbox, 0)).1 += 1;
                }
                Change::Post { letter, at, .. } => {
                    self.post.entry(*letter).or_insert((*at, 0));
                }
                Change::PostLater { letters, at } => {
                    letters.iter().for_each(|letter| self.on_post(*letter).0 = *at);
                }
                Change::Posted { letters } | Change::PostNever { letters } => {
                    letters.iter().for_each(|letter| self.on_post(*letter).1 += 1);
                }
                _ => {}
            }
        }
    }

    fn on_post(&mut self, letter: Uuid) -> &mut (Timestamp, u32) {
        self.post.entry(letter).or_insert((Timestamp::MIN, 1_000))
    }

    /// What was told since then by one node alone, it told in the order in which it was due.
    pub fn look_at_order(&mut self, since: usize) {
        let late = self.told[since..].windows(2).filter(|pair| pair[0].wanted_at > pair[1].wanted_at);
        let told: Vec<String> = late
            .map(|pair| {
                let [first, then] = [&pair[0], &pair[1]];
                format!(
                    "{} of {} after {} of {}",
                    then.wanted_at, then.handoff, first.wanted_at, first.handoff
                )
            })
            .collect();
        self.wrong.extend(told.into_iter().map(|told| format!("out of order: {told}")));
    }

    /// The playbook a handoff runs by.
    pub fn playbook(handoff: &Handoff) -> Option<Arc<Playbook>> {
        handoff.route.playbook.as_ref().map(|of| shipped_playbook(&of.name))
    }

    /// Everybody is told once of each clock, not before the time, and nobody else before its owner.
    fn look_at_notices(&mut self, before: &Handoff, facts: &[Recorded]) {
        let mut first_told: Option<Timestamp> = None;
        for recorded in facts {
            let (matter, due_at, tells) = match &recorded.fact {
                Fact::Reminded { matter, due_at, nth } => (matter, *due_at, Tells::Reminder { nth: *nth }),
                Fact::Escalated { matter, due_at, whom } => (matter, *due_at, Tells::Rung { whom: *whom }),
                _ => continue,
            };
            let said = format!("{} at {}: {:?}", before.id, recorded.at, recorded.fact);
            let Some(playbook) = Self::playbook(before) else {
                self.wrong(format!("told of a clock without a playbook: {said}"));
                continue;
            };
            let is_it = |call: &&Call| call.matter == *matter && call.due_at == due_at && call.tells == tells;
            let wanted = calls(before, &playbook, &self.calendars, recorded.at);
            match wanted.iter().find(is_it) {
                None => self.wrong(format!("nobody was to be told: {said}")),
                Some(call) if call.at > recorded.at => {
                    self.wrong(format!("before its time, {}: {said}", call.at));
                }
                Some(call) => first_told = Some(first_told.map_or(call.at, |first| first.min(call.at))),
            }
            if matches!(tells, Tells::Rung { .. }) && due_at > recorded.at {
                self.wrong(format!("escalated before it was due: {said}"));
            }
            let notices = self
                .notices
                .entry((before.id, matter.clone()))
                .or_insert(Notices { due_at, told: BTreeSet::new() });
            if notices.due_at != due_at {
                *notices = Notices { due_at, told: BTreeSet::new() };
            }
            let first = notices.told.is_empty();
            if !notices.told.insert(tells) {
                self.wrong(format!("told twice: {said}"));
            } else if first && matches!(tells, Tells::Rung { .. }) {
                self.wrong(format!("escalated before anybody was reminded: {said}"));
            }
        }
        // What is due of one handoff is told at once; its place in line is the first of it.
        self.told.extend(first_told.map(|wanted_at| Told { handoff: before.id, wanted_at }));
    }

    /// Exactly one person is answerable, and nobody is let in without a gate that passed, was waived or was bypassed.
    fn look_at_state(&mut self, handoff: &Handoff, now: Timestamp) {
        let id = handoff.id;
        let answerable = match handoff.stage {
            Stage::Owned { by, .. } => by,
            _ => handoff.seller(),
        };
        if handoff.answerable() != answerable {
            self.wrong(format!("{id}: {} answers for it, not {answerable}", handoff.answerable()));
        }
        if !handoff.tenures.windows(2).all(|pair| pair[0].since <= pair[1].since) {
            self.wrong(format!("{id}: two people answer for it at once: {:?}", handoff.tenures));
        }
        if handoff.answerable_at(handoff.opened_at).is_none() {
            self.wrong(format!("{id}: nobody answers for it when it opens"));
        }
        let Some(playbook) = Self::playbook(handoff) else { return };
        let let_in = |gate: Gate| {
            let history = handoff.gates.get(&gate);
            playbook.gate(gate).is_none()
                || history.is_some_and(|history| history.passed.is_some() || history.bypassed.is_some())
        };
        let has = [
            (Gate::CsmAssignment, matches!(handoff.stage, Stage::Assigned { .. } | Stage::Owned { .. })),
            (Gate::CsAccess, handoff.plan.is_some()),
        ];
        for (gate, reached) in has {
            if reached && !let_in(gate) {
                self.wrong(format!("{id} at {now}: gate {} was passed by without a trace", gate.name()));
            }
        }
    }
}
