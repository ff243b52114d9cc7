//! A team that helps: it reads what a gate misses and does what closes it, as whoever owes it (R2.12).

use std::collections::BTreeSet;

use throughline_domain::{
    Key, PersonId, Personal, Role,
    gate::{self, Gap, Problem},
    handoff::{
        Command, Covers, KnownBy, Life, Mark, Milestone, Outcome, PlanForm, Report, Stage, WaiverState,
        command::*,
    },
    playbook::{AskKind, Gate, StepKind, TransferOn},
    record::{Answer, Body, DecisionVerdict, List, PromiseState, Side},
};

use crate::{
    answers::{answer_for, evidence, good_item, text, whole},
    people::{EVERYBODY, holder_of, roles_of},
    play::Play,
};

/// A team that brings a live handoff to its end, gap by gap.
pub struct Team {
    /// Commands done so far.
    pub done: Vec<String>,
    most: usize,
}

/// The team could not go on.
#[derive(Debug)]
pub struct Stuck {
    /// Why.
    pub why: String,
    /// What it did before.
    pub done: Vec<String>,
}

impl Team {
    /// A team that gives up after so many commands.
    pub fn new(most: usize) -> Self {
        Self { done: Vec::new(), most }
    }

    /// Works until the handoff is done.
    pub fn finish(&mut self, play: &mut Play) -> Result<(), Stuck> {
        while !matches!(play.handoff().life, Life::Done { .. }) {
            let owner = self.holder(Role::Csm, play.handoff().csm());
            self.pass(play, owner, Finish {}.into(), 0)?;
        }
        Ok(())
    }

    /// Does a command; whatever gate it meets, closes what that misses, and tries again.
    pub fn pass(
        &mut self,
        play: &mut Play,
        who: PersonId,
        command: Command,
        depth: usize,
    ) -> Result<(), Stuck> {
        if depth > 6 {
            return Err(self.stuck("gates lead to each other in a ring"));
        }
        loop {
            match self.act(play, who, command.clone())? {
                Outcome::Happened(_) | Outcome::AlreadySo => return Ok(()),
                Outcome::Shut { gaps, gate, .. } => {
                    let Some(gap) = gaps.first() else { return Err(self.stuck("shut without a gap")) };
                    self.close(play, gate, gap, depth)?;
                }
            }
        }
    }

    /// Closes one gap as whoever owes it.
    pub fn close(&mut self, play: &mut Play, gate: Gate, gap: &Gap, depth: usize) -> Result<(), Stuck> {
        let who = self.holder(gap.owed_by, gap.person);
        match (&gap.problem, &gap.about) {
            (Problem::Missing | Problem::NoEvidence, Covers::Ask { ask }) => self.answer(play, who, ask),
            (Problem::NothingListed { .. } | Problem::TooFew { .. }, Covers::Ask { ask }) => {
                self.add(play, who, ask)
            }
            (Problem::ItemLacks { item, .. }, _) => {
                let held = play.handoff().record.items[item].clone();
                if let Body::Promise(promise) = &held.body
                    && promise.life.state() == PromiseState::ToBeCorrected
                {
                    let corrected = CorrectPromise { item: *item, evidence: evidence() };
                    return self.acts(play, who, corrected);
                }
                let change = ChangeItem {
                    item: *item,
                    body: whole(held.body),
                    evidence: evidence(),
                    reason: reason(),
                };
                self.acts(play, who, change)
            }
            (Problem::Undecided, Covers::Commitment { item }) => {
                let verdict = DecisionVerdict::Approved;
                self.acts(play, who, DecidePromise { item: *item, verdict, reason: text("Fine") })
            }
            (Problem::NotCorrected, Covers::Correction { item }) => {
                self.acts(play, who, CorrectPromise { item: *item, evidence: evidence() })
            }
            (Problem::NotMarked | Problem::MarkStale, Covers::Category { category }) => {
                let who = self.receiver(play, Some(who))?;
                self.acts(
                    play,
                    who,
                    MarkCategory { category: category.clone(), mark: Mark::Clear, note: None },
                )
            }
            (Problem::MarkedUnclear | Problem::MarkedPartial, Covers::Category { category }) => {
                self.clear_up(play, who, category)
            }
            (Problem::NotHappened | Problem::NotInForm { .. }, Covers::Step { step }) => {
                self.report(play, who, step, &gap.problem)
            }
            (Problem::NotConfirmed | Problem::Disputed, Covers::Step { step }) => {
                let reports = &play.handoff().steps[step].reports;
                let open = |report: &&Report| {
                    report.corrected.is_none() && (report.counts_since.is_none() || report.disputed.is_some())
                };
                let Some(number) = reports.iter().find(open).map(|report| report.number) else {
                    return Err(self.stuck("nothing there to confirm"));
                };
                let who = self.receiver(play, Some(who))?;
                self.acts(play, who, ConfirmStep { step: step.clone(), number })
            }
            (Problem::Missed | Problem::DebtExpired, about) => {
                self.waive_or_pay(play, gate, gap, about, depth)
            }
            (Problem::NotAcknowledged, _) => self.acts(play, who, AcknowledgeAmendments {}),
            (Problem::ReturnUnanswered, _) => self.acts(play, who, AnswerReturn { text: text("Mended") }),
            (Problem::ReopenedUntouched, _) => self.touch(play, who),
            (Problem::NotAccepted, _) => self.accept(play, depth),
            (Problem::NotOwned, _) => self.own(play, depth),
            (Problem::PlanNotOpened, _) => self.pass(play, who, OpenPlan {}.into(), depth + 1),
            (Problem::PlanNotConfirmed, _) => {
                if play.handoff().plan.as_ref().is_some_and(|plan| plan.milestones.is_empty()) {
                    let milestone = Milestone {
                        title: text("First use case live"),
                        side: Side::Us,
                        owner: None,
                        due_on: None,
                        reached_on: None,
                    };
                    self.acts(play, who, SetMilestone { id: None, milestone })?;
                }
                let at = play.now();
                self.acts(play, who, ConfirmPlan { form: PlanForm::Mail, at, evidence: evidence() })
            }
            (Problem::NotRated, Covers::Rating { rating }) => self.rate(play, who, rating),
            (problem, about) => Err(self.stuck(&format!("nobody closes `{about}: {problem}`"))),
        }
    }

    fn answer(&mut self, play: &mut Play, who: PersonId, ask: &Key) -> Result<(), Stuck> {
        let Some(found) = play.playbook.ask(ask).cloned() else { return Err(self.stuck("no such ask")) };
        let answer = answer_for(&found, &format!("Mended {}", play.journal.len()));
        self.acts(play, who, GiveAnswer { ask: ask.clone(), answer, reason: reason() })
    }

    fn add(&mut self, play: &mut Play, who: PersonId, ask: &Key) -> Result<(), Stuck> {
        let Some(found) = play.playbook.ask(ask).cloned() else { return Err(self.stuck("no such ask")) };
        let body = good_item(&found, &format!("Added {}", play.journal.len()));
        self.acts(play, who, AddItem { body, evidence: evidence(), reason: reason() })
    }

    /// Says what was not clear, and has it looked at again.
    fn clear_up(&mut self, play: &mut Play, who: PersonId, category: &Key) -> Result<(), Stuck> {
        let asks: Vec<_> =
            play.playbook.asks().filter(|ask| ask.category.as_ref() == Some(category)).collect();
        let worded = asks.iter().find(|ask| matches!(ask.kind, AskKind::Text | AskKind::Words));
        let found =
            worded.or_else(|| asks.iter().find(|ask| List::of(ask.kind).is_some())).map(|ask| (*ask).clone());
        match found {
            Some(ask) if List::of(ask.kind).is_some() => self.add(play, who, &ask.id.value)?,
            Some(ask) => self.answer(play, who, &ask.id.value)?,
            None => {}
        }
        let who = self.receiver(play, None)?;
        self.acts(play, who, MarkCategory { category: category.clone(), mark: Mark::Clear, note: None })
    }

    fn report(&mut self, play: &mut Play, who: PersonId, step: &Key, problem: &Problem) -> Result<(), Stuck> {
        let Some(found) = play.playbook.step(step).cloned() else { return Err(self.stuck("no such step")) };
        let mut report = play.report_of(step.as_str());
        if let Problem::NotInForm { form } = problem {
            let wanted = found.forms.iter().find(|known| form.starts_with(&known.title));
            report.form = wanted.map(|form| form.form.value.clone()).or(report.form);
        }
        if found.kind == StepKind::KickoffBooked {
            report.booked_for = Some(play.later(24 * 8));
        }
        report.known_by = KnownBy::Calendar;
        self.acts(play, who, report)
    }

    /// Pays what a debt covers where that is still possible; else has it waived, which for what is lost is for good.
    fn waive_or_pay(
        &mut self,
        play: &mut Play,
        gate: Gate,
        gap: &Gap,
        about: &Covers,
        depth: usize,
    ) -> Result<(), Stuck> {
        if let (Covers::Debt { waiver }, false) = (about, gap.lost) {
            let waiver = play.handoff().waivers[waiver].clone();
            let owed = gate::debt(play.handoff(), &play.playbook, &play.calendars, play.now(), &waiver);
            if let Some(first) = owed.iter().find(|gap| !gap.lost) {
                let first = first.clone();
                return self.close(play, waiver.gate, &first, depth + 1);
            }
        }
        let roles = play.playbook.gate(gate).map(|rule| rule.waived_by.clone()).unwrap_or_default();
        let granter = |asker: PersonId| {
            let fits = |(id, _, held): &&(PersonId, &str, &[Role])| {
                *id != asker && roles.iter().any(|role| held.contains(role))
            };
            EVERYBODY.iter().find(fits).map(|(id, ..)| *id)
        };
        // Who alone may grant has somebody else ask.
        let asker = self.holder(gap.owed_by, gap.person);
        let others = EVERYBODY.iter().map(|(id, ..)| *id);
        let Some((asker, granter)) =
            std::iter::once(asker).chain(others).find_map(|asker| Some((asker, granter(asker)?)))
        else {
            return Err(self.stuck("nobody else may waive"));
        };
        let covers = BTreeSet::from([about.clone()]);
        // Where they asked for the same before, that waits for its answer.
        let reason = text("It is too late");
        self.act(play, asker, AskWaiver { gate, covers: covers.clone(), reason }.into())?;
        let asked = play.handoff().waivers.values().rfind(|waiver| {
            waiver.gate == gate
                && waiver.covers == covers
                && waiver.state == WaiverState::Asked
                && waiver.asked_by.person() == Some(asker)
        });
        let Some(waiver) = asked.map(|waiver| waiver.id) else {
            return Err(self.stuck("no waiver waits for its answer"));
        };
        let expires_at = (!gap.lost).then(|| play.later(24));
        self.acts(play, granter, GrantWaiver { waiver, expires_at })
    }

    /// Goes through everything reopened: says again what is right, adds where there is nothing to say again.
    fn touch(&mut self, play: &mut Play, who: PersonId) -> Result<(), Stuck> {
        let reopened = play.handoff().reopened.clone();
        let untouched = reopened.map(|reopened| reopened.untouched).unwrap_or_default();
        let Some(ask) = untouched.iter().find_map(|ask| play.playbook.ask(ask)).cloned() else {
            return Err(self.stuck("nothing is untouched"));
        };
        let record = &play.handoff().record;
        let item = record.items.values().find(|item| gate::looks_at(&ask, item)).cloned();
        match (List::of(ask.kind), item) {
            (Some(_), Some(item)) => {
                let same =
                    ChangeItem { item: item.id, body: item.body, evidence: item.evidence, reason: reason() };
                self.acts(play, who, same)
            }
            (Some(_), None) => self.add(play, who, &ask.id.value),
            (None, _) => {
                let held = record.answers.get(&ask.id.value).map(|held| held.answer.clone());
                let answer: Answer = held.unwrap_or_else(|| answer_for(&ask, "Still so"));
                self.acts(play, who, GiveAnswer { ask: ask.id.value.clone(), answer, reason: reason() })
            }
        }
    }

    fn accept(&mut self, play: &mut Play, depth: usize) -> Result<(), Stuck> {
        match play.handoff().stage {
            Stage::Preparing => {
                let to = self.receiver(play, play.handoff().csm())?;
                let by = self.holder(Role::CsLeader, None);
                self.pass(play, by, Offer { to }.into(), depth + 1)
            }
            Stage::Offered { to, .. } => self.pass(play, to, Accept {}.into(), depth + 1),
            Stage::Assigned { .. } | Stage::Owned { .. } => Err(self.stuck("it is accepted already")),
        }
    }

    fn own(&mut self, play: &mut Play, depth: usize) -> Result<(), Stuck> {
        if play.handoff().stage.assigned_at().is_none() {
            return self.accept(play, depth);
        }
        let kind = match play.playbook.transfer_on {
            TransferOn::Kickoff => StepKind::Kickoff,
            _ => StepKind::WarmIntro,
        };
        let Some(step) = play.playbook.step_of(kind).cloned() else {
            return Err(self.stuck("nothing moves it"));
        };
        let view =
            gate::step_state(play.handoff(), &play.playbook, &play.calendars, play.now(), &step.id.value);
        match view {
            Some(gap) => self.close(play, Gate::Done, &Gap { lost: false, ..gap }, depth + 1),
            None => Err(self.stuck("the step counts and ownership has not moved")),
        }
    }

    fn rate(&mut self, play: &mut Play, who: PersonId, rating: &Key) -> Result<(), Stuck> {
        let step = play.playbook.steps.iter().find(|step| step.rating.as_ref() == Some(rating)).cloned();
        if let Some(opens) = step.and_then(|step| play.clock_of(step.id.value.as_str()).opens_at)
            && opens > play.now()
        {
            play.at_instant(opens);
        }
        self.acts(play, who, Rate { rating: rating.clone(), score: 5, reason: None, comment: None })
    }

    /// Whoever holds a job here; somebody of the team where nobody does. Deciding takes the role itself, whoever
    /// was given the seat.
    fn holder(&self, role: Role, person: Option<PersonId>) -> PersonId {
        let decides = matches!(role, Role::DealDesk | Role::Product);
        let fit = person.filter(|person| !decides || roles_of(*person).contains(&role));
        fit.unwrap_or_else(|| holder_of(role))
    }

    /// Somebody of the receiving side who did not sell the deal.
    fn receiver(&self, play: &Play, first: Option<PersonId>) -> Result<PersonId, Stuck> {
        let sold = |person: &PersonId| {
            let selling = play.handoff().seats.iter().filter(|(role, _)| role.sells());
            selling.into_iter().any(|(_, seat)| seat.person == *person || seat.contributors.contains(person))
        };
        let receives = |person: &PersonId| roles_of(*person).iter().any(|role| role.receives());
        let all = first.into_iter().chain(EVERYBODY.iter().map(|(id, ..)| *id));
        let found = all.into_iter().find(|person| receives(person) && !sold(person));
        found.ok_or_else(|| self.stuck("nobody of the receiving side is left"))
    }

    fn acts(&mut self, play: &mut Play, who: PersonId, command: impl Into<Command>) -> Result<(), Stuck> {
        let command = command.into();
        let verb = command.verb();
        match self.act(play, who, command)? {
            Outcome::Happened(_) => Ok(()),
            other => Err(self.stuck(&format!("`{verb}` brought {other:?}"))),
        }
    }

    fn act(&mut self, play: &mut Play, who: PersonId, command: Command) -> Result<Outcome, Stuck> {
        if self.done.len() >= self.most {
            return Err(self.stuck("it takes for ever"));
        }
        let verb = command.verb();
        self.done.push(format!("{} {verb}", crate::people::name_of(who)));
        let told = format!("{command:?}");
        // A person nobody mapped acts through the process owner, whose part here is theirs.
        play.as_(who)
            .tries(command)
            .map_err(|why| self.stuck(&format!("`{verb}` was refused: {why}\n{told}")))
    }

    fn stuck(&self, why: &str) -> Stuck {
        Stuck { why: why.to_owned(), done: self.done.clone() }
    }
}

fn reason() -> Option<Personal> {
    Some(text("Going through what is missing"))
}
