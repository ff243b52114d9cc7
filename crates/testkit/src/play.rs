//! A handoff played command by command, with its journal.

use std::{cell::Cell, collections::BTreeSet, sync::Arc};

use jiff::Timestamp;
use throughline_domain::{
    Actor, Key, PersonId, Role, TokenId,
    calendar::Calendars,
    clock::{self, Reading, StepReading},
    gate::{self, Gap, Judgement, Mode, Verdict},
    handoff::{
        Command, Context, Fact, Handoff, Intent, Outcome, Recorded, Refusal, decide, evolve, react, strike,
    },
    playbook::{Gate, Playbook},
};
use uuid::Uuid;

use crate::{
    people::{INES, RAVI, roles_of},
    time::{ManualClock, instant},
};

/// A handoff under test: its state, its journal, and who does what when.
#[derive(Clone)]
pub struct Play {
    /// The playbook it runs by.
    pub playbook: Arc<Playbook>,
    /// Whose days and hours count.
    pub calendars: Calendars,
    /// How far the organisation enforces.
    pub mode: Mode,
    /// The present.
    pub clock: ManualClock,
    /// The state; none before it is opened.
    pub state: Option<Handoff>,
    /// Everything that happened.
    pub journal: Vec<Recorded>,
    /// What the world was told of it.
    pub told: Vec<Intent>,
    /// What was asked of it and happened, and by whom.
    pub moves: Vec<(Actor, Command)>,
    actor: Actor,
    roles: BTreeSet<Role>,
    ids: Cell<u128>,
    last: usize,
}

impl std::fmt::Debug for Play {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kinds: Vec<_> = self.journal.iter().map(|recorded| kind_of(&recorded.fact)).collect();
        let playbook = &self.playbook.playbook.value;
        write!(f, "a play by {playbook} under {:?}, at {}: {}", self.mode, self.now(), kinds.join(" "))
    }
}

impl Play {
    /// Nothing has happened yet.
    pub fn new(playbook: Arc<Playbook>, calendars: Calendars, mode: Mode, now: Timestamp) -> Self {
        Self {
            playbook,
            calendars,
            mode,
            clock: ManualClock::new(now),
            state: None,
            journal: Vec::new(),
            told: Vec::new(),
            moves: Vec::new(),
            actor: Actor::Person { id: RAVI },
            roles: roles_of(RAVI),
            ids: Cell::new(0),
            last: 0,
        }
    }

    /// The state.
    pub fn handoff(&self) -> &Handoff {
        self.state.as_ref().expect("the handoff is open")
    }

    /// Sets the clock: `2026-03-02 09:00` on a Berlin wall, or with a `Z`.
    pub fn at(&mut self, when: &str) -> &mut Self {
        self.clock.set(instant(when));
        self
    }

    /// Sets the clock to an instant.
    pub fn at_instant(&mut self, when: Timestamp) -> &mut Self {
        self.clock.set(when);
        self
    }

    /// The present.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// From here on somebody acts, in what they do for a living.
    pub fn as_(&mut self, person: PersonId) -> &mut Self {
        self.as_with(person, &roles_of(person))
    }

    /// From here on somebody acts in these roles.
    pub fn as_with(&mut self, person: PersonId, roles: &BTreeSet<Role>) -> &mut Self {
        self.actor = Actor::Person { id: person };
        self.roles.clone_from(roles);
        self
    }

    /// From here on a program acts, with an API token of these roles.
    pub fn as_token(&mut self, roles: &[Role]) -> &mut Self {
        self.actor = Actor::Token { id: TokenId(Uuid::from_u128(0x70)) };
        self.roles = roles.iter().copied().collect();
        self
    }

    /// From here on somebody at the customer acts, in the portal.
    pub fn as_customer(&mut self) -> &mut Self {
        self.actor = Actor::Customer { id: INES };
        self.roles = BTreeSet::new();
        self
    }

    /// From here on the product itself acts: an import, a sweep.
    pub fn as_system(&mut self) -> &mut Self {
        self.actor = Actor::System;
        self.roles = BTreeSet::from([Role::RevOps]);
        self
    }

    /// From here on somebody acts in an absent person's stead, in what the absent do for a living.
    pub fn as_stand_in(&mut self, person: PersonId, of: PersonId) -> &mut Self {
        self.actor = Actor::StandIn { id: person, of };
        self.roles = roles_of(of);
        self
    }

    /// In which roles.
    pub fn roles(&self) -> &BTreeSet<Role> {
        &self.roles
    }

    /// Who acts.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// Does something, whatever comes of it; facts are recorded, also those of a refusal.
    pub fn tries(&mut self, command: impl Into<Command>) -> Result<Outcome, Refusal> {
        let command = command.into();
        let outcome = self.decides(command.clone())?;
        if matches!(outcome, Outcome::Happened(_)) {
            self.moves.push((self.actor, command));
        }
        if let Outcome::Happened(facts) | Outcome::Shut { facts, .. } = &outcome {
            self.last = self.journal.len();
            for fact in facts {
                self.record(fact.clone());
            }
        }
        Ok(outcome)
    }

    /// What would come of it; nothing is recorded.
    pub fn decides(&self, command: impl Into<Command>) -> Result<Outcome, Refusal> {
        let fresh = || {
            self.ids.set(self.ids.get() + 1);
            Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 + self.ids.get())
        };
        let live = self.state.as_ref().is_none_or(|handoff| handoff.route.playbook.is_some());
        let command = command.into();
        let leads_in = match &command {
            Command::Reroute(body) => body.route.playbook.is_some(),
            Command::Open(body) => body.route.playbook.is_some(),
            _ => live,
        };
        decide(self.state.as_ref(), &self.context(leads_in, self.actor, &fresh), command)
    }

    fn context<'a>(&'a self, by_playbook: bool, actor: Actor, fresh: &'a dyn Fn() -> Uuid) -> Context<'a> {
        Context {
            playbook: by_playbook.then_some(&*self.playbook),
            calendars: &self.calendars,
            mode: self.mode,
            actor,
            roles: &self.roles,
            now: self.now(),
            fresh,
        }
    }

    /// Looks at the clocks, as the product does beside the server; what was told of them is recorded. The new facts.
    pub fn strikes(&mut self) -> &[Recorded] {
        let in_process = self.handoff().route.playbook.is_some();
        let outcome = strike(self.handoff(), &self.context(in_process, Actor::System, &|| Uuid::nil()));
        self.last = self.journal.len();
        if let Outcome::Happened(facts) = outcome {
            let actor = std::mem::replace(&mut self.actor, Actor::System);
            for fact in facts {
                self.record(fact);
            }
            self.actor = actor;
        }
        &self.journal[self.last..]
    }

    /// When its clocks are to be looked at next.
    pub fn next_call(&self) -> Option<Timestamp> {
        let playbook = self.handoff().route.playbook.as_ref().map(|_| &*self.playbook)?;
        let calls = clock::calls(self.handoff(), playbook, &self.calendars, self.now());
        calls.first().map(|call| call.at)
    }

    fn record(&mut self, fact: Fact) {
        let seq = self.journal.len() as u64 + 1;
        let recorded = Recorded { seq, at: self.now(), by: self.actor, fact };
        self.state = evolve(self.state.take(), &recorded);
        if let Some(state) = &self.state {
            self.told.extend(react(state, Some(&self.playbook), &recorded));
        }
        self.journal.push(recorded);
    }

    /// Does something that must succeed and change something.
    pub fn does(&mut self, command: impl Into<Command>) -> &mut Self {
        let command = command.into();
        let verb = command.verb();
        match self.tries(command) {
            Ok(Outcome::Happened(_)) => self,
            Ok(Outcome::AlreadySo) => panic!("`{verb}` changed nothing"),
            Ok(Outcome::Shut { gate, gaps, .. }) => {
                panic!("`{verb}` met gate {}:\n{}", gate.name(), list(&gaps))
            }
            Err(why) => panic!("`{verb}` was refused: {why}"),
        }
    }

    /// Does something that must change nothing.
    pub fn repeats(&mut self, command: impl Into<Command>) -> &mut Self {
        let command = command.into();
        let verb = command.verb();
        match self.tries(command) {
            Ok(Outcome::AlreadySo) => self,
            other => panic!("`{verb}` should change nothing: {other:?}"),
        }
    }

    /// Does something that a gate must refuse; the gaps.
    pub fn shut(&mut self, command: impl Into<Command>) -> Vec<Gap> {
        let command = command.into();
        let verb = command.verb();
        match self.tries(command) {
            Ok(Outcome::Shut { gaps, .. }) => gaps,
            other => panic!("`{verb}` should meet a shut gate: {other:?}"),
        }
    }

    /// Does something that must be refused; the reason.
    pub fn refused(&mut self, command: impl Into<Command>) -> Refusal {
        let command = command.into();
        let verb = command.verb();
        match self.tries(command) {
            Err(why) => why,
            other => panic!("`{verb}` should be refused: {other:?}"),
        }
    }

    /// The facts of the last thing done.
    pub fn last_facts(&self) -> impl Iterator<Item = &Fact> {
        self.journal[self.last..].iter().map(|recorded| &recorded.fact)
    }

    /// Their kinds, as in the journal.
    pub fn last_kinds(&self) -> Vec<String> {
        self.last_facts().map(kind_of).collect()
    }

    /// A gate, judged now.
    pub fn judged(&self, gate: Gate) -> Judgement {
        gate::judge(self.handoff(), &self.playbook, &self.calendars, self.now(), gate)
    }

    /// Its verdict.
    pub fn verdict(&self, gate: Gate) -> Verdict {
        self.judged(gate).verdict
    }

    /// What it misses, as `what: problem`.
    pub fn misses(&self, gate: Gate) -> Vec<String> {
        self.judged(gate).gaps.iter().map(|gap| format!("{}: {}", gap.about, gap.problem)).collect()
    }

    /// The clock of a step, read now.
    pub fn clock_of(&self, step: &str) -> StepReading {
        let step: Key = step.parse().expect("a name");
        let found = self.playbook.step(&step).unwrap_or_else(|| panic!("there is no step {step}"));
        clock::read(self.handoff(), &self.playbook, &self.calendars, self.now(), found)
    }

    /// How it stands.
    pub fn reading(&self, step: &str) -> Reading {
        self.clock_of(step).reading
    }

    /// When it is due, in the organisation's time, to the minute.
    pub fn due(&self, step: &str) -> String {
        match self.clock_of(step).due_at {
            None => "-".to_owned(),
            Some(at) => at
                .in_tz(self.calendars.house().zone().name())
                .expect("a zone")
                .strftime("%a %F %R")
                .to_string(),
        }
    }
}

/// A fact's kind, as in the journal.
pub fn kind_of(fact: &Fact) -> String {
    let written = serde_json::to_value(fact).expect("a fact is written as JSON");
    written["kind"].as_str().expect("a fact has a kind").to_owned()
}

fn list(gaps: &[Gap]) -> String {
    gaps.iter().map(|gap| format!("  {}: {}\n", gap.about, gap.problem)).collect()
}
